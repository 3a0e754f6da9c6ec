import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  LoneAnonymousOperationRule,
  parse,
  specifiedRules,
  validate,
  type GraphQLEnumType,
  type GraphQLInterfaceType,
} from 'graphql';
import { DENIAL_REASONS } from '../src/entities/denial-reason.ts';
import { PROPOSAL_LIFE } from '../src/governance/proposal.ts';
import { buildSchema } from '../src/server/build-schema.ts';
import { sourcesUnder } from './support/sources.ts';

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
// What is wrong with a ballot stands in docs/voting.md.
const tally = sourcesUnder('src/governance/tally');
const sources = sourcesUnder('src').filter(({ path: file }) => !file.startsWith('src/governance/tally/'));
const allText = sources.map((source) => source.text).join('\n');
const captures = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
const sorted = (names: string[]) => [...new Set(names)].toSorted();

test('docs/deciding.md has the life of a proposal as the services keep to it', () => {
  const rows = read('docs/deciding.md').matchAll(
    /^\| (\w+) +\| `([A-Z_]+)` +\| ([`A-Z_, ]+?) +\| (.*?) *\|$/gm,
  );
  const documented = [...rows].map(([, ...cells]) => cells.join(' | '));

  const life = PROPOSAL_LIFE.map(({ step, from, to, when }) =>
    [step, from, to.map((state) => `\`${state}\``).join(', '), when ?? ''].join(' | '),
  );
  expect(documented).toEqual(life);
});

