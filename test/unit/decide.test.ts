import { type ClosedVote, decideVote, isQuorate } from '../../src/governance/decide.ts';
import { fractionOf, reaches } from '../../src/governance/fractions.ts';
import { tallyMethod } from '../../src/governance/tally/index.ts';
import type { TallyMethodName } from '../../src/governance/tally/method.ts';
import { contestOf, times } from '../support/elections.ts';

const HUNDRED: Omit<ClosedVote, 'tally'> = {
  quorum: '1/3',
  eligibleWeight: 100n,
  participants: 60,
  participantWeight: 60n,
};
const tallyOf = (method: TallyMethodName, ...votes: [number, unknown][]) =>
  tallyMethod(method).count(
    contestOf(['a', 'b']),
    votes.map(([weight, vote]) => times(weight, vote)),
  );
const PASSING = tallyOf('MAJORITY', [40, 'YES'], [20, 'NO']);
const CONSENTED = tallyOf('CONSENT', [60, 'CONSENT']);

test.each<[string, Partial<ClosedVote> & Pick<ClosedVote, 'tally'>, string]>([
  ['passes', { tally: PASSING }, 'PASSED'],
  ['a tie fails', { tally: tallyOf('MAJORITY', [30, 'YES'], [30, 'NO']) }, 'THRESHOLD_NOT_MET'],
  ['all abstain', { tally: tallyOf('MAJORITY', [60, 'ABSTAIN']) }, 'THRESHOLD_NOT_MET'],
  ['nobody comes', { tally: tallyOf('MAJORITY'), participants: 0, participantWeight: 0n }, 'NOBODY_VOTED'],
  ['too few come', { tally: PASSING, participants: 33, participantWeight: 33n }, 'QUORUM_NOT_MET'],
  ['just enough come', { tally: PASSING, participants: 34, participantWeight: 34n }, 'PASSED'],
  ['an objection', { tally: tallyOf('CONSENT', [59, 'CONSENT'], [1, 'OBJECT']) }, 'OBJECTION_OPEN'],
  ['consent', { tally: CONSENTED }, 'PASSED'],
  ['all stand aside', { tally: tallyOf('CONSENT', [60, 'ABSTAIN']) }, 'NO_WINNER'],
  ['somebody is elected', { tally: tallyOf('APPROVAL', [60, ['a']]) }, 'PASSED'],
  ['nobody is elected', { tally: tallyOf('SCORE', [60, []]) }, 'NO_WINNER'],
  [
    'a count that was given up',
    { tally: { ...tallyOf('SCORE', [60, []]), isTooHard: true } },
    'TOO_HARD_TO_COUNT',
  ],
  [
    'a lot needs no voters',
    { tally: tallyOf('SORTITION'), quorum: '0/1', participants: 0, participantWeight: 0n },
    'PASSED',
  ],
  [
    'a lot for which too few come',
    { tally: tallyOf('SORTITION'), participants: 0, participantWeight: 0n },
    'QUORUM_NOT_MET',
  ],
  // First of all enough must come: what too few would have decided does not count.
  [
    'too few come and object',
    { tally: tallyOf('CONSENT', [1, 'OBJECT']), participants: 1, participantWeight: 1n },
    'QUORUM_NOT_MET',
  ],
])('%s', (_what, vote, reason) => {
  expect(decideVote({ ...HUNDRED, ...vote })).toMatchObject({ isPassed: reason === 'PASSED', reason });
});

test('keeps what was counted, with great numbers as text', () => {
  const tally = { ...PASSING, budget: { budget: 10n ** 18n, spent: 5n } };

  expect(decideVote({ ...HUNDRED, tally, participantWeight: 2n ** 60n })).toEqual({
    isPassed: true,
    reason: 'PASSED',
    participants: 60,
    participantWeight: '1152921504606846976',
    winners: ['YES'],
    quota: '31',
    rounds: PASSING.rounds,
    tieBreaks: [],
    budget: '1000000000000000000',
    spent: '5',
  });
  expect(decideVote({ ...HUNDRED, tally: PASSING })).toMatchObject({ budget: null, spent: null });
});

test.each([
  ['0/1', 0n, 100n, true],
  ['1/3', 33n, 100n, false],
  ['1/3', 34n, 100n, true],
  ['1/3', 33n, 99n, true],
  ['>1/2', 50n, 100n, false],
  ['>1/2', 51n, 100n, true],
  ['1/1', 99n, 100n, false],
  ['1/3', 10n ** 30n, 3n * 10n ** 30n, true],
  ['1/3', 10n ** 30n - 1n, 3n * 10n ** 30n, false],
])('a quorum of %s with %s of %s: %s', (quorum, participantWeight, eligibleWeight, isEnough) => {
  expect(isQuorate({ quorum, participantWeight, eligibleWeight })).toBe(isEnough);
});

test('does not guess a quorum', () => {
  expect(() => isQuorate({ quorum: '', participantWeight: 1n, eligibleWeight: 1n })).toThrow(RangeError);
});

test('two thirds of three is two, and one less is not', () => {
  const twoThirds = fractionOf('2/3');

  expect(reaches(2n, 3n, twoThirds)).toBe(true);
  expect(reaches(1n, 3n, twoThirds)).toBe(false);
});
