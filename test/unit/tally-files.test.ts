import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { jsonLines } from '../../src/commands/tally-files/json-lines.ts';
import { tallyFile } from '../../src/commands/tally.ts';
import { tallyJson, tallyText } from '../../src/commands/tally-output.ts';
import { TALLY_METHODS } from '../../src/governance/tally/method.ts';
import { writtenSettings, type PublishedBallots } from '../../src/governance/tally/published.ts';

let directory: string;

beforeAll(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-'));
});

afterAll(() => fs.rm(directory, { recursive: true, force: true }));

interface Words {
  method?: string;
  seats?: string;
  seed?: string;
  completion?: string;
}

async function given(name: string, text: string): Promise<string> {
  const file = path.join(directory, name);
  await fs.writeFile(file, text);
  return file;
}

/** What `tally --json` prints for a file. */
async function counted(name: string, text: string, words: Words = {}) {
  const { result, election } = tallyFile(await given(name, text), words);
  return JSON.parse(tallyJson(result, election));
}

/** Why a file cannot be counted. */
async function faultOf(name: string, text: string, words: Words = {}): Promise<string> {
  const file = await given(name, text);
  try {
    tallyFile(file, words);
  } catch (error) {
    return (error as Error).message.replaceAll(file, name);
  }
  throw new Error('It was counted');
}

describe('.blt', () => {
  test('knows comments, ids of ballots, skipped ranks, withdrawn candidates and a form without line breaks', async () => {
    const text = [
      '# four for two',
      '4 2',
      '-2 # Basil went home',
      '(paper 1) 3 1 3 4 0',
      '4 1 - 2 0',
      '2 2 4 1 3 0 1 2 0',
      '2 2 4 3 1 0',
      '1 3 4 2 0',
      '0',
      '"Adam" "Basil" "Charlotte #1"',
      '"Donald \\"Don\\" Duke"',
      '"A title"',
    ];

    const result = await counted('some.blt', text.join('\r\n'), { method: 'STV_SCOTTISH' });

    // One ballot named only who had withdrawn, so that 12 of 13 are valid.
    expect(result).toMatchObject({ quota: '5', elected: ['Adam', 'Donald "Don" Duke'] });
    expect(result.rounds[0].figures).toEqual([
      { option: 'Adam', value: '7.00000', state: 'ELECTED' },
      { option: 'Basil', value: '0.00000', state: 'EXCLUDED' },
      { option: 'Charlotte #1', value: '1.00000', state: 'CONTINUING' },
      { option: 'Donald "Don" Duke', value: '4.00000', state: 'CONTINUING' },
    ]);
  });

  test('takes equals where the method does, names without quotation marks, and no title', async () => {
    const text = '3 1\n2 1=2 3 0\n1 3 0\n0\nCand A (Party A)\nCand B\nCand C\n';

    expect(await counted('equal.blt', text, { method: 'SCHULZE' })).toMatchObject({
      potentialWinners: ['Cand A (Party A)', 'Cand B'],
    });
    expect(await faultOf('equal.blt', text, { method: 'STV_MEEK' })).toBe(
      'equal.blt:2: expected a ballot that STV_MEEK can count, found EQUAL_RANK at ranking.0',
    );
  });

  test('tells candidates of one name apart', async () => {
    const { elected } = await counted('twins.blt', '2 1\n2 2 0\n1 1 0\n0\n"Kim"\n"Kim"\n', {
      method: 'BORDA',
    });

    expect(elected).toEqual(['Kim (2)']);
  });

  test.each([
    ['', 'broken.blt:1: expected the number of candidates, found nothing'],
    ['3\n', 'broken.blt:1: expected the number of seats, found nothing'],
    ['3 x\n', 'broken.blt:1: expected the number of seats, found x'],
    ['3 1\n-4\n', 'broken.blt:2: expected a candidate from -1 to -3, found -4'],
    [
      '3 1\n1 1 0\nx 1 0\n',
      'broken.blt:3: expected how many voted so, or the 0 that ends the ballots, found x',
    ],
    ['3 1\n1.5 1 0\n', 'broken.blt:2: expected how many voted so, or the 0 that ends the ballots, found 1.5'],
    [
      '3 1\n\n# here\n1 1 4 0\n',
      'broken.blt:4: expected a candidate from 1 to 3, or the 0 that ends a ballot, found 4',
    ],
    [
      '3 1\n1 1 2\n',
      'broken.blt:2: expected a candidate from 1 to 3, or the 0 that ends a ballot, found nothing',
    ],
    [
      '3 1\n1 1 0\n',
      'broken.blt:2: expected how many voted so, or the 0 that ends the ballots, found nothing',
    ],
    ['3 1\n1 1 0\n0\n"A"\n"B"\n', 'broken.blt:5: expected the name of candidate 3, found nothing'],
    [
      '3 1\n1 1 2 1 0\n0\n"A"\n"B"\n"C"\n',
      'broken.blt:2: expected a ballot that BORDA can count, found OPTION_TWICE at ranking.2.0',
    ],
  ])('says what is wrong with %j', async (text, message) => {
    expect(await faultOf('broken.blt', text, { method: 'BORDA' })).toEqual(message);
  });
});

