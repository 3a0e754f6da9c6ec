import { circlesIn, importsOf, sourcesUnder, type Source } from './support/sources.ts';

// Who may import whom, from the outside in. A row's own files may always import each other.
const ARROWS: Record<string, string[]> = {
  main: ['app', 'kernel'],
  cli: ['commands', 'entities', 'kernel'],
  commands: ['app', 'server', 'services', 'schema', 'governance', 'entities', 'kernel', 'migrations'],
  app: ['server', 'resolvers', 'services', 'schema', 'governance', 'entities', 'kernel', 'migrations'],
  server: ['resolvers', 'services', 'schema', 'governance', 'entities', 'kernel'],
  resolvers: ['services', 'schema', 'governance', 'entities', 'kernel'],
  schema: ['governance', 'entities', 'kernel'],
  services: ['governance', 'entities', 'kernel'],
  governance: [],
  entities: ['governance', 'kernel'],
  kernel: [],
  migrations: [],
};

// Inside services: who may import whom. Areas of equal rank meet through the ledger, an event or an action.
const BASE = ['access', 'people', 'networks'];
const AREAS: Record<string, string[]> = {
  access: [],
  people: ['access'],
  networks: ['access', 'people'],
  ledger: BASE,
  notifications: BASE,
  proposals: BASE,
  content: BASE,
  marketplace: [...BASE, 'ledger', 'content'],
  pools: [...BASE, 'ledger', 'content'],
  risk: [...BASE, 'ledger', 'content'],
  savings: [...BASE, 'ledger'],
  projects: [...BASE, 'ledger', 'content'],
  treasury: [...BASE, 'ledger'],
  intertrade: [...BASE, 'ledger'],
};

// The schema takes types from the entities and, for enums, the constants that list a closed set: `MEMBERSHIP_STATES`.
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

