import { bylawFaultsOf, rule, vote } from '../support/bylaws.ts';
import { classFaults, holderFaults } from '../../src/governance/bylaw-faults.ts';
import { deciderOf, describeRule, ruleFor, voteFor } from '../../src/governance/bylaws.ts';

const TIERS = [
  rule('transferPost', { by: 'SIGNATURES', role: 'TREASURER', count: 2 }, '500.00'),
  rule('transferPost', { by: 'ROLE', role: 'TREASURER' }, '50'),
  rule('transferPost', vote({ quorum: '1/5' })),
];

describe('who decides', () => {
  test.each([
    ['0.01', 'ROLE'],
    ['50.00', 'ROLE'],
    ['50.01', 'SIGNATURES'],
    ['500', 'SIGNATURES'],
    ['500.00000001', 'VOTE'],
    ['9999999999999999', 'VOTE'],
  ])('a payment of %s is decided by %s', (amount, by) => {
    expect(ruleFor(TIERS, { kind: 'transferPost', amount })?.decidedBy.by).toBe(by);
  });

  test('is the office where bylaws say nothing', () => {
    expect(ruleFor([], { kind: 'membershipAdmit', amount: null })).toBeNull();
    expect(deciderOf([], { kind: 'membershipAdmit', amount: null })).toEqual({
      by: 'ROLE',
      role: 'COORDINATOR',
    });
    expect(deciderOf([], { kind: 'bylawsAmend', amount: null })).toMatchObject({
      by: 'VOTE',
      threshold: '2/3',
    });
  });

  test('is the same for taking a role as for giving it', () => {
    const rules = [rule('roleAssign', vote({ periodDays: 9 }))];

    expect(deciderOf(rules, { kind: 'roleRevoke', amount: null })).toMatchObject({ periodDays: 9 });
  });
});

describe('what bylaws leave to an office, members vote on', () => {
  test('as on larger amounts', () => {
    expect(voteFor(TIERS, { kind: 'transferPost', amount: '10' })).toMatchObject({ quorum: '1/5' });
  });

  test('or else as they change the bylaws', () => {
    const rules = [
      rule('membershipAdmit', { by: 'ROLE', role: 'COORDINATOR' }),
      rule('bylawsAmend', vote({ threshold: '3/4' })),
    ];

    expect(voteFor(rules, { kind: 'membershipAdmit', amount: null })).toMatchObject({ threshold: '3/4' });
  });

  test('and by the usual vote on bylaws where an office changes those', () => {
    const rules = [rule('bylawsAmend', { by: 'ROLE', role: 'COORDINATOR' })];

    for (const kind of ['membershipAdmit', 'bylawsAmend'] as const) {
      expect(voteFor(rules, { kind, amount: null })).toMatchObject({ threshold: '2/3', quorum: '1/3' });
    }
  });
});

test.each([
  [TIERS[0]!, 'The signature of 2 who hold the role TREASURER decides transferPost up to 500.00.'],
  [TIERS[1]!, 'One who holds the role TREASURER decides transferPost up to 50.'],
  [
    rule(
      'bylawsAmend',
      vote({ threshold: '2/3', base: 'ELIGIBLE', quorum: '1/2', periodDays: 14, isSecret: true }),
    ),
    'A secret vote by MAJORITY with at least 2/3 of all who may vote, a turnout of at least 1/2, open for 14 days decides bylawsAmend.',
  ],
  [
    rule('roleAssign', vote({ quorum: '0/1', periodDays: 1, delayDays: 3, vetoRole: 'AUDITOR' })),
    'A vote by MAJORITY with more than 1/2 of yes and no, open for 1 day, carried out after 3 days unless one who holds the role AUDITOR objects decides roleAssign.',
  ],
  [
    rule('statement', vote({ method: 'DOT', credits: 9, seats: 2, budget: '50.00', allowsEarlyClose: true })),
    'A vote by DOT, 2 seats, 9 credits for each voter, a budget of 50.00, closed early once all have voted, a turnout of at least 1/2, open for 7 days decides statement.',
  ],
  [
    rule(
      'limitSet',
      vote({ quorum: '0/1', electorate: { groupId: 'grp_1', groupName: 'Garden', minimumDays: 30 } }),
    ),
    'A vote of members of the group Garden admitted at least 30 days before by MAJORITY with more than 1/2 of yes and no, open for 7 days decides limitSet.',
  ],
])('a rule is told in a sentence', (stated, sentence) => {
  expect(describeRule(stated)).toBe(sentence);
});

