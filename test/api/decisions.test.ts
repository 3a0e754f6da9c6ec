import type { ActionKind } from '../../src/governance/actions.ts';
import type { Decider } from '../../src/governance/bylaws.ts';
import { ask, givenPerson, mutate, tryMutate, type Json } from '../support/api.ts';
import { rule, vote } from '../support/bylaws.ts';
import { givenExchange } from '../support/conversions.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { lettersOf } from '../support/mail.ts';
import { givenCommons, givenPolicy, tryPay } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let cora: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  fay = network.founder;
  cora = await givenOfficer(server, network, 'COORDINATOR');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const { submitInput, submit, sign } = actionKit(() => ({ server, network }));
const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const TWO: Decider = { by: 'SIGNATURES', role: 'COORDINATOR', count: 2 };

/** What the decision has made happen, by kind, with the instance that did it. */
const factsOf = (decisionId: string): Promise<Json[]> =>
  server.app.database.db.rows(
    `select kind, actor_system from event
      where network_id = $1 and data->>'decisionId' = $2 order by id`,
    [network.id, decisionId],
  );

/** A kind of action: the same input for the mutation and for the action, and the fact that comes of it. */
interface Case {
  kind: ActionKind;
  field: string;
  input: () => Promise<object>;
  fact: string;
}

const openRate = async () => {
  const { creditId, hoursId, creditsId } = await givenExchange(server, network);
  const terms = { numerator: 1, denominator: 2, fromAccountId: hoursId, toAccountId: creditsId };
  return { fromUnitId: network.unitId, toUnitId: creditId, ...terms };
};

const CASES: Case[] = [
  {
    kind: 'membershipAdmit',
    field: 'membershipAdmit',
    input: async () => ({ membershipId: (await givenApplicant(server, network, 'Ada')).membershipId }),
    fact: 'MembershipActivated',
  },
  {
    kind: 'membershipSuspend',
    field: 'membershipSuspend',
    input: async () => ({ membershipId: ben.membershipId, reason: 'three warnings' }),
    fact: 'MembershipSuspended',
  },
  {
    kind: 'membershipReinstate',
    field: 'membershipReinstate',
    input: async () => {
      const { membershipId } = await givenMember(server, network, 'Sol');
      const suspension = inNetwork({ membershipId, reason: 'three warnings' });
      await mutate(server, fay, 'membershipSuspend', suspension, 'membership { id }');
      return { membershipId };
    },
    fact: 'MembershipReinstated',
  },
  {
    kind: 'roleAssign',
    field: 'roleAssign',
    input: async () => ({ membershipId: ben.membershipId, role: 'MODERATOR' }),
    fact: 'RoleAssigned',
  },
  {
    kind: 'roleRevoke',
    field: 'roleRevoke',
    input: async () => {
      const given = inNetwork({ membershipId: ben.membershipId, role: 'MODERATOR' });
      const made = await mutate(server, fay, 'roleAssign', given, 'roleAssignment { id }');
      return { roleAssignmentId: made.roleAssignment.id };
    },
    fact: 'RoleRevoked',
  },
  {
    kind: 'limitSet',
    field: 'limitSet',
    input: async () => ({ accountId: ben.accountId, followsPolicy: false, floor: '-5.00', ceiling: '5.00' }),
    fact: 'AccountLimitsSet',
  },
  {
    kind: 'unitPolicySet',
    field: 'unitPolicySet',
    input: async () => ({ unitId: network.unitId, version: 1, requestDays: 7 }),
    fact: 'UnitPolicySet',
  },
  {
    kind: 'duesSet',
    field: 'duesSet',
    input: async () => {
      const { accountId } = await givenCommons(server, network);
      return { unitId: network.unitId, amount: '1.00', period: 'MONTH', graceDays: 14, accountId };
    },
    fact: 'DuesSet',
  },
  {
    kind: 'duesRetire',
    field: 'duesRetire',
    input: async () => {
      const { accountId } = await givenCommons(server, network);
      const dues = { unitId: network.unitId, amount: '1.00', period: 'MONTH', graceDays: 14, accountId };
      const made = await mutate(server, fay, 'duesSet', inNetwork(dues), 'duesRule { id }');
      return { duesRuleId: made.duesRule.id };
    },
    fact: 'DuesRetired',
  },
  { kind: 'conversionRateSet', field: 'conversionRateSet', input: openRate, fact: 'ConversionRateSet' },
  {
    kind: 'conversionRateRetire',
    field: 'conversionRateRetire',
    input: async () => {
      const input = inNetwork(await openRate());
      const made = await mutate(server, fay, 'conversionRateSet', input, 'conversionRate { id }');
      return { rateId: made.conversionRate.id };
    },
    fact: 'ConversionRateRetired',
  },
  {
    kind: 'networkUpdate',
    field: 'networkUpdate',
    input: async () => ({ isListed: false }),
    fact: 'NetworkUpdated',
  },
];

