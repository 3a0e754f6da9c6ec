import { electorateFaults } from '../../src/governance/electorate-faults.ts';
import {
  electorateOf,
  electorateRules,
  EVERYBODY,
  type PossibleElector,
} from '../../src/governance/electorate.ts';
import type { Voters } from '../../src/governance/voting-rule.ts';
import { rule, vote } from '../support/bylaws.ts';

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

const voters = (change: Partial<Voters> = {}): Voters => ({
  groupId: null,
  groupName: null,
  minimumDays: null,
  ...change,
});
const NOW = new Date('2026-03-31T12:00:00Z');
const NOBODYS = { votesByClass: new Map<string, number>(), openedAt: NOW };

describe('by the rule of a vote', () => {
  const members = [
    member('old', { admittedAt: new Date('2026-03-01T11:59:59.999Z'), groupIds: ['garden'] }),
    member('just', { admittedAt: new Date('2026-03-01T12:00:00Z'), groupIds: ['garden', 'choir'] }),
    member('young', { admittedAt: new Date('2026-03-01T12:00:00.001Z'), groupIds: ['garden'] }),
    member('outside', { groupIds: ['choir'] }),
    member('never', { admittedAt: null, groupIds: ['garden'] }),
  ];

  test.each<[string, Voters | null, string[]]>([
    ['everybody', null, ['just', 'never', 'old', 'outside', 'young']],
    ['nothing said', voters(), ['just', 'never', 'old', 'outside', 'young']],
    ['a group', voters({ groupId: 'garden' }), ['just', 'never', 'old', 'young']],
    ['thirty days', voters({ minimumDays: 30 }), ['just', 'old', 'outside']],
    ['both', voters({ groupId: 'garden', minimumDays: 30 }), ['just', 'old']],
    ['a group of nobody', voters({ groupId: 'cellar' }), []],
  ])('votes %s', (_, given, ids) => {
    expect(idsOf(electorateOf(members, electorateRules(given, NOBODYS)))).toEqual(ids);
  });
});

describe('bylaws by which nobody would vote', () => {
  const facts = {
    groupIds: new Set(['garden', 'cellar']),
    members: [
      member('a', { groupIds: ['garden'] }),
      member('b', { memberClass: 'guest', groupIds: ['cellar'] }),
    ],
    votesByClass: new Map([['guest', 0]]),
    now: NOW,
    inForce: [],
  };
  const faultsOf = (given: Voters, kind: 'limitSet' | 'bylawsAmend' = 'limitSet') =>
    electorateFaults([rule(kind, vote({ electorate: given }))], facts).map(
      ({ code, path }) => `${code} ${path.replace('rules.0.decidedBy.', '')}`,
    );

  test.each<[Voters, string[]]>([
    [voters({ groupId: 'garden', minimumDays: 30 }), []],
    [voters({ groupId: 'attic' }), ['UNKNOWN_GROUP electorate.groupId']],
    [voters({ groupId: 'cellar' }), ['NOBODY_VOTES electorate']],
    [voters({ minimumDays: 366 }), ['NOBODY_VOTES electorate']],
    [voters({ minimumDays: 0 }), ['INVALID_RANGE electorate.minimumDays']],
    [voters({ minimumDays: 3_661 }), ['INVALID_RANGE electorate.minimumDays']],
  ])('are told: %j', (given, faults) => {
    expect(faultsOf(given)).toEqual(faults);
  });

  test('leave the bylaws to no group, which could be empty one day', () => {
    expect(faultsOf(voters({ groupId: 'garden' }), 'bylawsAmend')).toEqual([
      'GROUP_AMENDS electorate.groupId',
    ]);
    expect(faultsOf(voters({ minimumDays: 30 }), 'bylawsAmend')).toEqual([]);
  });

  test('are left as they are where they were in force', () => {
    const given = voters({ groupId: 'attic' });
    const rules = [rule('limitSet', vote({ electorate: given }))];

    expect(electorateFaults(rules, { ...facts, inForce: rules })).toEqual([]);
  });
});
