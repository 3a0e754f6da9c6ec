import fc from 'fast-check';
import { approval } from '../../src/governance/tally/approval.ts';
import { dot } from '../../src/governance/tally/dot.ts';
import type { BallotInput, OptionScore } from '../../src/governance/tally/method.ts';
import { quadratic } from '../../src/governance/tally/quadratic.ts';
import { score } from '../../src/governance/tally/score.ts';
import { approvalsOf, contestOf, oneByOne, renamed, times, votesOf } from '../support/elections.ts';

const IDS = ['a', 'b', 'c', 'd'];
const fault = (code: string, path: string) => ({ code, path });
const scoresOf = (points: Record<string, number>): OptionScore[] =>
  Object.entries(points).map(([option, value]) => ({ option, value }));

describe('approval', () => {
  test('elects who is approved of most, at several seats too', () => {
    const votes = [times(5, ['a', 'b']), times(4, ['b', 'c']), times(2, ['d'])];

    expect(approval.count(contestOf(IDS), votes).winners).toEqual(['b']);
    expect(approval.count(contestOf(IDS, { seats: 3 }), votes)).toMatchObject({
      method: 'APPROVAL',
      winners: ['b', 'a', 'c'],
      tieBreaks: [],
      rounds: [
        {
          figures: [
            { option: 'a', value: '5', state: 'ELECTED' },
            { option: 'b', value: '9', state: 'ELECTED' },
            { option: 'c', value: '4', state: 'ELECTED' },
            { option: 'd', value: '2', state: 'EXCLUDED' },
          ],
        },
      ],
    });
  });

  test('draws lots only between those who stand on both sides of the last seat, and records it', () => {
    const votes = [times(3, ['a']), times(2, ['b', 'c', 'd'])];

    const result = approval.count(contestOf(IDS, { seats: 2, seed: 'closing' }), votes);

    const [tie] = result.tieBreaks;
    expect(result.tieBreaks).toEqual([
      { round: 1, among: ['b', 'c', 'd'], chosen: tie!.chosen, by: 'LOT', seed: 'closing' },
    ]);
    expect(result.winners).toEqual(['a', ...tie!.chosen]);
    expect(approval.count(contestOf(IDS, { seats: 4 }), votes).tieBreaks).toEqual([]);
    expect(approval.count(contestOf(IDS, { seats: 1 }), votes).tieBreaks).toEqual([]);
  });

  test('another seed may draw another one, each in its turn', () => {
    const votes = [times(1, ['a', 'b', 'c', 'd'])];
    const drawn = Array.from(
      { length: 40 },
      (_, seed) => approval.count(contestOf(IDS, { seed: `seed ${seed}` }), votes).winners[0],
    );

    expect(new Set(drawn)).toEqual(new Set(IDS));
  });

  test('elects nobody for whom nobody voted, and nobody who has withdrawn', () => {
    const contest = contestOf(IDS, { seats: 3 });
    const withdrawn = contest.options.map((option) => ({ ...option, isWithdrawn: option.id === 'a' }));

    expect(approval.count({ ...contest, options: withdrawn }, [times(9, ['a', 'b'])]).winners).toEqual(['b']);
    expect(approval.count(contest, []).winners).toEqual([]);
  });

  // Two thirds like a best of all; who approves of more than one may still let b win (Brams and Fishburn 1978 on approval
  // voting and majorities).
  test('may pass over the first choice of a majority', () => {
    const votes = [times(6, ['a', 'b']), times(3, ['b'])];

    expect(approval.count(contestOf(IDS), votes).winners).toEqual(['b']);
  });

  test.each<[BallotInput, object]>([
    [{ approvals: ['c', 'a'] }, { vote: ['a', 'c'] }],
    [{ approvals: ['a', 'b', 'c'] }, { faults: [fault('TOO_MANY', 'approvals')] }],
    [{ approvals: [] }, { faults: [fault('EMPTY_BALLOT', 'approvals')] }],
    [{}, { faults: [fault('EMPTY_BALLOT', 'approvals')] }],
    [
      { approvals: ['x', 'a', 'a', 'd'], choice: 'a' },
      {
        faults: [
          fault('NOT_ASKED_FOR', 'choice'),
          fault('UNKNOWN_OPTION', 'approvals.0'),
          fault('OPTION_TWICE', 'approvals.2'),
          fault('WITHDRAWN_OPTION', 'approvals.3'),
          fault('TOO_MANY', 'approvals'),
        ],
      },
    ],
  ])('reads %j as %j', (input, read) => {
    const contest = contestOf(IDS, { maxApprovals: 2 });
    const options = contest.options.map((option) => ({ ...option, isWithdrawn: option.id === 'd' }));

    expect(approval.parseBallot(input, { ...contest, options })).toEqual(read);
  });
});

