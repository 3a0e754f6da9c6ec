import type { ActionKind } from '../../src/governance/actions.ts';
import type { BylawRule } from '../../src/governance/bylaws.ts';
import { votingRuleFor, type Proposed, type RuleWish } from '../../src/governance/strictest-rule.ts';
import { rule, vote } from '../support/bylaws.ts';

const RULES: BylawRule[] = [
  rule('limitSet', vote({ threshold: '2/3', quorum: '1/4', periodDays: 3 })),
  rule(
    'unitPolicySet',
    vote({ base: 'ELIGIBLE', quorum: '1/3', delayDays: 2, vetoRole: 'AUDITOR', isSecret: true }),
  ),
  rule('duesSet', vote({ method: 'CONSENT', threshold: '1/1' })),
  rule('roleAssign', vote({ method: 'STV_SCOTTISH', quorum: '1/10' })),
  rule('transferPost', { by: 'ROLE', role: 'TREASURER' }, '50'),
  rule('transferPost', vote({ quorum: '1/5' }), '1000'),
  rule('transferPost', vote({ quorum: '4/5' })),
];

const action = (kind: ActionKind, given: Partial<Proposed> = {}): Proposed => ({
  kind,
  amount: null,
  seats: null,
  ...given,
});

function found(actions: Proposed[], wish: RuleWish = {}, rules = RULES) {
  return votingRuleFor(rules, actions, wish);
}

function faultsOf(actions: Proposed[], wish: RuleWish = {}, rules = RULES): string[] {
  return (found(actions, wish, rules).faults ?? []).map(({ path, code }) => `${path} ${code}`);
}

test('of several rules the strictest part of each holds', () => {
  expect(found([action('limitSet'), action('unitPolicySet')]).rule).toEqual({
    method: 'MAJORITY',
    threshold: '2/3',
    base: 'ELIGIBLE',
    quorum: '1/3',
    periodDays: 7,
    delayDays: 2,
    isSecret: true,
    allowsEarlyClose: false,
    vetoRole: 'AUDITOR',
    seats: 1,
    maxScore: null,
    credits: null,
    budget: null,
    budgetUnitId: null,
    budgetUnitCode: null,
    electorate: null,
  });
});

describe('a vote of a part of the members', () => {
  const gardeners = { groupId: 'grp_1', groupName: 'Garden', minimumDays: null };
  const rules = [
    rule('limitSet', vote({ electorate: gardeners })),
    rule('unitPolicySet', vote({ electorate: { ...gardeners, groupName: 'The garden' } })),
    rule('duesSet', vote({ electorate: { ...gardeners, minimumDays: 30 } })),
    rule('networkUpdate', vote()),
  ];

  test('is held on what the same members decide', () => {
    const actions = [action('limitSet'), action('unitPolicySet')];

    expect(found(actions, {}, rules).rule).toMatchObject({ electorate: gardeners });
  });

  test.each(['duesSet', 'networkUpdate'] as const)('is no vote on what others decide: %s', (kind) => {
    expect(faultsOf([action('limitSet'), action(kind)], {}, rules)).toEqual(['actions RULES_DIFFER']);
  });

  test('is not wished for, nor wished away', () => {
    expect(faultsOf([action('limitSet')], { electorate: null }, rules)).toEqual([
      'rule.electorate WEAKER_THAN_BYLAWS',
    ]);
    expect(faultsOf([action('networkUpdate')], { electorate: gardeners }, rules)).toEqual([
      'rule.electorate WEAKER_THAN_BYLAWS',
    ]);
  });
});

test('payments of one vote count together', () => {
  const pay = (amount: string) => action('transferPost', { amount });

  expect(found([pay('30'), pay('30')]).rule).toMatchObject({ quorum: '1/5' });
  expect(found([pay('600.00'), pay('600')]).rule).toMatchObject({ quorum: '4/5' });
});

test('two ways of counting do not go into one vote', () => {
  expect(faultsOf([action('limitSet'), action('duesSet')])).toEqual(['actions RULES_DIFFER']);
});

