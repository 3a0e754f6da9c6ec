import { ask, mutate, type Caller } from '../support/api.ts';
import { givenRule, runDemurrage } from '../support/demurrage.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { travelTo } from '../support/time.ts';
import { givenMember, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => travelTo(server, START.toISOString()));

describe('in the account that receives demurrage', () => {
  const ENTRY = 'amount { value } transfer { id } counterparty { id }';
  const STATEMENT = `query($n: ID!, $a: ID!, $f: EntryFilterInput) { network(id: $n) { account(id: $a) { entries(filter: $f) { nodes { ${ENTRY} } } } } }`;
  const LIST = `query($n: ID!, $f: TransferFilterInput) { network(id: $n) { transfers(filter: $f) { nodes { id } } } }`;

  async function givenTaken(): Promise<{ network: TestNetwork; commons: Member; rich: Member; id: string }> {
    const { network, commons, rich } = await givenRule(server);
    await showBalancesTo(network, 'HOLDER');
    await travelTo(server, '2026-04-01T00:00:00Z');
    await runDemurrage(server, network, { period: '2026-03' });
    const row = await server.app.database.db.row<{ id: string }>(
      `select id from transfer where network_id = $1 and kind = 'DEMURRAGE'`,
      [network.id],
    );
    return { network, commons, rich, id: row!.id };
  }

  const showBalancesTo = (network: TestNetwork, balancesVisibleTo: string) =>
    mutate(
      server,
      network.founder,
      'networkUpdate',
      { networkId: network.id, balancesVisibleTo },
      'network { id }',
    );
  const entries = async (viewer: Caller, account: Member, network: TestNetwork, f: object | null = null) =>
    (await ask(server, viewer, STATEMENT, { n: network.id, a: account.accountId, f })).network.account.entries
      .nodes;
  const listed = async (viewer: Caller, network: TestNetwork, f: object) =>
    (await ask(server, viewer, LIST, { n: network.id, f })).network.transfers.nodes;
  const node = async (viewer: Caller, id: string) =>
    (await ask(server, viewer, 'query($id: ID!) { node(id: $id) { id } }', { id })).node;

  test('members see the amount, and not whose it was', async () => {
    const { network, commons, rich, id } = await givenTaken();
    const ben = await givenMember(server, network);
    const byGiver = { counterpartyAccountId: rich.accountId };

    expect(await entries(ben, commons, network)).toEqual([
      { amount: { value: '2.00' }, transfer: null, counterparty: null },
    ]);
    expect(await entries(ben, commons, network, byGiver)).toEqual([]);
    expect(await entries(ben, commons, network, { text: '2026-03' })).toEqual([]);
    expect(await listed(ben, network, { kind: 'DEMURRAGE' })).toEqual([]);
    expect(await listed(ben, network, { accountId: commons.accountId })).toEqual([]);
    expect(await node(ben, id)).toBeNull();
  });

  test('who gave it, who keeps the books and auditors see all of it', async () => {
    const { network, commons, rich, id } = await givenTaken();
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const whole = { amount: { value: '2.00' }, transfer: { id }, counterparty: { id: rich.accountId } };

    for (const viewer of [rich, treasurer, auditor, network.founder]) {
      expect(await entries(viewer, commons, network)).toEqual([whole]);
      expect(await node(viewer, id)).toEqual({ id });
    }
    for (const viewer of [treasurer, auditor]) {
      expect(await entries(viewer, commons, network, { counterpartyAccountId: rich.accountId })).toEqual([
        whole,
      ]);
      expect(await listed(viewer, network, { accountId: commons.accountId })).toEqual([{ id }]);
    }
    expect(await listed(rich, network, { kind: 'DEMURRAGE' })).toEqual([{ id }]);
    expect(await entries(rich, rich, network, { text: '2026-03' })).toEqual([
      { amount: { value: '-2.00' }, transfer: { id }, counterparty: { id: commons.accountId } },
    ]);
  });

  test('it is told to all where all balances are', async () => {
    const { network, commons, rich, id } = await givenTaken();
    const ben = await givenMember(server, network);
    await showBalancesTo(network, 'NETWORK');

    expect(await entries(ben, commons, network)).toEqual([
      { amount: { value: '2.00' }, transfer: { id }, counterparty: { id: rich.accountId } },
    ]);
    expect(await listed(ben, network, { kind: 'DEMURRAGE' })).toEqual([{ id }]);
  });

  test('what gives it back tells no more', async () => {
    const { network, commons, rich, id } = await givenTaken();
    const ben = await givenMember(server, network);
    const undo = { networkId: network.id, idempotencyKey: 'undo', transferId: id, reason: 'an error' };
    const { transfer } = await mutate(server, network.founder, 'transferReverse', undo, 'transfer { id }');

    expect(await entries(ben, commons, network)).toEqual([
      { amount: { value: '-2.00' }, transfer: null, counterparty: null },
      { amount: { value: '2.00' }, transfer: null, counterparty: null },
    ]);
    expect(await entries(ben, commons, network, { text: 'error' })).toEqual([]);
    expect(await listed(ben, network, {})).toEqual([]);
    expect(await node(ben, transfer.id)).toBeNull();
    expect(await node(rich, transfer.id)).toEqual({ id: transfer.id });
    expect(await listed(rich, network, { kind: 'REVERSAL' })).toEqual([{ id: transfer.id }]);
  });
});
