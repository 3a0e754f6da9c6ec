import { expireActions } from '../../src/services/proposals/signatures/action-expiry.ts';
import { ask, codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { rule } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { givenCommons } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { travelTo } from '../support/time.ts';
import {
  balanceOf,
  expectRefusal,
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
let tom: Member;
let una: Member;
let ben: Member;
let pot: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  fay = network.founder;
  tom = await givenOfficer(server, network, 'TREASURER');
  una = await givenOfficer(server, network, 'TREASURER');
  ben = await givenMember(server, network, 'Ben');
  pot = await givenCommons(server, network, 'Pot');
});
afterAll(() => server.close());

const { submitInput, signInput, submit, sign, decline } = actionKit(() => ({ server, network }));

const pay = (amount: string, payee: Member = ben) => ({
  transferPost: {
    payerAccountId: pot.accountId,
    payeeAccountId: payee.accountId,
    amount,
    description: 'a new stove',
  },
});
const due = async (member: Member): Promise<Json[]> =>
  (await ask(server, member, '{ viewer { signaturesDue { nodes { id } } } }')).viewer.signaturesDue.nodes;
const register = (): Promise<Json[]> =>
  server.app.database.db.rows(
    'select number, kind, title, sentences, outcome, summary from resolution where network_id = $1 order by number',
    [network.id],
  );
const officeOf = async (member: Member): Promise<string> => {
  const query = `query($id: ID!) { network(id: $id) { members { nodes { id roles { id role } } } } }`;
  const { members } = (await ask(server, fay, query, { id: network.id })).network;
  return members.nodes.find(({ id }: Json) => id === member.membershipId).roles[0].id;
};
const revokeOfficeOf = async (member: Member): Promise<void> => {
  const office = { networkId: network.id, roleAssignmentId: await officeOf(member) };
  await mutate(server, fay, 'roleRevoke', office, '__typename');
};
const letSignForBen = (member: Member): Promise<Json> => {
  const { accountId } = ben;
  const input = { networkId: network.id, accountId, membershipId: member.membershipId };
  return mutate(server, ben, 'signatoryAdd', input, '__typename');
};
const signVerdict = async (member: Member, actionId: string): Promise<Json> => {
  const query = `query($n: ID!, $id: ID!) {
    network(id: $n) { signedAction(id: $id) { viewerCan { sign { allowed reason } } } } }`;
  const { signedAction } = (await ask(server, member, query, { n: network.id, id: actionId })).network;
  return signedAction.viewerCan.sign;
};