// What must not be written, and the files where it may.
const BANS: { what: string; pattern: RegExp; allowed: string[] }[] = [
  {
    what: 'reads the environment',
    pattern: /process\.env|'node:process'/,
    allowed: ['src/kernel/config.ts'],
  },
  {
    what: 'writes entries of the ledger',
    pattern: /(insert\s+into|update|delete\s+from)\s+"?entry\b|\.(insert|update|delete)(<\w+>)?\(\s*Entry\b/i,
    allowed: ['src/services/ledger/posting.ts'],
  },
  { what: 'saves over what others wrote', pattern: /\.save\(/, allowed: [] },
  {
    what: 'makes a float of an amount',
    pattern: /(Number|parseFloat|parseInt)\([^)]*minor\b/i,
    allowed: [],
  },
];

const MAX_LINES = 500;

function layerOf(file: string): string {
  return file.replace(/^src\//, '').split(/[/.]/, 1)[0] ?? '';
}

function areaOf(file: string): string | null {
  return /^src\/services\/([^/]+)\//.exec(file)?.[1] ?? null;
}

/** The imports that go against an arrow, a sentence each. */
function wrongImports(source: Source): string[] {
  const layer = layerOf(source.path);
  const allowed = ARROWS[layer];
  if (!allowed) return [`${source.path} stands in no row of ARROWS`];
  return importsOf(source).flatMap(({ target, specifier, values }) => {
    const wrong = `${source.path} imports ${target ?? specifier}`;
    if (target === null) return layer === 'governance' ? [wrong] : [];
    const other = layerOf(target);
    if (other !== layer && !allowed.includes(other)) return [wrong];
    if (layer === 'schema' && other === 'entities' && !values.every((name) => CONSTANT.test(name))) {
      return [`${wrong} for more than types and constants`];
    }
    return isWrongArea(areaOf(source.path), areaOf(target)) ? [wrong] : [];
  });
}

function isWrongArea(from: string | null, to: string | null): boolean {
  return from !== null && to !== null && from !== to && !AREAS[from]?.includes(to);
}

function bannedText({ path, text }: Source): string[] {
  return BANS.filter(({ pattern, allowed }) => pattern.test(text) && !allowed.includes(path)).map(
    ({ what }) => `${path} ${what}`,
  );
}

function tooLong({ path, text }: Source): string[] {
  const lines = text.split('\n').length - 1;
  return lines > MAX_LINES ? [`${path} has ${lines} lines`] : [];
}

describe('the sources', () => {
  const src = sourcesUnder('src');
  const all = [...src, ...['migrations', 'bench', 'test'].flatMap(sourcesUnder)];

  test('import along the arrows only', () => {
    expect([...src, ...sourcesUnder('migrations')].flatMap(wrongImports)).toEqual([]);
  });

  test('import in no circle', () => {
    expect(circlesIn(src)).toEqual([]);
  });

  test('hold nothing that is banned', () => {
    expect(src.flatMap(bannedText)).toEqual([]);
  });

  test(`have at most ${MAX_LINES} lines`, () => {
    expect(all.flatMap(tooLong)).toEqual([]);
  });
});

// A check that cannot fail is no check: each rule is shown sources that break it.
describe('the check itself', () => {
  const RESOLVER = 'src/resolvers/a/a.resolver.ts';

  test.each([
    ['src/kernel/a.ts', "import { x } from '../entities/a.ts';"],
    ['src/kernel/a.ts', "import type { X } from '../services/people/a.ts';"],
    ['src/entities/a.ts', "export * from '../services/people/a.ts';"],
    ['src/schema/a/a.ts', "import {\n  type X,\n  y,\n} from '../../services/people/a.ts';"],
    ['src/schema/a/a.ts', "import { Account } from '../../entities/account.ts';"],
    ['src/services/people/a.ts', "import { x } from '../../resolvers/a.ts';"],
    ['src/services/people/a.ts', "const x = await import('../ledger/a.ts');"],
    ['src/services/pools/a.ts', "import { x } from '../risk/a.ts';"],
    ['src/services/unheard-of/a.ts', "import { x } from '../people/a.ts';"],
    ['src/governance/a.ts', "import { createHash } from 'node:crypto';"],
    ['src/main.ts', "import './server/http.ts';"],
    ['src/unheard-of/a.ts', ''],
    ['migrations/a.ts', "import { x } from '../src/kernel/ids.ts';"],
  ])('%s must not say %j', (path, text) => {
    expect(wrongImports({ path, text })).toHaveLength(1);
  });

  test.each([
    [
      RESOLVER,
      "import { x } from '../../services/people/a.ts';\nimport type { Y } from '../../entities/y.ts';",
    ],
    ['src/schema/a/a.ts', "import type { Account } from '../../entities/account.ts';"],
    ['src/schema/a/a.ts', "import { ACCOUNT_KINDS, type AccountKind } from '../../entities/account.ts';"],
    ['src/services/ledger/a.ts', "import { may } from '../access/may.ts';\nimport pg from 'pg';"],
    ['src/kernel/a.ts', "import { x } from './b.ts';"],
  ])('%s may say %j', (path, text) => {
    expect(wrongImports({ path, text })).toEqual([]);
  });

  test.each([
    ['const { HOME } = process.env;'],
    ["import { env } from 'node:process';"],
    ['await tx.db.execute(`insert into entry (id) values ($1)`);'],
    ['await tx.db.execute(`\n update  entry set amount_minor = 1`);'],
    ['await tx.db.insert(Entry, row);'],
    ['await repository.save(account);'],
    ['const value = Number(account.balanceMinor);'],
  ])('bans %j', (text) => {
    expect(bannedText({ path: RESOLVER, text })).toHaveLength(1);
  });

  test('lets the named files do what others may not', () => {
    const posting = { path: 'src/services/ledger/posting.ts', text: 'insert into entry (id)' };

    expect(bannedText(posting)).toEqual([]);
    expect(bannedText({ path: RESOLVER, text: 'insert into entry_note (id)' })).toEqual([]);
  });

  test('finds a circle of values and lets types go round', () => {
    const a = { path: 'src/kernel/a.ts', text: "import { b } from './b.ts';" };
    const value = { path: 'src/kernel/b.ts', text: "import { a } from './a.ts';" };
    const type = { path: 'src/kernel/b.ts', text: "import type { A } from './a.ts';" };

    expect(circlesIn([a, value])).toEqual([['src/kernel/a.ts', 'src/kernel/b.ts', 'src/kernel/a.ts']]);
    expect(circlesIn([a, type])).toEqual([]);
  });

  test('counts lines', () => {
    expect(tooLong({ path: RESOLVER, text: 'x\n'.repeat(MAX_LINES) })).toEqual([]);
    expect(tooLong({ path: RESOLVER, text: 'x\n'.repeat(MAX_LINES + 1) })).toHaveLength(1);
  });
});
