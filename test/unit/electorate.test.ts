import { electorateOf, EVERYBODY, type PossibleElector } from '../../src/governance/electorate.ts';

const member = (membershipId: string, change: Partial<PossibleElector> = {}): PossibleElector => ({
  membershipId,
  state: 'ACTIVE',
  memberClass: 'full',
  admittedAt: new Date('2026-01-01T00:00:00Z'),
  groupIds: [],
  ...change,
});
const idsOf = (electors: { membershipId: string }[]) => electors.map(({ membershipId }) => membershipId);

test('one member, one vote, in the order of ids', () => {
  expect(electorateOf([member('c'), member('a'), member('b')], EVERYBODY)).toEqual([
    { membershipId: 'a', weight: 1n },
    { membershipId: 'b', weight: 1n },
    { membershipId: 'c', weight: 1n },
  ]);
});

test.each(['APPLIED', 'SUSPENDED', 'LEFT', 'DECLINED'])('who is %s does not vote', (state) => {
  expect(electorateOf([member('a', { state }), member('b')], EVERYBODY)).toEqual([
    { membershipId: 'b', weight: 1n },
  ]);
});

test('classes have the votes that the network gave them, and one of which it says nothing has one', () => {
  const votesByClass = new Map([
    ['founder', 3],
    ['supporter', 0],
  ]);
  const members = ['founder', 'supporter', 'full'].map((memberClass) => member(memberClass, { memberClass }));

  expect(electorateOf(members, { ...EVERYBODY, votesByClass })).toEqual([
    { membershipId: 'founder', weight: 3n },
    { membershipId: 'full', weight: 1n },
  ]);
});

test('only who was admitted before', () => {
  const admittedBefore = new Date('2026-03-01T00:00:00Z');
  const members = [
    member('earlier', { admittedAt: new Date('2026-02-28T23:59:59.999Z') }),
    member('just then', { admittedAt: admittedBefore }),
    member('never', { admittedAt: null }),
  ];

  expect(idsOf(electorateOf(members, { ...EVERYBODY, admittedBefore }))).toEqual(['earlier']);
  expect(electorateOf(members, EVERYBODY)).toHaveLength(3);
});

test('only members of the groups, each once', () => {
  const members = [
    member('both', { groupIds: ['garden', 'kitchen'] }),
    member('one', { groupIds: ['kitchen', 'choir'] }),
    member('none'),
  ];

  expect(idsOf(electorateOf(members, { ...EVERYBODY, groupIds: ['garden', 'kitchen'] }))).toEqual([
    'both',
    'one',
  ]);
  expect(electorateOf(members, { ...EVERYBODY, groupIds: [] })).toEqual([]);
});