describe('an action that two treasurers sign', () => {
  test('is carried out with the second signature, and stands in the register', async () => {
    const { signedAction, proposal } = await submit(tom, pay('20.00'), { title: 'Stove' });

    expect(proposal).toBeNull();
    expect(signedAction).toMatchObject({
      state: 'PENDING',
      needed: 2,
      sentence: 'The common account Pot pays 20.00 HOUR to the account of Ben: a new stove',
      signatures: [{ member: { id: tom.membershipId } }],
      rule: {
        action: 'transferPost',
        upTo: '50.00',
        decidedBy: { by: 'SIGNATURES', role: 'TREASURER', count: 2 },
      },
      viewerCan: { sign: { allowed: false, reason: 'NOT_IN_THIS_STATE' }, decline: { allowed: true } },
    });
    expect(await balanceOf(server, network, ben)).toBe('0.00');
    expect(await due(una)).toEqual([{ id: signedAction.id }]);
    expect(await due(tom)).toEqual([]);

    const signed = await sign(una, signedAction.id);

    expect(signed.errors).toEqual([]);
    expect(signed.signedAction.state).toBe('EXECUTED');
    expect(await balanceOf(server, network, ben)).toBe('20.00');
    expect(await due(una)).toEqual([]);
    expect(await register()).toEqual([
      {
        number: 1,
        kind: 'SIGNATURES',
        title: 'Stove',
        sentences: ['The common account Pot pays 20.00 HOUR to the account of Ben: a new stove'],
        outcome: 'PASSED',
        summary: { signers: [tom.membershipId, una.membershipId] },
      },
    ]);
  });

  test('is the cause of the transfer, which the decision makes', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));

    await sign(una, signedAction.id);

    const rows = await server.app.database.db.rows(
      'select cause_id, actor_system, created_by_person_id from transfer where network_id = $1',
      [network.id],
    );
    expect(rows).toEqual([{ causeId: signedAction.id, actorSystem: 'decision', createdByPersonId: null }]);
  });

  test('waits without a signature if a member submits it', async () => {
    const { signedAction } = await submit(ben, pay('20.00', fay));

    expect(signedAction).toMatchObject({ state: 'PENDING', signatures: [] });
    expect(codesOf([await sign(tom, signedAction.id), await sign(una, signedAction.id)])).toEqual([
      'DONE',
      'DONE',
    ]);
    expect(await balanceOf(server, network, fay)).toBe('20.00');
  });

  test('is signed by nobody twice', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));

    await expectRefusal(server, tom, ['actionSign', signInput(signedAction.id), 'ALREADY_SIGNED']);
  });

  test('is answered again for the same key', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    const input = signInput(signedAction.id);

    await mutate(server, una, 'actionSign', input, '__typename');
    const again = await mutate(server, una, 'actionSign', input, 'signedAction { id state }');

    expect(again.signedAction).toEqual({ id: signedAction.id, state: 'EXECUTED' });
    expect(await balanceOf(server, network, ben)).toBe('20.00');
  });

  test('is not signed or declined by who gains by it', async () => {
    const { signedAction } = await submit(tom, pay('20.00', tom));

    expect(signedAction).toMatchObject({ state: 'PENDING', signatures: [] });
    await expectRefusal(server, tom, ['actionSign', signInput(signedAction.id), 'OWN_BENEFIT']);
    expect(await due(tom)).toEqual([]);
  });

  test('is signed by holders of the role alone', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));

    await expectRefusal(server, ben, ['actionSign', signInput(signedAction.id), 'FORBIDDEN']);
  });

  test('counts only signatures of those who hold the role still', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    await revokeOfficeOf(tom);

    expect((await sign(una, signedAction.id)).signedAction.state).toBe('PENDING');
    expect((await sign(fay, signedAction.id)).signedAction.state).toBe('EXECUTED');
  });

  test.each([
    ['who came back into office', () => tom],
    ['who has signed meanwhile', () => una],
  ])('is carried out by %s once enough of those who signed hold the role again', async (_, last) => {
    const { signedAction } = await submit(tom, pay('20.00'));
    await revokeOfficeOf(tom);
    expect((await sign(una, signedAction.id)).signedAction.state).toBe('PENDING');
    await expectRefusal(server, una, ['actionSign', signInput(signedAction.id), 'ALREADY_SIGNED']);
    const office = { networkId: network.id, membershipId: tom.membershipId, role: 'TREASURER' };
    await mutate(server, fay, 'roleAssign', office, '__typename');
    expect(await signVerdict(last(), signedAction.id)).toEqual({ allowed: true, reason: null });

    const signed = await sign(last(), signedAction.id);

    expect(signed.errors).toEqual([]);
    expect(signed.signedAction.state).toBe('EXECUTED');
    expect(signed.signedAction.signatures).toHaveLength(2);
    expect(await balanceOf(server, network, ben)).toBe('20.00');
    expect(await register()).toHaveLength(1);
  });

  test('is not signed or declined by who has come to gain by it since', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    await letSignForBen(una);

    expect(await signVerdict(una, signedAction.id)).toEqual({ allowed: false, reason: 'NOT_YOURS' });
    await expectRefusal(server, una, ['actionSign', signInput(signedAction.id), 'OWN_BENEFIT']);
    const no = { networkId: network.id, actionId: signedAction.id, reason: 'no' };
    await expectRefusal(server, una, ['actionDecline', no, 'OWN_BENEFIT']);
  });

  test('counts no signature of who has come to gain by it since', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    await letSignForBen(tom);

    expect((await sign(una, signedAction.id)).signedAction.state).toBe('PENDING');
    expect(await balanceOf(server, network, ben)).toBe('0.00');
    expect((await sign(fay, signedAction.id)).signedAction.state).toBe('EXECUTED');
    expect(await balanceOf(server, network, ben)).toBe('20.00');
  });

  test('ends with one reasoned no', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));

    const declined = await decline(una, signedAction.id, 'we have a stove');

    expect(declined.signedAction).toMatchObject({ state: 'DECLINED', declineReason: 'we have a stove' });
    expect(await register()).toEqual([
      {
        number: 1,
        kind: 'SIGNATURES',
        title: declined.signedAction.title,
        sentences: [declined.signedAction.sentence],
        outcome: 'DECLINED',
        summary: { declinedBy: una.membershipId, reason: 'we have a stove' },
      },
    ]);
    await expectRefusal(server, una, ['actionSign', signInput(signedAction.id), 'ACTION_STATE']);
  });

  test('is taken back by who submitted it, and by no other member', async () => {
    const { signedAction } = await submit(ben, pay('20.00', fay));
    const other = await givenMember(server, network, 'Ada');

    const input = { networkId: network.id, actionId: signedAction.id, reason: 'no' };
    await expectRefusal(server, other, ['actionDecline', input, 'FORBIDDEN']);
    await expectRefusal(server, ben, ['actionDecline', { ...input, reason: ' ' }, 'TEXT_TOO_SHORT']);
    expect((await decline(ben, signedAction.id)).signedAction.state).toBe('DECLINED');
    expect(await register()).toEqual([]);
  });

  test('runs out after thirty days', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));

    await travelTo(server, '2026-04-01T09:00:00Z');

    await expectRefusal(server, una, ['actionSign', signInput(signedAction.id), 'ACTION_STATE']);
    await expireActions(server.app.services, server.clock.now());
    const query = `query($n: ID!, $id: ID!) { network(id: $n) { signedAction(id: $id) { state endedAt } } }`;
    const data = await ask(server, tom, query, { n: network.id, id: signedAction.id });
    expect(data.network.signedAction.state).toBe('EXPIRED');
  });

  test('stays with the reason if it cannot be carried out, and is tried again by signing again', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    const freeze = (isFrozen: boolean) =>
      mutate(
        server,
        fay,
        'accountUpdate',
        { networkId: network.id, accountId: ben.accountId, isFrozen },
        '__typename',
      );
    await freeze(true);

    const failed = await sign(una, signedAction.id);

    expect(failed.signedAction).toMatchObject({ state: 'FAILED', failure: { code: 'ACCOUNT_NOT_OPEN' } });
    expect(failed.signedAction.signatures).toHaveLength(2);
    expect(await balanceOf(server, network, ben)).toBe('0.00');
    expect(await register()).toEqual([]);

    await freeze(false);
    expect((await sign(tom, signedAction.id)).signedAction).toMatchObject({
      state: 'EXECUTED',
      failure: null,
    });
    expect(await balanceOf(server, network, ben)).toBe('20.00');
  });

  test('is submitted anew when the bylaws have changed', async () => {
    const { signedAction } = await submit(tom, pay('20.00'));
    await givenRules(server, network, [
      rule('transferPost', { by: 'SIGNATURES', role: 'TREASURER', count: 3 }),
    ]);

    await expectRefusal(server, una, ['actionSign', signInput(signedAction.id), 'RULE_CHANGED']);
  });

  test('is carried out once by many last signatures at once', async () => {
    const { signedAction } = await submit(ben, pay('20.00', fay));

    const answers = await Promise.all(
      [tom, una, tom, una, tom, una].map((treasurer) => sign(treasurer, signedAction.id)),
    );

    expect(codesOf(answers).filter((code) => code === 'DONE')).toHaveLength(2);
    for (const code of codesOf(answers)) expect(['DONE', 'ALREADY_SIGNED', 'ACTION_STATE']).toContain(code);
    expect(await balanceOf(server, network, fay)).toBe('20.00');
    expect(await register()).toHaveLength(1);
  });
});

