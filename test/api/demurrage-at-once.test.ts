import { DAY_MS } from '../../src/kernel/clock.ts';
import { mutate, tryMutate } from '../support/api.ts';
import {
  DEMURRAGE_RUN,
  givenRule,
  previewDemurrage,
  runDemurrage,
  runInput,
  type DemurrageCommunity,
} from '../support/demurrage.ts';
import { tryPay } from '../support/policies.ts';
import { rowsAt, START, startTestServer, type TestServer } from '../support/server.ts';
import { travel, travelTo } from '../support/time.ts';
import type { Member, TestNetwork } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => travelTo(server, START.toISOString()));

const pay = (network: TestNetwork, payer: Member, payee: Member, amount: string) =>
  tryPay(server, network, [payer, payee, amount]);

describe('with hundreds of accounts', () => {
  const MANY = 450;

  /** Accounts with 10.00 each, against the founder, written past the server. */
  async function givenMany({ network }: DemurrageCommunity): Promise<void> {
    const groupId = (
      await mutate(
        server,
        network.founder,
        'groupCreate',
        { networkId: network.id, name: 'All' },
        'group { id }',
      )
    ).group.id;
    await rowsAt(
      server.databaseUrl('superuser'),
      `insert into account (network_id, id, unit_id, holder_kind, group_id, name, state, follows_policy, opened_at, balance_minor)
       select $1, 'acc_01h455vb4pex5vsknk08' || lpad(n::text, 6, '0'), $2, 'GROUP', $3, '', 'OPEN', true, $4, 1000
         from generate_series(1, ${MANY}) n`,
      [network.id, network.unitId, groupId, server.clock.now()],
    );
    await rowsAt(
      server.databaseUrl('superuser'),
      'update account set balance_minor = balance_minor - $2 where id = $1',
      [network.founder.accountId, MANY * 1000],
    );
  }

  async function sums(network: TestNetwork) {
    const [row] = await server.app.database.db.rows<{ charged: bigint; total: bigint; sum: bigint }>(
      `select (select count(*) from demurrage_charge where network_id = $1 and amount_minor > 0) as charged,
              (select sum(amount_minor)::bigint from demurrage_charge where network_id = $1) as total,
              (select sum(balance_minor)::bigint from account where network_id = $1) as sum`,
      [network.id],
    );
    return row;
  }

  test('charges all, in several units of work, while members pay', async () => {
    const community = await givenRule(server);
    const { network, rich, poor } = community;
    await givenMany(community);
    await travelTo(server, '2026-04-01T00:00:00Z');

    const seen = await previewDemurrage(server, network, { period: '2026-03' });
    const running = runDemurrage(server, network, { period: '2026-03' });
    const payments = Array.from({ length: 40 }, (_, n) =>
      n % 2 ? pay(network, rich, poor, '0.01') : pay(network, poor, rich, '0.01'),
    );
    const [made, ...answers] = await Promise.all([running, ...payments]);

    expect(seen).toMatchObject({ count: MANY + 1, total: { value: '92.00' } });
    expect(seen.quotes.pageInfo.hasNextPage).toBe(true);
    expect(new Set(answers)).toEqual(new Set(['POSTED']));
    expect(made).toMatchObject({ chargedCount: MANY + 1, total: { value: '92.00' } });
    expect(await sums(network)).toEqual({ charged: BigInt(MANY + 1), total: 9_200n, sum: 0n });
    // One link for each unit of work that posted.
    const links = await server.app.database.db.rows<{ size: number }>(
      `select cardinality(transfer_ids) as size from ledger_link where network_id = $1 and cardinality(transfer_ids) > 33`,
      [network.id],
    );
    expect(
      links
        .map(({ size }) => size)
        .toSorted((a, b) => a - b)
        .at(-1),
    ).toBeLessThanOrEqual(200);
    expect(links.length).toBeGreaterThanOrEqual(3);
  });

  test('goes on where it was cut off: with the same key, another one, or by itself', async () => {
    const community = await givenRule(server);
    const { network } = community;
    await givenMany(community);
    await travelTo(server, '2026-04-01T00:00:00Z');
    const input = runInput(network, '2026-03');
    await cutOff(network, input);
    const half = await sums(network);

    await server.app.jobs.schedule();
    await server.app.jobs.runDue();
    const before = await sums(network);
    await travel(server, DAY_MS);
    await server.app.jobs.runDue();

    expect(half?.charged).toBe(400n);
    expect(before).toEqual(half);
    expect(await sums(network)).toEqual({ charged: BigInt(MANY + 1), total: 9_200n, sum: 0n });
    const { run: made } = await mutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN);
    expect(made).toMatchObject({ chargedCount: MANY + 1, total: { value: '92.00' } });
    const [event] = await server.app.database.db.rows(
      `select actor_system, actor_person_id from event where kind = 'DemurrageRun' and network_id = $1`,
      [network.id],
    );
    expect(event).toEqual({ actorSystem: 'charges', actorPersonId: null });
  });

  test('a second one joins what was cut off', async () => {
    const community = await givenRule(server);
    const { network } = community;
    await givenMany(community);
    await travelTo(server, '2026-04-01T00:00:00Z');
    const input = runInput(network, '2026-03');
    await cutOff(network, input);

    const made = await runDemurrage(server, network, { period: '2026-03' });
    const { run: first } = await mutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN);

    expect(made).toEqual(first);
    expect(made.chargedCount).toBe(MANY + 1);
    expect(await sums(network)).toEqual({ charged: BigInt(MANY + 1), total: 9_200n, sum: 0n });
  });

  /** Runs until the third unit of work, in which the database is told to fail. */
  async function cutOff(network: TestNetwork, input: object): Promise<void> {
    await rowsAt(
      server.databaseUrl('superuser'),
      `create function break_off() returns trigger language plpgsql as $$ begin
         if (select count(*) from demurrage_charge where network_id = new.network_id) >= 400 then raise 'broken off'; end if;
         return new; end $$;
       create trigger break_off before insert on demurrage_charge for each row execute function break_off()`,
    );
    const { errors } = await tryMutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN);
    expect(errors).toEqual([expect.objectContaining({ code: 'INTERNAL' })]);
    await rowsAt(
      server.databaseUrl('superuser'),
      'drop trigger break_off on demurrage_charge; drop function break_off',
    );
  }
});
