import { DAY_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { collectUnpaid } from '../../src/services/treasury/collection.ts';
import { chargeDaily } from '../../src/services/treasury/jobs.ts';
import { ask, mutate, send, type Caller, type Json } from '../support/api.ts';
import {
  arrearsOf,
  chargeOf,
  givenBroke,
  givenCommunity,
  nextDay,
  payInput,
  runDues,
  setDues,
} from '../support/dues.ts';
import { givenPolicy, tryPay } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { travel, travelTo } from '../support/time.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => travelTo(server, START.toISOString()));

const CHARGE = `charge { period state amount { value } paidAt transfer { kind description } }`;

const pay = (network: TestNetwork, payer: Member, payee: Member, amount: string) =>
  tryPay(server, network, [payer, payee, amount]);
const balance = (network: TestNetwork, member: Member) => balanceOf(server, network, member);
const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

const inArrears = (network: TestNetwork) =>
  server.app.database.db
    .rows<{ subjectId: string; actorSystem: string | null }>(
      `select subject_id, actor_system from event where network_id = $1 and kind = 'MembershipInArrears' order by id`,
      [network.id],
    )
    .then((events) => events.map(({ subjectId, actorSystem }) => [subjectId, actorSystem]));

describe('unpaid dues', () => {
  test('are paid by the member, once', async () => {
    const { network, commons, ana, ben } = await givenBroke(server);
    await runDues(server, network);
    const input = payInput(network, await chargeOf(server, network, ana));
    const short = await refused(ana, 'duesPay', input, 'INSUFFICIENT_CREDIT');
    await pay(network, ben, ana, '5.00');

    const first = await mutate(server, ana, 'duesPay', input, CHARGE);
    const again = await mutate(server, ana, 'duesPay', input, CHARGE);
    await refused(ana, 'duesPay', { ...input, idempotencyKey: 'another' }, 'DUES_PAID');

    expect(short.path).toBe('amount');
    expect(first.charge).toEqual({
      period: '2026-03',
      state: 'PAID',
      amount: { value: '1.50' },
      paidAt: START.toISOString(),
      transfer: { kind: 'DUES', description: '2026-03' },
    });
    expect(again).toEqual(first);
    expect(await balance(network, ana)).toBe('-15.50');
    expect(await balance(network, commons)).toBe('4.50');
  });

  test('are paid by nobody else, and found by no stranger', async () => {
    const { network, ana, ben } = await givenBroke(server);
    await runDues(server, network);
    const chargeId = await chargeOf(server, network, ana);
    const elsewhere = await givenNetwork(server);

    await refused(ben, 'duesPay', payInput(network, chargeId), 'FORBIDDEN');
    await refused(network.founder, 'duesPay', payInput(network, chargeId), 'FORBIDDEN');
    await refused(elsewhere.founder, 'duesPay', payInput(network, chargeId), 'FORBIDDEN');
    await refused(elsewhere.founder, 'duesPay', payInput(elsewhere, chargeId), 'NOT_FOUND');
    await refused(ana, 'duesPay', payInput(network, ana.membershipId), 'INVALID_ID');
  });

  test('are collected by the daily job, which acts as the server', async () => {
    const { network, ana, ben } = await givenBroke(server);
    await runDues(server, network);
    await nextDay(server);
    const before = await balance(network, ana);
    await pay(network, ben, ana, '5.00');
    await nextDay(server);

    expect(before).toBe('-19.00');
    expect(await balance(network, ana)).toBe('-15.50');
    const rows = await server.app.database.db.rows(
      `select actor_system, created_by_person_id, payer_account_id from transfer
        where network_id = $1 and kind = 'DUES' order by id desc limit 1`,
      [network.id],
    );
    expect(rows).toEqual([{ actorSystem: 'dues', createdByPersonId: null, payerAccountId: ana.accountId }]);
  });

  test('are collected in other networks when one fails, and by runs that wait behind one that fails', async () => {
    const [broken, sound] = [await givenBroke(server), await givenBroke(server)];
    const networkIds = [broken.network.id, sound.network.id];
    for (const { network, ana, ben } of [broken, sound]) {
      await runDues(server, network);
      await pay(network, ben, ana, '5.00');
    }
    const { db, run } = server.app.services;
    await db.execute('update charge_run set finished_at = null where network_id = any($1)', [networkIds]);
    const failed = new Set<string>();
    // The first run and the first network fail.
    const faulty: typeof run = (actor, work) => {
      const name = actor.kind === 'system' ? actor.name : '';
      if (failed.has(name)) return run(actor, work);
      failed.add(name);
      return Promise.reject(new Error(`a fault of ${name}`));
    };
    const now = new Date(server.clock.now().getTime() + DAY_MS);

    await expect(chargeDaily({ db, run: faulty }, now)).rejects.toThrow('a fault of charges');

    const finished = () =>
      db.row(
        'select count(*)::integer as count from charge_run where network_id = any($1) and finished_at is not null',
        [networkIds],
      );
    expect([...failed]).toEqual(['charges', 'dues']);
    expect(await finished()).toEqual({ count: 1 });
    await chargeDaily({ db, run }, now);
    expect(await finished()).toEqual({ count: 2 });
    for (const { network, ana } of [broken, sound]) expect(await balance(network, ana)).toBe('-15.50');
  });

  test('are not kept waiting by a hundred runs that cannot be finished', async () => {
    const { network } = await givenBroke(server);
    await runDues(server, network);
    const { db, run } = server.app.services;
    await db.execute('update charge_run set finished_at = null where network_id = $1', [network.id]);
    // Nobody can be charged for what comes in a century, and these come first.
    await db.execute(
      `insert into charge_run (network_id, id, kind, unit_id, period, charged_count, total_minor, left_out_count, left_out_ids,
                               begun_at)
       select network_id, overlay(id placing '0000' || lpad(n::text, 4, '0') from 5 for 8), 'DUES', unit_id, 2100 + n, 0, 0, 0, '{}', begun_at
         from charge_run, generate_series(1, 120) n where network_id = $1`,
      [network.id],
    );
    const now = new Date(server.clock.now().getTime() + DAY_MS);

    await expect(chargeDaily({ db, run }, now)).rejects.toThrow('The period has not begun.');

    const rows = await db.rows(
      `select period from charge_run where network_id = $1 and finished_at is not null`,
      [network.id],
    );
    expect(rows).toEqual([{ period: '2026-03' }]);
    await db.execute('update charge_run set finished_at = begun_at where network_id = $1', [network.id]);
  });

  test('are posted in slices, all of them', async () => {
    const community = await givenCommunity(server);
    const { network, commons, ana } = community;
    const rule = await setDues(server, community, { amount: '0.01' });
    const { db, run } = server.app.services;
    await db.execute(
      `insert into dues_charge (network_id, id, membership_id, unit_id, period, rule_id, amount_minor, state,
                                charged_at, grace_until)
       select $1, overlay($5 placing lpad(n::text, 4, '0') from length($5) - 3), $2, $3, n::text, $4, 1, 'UNPAID', $6, $6
         from generate_series(1000, 2000) n`,
      [network.id, ana.membershipId, network.unitId, rule.id, newId('dues'), START],
    );

    const paid = await collectUnpaid({ db, run });

    expect(paid).toBeGreaterThanOrEqual(1001);
    expect(await balance(network, ana)).toBe('-10.01');
    expect(await balance(network, commons)).toBe('10.01');
    const links = await db.rows<{ size: number }>(
      'select cardinality(transfer_ids) as size from ledger_link where network_id = $1 order by number',
      [network.id],
    );
    expect(links.map(({ size }) => size)).toEqual([500, 500, 1]);
  });

  test('are owed again when their transfer is reversed, and paid again', async () => {
    const { network, commons, ana, ben } = await givenBroke(server, { graceDays: 2 });
    await pay(network, ben, ana, '5.00');
    await runDues(server, network);
    const { id } = (await server.app.database.db.row<{ id: string }>(
      `select id from transfer where network_id = $1 and kind = 'DUES' and payer_account_id = $2`,
      [network.id, ana.accountId],
    ))!;
    const paid = await arrearsOf(server, network, { member: ana });
    await travel(server, 3 * DAY_MS);

    const input = { networkId: network.id, idempotencyKey: 'undo', transferId: id, reason: 'too early' };
    await mutate(server, network.founder, 'transferReverse', input, 'transfer { id }');

    const owed = await arrearsOf(server, network, { member: ana });
    const back = await balance(network, ana);
    expect(paid).toMatchObject({ isInArrears: false, charges: [] });
    expect(owed).toMatchObject({
      isInArrears: true,
      since: '2026-03-04T09:00:00.000Z',
      charges: [{ period: '2026-03', state: 'UNPAID', amount: { value: '1.50' } }],
    });
    expect(back).toBe('-14.00');
    expect(await runDues(server, network)).toMatchObject({ chargedCount: 1, total: { value: '1.50' } });
    expect(await balance(network, ana)).toBe('-15.50');
    expect(await balance(network, commons)).toBe('4.50');
    expect(await arrearsOf(server, network, { member: ana })).toMatchObject({ charges: [] });
  });

  test('that are owed again bring the member into arrears as at first', async () => {
    const { network, ana, ben } = await givenBroke(server, { graceDays: 0 });
    await runDues(server, network);
    await pay(network, ben, ana, '5.00');
    const dues = payInput(network, await chargeOf(server, network, ana));
    const { charge } = await mutate(server, ana, 'duesPay', dues, 'charge { transfer { id } }');
    await pay(network, ana, ben, '4.00');

    const input = {
      networkId: network.id,
      idempotencyKey: 'undo',
      transferId: charge.transfer.id,
      reason: 'error',
    };
    await mutate(server, network.founder, 'transferReverse', input, 'transfer { id }');
    await pay(network, ana, ben, '1.50');
    await collectUnpaid(server.app.services);

    expect(await inArrears(network)).toEqual([
      [ana.membershipId, null],
      [ana.membershipId, 'dues'],
    ]);
  });

  test('of a suspended member stay due, and can be paid', async () => {
    const { network, ana, ben } = await givenBroke(server);
    await runDues(server, network);
    const suspend = { networkId: network.id, membershipId: ana.membershipId, reason: 'absent' };
    await pay(network, ben, ana, '5.00');
    await mutate(server, network.founder, 'membershipSuspend', suspend, 'membership { state }');

    const { charge } = await mutate(
      server,
      ana,
      'duesPay',
      payInput(network, await chargeOf(server, network, ana)),
      'charge { state }',
    );

    expect(charge.state).toBe('PAID');
  });
});

describe('arrears', () => {
  test('begin when the grace is over, are said once, and end with the payment', async () => {
    const { network, ana, ben } = await givenBroke(server, { graceDays: 2 });
    await runDues(server, network);
    const within = await arrearsOf(server, network, { member: ana });
    await nextDay(server);
    expect(await inArrears(network)).toEqual([]);
    await nextDay(server);
    await nextDay(server);

    const past = await arrearsOf(server, network, { member: ana });
    await pay(network, ben, ana, '5.00');
    await nextDay(server);

    const charge = {
      id: expect.stringMatching(/^due_/),
      period: '2026-03',
      state: 'UNPAID',
      amount: { value: '1.50' },
      membership: { displayName: 'Ana' },
    };
    const totals = [{ value: '1.50', unit: { code: 'HOUR' } }];
    expect(within).toEqual({ isInArrears: false, since: null, totals, charges: [charge] });
    expect(past).toEqual({ isInArrears: true, since: '2026-03-04T09:00:00.000Z', totals, charges: [charge] });
    expect(await inArrears(network)).toEqual([[ana.membershipId, 'dues']]);
    expect(await arrearsOf(server, network, { member: ana })).toEqual({
      isInArrears: false,
      since: null,
      totals: [],
      charges: [],
    });
  });

  test('are said again only after all was paid', async () => {
    const { network, ana, ben } = await givenBroke(server, { graceDays: 0 });
    await runDues(server, network);
    await travelTo(server, '2026-04-02T00:00:00Z');
    await runDues(server, network, { period: '2026-04' });
    const twice = await arrearsOf(server, network, { member: ana });
    const afterSecond = await inArrears(network);
    await pay(network, ben, ana, '3.00');
    await nextDay(server);
    await pay(network, ana, ben, '1.00');
    await travelTo(server, '2026-05-02T00:00:00Z');
    await runDues(server, network, { period: '2026-05' });

    expect(twice).toMatchObject({ isInArrears: true, totals: [{ value: '3.00' }] });
    expect(twice.charges).toHaveLength(2);
    expect(afterSecond).toEqual([[ana.membershipId, null]]);
    expect(await inArrears(network)).toEqual([
      [ana.membershipId, null],
      [ana.membershipId, null],
    ]);
  });

  test('are seen by the member, coordinators, treasurers and auditors', async () => {
    const { network, ana, ben } = await givenBroke(server, { graceDays: 0 });
    await runDues(server, network);
    const officers = [
      network.founder,
      await givenOfficer(server, network, 'TREASURER'),
      await givenOfficer(server, network, 'AUDITOR'),
    ];
    const moderator = await givenOfficer(server, network, 'MODERATOR');
    const query = `query($id: ID!) { network(id: $id) { arrears { nodes { membership { displayName } totals { value } } } } }`;

    for (const viewer of officers) {
      expect((await arrearsOf(server, network, { member: ana, viewer })).charges).toHaveLength(1);
      const data = await ask(server, viewer, query, { id: network.id });
      expect(data.network.arrears.nodes).toEqual([
        { membership: { displayName: 'Ana' }, totals: [{ value: '1.50' }] },
      ]);
    }
    for (const viewer of [ben, moderator]) {
      expect(await arrearsOf(server, network, { member: ana, viewer })).toBeNull();
      const answer = await send(server, query, { id: network.id }, { token: viewer.token });
      expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
  });

  test('are listed page by page, without those within their grace or who have left', async () => {
    const community = await givenCommunity(server);
    const { network } = community;
    const names = ['C', 'D', 'E', 'F'];
    const members: Member[] = [];
    for (const name of names) members.push(await givenMember(server, network, name));
    await givenPolicy(server, network, { limits: { kind: 'FIXED', floor: '0' } });
    await setDues(server, community, { graceDays: 1 });
    await runDues(server, network);
    const [, , , leaver] = members;
    const leave = { networkId: network.id, membershipId: leaver?.membershipId };
    await mutate(server, leaver as Member, 'membershipLeave', leave, 'membership { state }');
    const query = `query($id: ID!, $after: String) { network(id: $id) { arrears(first: 3, after: $after) {
      nodes { membership { displayName } } pageInfo { hasNextPage endCursor } } } }`;
    const page = async (after?: string) =>
      (await ask(server, network.founder, query, { id: network.id, after })).network.arrears;

    const early = await page();
    await travel(server, DAY_MS);
    const first = await page();
    const second = await page(first.pageInfo.endCursor);

    expect(early.nodes).toEqual([]);
    const namesOf = ({ nodes }: Json) => nodes.map(({ membership }: Json) => membership.displayName);
    expect([namesOf(first), namesOf(second)]).toEqual([
      ['Fay', 'Ana', 'Ben'],
      ['C', 'D', 'E'],
    ]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });
});
