import { consent, type Stance } from '../../src/governance/tally/consent.ts';
import { contestOf, times } from '../support/elections.ts';

const CONTEST = contestOf([]);
const vote = (weight: number, stance: Stance) => times(weight, stance);

test.each([
  [[vote(3, 'CONSENT'), vote(2, 'ABSTAIN')], ['YES']],
  [[vote(1, 'CONSENT')], ['YES']],
  [[vote(99, 'CONSENT'), vote(1, 'OBJECT')], []],
  // Nobody wants it, though nobody minds it.
  [[vote(5, 'ABSTAIN')], []],
  [[], []],
])('%j gives %j', (votes, winners) => {
  expect(consent.count(CONTEST, votes)).toMatchObject({
    method: 'CONSENT',
    quota: null,
    winners,
    tieBreaks: [],
  });
});

test('shows the weight of each stance', () => {
  const { rounds } = consent.count(CONTEST, [vote(3, 'CONSENT'), vote(1, 'OBJECT'), vote(2, 'CONSENT')]);

  expect(rounds[0]!.figures).toEqual([
    { option: 'CONSENT', value: '5', state: 'EXCLUDED' },
    { option: 'ABSTAIN', value: '0', state: 'EXCLUDED' },
    { option: 'OBJECT', value: '1', state: 'EXCLUDED' },
  ]);
});

test.each([
  [{ choice: 'CONSENT' }, { vote: 'CONSENT' }],
  [{ choice: 'ABSTAIN', reason: 'Not my field.' }, { vote: 'ABSTAIN' }],
  [{ choice: 'OBJECT', reason: 'The roof would not carry it.' }, { vote: 'OBJECT' }],
  [{ choice: 'OBJECT' }, { faults: [{ code: 'REASON_MISSING', path: 'reason' }] }],
  [{ choice: 'OBJECT', reason: ' ' }, { faults: [{ code: 'REASON_MISSING', path: 'reason' }] }],
  [{ choice: 'YES' }, { faults: [{ code: 'UNKNOWN_OPTION', path: 'choice' }] }],
  [
    { scores: [] },
    {
      faults: [
        { code: 'NOT_ASKED_FOR', path: 'scores' },
        { code: 'EMPTY_BALLOT', path: 'choice' },
      ],
    },
  ],
])('reads %j as %j', (input, read) => {
  expect(consent.parseBallot(input, CONTEST)).toEqual(read);
});