test.each<[RuleWish, string]>([
  [{ threshold: '>1/2' }, 'threshold'],
  [{ quorum: '1/5' }, 'quorum'],
  [{ periodDays: 2 }, 'periodDays'],
  [{ allowsEarlyClose: true }, 'allowsEarlyClose'],
  [{ method: 'CONSENT' }, 'method'],
])('nobody asks for less than the bylaws: %j', (wish, field) => {
  expect(faultsOf([action('limitSet')], wish)).toEqual([`rule.${field} WEAKER_THAN_BYLAWS`]);
});

test('a veto and secrecy are not wished away', () => {
  expect(
    faultsOf([action('unitPolicySet')], { vetoRole: null, isSecret: false, base: 'CAST', delayDays: 1 }),
  ).toEqual([
    'rule.base WEAKER_THAN_BYLAWS',
    'rule.delayDays WEAKER_THAN_BYLAWS',
    'rule.isSecret WEAKER_THAN_BYLAWS',
    'rule.vetoRole WEAKER_THAN_BYLAWS',
  ]);
});

test('more may be asked for', () => {
  const wish: RuleWish = { threshold: '3/4', quorum: '1/2', periodDays: 9, isSecret: true };

  expect(found([action('limitSet')], wish).rule).toMatchObject(wish);
});

describe('an election', () => {
  const election = action('roleAssign', { seats: 3 });

  test('is counted as the bylaws have it', () => {
    expect(found([election]).rule).toMatchObject({ method: 'STV_SCOTTISH', seats: 3, quorum: '1/10' });
    expect(faultsOf([election], { method: 'STV_MEEK' })).toEqual(['rule.method WEAKER_THAN_BYLAWS']);
  });

  test('is counted as who proposes likes where bylaws know only yes and no', () => {
    const rules = [rule('roleAssign', vote())];

    expect(found([election], {}, rules).rule).toMatchObject({ method: 'STV_SCOTTISH' });
    expect(found([election], { method: 'STV_MEEK' }, rules).rule).toMatchObject({
      method: 'STV_MEEK',
      seats: 3,
    });
    expect(found([action('roleAssign', { seats: 1 })], {}, rules).rule).toMatchObject({ method: 'SCHULZE' });
    expect(faultsOf([action('roleAssign', { seats: 1 })], { method: 'SCORE' }, rules)).toEqual([
      'rule.maxScore REQUIRED',
    ]);
  });

  test.each<RuleWish>([
    { method: 'SORTITION' },
    { method: 'MAJORITY' },
    { method: 'DOT', credits: 5 },
    { method: 'PB_GREEDY', budget: '5' },
  ])('is held by no other way than those of electing: %j', (wish) => {
    const rules = [rule('roleAssign', vote())];

    expect(faultsOf([election], wish, rules)).toEqual(['rule.method WEAKER_THAN_BYLAWS']);
  });

  test('needs the turnout of the bylaws', () => {
    const rules = [rule('roleAssign', vote({ quorum: '1/2' }))];

    expect(found([election], { method: 'APPROVAL' }, rules).rule).toMatchObject({ quorum: '1/2' });
    expect(faultsOf([election], { method: 'APPROVAL', quorum: '0/1' }, rules)).toEqual([
      'rule.quorum WEAKER_THAN_BYLAWS',
    ]);
  });

  test('is drawn by lot only where the bylaws say so, and the lot asks for no turnout', () => {
    const drawn = (quorum: string) => [rule('roleAssign', vote({ method: 'SORTITION', quorum }))];

    expect(found([election], {}, drawn('0/1')).rule).toMatchObject({ method: 'SORTITION', seats: 3 });
    expect(faultsOf([election], {}, drawn('1/10'))).toEqual(['rule.quorum METHOD_DOES_NOT_FIT']);
  });

  test('does not pass over objections', () => {
    const rules = [rule('roleAssign', vote({ method: 'CONSENT' }))];

    expect(faultsOf([election], {}, rules)).toEqual(['actions METHOD_DOES_NOT_FIT']);
    expect(found([action('roleAssign')], {}, rules).rule).toMatchObject({ method: 'CONSENT' });
  });

  test('stands alone', () => {
    expect(faultsOf([election, action('limitSet')])).toEqual(['actions ELECTION_ALONE']);
  });

  test('of somebody who is named is a motion', () => {
    expect(found([action('roleAssign')]).rule).toMatchObject({
      method: 'MAJORITY',
      threshold: '>1/2',
      quorum: '1/10',
    });
  });
});