describe('docs/errors.md', () => {
  const [codesPart = '', ...reasonParts] = read('docs/errors.md').split(/^## (?=Reasons )/m);
  const documented = captures(codesPart, /^\| `([A-Z_]+)`/gm);
  const invalidCodes = captures(
    /INVALID_MESSAGES = \{(.*?)\} as const/s.exec(read('src/kernel/errors.ts'))?.[1] ?? '',
    /^ {2}([A-Z_]+):/gm,
  );

  test('lists every code that the server can answer, and no other', () => {
    const ofRequests =
      /REQUEST_CODES = new Set\(\[(.*?)\]/s.exec(read('src/server/format-error.ts'))?.[1] ?? '';
    const inSources = [
      ...captures(allText, /super\(\s*'([A-Z_]+)'/g),
      ...captures(allText, /\bcode: '([A-Z_]+)'/g),
      ...captures(allText, /errorBody\(\s*'([A-Z_]+)'/g),
      ...captures(ofRequests, /'([A-Z_]+)'/g),
      ...invalidCodes,
    ];

    expect(inSources.length).toBeGreaterThan(50);
    expect(sorted(documented)).toEqual(sorted(inSources));
  });

  test('lists each of them once', () => {
    expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
  });

  test('lists no fault of a field that nothing answers', () => {
    expect(invalidCodes.filter((code) => !allText.includes(`'${code}'`))).toEqual([]);
  });

  test('lists every reason', () => {
    const reasonsOf = (title: string) =>
      captures(reasonParts.find((part) => part.startsWith(`Reasons of ${title}`)) ?? '', /^\| `([A-Z_]+)`/gm);
    const unions = captures(allText, /^ {2}constructor\(reason: ((?:'[A-Z_]+'(?: \| )?)+)/gm);

    expect(sorted(reasonsOf('FORBIDDEN'))).toEqual(sorted([...DENIAL_REASONS]));
    expect(sorted([...reasonsOf('UNAUTHENTICATED'), ...reasonsOf('conflicts')])).toEqual(
      sorted(unions.flatMap((union) => captures(union, /'([A-Z_]+)'/g))),
    );
  });

  test('knows every code that a description or another page names', () => {
    const fields = [buildSchema().getMutationType(), buildSchema().getQueryType()].flatMap((root) =>
      Object.values(root?.getFields() ?? {}),
    );
    const inDescriptions = fields.flatMap(({ description }) =>
      captures(/Codes: (.*)\.$/s.exec(description ?? '')?.[1] ?? '', /([A-Z_]+)/g),
    );
    const ofProvider = /^\| Code .*?\n\n/ms.exec(read('docs/signing-in.md'))?.[0] ?? '';
    const inPages = [
      ...captures(read('docs/limits.md'), /`([A-Z]+_[A-Z_]+)`/g),
      ...captures(ofProvider, /^\| `([A-Z_]+)`/gm),
    ];

    expect(inDescriptions.length).toBeGreaterThan(100);
    expect(inPages.length).toBeGreaterThan(10);
    expect([...inDescriptions, ...inPages].filter((code) => !documented.includes(code))).toEqual([]);
  });

  test('is reached by every mutation: what it answers for its input stands in its description', () => {
    const silent = Object.values(buildSchema().getMutationType()?.getFields() ?? {})
      .filter(({ description }) => !/Codes: [A-Z]/.test(description ?? ''))
      .map(({ name }) => name);

    // Nothing can be wrong with ending all.
    expect(silent).toEqual(['sessionEnd', 'sessionEndAll']);
  });
});

test('docs/voting.md lists every fault of a ballot, and no other', () => {
  const text = tally.map((source) => source.text).join('\n');
  const faults = [...captures(text, /\bcode: '([A-Z_]+)'/g), ...captures(text, /'([A-Z_]*OPTION[A-Z_]*)'/g)];

  expect(sorted(faults).length).toBeGreaterThan(10);
  const [table = ''] = read('docs/voting.md').split('\n## Rankings');
  expect(sorted(captures(table, /^\| `([A-Z_]+)`/gm))).toEqual(sorted(faults));
});

describe('docs/language.md', () => {
  const terms = captures(read('docs/language.md'), /^- \*\*(.+?)\*\*/gm);
  const known = captures(read('docs/language.md'), /\*\*(.+?)\*\*/g).map((term) => term.toLowerCase());

  test('gives each word one meaning', () => {
    expect(known.filter((term, index) => known.indexOf(term) !== index)).toEqual([]);
    expect(terms.length).toBeGreaterThan(80);
  });

  test('knows everything that has an id, and every role', () => {
    const { Node, Role } = buildSchema().getTypeMap();
    const nodes = buildSchema()
      .getPossibleTypes(Node as GraphQLInterfaceType)
      .map(({ name }) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
    const roles = (Role as GraphQLEnumType).getValues().map(({ name }) => name.toLowerCase());

    expect([...nodes, ...roles].filter((term) => !known.includes(term))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  const files = readdirSync(path.join(ROOT, 'docs/decisions')).filter((file) => file !== 'README.md');

  test('are numbered without gaps and stand in the index', () => {
    const numbers = files.map((file) => Number(/^(\d{4})-[a-z-]+\.md$/.exec(file)?.[1]));
    const listed = captures(read('docs/decisions/README.md'), /\]\((.+?\.md)\)/g);

    expect(numbers).toEqual(files.map((_, index) => index + 1));
    expect(listed).toEqual(files.toSorted());
  });

  test.each(files)('%s says the situation, the decision, and what it costs', (file) => {
    const text = read(`docs/decisions/${file}`);

    expect(captures(text, /^\*\*(.+?)\.\*\* /gm)).toEqual(['Situation', 'Decision', 'What it costs']);
  });
});

test('links between the pages lead somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(path.join(ROOT, 'docs')).map((file) => `docs/${file}`),
  ].filter((file) => file.endsWith('.md'));
  const broken = pages.flatMap((page) => {
    const links = [...captures(read(page), /\]\((?!https?:|#|mailto:)([^)#]+)/g)].map((link) =>
      path.join(path.dirname(page), link),
    );
    const named = captures(read(page), /(?<![\w/])(docs\/[\w/-]+\.md)/g);
    return [...links, ...named]
      .filter((file) => !existsSync(path.join(ROOT, file)))
      .map((file) => `${page}: ${file}`);
  });

  expect(broken).toEqual([]);
});

test('the operations in the pages fit the schema', () => {
  const pages = readdirSync(path.join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
  const operations = pages.flatMap((page) =>
    captures(read(`docs/${page}`), /```graphql\n(.*?)```/gs).map((text) => ({ page, text })),
  );
  const schema = buildSchema();
  // A block may show several operations, one below the other.
  const rules = specifiedRules.filter((rule) => rule !== LoneAnonymousOperationRule);
  const wrong = operations.flatMap(({ page, text }) =>
    validate(schema, parse(text), rules).map(({ message }) => `${page}: ${message}`),
  );

  expect(operations.length).toBeGreaterThan(2);
  expect(wrong).toEqual([]);
});
