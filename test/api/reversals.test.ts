import { ask, codesOf, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let key = 0;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
});
beforeEach(async () => {
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

const reversal = (transferId: string, change: object = {}) => ({
  networkId: network.id,
  idempotencyKey: `reverse-${++key}`,
  transferId,
  reason: 'entered twice',
  ...change,
});

async function paid(amount: string, [payer, payee]: [Member, Member] = [ana, ben]): Promise<string> {
  const input = transferInput(network, payer, payee, amount);
  return (await mutate(server, payer, 'transferCreate', input, 'transfer { id }')).transfer.id;
}

async function reverse(caller: Member, transferId: string): Promise<Json> {
  const selection = 'transfer { id state kind description amount { value } payer { id } payee { id } }';
  return (await mutate(server, caller, 'transferReverse', reversal(transferId), selection)).transfer;
}

async function stateOf(transferId: string): Promise<string> {
  const query = `query($id: ID!) { node(id: $id) { ... on Transfer { state } } }`;
  return (await ask(server, ben, query, { id: transferId })).node.state;
}

describe('a reversal', () => {
  test('goes the other way round, and both transfers stay in the books', async () => {
    const id = await paid('3');

    const reversed = await reverse(ben, id);

    expect(reversed).toMatchObject({
      state: 'POSTED',
      kind: 'REVERSAL',
      description: 'entered twice',
      amount: { value: '3.00' },
      payer: { id: ben.accountId },
      payee: { id: ana.accountId },
    });
    expect(await stateOf(id)).toBe('REVERSED');
    expect(await balanceOf(server, network, ana)).toBe('0.00');
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('happens once, also when many try at the same time', async () => {
    const id = await paid('3');

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        tryMutate(
          server,
          index % 2 ? ben : network.founder,
          'transferReverse',
          reversal(id),
          'transfer { id }',
        ),
      ),
    );

    expect(codesOf(answers).toSorted()).toEqual(['DONE', ...Array(9).fill('NOT_REVERSIBLE')]);
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('with the same key answers the same', async () => {
    const input = reversal(await paid('3'));

    const first = await mutate(server, ben, 'transferReverse', input, 'transfer { id }');

    expect(await mutate(server, ben, 'transferReverse', input, 'transfer { id }')).toEqual(first);
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('is not reversed itself, and a waiting request is cancelled instead', async () => {
    const { id } = await reverse(ben, await paid('3'));
    const asked = await mutate(
      server,
      ben,
      'transferRequest',
      transferInput(network, ana, ben, '1'),
      'transfer { id }',
    );

    await refused(ana, 'transferReverse', reversal(id), 'NOT_REVERSIBLE');
    await refused(network.founder, 'transferReverse', reversal(id), 'NOT_REVERSIBLE');
    await refused(ben, 'transferReverse', reversal(asked.transfer.id), 'NOT_REVERSIBLE');
  });

  test('is not for the payer, nor for a coordinator who would get it back', async () => {
    const id = await paid('3');
    const coordinator = await givenOfficer(server, network, 'COORDINATOR');
    const own = await paid('2', [coordinator, ben]);

    await refused(ana, 'transferReverse', reversal(id), 'FORBIDDEN');
    await refused(coordinator, 'transferReverse', reversal(own), 'FORBIDDEN');
    await reverse(coordinator, id);
    await reverse(network.founder, own);

    expect(await balanceOf(server, network, coordinator)).toBe('0.00');
    expect(await balanceOf(server, network, ana)).toBe('0.00');
  });

  test('is refused where the payee has not enough left, and nothing changes', async () => {
    const id = await paid('15');
    await paid('30', [ben, network.founder]);

    await refused(ben, 'transferReverse', reversal(id), 'INSUFFICIENT_CREDIT');
    expect(await stateOf(id)).toBe('POSTED');
    await mutate(
      server,
      network.founder,
      'transferCreate',
      transferInput(network, network.founder, ben, '30'),
      'transfer { id }',
    );
  });

  test('of a frozen account, an absent transfer, another network or without a reason is refused', async () => {
    const id = await paid('1');
    const elsewhere = await givenNetwork(server);

    await refused(ben, 'transferReverse', reversal('trf_01h455vb4pex5vsknk084sn02q'), 'NOT_FOUND');
    await refused(ben, 'transferReverse', reversal(ana.accountId), 'INVALID_ID');
    await refused(ben, 'transferReverse', reversal(id, { reason: ' ' }), 'TEXT_TOO_SHORT');
    await refused(ben, 'transferReverse', reversal(id, { idempotencyKey: '' }), 'INVALID_KEY');
    await refused(elsewhere.founder, 'transferReverse', reversal(id), 'FORBIDDEN');
    await refused(
      elsewhere.founder,
      'transferReverse',
      reversal(id, { networkId: elsewhere.id }),
      'NOT_FOUND',
    );
    const freeze = { networkId: network.id, accountId: ana.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');
    await refused(ben, 'transferReverse', reversal(id), 'ACCOUNT_NOT_OPEN');
  });
});

describe('a dispute', () => {
  const DISPUTE =
    'dispute { id state outcome resolution mediator { id } settledBy { id kind amount { value } } }';
  const about = (transferId: string) => ({
    networkId: network.id,
    transferId,
    reason: 'the work was not done',
  });
  const settle = (disputeId: string, outcome: string, change: object = {}) => ({
    networkId: network.id,
    idempotencyKey: `settle-${++key}`,
    disputeId,
    outcome,
    resolution: 'both have been heard',
    ...change,
  });

  async function disputed(transferId: string): Promise<string> {
    return (await mutate(server, ana, 'transferDispute', about(transferId), 'dispute { id }')).dispute.id;
  }

  async function mediated(transferId: string): Promise<{ disputeId: string; mediator: Member }> {
    const disputeId = await disputed(transferId);
    const mediator = await givenMember(server, network, 'Mediator');
    const input = { networkId: network.id, disputeId, membershipId: mediator.membershipId };
    await mutate(server, network.founder, 'disputeMediatorSet', input, 'dispute { id }');
    return { disputeId, mediator };
  }

  test('moves nothing by itself and is seen by both sides, the mediator and coordinators', async () => {
    const transferId = await paid('4');
    const { disputeId, mediator } = await mediated(transferId);
    const outsider = await givenMember(server, network, 'Outsider');

    const query = `query($n: ID!) { network(id: $n) { disputes { nodes { id state } } } }`;
    const seen = async (caller: Member) =>
      (await ask(server, caller, query, { n: network.id })).network.disputes.nodes.map(
        (node: Json) => node.id,
      );

    expect(await balanceOf(server, network, ben)).toBe('4.00');
    expect(await seen(ana)).toEqual([disputeId]);
    expect(await seen(ben)).toEqual([disputeId]);
    expect(await seen(mediator)).toEqual([disputeId]);
    expect(await seen(network.founder)).toContain(disputeId);
    expect(await seen(await givenOfficer(server, network, 'AUDITOR'))).toContain(disputeId);
    expect(await seen(await givenOfficer(server, network, 'TREASURER'))).toEqual([]);
    expect(await seen(outsider)).toEqual([]);
    const byTransfer = `query($id: ID!) { node(id: $id) { ... on Transfer { dispute { id state reason } } } }`;
    expect((await ask(server, ben, byTransfer, { id: transferId })).node.dispute).toEqual({
      id: disputeId,
      state: 'OPEN',
      reason: 'the work was not done',
    });
    const node = `query($id: ID!) { node(id: $id) { ... on Dispute { openedBy { id } transfer { id } } } }`;
    for (const caller of [ben, mediator]) {
      expect((await ask(server, caller, node, { id: disputeId })).node).toEqual({
        openedBy: { id: ana.membershipId },
        transfer: { id: transferId },
      });
    }
    expect((await ask(server, outsider, node, { id: disputeId })).node).toBeNull();
  });

  test.each([
    ['REVERSED', {}, '0.00', { kind: 'REVERSAL', amount: { value: '4.00' } }],
    ['REFUNDED', { amount: '1.50' }, '2.50', { kind: 'REFUND', amount: { value: '1.50' } }],
    ['DISMISSED', {}, '4.00', null],
  ])('is settled by its mediator: %s', async (outcome, change, balance, settledBy) => {
    const { disputeId, mediator } = await mediated(await paid('4'));
    const input = settle(disputeId, outcome, change);

    const { dispute } = await mutate(server, mediator, 'disputeResolve', input, DISPUTE);

    expect(dispute).toMatchObject({
      state: 'RESOLVED',
      outcome,
      resolution: 'both have been heard',
      settledBy: settledBy && expect.objectContaining(settledBy),
    });
    expect(await balanceOf(server, network, ben)).toBe(balance);
    expect((await mutate(server, mediator, 'disputeResolve', input, DISPUTE)).dispute).toEqual(dispute);
    expect(await balanceOf(server, network, ben)).toBe(balance);
  });

  test('gives back no more than was paid, and nothing twice', async () => {
    const transferId = await paid('4');
    const first = await mediated(transferId);
    await mutate(
      server,
      first.mediator,
      'disputeResolve',
      settle(first.disputeId, 'REFUNDED', { amount: '3' }),
      DISPUTE,
    );
    const { disputeId, mediator } = await mediated(transferId);

    const tooMuch = settle(disputeId, 'REFUNDED', { amount: '1.01' });
    await refused(mediator, 'disputeResolve', tooMuch, 'INVALID_AMOUNT');
    await refused(mediator, 'disputeResolve', settle(disputeId, 'REVERSED'), 'NOT_REVERSIBLE');
    await refused(ben, 'transferReverse', reversal(transferId), 'NOT_REVERSIBLE');
    const rest = settle(disputeId, 'REFUNDED', { amount: '1' });
    await mutate(server, mediator, 'disputeResolve', rest, DISPUTE);

    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('tells neither mediator nor coordinator what the one who gives back has', async () => {
    const transferId = await paid('15');
    await paid('30', [ben, network.founder]);
    const { disputeId, mediator } = await mediated(transferId);

    const settled = await refused(
      mediator,
      'disputeResolve',
      settle(disputeId, 'REVERSED'),
      'INSUFFICIENT_CREDIT',
    );
    const reversed = await send(
      server,
      `mutation($input: TransferReverseInput!) { transferReverse(input: $input) {
         errors { code ... on InsufficientCredit { available } } } }`,
      { input: reversal(transferId) },
      { token: network.founder.token },
    );

    expect(settled.__typename).toBe('InsufficientCredit');
    expect(reversed.data.transferReverse.errors).toEqual([{ code: 'INSUFFICIENT_CREDIT', available: null }]);
    await mutate(
      server,
      network.founder,
      'transferCreate',
      transferInput(network, network.founder, ben, '30'),
      'transfer { id }',
    );
  });

  test('is settled by nobody who signs for one of the two by then', async () => {
    const { disputeId, mediator } = await mediated(await paid('4'));
    const signatory = {
      networkId: network.id,
      accountId: ana.accountId,
      membershipId: mediator.membershipId,
    };
    await mutate(server, ana, 'signatoryAdd', signatory, 'account { id }');

    await refused(mediator, 'disputeResolve', settle(disputeId, 'REVERSED'), 'DISPUTE_CONFLICT');
  });

  test('is neither mediated nor settled by who helps one of the two', async () => {
    const { disputeId, mediator } = await mediated(await paid('4'));
    const helper = await givenMember(server, network, 'Helper');
    const name = { networkId: network.id, disputeId, membershipId: helper.membershipId };
    const help = async (who: Member, whom: Member) => {
      const role = { role: 'HELPER', membershipId: who.membershipId, forMembershipId: whom.membershipId };
      const input = { networkId: network.id, ...role };
      return (await mutate(server, network.founder, 'roleAssign', input, 'roleAssignment { id }'))
        .roleAssignment.id;
    };
    const help1 = await help(helper, ben);
    const help2 = await help(mediator, ana);

    const refusals = [
      await refused(network.founder, 'disputeMediatorSet', name, 'DISPUTE_CONFLICT'),
      await refused(mediator, 'disputeResolve', settle(disputeId, 'REVERSED'), 'DISPUTE_CONFLICT'),
    ];

    expect(refusals.map(({ details }) => details)).toEqual(Array(2).fill('{"reason":"IS_PARTY"}'));
    for (const roleAssignmentId of [help1, help2]) {
      const input = { networkId: network.id, roleAssignmentId };
      await mutate(server, network.founder, 'roleRevoke', input, 'roleAssignment { id }');
    }
    await mutate(server, mediator, 'disputeResolve', settle(disputeId, 'DISMISSED'), DISPUTE);
  });

  test('is settled once when the mediator says several things at once', async () => {
    const { disputeId, mediator } = await mediated(await paid('4'));

    const answers = await Promise.all(
      ['REVERSED', 'DISMISSED', 'REVERSED', 'DISMISSED'].map((outcome) =>
        tryMutate(server, mediator, 'disputeResolve', settle(disputeId, outcome), 'dispute { id }'),
      ),
    );

    expect(codesOf(answers).toSorted()).toEqual([
      'DISPUTE_CONFLICT',
      'DISPUTE_CONFLICT',
      'DISPUTE_CONFLICT',
      'DONE',
    ]);
  });

  test('ends when the payee gives it back', async () => {
    const transferId = await paid('4');
    const { disputeId, mediator } = await mediated(transferId);

    await reverse(ben, transferId);

    await refused(mediator, 'disputeResolve', settle(disputeId, 'DISMISSED'), 'DISPUTE_CONFLICT');
  });

  test('is opened once at a time, and again after it was taken back', async () => {
    const transferId = await paid('4');

    const answers = await Promise.all(
      [ana, ben, ana, ben].map((caller) =>
        tryMutate(server, caller, 'transferDispute', about(transferId), 'dispute { id }'),
      ),
    );
    const { dispute } = answers.find(({ errors }) => errors.length === 0);
    const withdrawal = { networkId: network.id, disputeId: dispute.id };
    const withdrawn = await Promise.all(
      [ana, ben].map((caller) =>
        tryMutate(server, caller, 'disputeWithdraw', withdrawal, 'dispute { state }'),
      ),
    );

    expect(codesOf(answers).filter((code) => code === 'DONE')).toEqual(['DONE']);
    expect(codesOf(withdrawn).filter((code) => code === 'DONE')).toEqual(['DONE']);
    await disputed(transferId);
  });

  test('is not for others, and its mediator is no party', async () => {
    const transferId = await paid('4');
    const outsider = await givenMember(server, network, 'Outsider');
    const { disputeId, mediator } = await mediated(transferId);
    const name = (membershipId: string) => ({ networkId: network.id, disputeId, membershipId });

    await refused(outsider, 'transferDispute', about(transferId), 'NOT_FOUND');
    await refused(ana, 'disputeMediatorSet', name(mediator.membershipId), 'FORBIDDEN');
    await refused(network.founder, 'disputeMediatorSet', name(ben.membershipId), 'DISPUTE_CONFLICT');
    await refused(network.founder, 'disputeMediatorSet', name('mbr_01h455vb4pex5vsknk084sn02q'), 'NOT_FOUND');
    await refused(network.founder, 'disputeResolve', settle(disputeId, 'DISMISSED'), 'FORBIDDEN');
    await refused(ana, 'disputeResolve', settle(disputeId, 'REVERSED'), 'FORBIDDEN');
    await refused(ben, 'disputeWithdraw', { networkId: network.id, disputeId }, 'FORBIDDEN');
    await refused(mediator, 'disputeResolve', settle(disputeId, 'REFUNDED'), 'INVALID_CHOICE');
    await refused(
      mediator,
      'disputeResolve',
      settle(disputeId, 'DISMISSED', { amount: '1' }),
      'INVALID_CHOICE',
    );
    for (const amount of ['0', '-1', '4', '5']) {
      await refused(mediator, 'disputeResolve', settle(disputeId, 'REFUNDED', { amount }), 'INVALID_AMOUNT');
    }
  });

  test('about common property is seen by treasurers, and by who signs for it while they do', async () => {
    const open = { networkId: network.id, unitId: network.unitId, name: 'Pot' };
    const { account } = await mutate(server, network.founder, 'accountOpen', open, 'account { id }');
    const [treasurer, cem] = [
      await givenOfficer(server, network, 'TREASURER'),
      await givenMember(server, network, 'Cem'),
    ];
    const disputeId = await disputed(await paid('1', [ana, { ...ben, accountId: account.id }]));
    const signatory = { networkId: network.id, accountId: account.id, membershipId: cem.membershipId };
    await mutate(server, treasurer, 'signatoryAdd', signatory, 'account { id }');
    const query = `query($n: ID!, $id: ID!) { node(id: $id) { id } network(id: $n) { disputes { nodes { id } } } }`;
    const seen = async (caller: Member) => {
      const { node, network: found } = await ask(server, caller, query, { n: network.id, id: disputeId });
      return [node?.id ?? null, ...found.disputes.nodes.map(({ id }: Json) => id)];
    };

    expect(await seen(treasurer)).toEqual([disputeId, disputeId]);
    expect(await seen(cem)).toEqual([disputeId, disputeId]);
    expect(await seen(ben)).toEqual([null]);
    await mutate(server, treasurer, 'signatoryRemove', signatory, 'account { id }');
    expect(await seen(cem)).toEqual([null]);
  });

  test('says beforehand who may do what with it', async () => {
    const transferId = await paid('4');
    const { disputeId, mediator } = await mediated(transferId);
    const query = `query($id: ID!) { node(id: $id) { ... on Dispute { viewerCan {
      mediate { allowed reason } resolve { allowed reason } withdraw { allowed reason } } } } }`;
    const verdicts = async (caller: Member) => {
      const { viewerCan } = (await ask(server, caller, query, { id: disputeId })).node;
      return ['mediate', 'resolve', 'withdraw'].map((action) => viewerCan[action].reason ?? 'ALLOWED');
    };

    expect(await verdicts(ana)).toEqual(['ROLE_REQUIRED', 'NOT_YOURS', 'ALLOWED']);
    expect(await verdicts(ben)).toEqual(['ROLE_REQUIRED', 'NOT_YOURS', 'NOT_YOURS']);
    expect(await verdicts(mediator)).toEqual(['ROLE_REQUIRED', 'ALLOWED', 'NOT_YOURS']);
    expect(await verdicts(network.founder)).toEqual(['ALLOWED', 'NOT_YOURS', 'NOT_YOURS']);
    const signatory = {
      networkId: network.id,
      accountId: ana.accountId,
      membershipId: mediator.membershipId,
    };
    await mutate(server, ana, 'signatoryAdd', signatory, 'account { id }');
    expect(await verdicts(mediator)).toEqual(['ROLE_REQUIRED', 'NOT_YOURS', 'NOT_YOURS']);
    await reverse(ben, transferId);
    expect(await verdicts(ana)).toEqual(['ROLE_REQUIRED', 'NOT_YOURS', 'NOT_IN_THIS_STATE']);
    expect(await verdicts(network.founder)).toEqual(['NOT_IN_THIS_STATE', 'NOT_YOURS', 'NOT_YOURS']);
  });
});