describe('a vote that does nothing', () => {
  test('is held as who proposes likes', () => {
    expect(found([], { method: 'APPROVAL', periodDays: 3 }).rule).toMatchObject({
      method: 'APPROVAL',
      periodDays: 3,
    });
    expect(found([action('statement')]).rule).toMatchObject({
      method: 'MAJORITY',
      threshold: '>1/2',
      periodDays: 7,
    });
  });

  test.each([[[]], [[action('statement')]]])('gives members three days to vote at least: %j', (actions) => {
    expect(faultsOf(actions, { periodDays: 2 })).toEqual(['rule.periodDays WEAKER_THAN_BYLAWS']);
    expect(found(actions, { periodDays: 3 }).rule).toMatchObject({ periodDays: 3 });
    const rules = [rule('statement', vote({ periodDays: 1 }))];
    expect(found(actions, { periodDays: 1 }, rules).rule).toMatchObject({ periodDays: 1 });
  });

  test('is held as the bylaws have it where they do', () => {
    const rules = [rule('statement', vote({ quorum: '1/3' }))];

    expect(found([], { method: 'BORDA' }, rules).rule).toMatchObject({ method: 'BORDA', quorum: '1/3' });
    expect(faultsOf([action('statement')], { quorum: '1/4' }, rules)).toEqual([
      'rule.quorum WEAKER_THAN_BYLAWS',
    ]);
  });

  test('is counted as the bylaws have it if it says something', () => {
    const rules = [rule('statement', vote({ threshold: '2/3' }))];

    for (const method of ['SORTITION', 'APPROVAL', 'CONSENT'] as const) {
      expect(faultsOf([action('statement')], { method }, rules)).toEqual(['rule.method WEAKER_THAN_BYLAWS']);
    }
    expect(faultsOf([], { method: 'CONSENT' }, rules)).toEqual(['rule.method WEAKER_THAN_BYLAWS']);
    expect(faultsOf([], { method: 'SORTITION' }, rules)).toEqual(['rule.quorum METHOD_DOES_NOT_FIT']);
    const scored = [rule('statement', vote({ method: 'SCORE', maxScore: 5 }))];
    expect(found([action('statement')], {}, scored).rule).toMatchObject({ method: 'SCORE' });
  });

  test('says yes or no if it says something of which the bylaws say nothing', () => {
    expect(faultsOf([action('statement')], { method: 'SORTITION' })).toEqual([
      'rule.method METHOD_DOES_NOT_FIT',
    ]);
    expect(found([action('statement')], { method: 'CONSENT' }).rule).toMatchObject({ method: 'CONSENT' });
  });

  test('can still be counted', () => {
    expect(faultsOf([], { method: 'DOT', threshold: 'most', periodDays: 400 })).toEqual([
      'rule.threshold NOT_A_FRACTION',
      'rule.periodDays INVALID_RANGE',
      'rule.credits REQUIRED',
    ]);
  });
});

test('members vote on everything, also where an office changes the bylaws and decides', () => {
  const rules = [rule('bylawsAmend', { by: 'ROLE', role: 'COORDINATOR' })];

  for (const kind of ['limitSet', 'bylawsAmend'] as const) {
    expect(found([action(kind)], {}, rules).rule).toMatchObject({
      method: 'MAJORITY',
      threshold: '2/3',
      quorum: '1/3',
      periodDays: 14,
    });
  }
});