describe('an action goes to those who decide it', () => {
  test('at once for who decides alone', async () => {
    const { signedAction } = await submit(tom, pay('10.00'));

    expect(signedAction).toMatchObject({ state: 'EXECUTED', needed: 1 });
    expect(await balanceOf(server, network, ben)).toBe('10.00');
    expect(await register()).toMatchObject([{ kind: 'ROLE' }]);
  });

  test('as a request to an office for who does not', async () => {
    const { signedAction } = await submit(ben, pay('10.00', fay));

    expect(signedAction).toMatchObject({ state: 'PENDING', needed: 1 });
    expect((await sign(tom, signedAction.id)).signedAction.state).toBe('EXECUTED');
  });

  test('and stays with the reason if what it concerns is gone by the time it is signed', async () => {
    const { signedAction } = await submit(ben, { roleRevoke: { roleAssignmentId: await officeOf(tom) } });
    await revokeOfficeOf(tom);

    const failed = await sign(fay, signedAction.id);

    expect(failed.signedAction).toMatchObject({ state: 'FAILED', failure: { code: 'NOT_FOUND' } });
  });

  test('to the members, as a proposal that is open', async () => {
    const chest = await givenCommons(server, network, 'Chest');
    const { signedAction, proposal } = await submit(ben, pay('50.01', chest), { title: 'A stove' });

    expect(signedAction).toBeNull();
    expect(proposal).toMatchObject({
      state: 'OPEN',
      title: 'A stove',
      actions: [{ kind: 'transferPost', amount: { value: '50.01' } }],
      rule: { method: 'MAJORITY', quorum: '1/5', periodDays: 7 },
    });
  });

  test.each([
    ['nothing', {}, 'BAD_USER_INPUT'],
    [
      'two at once',
      { statement: { text: 'a' }, membershipAdmit: { membershipId: 'mbr_x' } },
      'BAD_USER_INPUT',
    ],
    ['null', { statement: null }, 'BAD_USER_INPUT'],
  ])('but not %s', async (_, action, code) => {
    await expectRefusal(server, tom, ['actionSubmit', submitInput(action), code]);
  });

  test('but not what could not be carried out as things stand', async () => {
    await mutate(
      server,
      fay,
      'accountUpdate',
      { networkId: network.id, accountId: ben.accountId, isFrozen: true },
      '__typename',
    );

    const error = await expectRefusal(server, tom, [
      'actionSubmit',
      submitInput(pay('20.00')),
      'ACTION_REFUSED',
    ]);

    expect(JSON.parse(error.details)).toMatchObject({ action: 0, reason: 'ACCOUNT_NOT_OPEN' });
  });

  test('but not from the account of a member, or of another network', async () => {
    const other = await givenNetwork(server);
    const foreign = await givenCommons(server, other, 'Other');
    const from = (payerAccountId: string) => ({
      transferPost: { ...pay('5.00').transferPost, payerAccountId },
    });

    await expectRefusal(server, tom, ['actionSubmit', submitInput(from(fay.accountId)), 'INVALID_CHOICE']);
    await expectRefusal(server, tom, ['actionSubmit', submitInput(from(foreign.accountId)), 'NOT_FOUND']);
    await expectRefusal(server, tom, ['actionSubmit', submitInput(pay('5.00', other.founder)), 'NOT_FOUND']);
  });

  test('and holders of a role elect nobody', async () => {
    const action = { roleAssign: { role: 'MODERATOR', seats: 1 } };

    await expectRefusal(server, fay, ['actionSubmit', submitInput(action), 'INVALID_CHOICE']);
  });
});