const RULED: Partial<Record<ActionKind, ActionKind>> = {
  membershipReinstate: 'membershipSuspend',
  roleRevoke: 'roleAssign',
  duesRetire: 'duesSet',
  conversionRateRetire: 'conversionRateSet',
};
const ruleOf = ({ kind }: Case, decider: Decider) => rule(RULED[kind] ?? kind, decider);

describe.each(CASES)('$kind', (one) => {
  test('is refused to who calls it alone where signatures decide', async () => {
    const input = inNetwork(await one.input());
    await givenRules(server, network, [ruleOf(one, TWO)]);
    const before = await snapshot(server);

    const answer = await tryMutate(
      server,
      fay,
      one.field,
      input,
      'errors { ... on DecisionRequired { rule { action sentence decidedBy { by role count } } } }',
    );

    expect(answer.errors).toMatchObject([
      {
        __typename: 'DecisionRequired',
        code: 'DECISION_REQUIRED',
        rule: {
          action: ruleOf(one, TWO).action,
          decidedBy: { by: 'SIGNATURES', role: 'COORDINATOR', count: 2 },
        },
      },
    ]);
    expect(await snapshot(server)).toEqual(before);
  });

  test('is refused to who calls it alone where members vote, and as ever to who is no member', async () => {
    const input = inNetwork(await one.input());
    await givenRules(server, network, [ruleOf(one, vote())]);
    const outsider = (await givenNetwork(server)).founder;

    await expectRefusal(server, fay, [one.field, input, 'DECISION_REQUIRED']);
    await expectRefusal(server, ben, [one.field, input, 'DECISION_REQUIRED']);
    await expectRefusal(server, outsider, [one.field, input, 'FORBIDDEN']);
  });

  test('is done by the decision when two have signed', async () => {
    const action = { [one.kind]: await one.input() };
    await givenRules(server, network, [ruleOf(one, TWO)]);
    const { signedAction } = await submit(fay, action);

    expect(signedAction.state).toBe('PENDING');
    expect(await factsOf(signedAction.id)).toEqual([]);

    const signed = await sign(cora, signedAction.id);

    expect(signed.signedAction).toMatchObject({ state: 'EXECUTED', failure: null });
    const facts = await factsOf(signedAction.id);
    expect(facts.filter(({ kind }) => kind === one.fact)).toEqual([
      { kind: one.fact, actorSystem: 'decision' },
    ]);
  });
});

test('a role that the bylaws name stands in place of the usual one', async () => {
  const tom = await givenOfficer(server, network, 'TREASURER');
  await givenRules(server, network, [rule('networkUpdate', { by: 'ROLE', role: 'TREASURER' })]);
  const input = inNetwork({ isListed: false });

  await expectRefusal(server, cora, ['networkUpdate', input, 'FORBIDDEN']);
  await mutate(server, tom, 'networkUpdate', input, '__typename');
});

test('a helper is named by coordinators, whoever gives roles', async () => {
  await givenRules(server, network, [rule('roleAssign', vote())]);
  const role = { membershipId: cora.membershipId, role: 'HELPER', forMembershipId: ben.membershipId };

  await mutate(server, fay, 'roleAssign', inNetwork(role), '__typename');
});