describe('points', () => {
  test('sum, and who is not named gets nothing', () => {
    const votes = [times(2, scoresOf({ a: 5, b: 3 })), times(3, scoresOf({ b: 4 }))];

    expect(score.count(contestOf(IDS, { maxScore: 5 }), votes)).toMatchObject({
      method: 'SCORE',
      winners: ['b'],
      rounds: [{ figures: [{ value: '10' }, { value: '18' }, { value: '0' }, { value: '0' }] }],
    });
    expect(dot.count(contestOf(IDS), votes).method).toBe('DOT');
    expect(quadratic.count(contestOf(IDS), votes).method).toBe('QUADRATIC');
  });

  // A majority gives a 9 and b 8; the others give b 10 and a nothing.
  test('may pass over the first choice of a majority', () => {
    const votes = [times(6, scoresOf({ a: 9, b: 8 })), times(4, scoresOf({ b: 10 }))];

    expect(score.count(contestOf(IDS, { maxScore: 10 }), votes).winners).toEqual(['b']);
  });

  test.each<[BallotInput, object]>([
    [{ scores: scoresOf({ b: 5, a: 0 }) }, { vote: scoresOf({ b: 5 }) }],
    [{ scores: scoresOf({ a: 0 }) }, { vote: [] }],
    [{ scores: scoresOf({ a: 6 }) }, { faults: [fault('OUT_OF_RANGE', 'scores.0.value')] }],
    [{ scores: scoresOf({ a: -1 }) }, { faults: [fault('OUT_OF_RANGE', 'scores.0.value')] }],
    [{ scores: scoresOf({ a: 1.5 }) }, { faults: [fault('NOT_A_WHOLE_NUMBER', 'scores.0.value')] }],
    [{ scores: scoresOf({ a: Number.NaN }) }, { faults: [fault('NOT_A_WHOLE_NUMBER', 'scores.0.value')] }],
    [{ scores: [] }, { faults: [fault('EMPTY_BALLOT', 'scores')] }],
    [
      { scores: [...scoresOf({ a: 1, z: 1 }), ...scoresOf({ a: 1 })] },
      { faults: [fault('UNKNOWN_OPTION', 'scores.1.option'), fault('OPTION_TWICE', 'scores.2.option')] },
    ],
  ])('up to five: reads %j as %j', (input, read) => {
    expect(score.parseBallot(input, contestOf(IDS, { maxScore: 5 }))).toEqual(read);
  });

  test.each<[BallotInput, object]>([
    [{ scores: scoresOf({ a: 10 }) }, { vote: scoresOf({ a: 10 }) }],
    [{ scores: scoresOf({ a: 6, b: 4 }) }, { vote: scoresOf({ a: 6, b: 4 }) }],
    [{ scores: scoresOf({ a: 6, b: 5 }) }, { faults: [fault('TOO_MANY_DOTS', 'scores')] }],
    [{ scores: scoresOf({ a: 11 }) }, { faults: [fault('TOO_MANY_DOTS', 'scores')] }],
    [{ scores: scoresOf({ a: 0 }) }, { faults: [fault('EMPTY_BALLOT', 'scores')] }],
    [{ scores: scoresOf({ a: -1, b: 11 }) }, { faults: [fault('OUT_OF_RANGE', 'scores.0.value')] }],
  ])('ten dots: reads %j as %j', (input, read) => {
    expect(dot.parseBallot(input, contestOf(IDS, { credits: 10 }))).toEqual(read);
  });

  // Lalley and Weyl 2018: n votes cost n²; with 100 credits 10 for one option, or 7 and 7 for two, or 5 each for four.
  test.each<[Record<string, number>, boolean]>([
    [{ a: 10 }, true],
    [{ a: 11 }, false],
    [{ a: 7, b: 7 }, true],
    [{ a: 8, b: 6 }, true],
    [{ a: 8, b: 7 }, false],
    [{ a: 5, b: 5, c: 5, d: 5 }, true],
    [{ a: 94_906_267 }, false],
  ])('a hundred credits buy the votes %j: %s', (points, isAllowed) => {
    const read = quadratic.parseBallot({ scores: scoresOf(points) }, contestOf(IDS, { credits: 100 }));

    expect(read).toEqual(
      isAllowed ? { vote: scoresOf(points) } : { faults: [fault('TOO_MANY_DOTS', 'scores')] },
    );
  });
});

describe.each([
  ['APPROVAL', approval, approvalsOf(IDS)],
  [
    'SCORE',
    score,
    fc.dictionary(fc.constantFrom(...IDS), fc.integer({ min: 0, max: 9 }), { maxKeys: 4 }).map(scoresOf),
  ],
] as const)('%s in general', (_name, method, ballot) => {
  const elections = fc.tuple(votesOf(ballot as fc.Arbitrary<never>), fc.integer({ min: 1, max: 4 }));

  test('does not ask in which order or in how many pieces votes come', () => {
    fc.assert(
      fc.property(elections, ([votes, seats]) => {
        const contest = contestOf(IDS, { seats });

        expect(method.count(contest, oneByOne(votes).toReversed())).toEqual(method.count(contest, votes));
      }),
    );
  });

  test('does not ask for names', () => {
    const names = new Map(IDS.map((id) => [id, `new ${id}`]));
    fc.assert(
      fc.property(elections, ([votes, seats]) => {
        const read = method.count(contestOf(IDS, { seats }), votes);
        const others = JSON.parse(
          JSON.stringify(votes.map(({ vote }) => vote)).replaceAll(/"([abcd])"/g, '"new $1"'),
        ) as never[];

        const result = method.count(
          contestOf([...names.values()], { seats }),
          votes.map(({ weight }, index) => ({ vote: others[index]!, weight })),
        );

        expect(result).toEqual(renamed(read, names));
      }),
    );
  });

  test('keeps a winner who gets more', () => {
    const more = method === approval ? ['b'] : scoresOf({ b: 1 });
    fc.assert(
      fc.property(elections, ([votes, seats]) => {
        const contest = contestOf(IDS, { seats });
        fc.pre(method.count(contest, votes).winners.includes('b'));

        expect(method.count(contest, [...votes, times(1, more as never)]).winners).toContain('b');
      }),
    );
  });
});