describe('PrefLib', () => {
  const NAMES = [
    '# FILE NAME: x.toi',
    '# NUMBER ALTERNATIVES: 3',
    '# ALTERNATIVE NAME 1: Ana',
    '# ALTERNATIVE NAME 2: Ben',
    '# ALTERNATIVE NAME 3: Cleo',
  ];

  test('is read in its present form', async () => {
    const text = [...NAMES, '4: 1,2,3', '3: 2, {1, 3}', '2: 3'].join('\n');

    const { elected, rounds } = await counted('votes.toi', text, { method: 'BORDA' });

    expect(elected).toEqual(['Ben']);
    expect(rounds[0].figures.map(({ value }: { value: string }) => value)).toEqual(['10.5', '11', '5.5']);
  });

  test('is read in its older form', async () => {
    const text = '3\n1,Ana\n2,"Ben, the elder"\n3,Cleo\n9,9,3\n4,1,2,3\n3,2,3,1\n2,3,2,1\n';

    const { elected, rounds } = await counted('votes.soc', text, { method: 'INSTANT_RUNOFF' });

    expect(elected).toEqual(['"Ben, the elder"']);
    expect(rounds).toHaveLength(2);
  });

  test.each([
    [
      'votes.soi',
      [...NAMES, '4: 1,{2,3}'],
      '6: expected a ranking without equals, as the name of the file says, found 4: 1,{2,3}',
    ],
    ['votes.soi', [...NAMES, '4: 1,5'], '6: expected alternatives from 1 to 3, found 5'],
    ['votes.soi', [...NAMES, '4 1,2'], '6: expected how many gave a ranking, and a colon, found 4 1,2'],
    ['votes.soi', [...NAMES, '0: 1,2'], '6: expected how many gave a ranking, and a colon, found 0: 1,2'],
    ['votes.soi', [...NAMES.slice(0, 4), '4: 1'], '5: expected # ALTERNATIVE NAME 3'],
    [
      'votes.soi',
      [NAMES[0]!, NAMES[3]!],
      '2: expected # ALTERNATIVE NAME 1, found # ALTERNATIVE NAME 2: Ben',
    ],
    ['votes.soc', ['2', '1,Ana', 'Ben'], '3: expected 2 and the name of that alternative, found Ben'],
    [
      'votes.soc',
      ['1', '1,Ana', '2:1'],
      '3: expected the number of voters, their sum and the number of rankings, found 2:1',
    ],
  ])('says what is wrong with %s %j', async (name, lines, message) => {
    expect(await faultOf(name, lines.join('\n'), { method: 'SCHULZE' })).toEqual(`${name}:${message}`);
  });
});