describe('a helper is named and dismissed by no decision', () => {
  const decisions: [string, (action: object) => [string, object]][] = [
    ['submitted', (action) => ['actionSubmit', inNetwork({ idempotencyKey: 'help', action })]],
    [
      'proposed',
      (action) => [
        'proposalDraft',
        inNetwork({ idempotencyKey: 'help', title: 'Help', text: 'Help.', actions: [action] }),
      ],
    ],
  ];

  test.each(decisions)('that is %s', async (_, asInput) => {
    const help = { membershipId: cora.membershipId, role: 'HELPER', forMembershipId: ben.membershipId };
    const { roleAssignment } = await mutate(
      server,
      fay,
      'roleAssign',
      inNetwork(help),
      'roleAssignment { id }',
    );
    const membershipId = ben.membershipId;

    for (const action of [
      { roleAssign: { role: 'HELPER', membershipId } },
      { roleAssign: { role: 'HELPER', seats: 1 } },
      { roleRevoke: { roleAssignmentId: roleAssignment.id } },
    ]) {
      const [field, input] = asInput(action);
      await expectRefusal(server, fay, [field, input, 'INVALID_CHOICE']);
    }
  });
});

test('a letter admits nobody where members vote on admissions', async () => {
  const ada = await givenPerson(server, 'Ada');
  await mutate(server, fay, 'membershipInvite', inNetwork({ email: ada.email }), '__typename');
  const letter = (await lettersOf(server, ada.email)).findLast(({ text }) => text?.includes('net_'));
  const secret = /net_[0-9a-z]{26}\.[\w-]{43}/.exec(letter?.text ?? '')?.[0];
  await givenRules(server, network, [rule('membershipAdmit', vote())]);

  const input = { secret, acceptedTermsVersion: 1 };
  const { membership } = await mutate(
    server,
    ada,
    'membershipAcceptInvitation',
    input,
    'membership { state }',
  );

  expect(membership.state).toBe('APPLIED');
});

describe('payments from a common account', () => {
  let pot: Member;
  let tom: Member;

  beforeEach(async () => {
    pot = await givenCommons(server, network, 'Pot');
    tom = await givenOfficer(server, network, 'TREASURER');
  });

  let keys = 0;
  const from = (amount: string, more: object = {}) =>
    inNetwork({
      idempotencyKey: `pot-${++keys}`,
      payerAccountId: pot.accountId,
      payeeAccountId: ben.accountId,
      amount,
      description: 'tools',
      ...more,
    });
  const line = (amount: string) => ({
    payerAccountId: pot.accountId,
    payeeAccountId: ben.accountId,
    amount,
    description: 'tools',
  });
  const required = (field: string, input: object) =>
    expectRefusal(server, tom, [field, input, 'DECISION_REQUIRED']);

  test('are made by a treasurer up to the first tier, and not beyond', async () => {
    await mutate(server, tom, 'transferCreate', from('10.00'), '__typename');

    await required('transferCreate', from('10.01'));
    expect(await balanceOf(server, network, ben)).toBe('10.00');
  });

  test('count together in one call', async () => {
    const lines = (amounts: string[]) =>
      inNetwork({ idempotencyKey: `l-${++keys}`, lines: amounts.map(line) });

    await required('transfersCreate', lines(['5.01', '5.00']));
    await mutate(server, tom, 'transfersCreate', lines(['5.00', '5.00']), '__typename');
  });

  test('count together in one import', async () => {
    const cells = `${pot.accountId},${ben.accountId},6.00,tools`;
    const importOf = (lines: string[]) =>
      inNetwork({
        idempotencyKey: `i-${++keys}`,
        unitId: network.unitId,
        isPreview: false,
        csv: ['payer,payee,amount,description', ...lines].join('\n'),
      });

    await expectRefusal(server, tom, ['transferImport', importOf([cells, cells]), 'IMPORT_FAULTY']);
    await mutate(server, tom, 'transferImport', importOf([cells]), '__typename');
  });

  test('count together over the dates of a schedule', async () => {
    const { idempotencyKey, ...plan } = from('6.00') as Record<string, unknown>;
    const schedule = { ...plan, idempotencyKey, startsOn: '2026-03-03', frequency: 'MONTHLY', count: 2 };

    await required('transferSchedule', schedule);
  });

  test('are not promised beyond the first tier', async () => {
    const hold = { accountId: pot.accountId, payeeAccountId: ben.accountId, description: 'tools' };
    const input = (amount: string) =>
      inNetwork({ ...hold, idempotencyKey: `h-${++keys}`, amount, expiresAt: '2026-03-20T00:00:00Z' });

    await required('holdPlace', input('10.01'));
    await mutate(server, tom, 'holdPlace', input('10.00'), '__typename');
  });

  test('are not made by accepting what is asked for', async () => {
    const ask12 = from('12.00');
    const { transfer } = await mutate(server, ben, 'transferRequest', ask12, 'transfer { id }');

    await required('transferAccept', inNetwork({ idempotencyKey: `a-${++keys}`, transferId: transfer.id }));
  });

  test('of members are not looked at', async () => {
    expect(await tryPay(server, network, [fay, ben, '15.00'])).toBe('POSTED');
  });
});

