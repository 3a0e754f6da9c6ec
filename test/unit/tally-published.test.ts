import { jsonLines } from '../../src/commands/tally-files/json-lines.ts';
import { tallyFile } from '../../src/commands/tally.ts';
import { tallyText } from '../../src/commands/tally-output.ts';
import { TALLY_METHODS } from '../../src/governance/tally/method.ts';
import { writtenSettings, type PublishedBallots } from '../../src/governance/tally/published.ts';
import { counted, faultOf, givenBallots, useBallotFiles, type Words } from '../support/tally-files.ts';

useBallotFiles();

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

  test('say everything themselves', () => {
    const result = counted('vote.json', text());

    expect(result).toMatchObject({ method: 'STV_SCOTTISH', seats: 1, quota: '2' });
    expect(result.tieBreaks).toEqual([
      { round: 2, among: ['Ana', 'Ben'], chosen: result.rounds[1].of, by: 'LOT', seed: 'the 9th of June' },
    ]);
  });

  test('can be counted by another method and with another seed', () => {
    const { result, election } = tallyFile(givenBallots('vote.json', text()), { method: 'BORDA', seed: 'x' });

    expect(result.tieBreaks).toMatchObject([{ among: ['opt_1', 'opt_2'], by: 'LOT', seed: 'x' }]);
    expect(tallyText(result, election)).toMatch(/\nLots were drawn with the seed x\nElected: (Ana|Ben)\n$/);
  });

  test('carry what the server wrote', () => {
    const settings = {
      budget: 10n ** 18n,
      threshold: { numerator: 1n, denominator: 2n, isStrict: true },
      eligible: 3n,
    };
    const { election } = tallyFile(
      givenBallots('vote.json', text({ settings: writtenSettings(settings) })),
      {},
    );

    expect(election.settings).toEqual(settings);
  });

  test('carry settings', () => {
    const settings = {
      threshold: { numerator: '2', denominator: '3', isStrict: false },
      base: 'CAST' as const,
    };
    const ballots = [{ weight: '2', choice: 'YES' }, { choice: 'NO' }];

    expect(
      counted('motion.json', text({ method: 'MAJORITY', settings, options: [], ballots })),
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
  ])('say what is wrong with %j', (broken, message) => {
    const fault = faultOf('vote.json', broken);

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

  test('a table of the duels of Schulze', () => {
    const { result, election } = tallyFile(givenBallots('duels.blt', SMALL), { method: 'SCHULZE' });

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

  test('as many seats as are named, and one where a method has no more', () => {
    const two = SMALL.replace('2 1', '2 2');

    expect(counted('small.blt', SMALL, { method: 'BORDA', seats: '2' })).toMatchObject({
      seats: 2,
      elected: ['A', 'B'],
    });
    expect(counted('two.blt', two, { method: 'INSTANT_RUNOFF' })).toMatchObject({
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
  ])('not %j', (words, message) => {
    expect(faultOf('small.blt', SMALL, words)).toBe(message);
  });

  test('not a file of another kind, or none', () => {
    const ends = '.blt, .json, .pb, .soc, .soi, .toc, .toi';

    expect(faultOf('votes.txt', SMALL, { method: 'BORDA' })).toBe(
      `votes.txt: expected a file that ends in ${ends}`,
    );
    expect(() => tallyFile('nowhere.blt', { method: 'BORDA' })).toThrow(
      'nowhere.blt: cannot be read (ENOENT)',
    );
  });
});