describe('Pabulib', () => {
  const file = (meta: string[], projects: string[], votes: string[]) =>
    ['META', 'key; value', ...meta, 'PROJECTS', ...projects, 'VOTES', ...votes].join('\n');
  const PROJECTS = [
    'project_id; cost; name',
    'p1; 600; "A park; with a pond"',
    'p2; 800; Lamps',
    'p4; 1400; A hall',
  ];

  // p1 has two votes, p2 three, p4 one; 1400 are enough for the first two.
  test('approvals buy projects', async () => {
    const votes = ['voter_id; age; vote', '1; 34; p1,p2', '2; 51; "p1,p2"', '3; 23; p2,p4', '4; 23;'];
    const text = file(['budget; 1400', 'vote_type; approval'], PROJECTS, votes);

    expect(await counted('town.pb', text, { method: 'PB_GREEDY' })).toMatchObject({
      method: 'PB_GREEDY',
      budget: '1400',
      spent: '1400',
      selected: ['p2', 'p1'],
      tieBreaks: [],
    });
  });

  test('people read the names of projects, too', async () => {
    const text = file(['budget; 700', 'vote_type; approval'], PROJECTS, ['voter_id; vote', '1; p1']);
    const { result, election } = tallyFile(await given('town.pb', text), { method: 'PB_GREEDY' });

    expect(tallyText(result, election)).toMatch(/^PB_GREEDY: 1 votes, budget 700, spent 600\n/);
    expect(tallyText(result, election)).toMatch(/\nSelected: A park; with a pond \(p1\)\n$/);
  });

  test('amounts can have decimals', async () => {
    const projects = ['project_id;cost', 'a;10.5', 'b;0,25'];
    const text = file(['budget;10.75', 'vote_type;choose-1'], projects, [
      'voter_id;vote',
      '1;a',
      '2;b',
      '3;b',
    ]);

    expect(await counted('town.pb', text, { method: 'PB_GREEDY' })).toMatchObject({
      budget: '10.75',
      spent: '10.75',
      selected: ['b', 'a'],
    });
  });

  test('what is left is spent as the settings say', async () => {
    const votes = ['voter_id; vote', '1; p1', '2; p2', '3; p2', '4; p4'];
    const text = file(['budget; 1400', 'vote_type; approval'], PROJECTS, votes);

    expect(await counted('town.pb', text, { method: 'PB_EQUAL_SHARES', completion: 'none' })).toMatchObject({
      spent: '0',
      selected: [],
    });
    expect(await counted('town.pb', text, { method: 'PB_EQUAL_SHARES' })).toMatchObject({
      spent: '1400',
      selected: ['p2', 'p1'],
    });
  });

  test('points and rankings are read as such', async () => {
    const points = file(['budget; 1400', 'vote_type; cumulative'], PROJECTS, [
      'voter_id; vote; points',
      '1; p1,p2; 3,1',
      '2; p4; 3',
    ]);
    const ranks = file(['budget; 1400', 'vote_type; ordinal'], PROJECTS, [
      'voter_id; vote',
      '1; p2,p1',
      '2; p2',
      '3; p4',
    ]);

    expect(await counted('points.pb', points, { method: 'DOT' })).toMatchObject({
      elected: expect.any(Array),
    });
    expect(await counted('ranks.pb', ranks, { method: 'INSTANT_RUNOFF' })).toMatchObject({
      elected: ['Lamps'],
    });
    expect(await faultOf('ranks.pb', ranks, { method: 'PB_GREEDY' })).toEqual(
      'ranks.pb: PB_GREEDY counts approvals or points, and these are ranking',
    );
  });

  test.each([
    [
      file(['budget; 1'], PROJECTS, ['voter_id; vote']),
      '1: expected vote_type of approval, choose-1, ordinal, cumulative, scoring, found nothing',
    ],
    [
      file(['budget; x', 'vote_type; approval'], PROJECTS, ['voter_id; vote']),
      '3: expected a budget, found x',
    ],
    [file(['vote_type; approval'], PROJECTS, ['voter_id; vote']), '1: expected a budget, found nothing'],
    [
      file(['budget; 1', 'vote_type; approval'], ['project_id; cost', 'a; -1'], ['voter_id; vote']),
      '7: expected the cost of a project, found -1',
    ],
    [
      file(['budget; 1', 'vote_type; approval'], ['project_id'], ['voter_id; vote']),
      '6: expected a column cost',
    ],
    [
      file(['budget; 1', 'vote_type; scoring'], PROJECTS, ['voter_id; vote; points', '1; p1,p2; 3']),
      '12: expected points, a whole number for each of 2 projects, found 3',
    ],
    [
      file(['budget; 1', 'vote_type; approval'], PROJECTS, ['voter_id; vote', '1; p1,p9']),
      '12: expected a ballot that PB_GREEDY can count, found UNKNOWN_OPTION at approvals.1',
    ],
    ['META\nkey; value\nbudget; 1\n', '3: expected a section PROJECTS'],
  ])('says what is wrong with %j', async (text, message) => {
    expect(await faultOf('town.pb', text, { method: 'PB_GREEDY' })).toEqual(`town.pb:${message}`);
  });
});