describe('an expulsion', () => {
  beforeEach(() => givenRules(server, network, [rule('membershipExpel', TWO)]));

  const expel = { membershipExpel: { membershipId: '', reason: 'theft' } };
  const expelling = (member: Member) => ({
    membershipExpel: { ...expel.membershipExpel, membershipId: member.membershipId },
  });

  test('settles the accounts as the policy has it', async () => {
    const pot = await givenCommons(server, network, 'Pot');
    await givenPolicy(server, network, {
      closing: { accountId: pot.accountId, takesSurplus: true, coversDeficit: true },
    });
    await tryPay(server, network, [ben, fay, '3.00']);
    const { signedAction } = await submit(fay, expelling(ben));

    const signed = await sign(cora, signedAction.id);

    expect(signed.signedAction.state).toBe('EXECUTED');
    const [member] = await server.app.database.db.rows<Json>(
      'select state, needs_readmission, state_reason from membership where network_id = $1 and id = $2',
      [network.id, ben.membershipId],
    );
    expect(member).toEqual({ state: 'LEFT', needsReadmission: true, stateReason: 'theft' });
    const [account] = await server.app.database.db.rows<Json>(
      'select state, balance_minor from account where network_id = $1 and id = $2',
      [network.id, ben.accountId],
    );
    expect(account).toEqual({ state: 'CLOSED', balanceMinor: 0n });
    expect(await balanceOf(server, network, { ...fay, accountId: pot.accountId })).toBe('-3.00');
  });

  test('is refused where the policy does not settle what is owed', async () => {
    await tryPay(server, network, [ben, fay, '3.00']);

    const error = await expectRefusal(server, fay, [
      'actionSubmit',
      submitInput(expelling(ben)),
      'ACTION_REFUSED',
    ]);

    expect(JSON.parse(error.details).reason).toBe('ACCOUNT_NOT_EMPTY');
  });

  test('leaves a network with a coordinator', async () => {
    await mutate(
      server,
      cora,
      'membershipLeave',
      inNetwork({ membershipId: cora.membershipId }),
      '__typename',
    );
    await givenRules(server, network, [rule('membershipExpel', { by: 'ROLE', role: 'COORDINATOR' })]);

    const error = await expectRefusal(server, ben, [
      'actionSubmit',
      submitInput(expelling(fay)),
      'ACTION_REFUSED',
    ]);

    expect(JSON.parse(error.details).reason).toBe('LAST_COORDINATOR');
  });
});

test('a decision is told in bylaws that name it', async () => {
  await givenRules(server, network, [rule('bylawsAmend', { by: 'ROLE', role: 'COORDINATOR' })]);
  const facts = { name: 'Río Abajo e. V.', foundedOn: '2019-05-01' };

  const { signedAction } = await submit(fay, {
    bylawsAmend: { version: 2, legalForm: 'ASSOCIATION', facts },
  });

  const query = `query($id: ID!) { network(id: $id) {
    bylaws { version legalForm facts { name registrationNumber foundedOn } decision { id } }
    bylawsVersions { nodes { version } } } }`;
  const data = await ask(server, fay, query, { id: network.id });
  expect(data.network).toEqual({
    bylaws: {
      version: 3,
      legalForm: 'ASSOCIATION',
      facts: { name: 'Río Abajo e. V.', registrationNumber: null, foundedOn: '2019-05-01' },
      decision: { id: signedAction.id },
    },
    bylawsVersions: { nodes: [{ version: 3 }, { version: 2 }, { version: 1 }] },
  });
});