test.each([
  ['to be signed', 'actionSubmit', () => submitInput(pay('20.00', fay))],
  ['to be voted on', 'actionSubmit', () => submitInput({ statement: { text: 'a' } })],
  ['that is a draft', 'proposalDraft', () => submitInput({}, { title: 'a', text: 'b' })],
])('who has left is told nothing of what the same key has submitted: %s', async (_, field, given) => {
  const { action, ...more } = given() as Json;
  const input = field === 'actionSubmit' ? { ...more, action } : more;
  await mutate(server, ben, field, input, '__typename');
  const left = { networkId: network.id, membershipId: ben.membershipId };
  await mutate(server, ben, 'membershipLeave', left, '__typename');

  await expectRefusal(server, ben, [field, input, 'FORBIDDEN']);
});

test('who is no member learns of no action', async () => {
  const { signedAction } = await submit(tom, pay('20.00'));
  const outsider = (await givenNetwork(server)).founder;

  expect(
    await ask(server, outsider, 'query($id: ID!) { node(id: $id) { id } }', { id: signedAction.id }),
  ).toEqual({
    node: null,
  });
  await expectRefusal(server, outsider, ['actionSign', signInput(signedAction.id), 'FORBIDDEN']);
  await expectRefusal(server, null, ['actionSign', signInput(signedAction.id), 'UNAUTHENTICATED']);
});

test('a refused action leaves nothing of its trial', async () => {
  const before = await snapshot(server);

  const answer = await tryMutate(server, tom, 'actionSubmit', submitInput(pay('20.00', pot)), '__typename');

  expect(codesOf([answer])).toEqual(['SAME_ACCOUNT']);
  expect(await snapshot(server)).toEqual(before);
});
