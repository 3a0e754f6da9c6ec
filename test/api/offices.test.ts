import { ask, mutate, tryMutate, type Caller } from '../support/api.ts';
import { days, HOLD, holdKit } from '../support/holds.ts';
import { givenCommons } from '../support/policies.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { travelTo } from '../support/time.ts';
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

// What somebody has promised or asked for in the name of others, and what becomes of it when they may do so no more.

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let pot: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  pot = await givenCommons(server, network, 'Pot');
});
afterAll(() => server.close());

const { holdInput, captureInput, releaseInput, capture, holdState } = holdKit(() => ({
  server,
  network,
  ana,
}));
const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);
const byOffice = (field: string, input: object, result: string, caller: Caller = network.founder) =>
  mutate(server, caller, field, inNetwork(input), result);

async function given(role: object): Promise<string> {
  return (await byOffice('roleAssign', role, 'roleAssignment { id }')).roleAssignment.id;
}
const revoke = (roleAssignmentId: string) =>
  byOffice('roleRevoke', { roleAssignmentId }, 'roleAssignment { id }');

/** A hold from an account for somebody alone. */
async function promised(caller: Caller, from: string, to: Member, headers: Record<string, string> = {}) {
  const input = holdInput('2.00', { accountId: from, payeeAccountId: to.accountId });
  const { hold } = await tryMutate(server, caller, 'holdPlace', input, HOLD, headers);
  return hold.id as string;
}

describe('a hold from common property', () => {
  let former: Member;
  let successor: Member;
  let holdId: string;

  beforeEach(async () => {
    former = await givenMember(server, network, 'Former');
    const office = await given({ role: 'TREASURER', membershipId: former.membershipId });
    holdId = await promised(former, pot.accountId, former);
    await revoke(office);
    successor = await givenOfficer(server, network, 'TREASURER');
  });

  test('does not pay who placed it and holds the office no more', async () => {
    const refusal = await refused(former, 'holdCapture', captureInput(holdId), 'HOLD_NOT_BACKED');

    expect(refusal.path).toBe('holdId');
    expect(await balanceOf(server, network, pot)).toBe('0.00');
  });

  test('is given back or paid by those who hold it now', async () => {
    const { hold } = await mutate(server, successor, 'holdRelease', releaseInput(holdId), HOLD);
    expect(hold.state).toBe('RELEASED');

    const office = await given({ role: 'TREASURER', membershipId: former.membershipId });
    const another = await promised(former, pot.accountId, ben);
    await revoke(office);
    await refused(former, 'holdRelease', releaseInput(another), 'FORBIDDEN');
    await refused(ben, 'holdCapture', captureInput(another), 'HOLD_NOT_BACKED');
    await capture(successor, captureInput(another));

    expect(await balanceOf(server, network, ben)).toBe('2.00');
  });

  test('says beforehand who may do what with it', async () => {
    const query = `query($id: ID!) { node(id: $id) { ... on Hold { viewerCan {
      capture { allowed reason } release { allowed reason } } } } }`;
    const verdicts = async (caller: Caller) => {
      const { capture: pay, release } = (await ask(server, caller, query, { id: holdId })).node.viewerCan;
      return [pay.reason ?? 'ALLOWED', release.reason ?? 'ALLOWED'];
    };

    expect(await verdicts(former)).toEqual(['NOT_IN_THIS_STATE', 'ALLOWED']);
    expect(await verdicts(successor)).toEqual(['ALLOWED', 'ALLOWED']);
    expect(await verdicts(ana)).toEqual(['ROLE_REQUIRED', 'ROLE_REQUIRED']);
    await given({ role: 'TREASURER', membershipId: former.membershipId });
    expect(await verdicts(former)).toEqual(['ALLOWED', 'ALLOWED']);
    await travelTo(server, days(10));
    expect(await verdicts(successor)).toEqual(['NOT_IN_THIS_STATE', 'NOT_IN_THIS_STATE']);
  });

  test('is paid when the office is held again', async () => {
    await given({ role: 'TREASURER', membershipId: former.membershipId });

    await capture(former, captureInput(holdId));

    expect(await balanceOf(server, network, former)).toBe('2.00');
  });
});

describe('a hold does not pay its payee any more', () => {
  const lapsed = async (holdId: string) => {
    await refused(ben, 'holdCapture', captureInput(holdId), 'HOLD_NOT_BACKED');
    expect(await holdState(holdId)).toEqual({ state: 'OPEN', capturedMinor: 0n });
  };

  test('when who placed it signs no more, and its holder still can', async () => {
    const cem = await givenMember(server, network, 'Cem');
    const sign = { accountId: ana.accountId, membershipId: cem.membershipId };
    await byOffice('signatoryAdd', sign, 'account { id }', ana);
    const holdId = await promised(cem, ana.accountId, ben);
    await byOffice('signatoryRemove', sign, 'account { id }', ana);

    await lapsed(holdId);
    await capture(ana, captureInput(holdId));
    expect(await balanceOf(server, network, ben)).toBe('2.00');
  });

  test('when who placed it is suspended, until that ends', async () => {
    const holdId = await promised(ana, ana.accountId, ben);
    const { membershipId } = ana;
    await byOffice('membershipSuspend', { membershipId, reason: 'to be talked about' }, 'membership { id }');

    await lapsed(holdId);
    await byOffice('membershipReinstate', { membershipId }, 'membership { id }');
    await capture(ben, captureInput(holdId));
  });

  test('when the help has ended in which a helper placed it', async () => {
    const hal = await givenMember(server, network, 'Hal');
    const { membershipId } = hal;
    const help = await given({ role: 'HELPER', membershipId, forMembershipId: ana.membershipId });
    const holdId = await promised(hal, ana.accountId, ben, { 'acting-for': ana.membershipId });
    await revoke(help);

    await lapsed(holdId);
    await mutate(server, ana, 'holdRelease', releaseInput(holdId), HOLD);
  });

  test('when who placed it looks after the group no more', async () => {
    const { group } = await byOffice('groupCreate', { name: 'Garden' }, 'group { id }', ana);
    const open = { unitId: network.unitId, groupId: group.id, name: 'Garden' };
    const { account } = await byOffice('accountOpen', open, 'account { id }');
    const holdId = await promised(ana, account.id, ben);
    const step = { groupId: group.id, membershipId: ana.membershipId, isCoordinator: false };
    await byOffice('groupCoordinatorSet', step, 'group { id }');

    await lapsed(holdId);
  });
});

describe('a request in the name of common property', () => {
  test('is taken back by those who hold the office now, and what it brings goes to the common account', async () => {
    const former = await givenMember(server, network, 'Former');
    const office = await given({ role: 'TREASURER', membershipId: former.membershipId });
    const asked = async () =>
      (
        await mutate(
          server,
          former,
          'transferRequest',
          transferInput(network, ana, pot, '1'),
          'transfer { id }',
        )
      ).transfer.id as string;
    const [first, second] = [await asked(), await asked()];
    await revoke(office);
    const successor = await givenOfficer(server, network, 'TREASURER');

    await refused(former, 'transferCancel', inNetwork({ transferId: first }), 'FORBIDDEN');
    const { transfer } = await byOffice(
      'transferCancel',
      { transferId: first },
      'transfer { state }',
      successor,
    );
    const accept = { transferId: second, idempotencyKey: 'accept' };
    await byOffice('transferAccept', accept, 'transfer { state }', ana);

    expect(transfer.state).toBe('CANCELLED');
    expect(await balanceOf(server, network, pot)).toBe('1.00');
    expect(await balanceOf(server, network, former)).toBe('0.00');
  });
});