describe('published ballots', () => {
  const published = (more: Partial<PublishedBallots> = {}): PublishedBallots => ({
    format: 'mutuality-ballots-1',
    method: 'STV_SCOTTISH',
    seats: 1,
    seed: 'the 9th of June',
    options: [
      { id: 'opt_1', name: 'Ana' },
      { id: 'opt_2', name: 'Ben' },
    ],
    settings: {},
    ballots: [{ ranking: [['opt_1']] }, { weight: '1', ranking: [['opt_2'], ['opt_1']] }],
    ...more,
  });
  const text = (more?: Partial<PublishedBallots>) => JSON.stringify(published(more), null, 2);

  test('say everything themselves', async () => {
    const result = await counted('vote.json', text());

    expect(result).toMatchObject({ method: 'STV_SCOTTISH', seats: 1, quota: '2' });
    expect(result.tieBreaks).toEqual([
      { round: 2, among: ['Ana', 'Ben'], chosen: result.rounds[1].of, by: 'LOT', seed: 'the 9th of June' },
    ]);
  });

  test('can be counted by another method and with another seed', async () => {
    const { result, election } = tallyFile(await given('vote.json', text()), { method: 'BORDA', seed: 'x' });

    expect(result.tieBreaks).toMatchObject([{ among: ['opt_1', 'opt_2'], by: 'LOT', seed: 'x' }]);
    expect(tallyText(result, election)).toMatch(/\nLots were drawn with the seed x\nElected: (Ana|Ben)\n$/);
  });

  test('carry what the server wrote', async () => {
    const settings = {
      budget: 10n ** 18n,
      threshold: { numerator: 1n, denominator: 2n, isStrict: true },
      eligible: 3n,
    };
    const { election } = tallyFile(
      await given('vote.json', text({ settings: writtenSettings(settings) })),
      {},
    );

    expect(election.settings).toEqual(settings);
  });

  test('carry settings', async () => {
    const settings = {
      threshold: { numerator: '2', denominator: '3', isStrict: false },
      base: 'CAST' as const,
    };
    const ballots = [{ weight: '2', choice: 'YES' }, { choice: 'NO' }];

    expect(
      await counted('motion.json', text({ method: 'MAJORITY', settings, options: [], ballots })),
    ).toMatchObject({
      elected: ['YES'],
    });
  });

  test.each([
    ['{\n "format": 1,\n}', 'vote.json:3: expected JSON'],
    ['[]', /^vote\.json:1: expected an object as mutuality-ballots-1 has it/],
    [text({ format: 'x' as never }), /^vote\.json:2: expected format as mutuality-ballots-1 has it/],
    [text({ seats: 0 }), /^vote\.json:4: expected seats as/],
    [text().replace(/"opt_2"(?=\n\s+\])/, '7'), /^vote\.json:\d+: expected ballots\.1\.ranking\.0\.0 as/],
    [
      text({ ballots: [{ ranking: [['opt_1']] }, { ranking: [['x']] }] }),
      'vote.json:25: expected a ballot that STV_SCOTTISH can count, found UNKNOWN_OPTION at ranking.0.0',
    ],
  ])('say what is wrong with %j', async (broken, message) => {
    const fault = await faultOf('vote.json', broken);

    if (typeof message === 'string') expect(fault).toBe(message);
    else expect(fault).toMatch(message);
  });
});