describe('bylaws under which nothing could be decided', () => {
  test.each([
    ['threshold', { threshold: '3/2' }, 'ABOVE_THE_WHOLE'],
    ['threshold', { threshold: '>1/1' }, 'ABOVE_THE_WHOLE'],
    ['threshold', { threshold: 'half' }, 'NOT_A_FRACTION'],
    ['threshold', { threshold: '0/1' }, 'BELOW_HALF'],
    ['threshold', { threshold: '1/2', base: 'ELIGIBLE' }, 'BELOW_HALF'],
    ['threshold', { threshold: '1/0' }, 'NOT_A_FRACTION'],
    ['quorum', { quorum: '6/5' }, 'ABOVE_THE_WHOLE'],
    ['quorum', { quorum: '>1/1' }, 'ABOVE_THE_WHOLE'],
    ['periodDays', { periodDays: 0 }, 'INVALID_RANGE'],
    ['periodDays', { periodDays: 367 }, 'INVALID_RANGE'],
    ['delayDays', { delayDays: -1 }, 'INVALID_RANGE'],
    ['vetoRole', { vetoRole: 'ABBESS', delayDays: 1 }, 'UNKNOWN_ROLE'],
    ['delayDays', { vetoRole: 'AUDITOR' }, 'VETO_WITHOUT_DELAY'],
    ['seats', { seats: 0 }, 'INVALID_RANGE'],
    ['seats', { seats: 2 }, 'METHOD_DOES_NOT_FIT'],
    ['method', { method: 'SCHULZE' }, 'METHOD_DOES_NOT_FIT'],
    ['isSecret', { method: 'CONSENT', isSecret: true }, 'METHOD_DOES_NOT_FIT'],
  ] as const)('%s of %j is refused', (field, stated, code) => {
    expect(bylawFaultsOf([rule('limitSet', vote(stated))])).toEqual([`rules.0.decidedBy.${field} ${code}`]);
  });

  test.each([
    [{ by: 'ROLE', role: 'HELPER' }, 'rules.0.decidedBy.role UNKNOWN_ROLE'],
    [{ by: 'ROLE', role: 'AUDITOR' }, 'rules.0.decidedBy.role UNKNOWN_ROLE'],
    [{ by: 'SIGNATURES', role: 'TREASURER', count: 0 }, 'rules.0.decidedBy.count INVALID_RANGE'],
    [{ by: 'SIGNATURES', role: 'TREASURER', count: 21 }, 'rules.0.decidedBy.count INVALID_RANGE'],
  ] as const)('%j is refused', (decidedBy, fault) => {
    expect(bylawFaultsOf([rule('limitSet', decidedBy)])).toEqual([fault]);
  });

  const ROLE = { by: 'ROLE', role: 'TREASURER' } as const;

  test.each([
    [[rule('limitSet', ROLE, '5')], 'rules.0.upTo KIND_WITHOUT_TIERS'],
    [[rule('roleRevoke', ROLE)], 'rules.0.action KIND_WITHOUT_RULE'],
    [[rule('transferPost', ROLE, '0'), rule('transferPost', ROLE)], 'rules.0.upTo INVALID_RANGE'],
    [[rule('transferPost', ROLE, '5')], 'rules.0.upTo TIERS_WITHOUT_END'],
    [
      [rule('transferPost', ROLE, '5'), rule('transferPost', ROLE, '5.00'), rule('transferPost', ROLE)],
      'rules.1.upTo TIERS_NOT_ASCENDING',
    ],
    [[rule('limitSet', ROLE), rule('limitSet', ROLE)], 'rules.1.upTo TIERS_NOT_ASCENDING'],
  ])('tiers are in order and have an end: %j', (rules, fault) => {
    expect(bylawFaultsOf(rules)).toContain(fault);
  });

  test('every fault is named', () => {
    const rules = [rule('limitSet', vote({ threshold: '2/1', periodDays: 0 })), rule('duesSet', ROLE, '1')];

    expect(bylawFaultsOf(rules)).toEqual([
      'rules.0.decidedBy.threshold ABOVE_THE_WHOLE',
      'rules.0.decidedBy.periodDays INVALID_RANGE',
      'rules.1.upTo KIND_WITHOUT_TIERS',
    ]);
  });
});

describe('more signatories than there are', () => {
  const two = rule('limitSet', { by: 'SIGNATURES', role: 'TREASURER', count: 2 });

  test('are refused in a new rule', () => {
    expect(holderFaults([two], { inForce: [], holders: { TREASURER: 1 } })).toEqual([
      { code: 'NOT_ENOUGH_HOLDERS', path: 'rules.0.decidedBy' },
    ]);
    expect(holderFaults([two], { inForce: [], holders: { TREASURER: 2 } })).toEqual([]);
  });

  test('are borne with in a rule that was in force', () => {
    expect(holderFaults([two], { inForce: [two], holders: {} })).toEqual([]);
  });
});

test('somebody has a vote, and everybody a class', () => {
  const faultsOf = (classes: { code: string; votes: number }[]) =>
    classFaults(classes, { membersByClass: { A: 3, B: 1 }, activeByClass: { A: 2 } }).map(({ code }) => code);

  expect(
    faultsOf([
      { code: 'A', votes: 1 },
      { code: 'B', votes: 0 },
    ]),
  ).toEqual([]);
  expect(
    faultsOf([
      { code: 'A', votes: 0 },
      { code: 'B', votes: 1 },
    ]),
  ).toEqual(['NOBODY_VOTES']);
  expect(faultsOf([{ code: 'A', votes: 1 }])).toEqual(['CLASS_IN_USE']);
  expect(
    faultsOf([
      { code: 'A', votes: 1 },
      { code: 'A', votes: 2 },
      { code: 'B', votes: -1 },
    ]),
  ).toEqual(['CLASS_TWICE', 'INVALID_RANGE']);
});
