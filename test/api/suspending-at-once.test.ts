import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { mutate, tryMutate, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let importer: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  importer = new pg.Client({ connectionString: server.databaseUrl('app') });
  await importer.connect();
});
afterEach(() => importer.end());
afterAll(() => server.close());

/** How many statements wait for a lock. */
async function waiting(): Promise<number> {
  const row = await server.app.database.db.row<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row!.count;
}

/** Ends when a second one waits; what it says is that nobody was answered before. */
async function twoWait(): Promise<false> {
  while ((await waiting()) < 2) await sleep(5);
  return false;
}

/** Lets a payment of Ana's wait for her account, as behind a long import, and a decision come meanwhile. */
async function decideMeanwhile(decide: () => Promise<Json>): Promise<{ wasAnswered: boolean; paid: Json }> {
  await importer.query('begin');
  await importer.query('select 1 from account where id = $1 for no key update', [ana.accountId]);
  const payment = transferInput(network, ana, ben, '1.00');
  const paying = tryMutate(server, ana, 'transferCreate', payment, 'transfer { state }');
  while ((await waiting()) < 1) await sleep(5);
  const decision = decide();
  const wasAnswered = await Promise.race([decision.then(() => true), twoWait().catch(() => false)]);
  await importer.query('commit');
  await decision;
  return { wasAnswered, paid: await paying };
}

test('a suspension is answered once the payments that wait for the member’s accounts are posted', async () => {
  const input = { networkId: network.id, membershipId: ana.membershipId, reason: 'to be talked about' };

  const { wasAnswered, paid } = await decideMeanwhile(() =>
    mutate(server, network.founder, 'membershipSuspend', input, 'membership { state }'),
  );

  expect(wasAnswered).toBe(false);
  expect(paid.transfer).toEqual({ state: 'POSTED' });
  await expectRefusal(server, ana, ['transferCreate', transferInput(network, ana, ben, '1.00'), 'FORBIDDEN']);
  expect(await balanceOf(server, network, ben)).toBe('1.00');
});

test('an archiving is answered once the payments that wait in the network are posted', async () => {
  const { wasAnswered, paid } = await decideMeanwhile(() =>
    mutate(server, network.founder, 'networkArchive', { networkId: network.id }, 'network { id }'),
  );

  expect(wasAnswered).toBe(false);
  expect(paid.transfer).toEqual({ state: 'POSTED' });
  const another = transferInput(network, ana, ben, '1.00');
  await expectRefusal(server, ana, ['transferCreate', another, 'NETWORK_ARCHIVED']);
  expect(await balanceOf(server, network, ben)).toBe('1.00');
});