test('lines of JSON are found whatever stands in its texts', () => {
  const text = JSON.stringify(
    { a: 'x "{[\n', 'b,:': [true, { c: null }, [], [[-1.5e3, {}]]], d: {} },
    null,
    1,
  );
  const lines = jsonLines(text, () => true);

  expect([...lines]).toEqual([
    ['', 1],
    ['a', 2],
    ['b,:', 3],
    ['b,:.0', 4],
    ['b,:.1', 5],
    ['b,:.1.c', 6],
    ['b,:.2', 8],
    ['b,:.3', 9],
    ['b,:.3.0', 10],
    ['b,:.3.0.0', 11],
    ['b,:.3.0.1', 12],
    ['d', 16],
  ]);
});

describe('what can be asked for', () => {
  const SMALL = '2 1\n3 1 2 0\n1 2 0\n0\n"A"\n"B"\n';

  test('a table of the duels of Schulze', async () => {
    const { result, election } = tallyFile(await given('duels.blt', SMALL), { method: 'SCHULZE' });

    expect(tallyText(result, election)).toBe(
      [
        'SCHULZE: 4 votes, 1 seat',
        '',
        'Round 1: DUELS',
        '  A  1   elected',
        '  B  0  excluded',
        '  A  –  3',
        '  B  1  –',
        '',
        'Round 2: STRONGEST_PATHS of A',
        '  A  1   elected',
        '  B  0  excluded',
        '  A  –  3',
        '  B  0  –',
        '',
        'Potential winners: A',
        'Elected: A',
        '',
      ].join('\n'),
    );
  });

  test('as many seats as are named, and one where a method has no more', async () => {
    const two = SMALL.replace('2 1', '2 2');

    expect(await counted('small.blt', SMALL, { method: 'BORDA', seats: '2' })).toMatchObject({
      seats: 2,
      elected: ['A', 'B'],
    });
    expect(await counted('two.blt', two, { method: 'INSTANT_RUNOFF' })).toMatchObject({
      seats: 1,
      elected: ['A'],
    });
  });

  test.each<[Words, string]>([
    [{}, `Name a method: --method ${TALLY_METHODS.join(', ')}`],
    [{ method: 'BORDA', seats: '0' }, '--seats needs a whole number above zero'],
    [
      { method: 'BORDA', completion: 'MORE' },
      'There is no completion MORE. Choose one of NONE, ADD1, ADD1_UTILITARIAN.',
    ],
    [{ method: 'INSTANT_RUNOFF', seats: '2' }, 'INSTANT_RUNOFF has one seat'],
    [{ method: 'APPROVAL' }, 'small.blt: APPROVAL counts approvals, and these are ranking'],
  ])('not %j', async (words, message) => {
    expect(await faultOf('small.blt', SMALL, words)).toBe(message);
  });

  test('not a file of another kind, or none', async () => {
    const ends = '.blt, .json, .pb, .soc, .soi, .toc, .toi';

    expect(await faultOf('votes.txt', SMALL, { method: 'BORDA' })).toBe(
      `votes.txt: expected a file that ends in ${ends}`,
    );
    expect(() => tallyFile('nowhere.blt', { method: 'BORDA' })).toThrow(
      'nowhere.blt: cannot be read (ENOENT)',
    );
  });
});
