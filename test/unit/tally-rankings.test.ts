import { borda } from '../../src/governance/tally/borda.ts';
import { instantRunoff } from '../../src/governance/tally/instant-runoff.ts';
import type { BallotInput, TallyMethod } from '../../src/governance/tally/method.ts';
import { schulze } from '../../src/governance/tally/schulze.ts';
import { stvMeek } from '../../src/governance/tally/stv-meek.ts';
import { stvScottish } from '../../src/governance/tally/stv-scottish.ts';
import { contestOf } from '../support/elections.ts';
import { figuresOf, rankings, votesFrom } from '../support/rankings.ts';

const STRICT: TallyMethod[] = [instantRunoff, stvScottish, stvMeek];
const WEAK: TallyMethod[] = [borda, schulze];
const ALL = [...STRICT, ...WEAK].map((method) => [method.name, method] as const);

const contest = {
  ...contestOf(['a', 'b', 'c']),
  options: [{ id: 'a' }, { id: 'b' }, { id: 'c', isWithdrawn: true }],
};

describe.each(ALL)('%s', (_name, method) => {
  test.each<[BallotInput, string[]]>([
    [{}, ['EMPTY_BALLOT ranking']],
    [{ ranking: [] }, ['EMPTY_BALLOT ranking']],
    [{ ranking: [['a'], []] }, ['EMPTY_RANK ranking.1']],
    [{ ranking: [['a'], ['x']] }, ['UNKNOWN_OPTION ranking.1.0']],
    [{ ranking: [['a'], ['b'], ['a']] }, ['OPTION_TWICE ranking.2.0']],
    [{ ranking: [['c'], ['a']] }, ['WITHDRAWN_OPTION ranking.0.0']],
    [{ ranking: [['a']], approvals: ['a'] }, ['NOT_ASKED_FOR approvals']],
    [{ choice: 'a' }, ['NOT_ASKED_FOR choice', 'EMPTY_BALLOT ranking']],
    [{ ranking: [['x'], ['a'], ['a']] }, ['UNKNOWN_OPTION ranking.0.0', 'OPTION_TWICE ranking.2.0']],
  ])('says what is wrong with %j', (input, expected) => {
    const { vote, faults } = method.parseBallot(input, contest);

    expect(vote).toBeUndefined();
    expect(faults!.map(({ code, path }) => `${code} ${path}`)).toEqual(expected);
  });

  test('elects nobody where nobody voted', () => {
    expect(method.count(contest, [])).toMatchObject({ winners: [], tieBreaks: [] });
  });

  test('passes over who has withdrawn since', () => {
    const before = contestOf(['a', 'b', 'c']);
    const votes = votesFrom(method, before, rankings('3 c, 3 cba, 2 a'));

    const { winners, rounds } = method.count(contest, votes);

    expect(winners).toEqual(['b']);
    expect(rounds[0]!.figures[2]).toMatchObject({
      option: 'c',
      value: expect.stringMatching(/^0(\.0+)?$/),
      state: 'EXCLUDED',
    });
  });
});

test.each(STRICT.map((method) => [method.name, method] as const))(
  '%s takes nobody beside another',
  (_name, method) => {
    const before = contestOf(['a', 'b', 'c']);

    expect(method.parseBallot({ ranking: [['a'], ['b', 'c']] }, before)).toEqual({
      faults: [{ code: 'EQUAL_RANK', path: 'ranking.1' }],
    });
  },
);

test.each(WEAK.map((method) => [method.name, method] as const))(
  '%s takes several beside each other',
  (_name, method) => {
    const before = contestOf(['a', 'b', 'c']);

    expect(method.parseBallot({ ranking: [['a'], ['b', 'c']] }, before)).toEqual({ vote: [1, 2, 2] });
    expect(method.parseBallot({ ranking: [['b']] }, before)).toEqual({ vote: [0, 1, 0] });
  },
);

test('figures are told by option', () => {
  expect(figuresOf(borda.count(contest, votesFrom(borda, contest, rankings('2 ba'))).rounds[0])).toEqual({
    a: '0',
    b: '2',
    c: '0',
  });
});
