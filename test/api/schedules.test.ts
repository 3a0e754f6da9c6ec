import { makeApp, type App } from '../../src/app.ts';
import { openLog } from '../../src/kernel/log.ts';
import { payDueSchedules } from '../../src/services/ledger/due-schedules.ts';
import { mutate, type Json } from '../support/api.ts';
import { scheduleKit } from '../support/schedules.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { travel, travelTo } from '../support/time.ts';
import {
  balanceOf,
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

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  // What earlier tests have planned is not of interest when the clock moves on.
  await server.app.database.db.execute(
    `update transfer_schedule set state = 'CANCELLED', ended_at = now() where ended_at is null`,
  );
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const { plan, planInput, tryPlan, pay, scheduleOf, datesOf } = scheduleKit(() => ({
  server,
  network,
  ana,
  ben,
}));
const DAY = 24 * 60 * 60 * 1000;
const moveTo = (instant: string) => travelTo(server, instant);
const update = (input: object) =>
  mutate(server, network.founder, 'networkUpdate', { networkId: network.id, ...input }, 'network { id }');
const balances = async () => [await balanceOf(server, network, ana), await balanceOf(server, network, ben)];
const payBack = (amount: string) =>
  mutate(server, ben, 'transferCreate', transferInput(network, ben, ana, amount), 'transfer { id }');

describe('planning', () => {
  test('says what will be paid and when, and moves nothing', async () => {
    const planned = await plan({ amount: '1.50', startsOn: '2026-03-31', frequency: 'MONTHLY', count: 4 });

    expect(planned).toEqual({
      id: expect.stringMatching(/^sch_/),
      state: 'ACTIVE',
      stopReason: null,
      description: 'rent of a bed',
      startsOn: '2026-03-31',
      frequency: 'MONTHLY',
      every: 1,
      dateCount: 4,
      isInInstalments: false,
      total: { value: '6.00' },
      nextAmount: { value: '1.50', unit: { code: 'HOUR' } },
      nextDueOn: '2026-03-31',
      lastDueOn: '2026-06-30',
      createdAt: START.toISOString(),
      endedAt: null,
      payer: { id: ana.accountId },
      payee: { id: ben.accountId },
      createdBy: { displayName: 'Ana' },
      actingFor: null,
      occurrences: { nodes: [] },
    });
    await pay();
    expect(await balances()).toEqual(['0.00', '0.00']);
  });

  test.each([
    [
      'until a day',
      { startsOn: '2026-03-02', frequency: 'WEEKLY', every: 2, count: null, endsOn: '2026-04-12' },
      3,
      '2026-03-30',
    ],
    ['for ten years', { frequency: 'YEARLY', count: 11 }, 11, '2036-03-02'],
    ['a thousand times', { frequency: 'DAILY', count: 1000, amount: '0.01' }, 1000, '2028-11-25'],
    ['once', { count: 1 }, 1, '2026-03-02'],
  ])('goes on %s', async (_name, more, dateCount, lastDueOn) => {
    expect(await plan(more)).toMatchObject({ dateCount, lastDueOn });
  });

  test('once for its key, also when it arrives many times at once', async () => {
    const input = planInput();

    const answers = await Promise.all(Array.from({ length: 10 }, () => tryPlan(ana, input)));

    expect(answers[0].errors).toEqual([]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { errors } = await tryPlan(ana, { ...input, count: 4 });
    expect(errors).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' })]);
  });
});

describe('paying', () => {
  test('is done from nine o’clock where the network is, on the last day of shorter months, until the last date', async () => {
    await update({ timeZone: 'Europe/Madrid' });
    const { id } = await plan({ startsOn: '2026-03-31', frequency: 'MONTHLY', count: 3 });

    await moveTo('2026-03-31T06:59:59Z');
    await pay();
    expect(await datesOf(id)).toEqual([]);
    await moveTo('2026-03-31T07:00:00Z');
    await pay();
    await pay();

    expect(await scheduleOf(id)).toMatchObject({
      state: 'ACTIVE',
      nextDueOn: '2026-04-30',
      occurrences: {
        nodes: [
          {
            dueOn: '2026-03-31',
            number: 1,
            state: 'DONE',
            tries: 1,
            refusalCode: null,
            retryAt: null,
            settledAt: '2026-03-31T07:00:00.000Z',
            amount: { value: '1.00' },
            transfer: {
              kind: 'PAYMENT',
              dueOn: '2026-03-31',
              postedAt: '2026-03-31T07:00:00.000Z',
              description: 'rent of a bed',
              amount: { value: '1.00' },
              createdBy: { displayName: 'Ana' },
              cause: { id },
            },
          },
        ],
      },
    });
    expect(await balances()).toEqual(['-1.00', '1.00']);
    for (const day of ['2026-04-30', '2026-05-31', '2026-06-30']) {
      await moveTo(`${day}T07:00:00Z`);
      await pay();
    }
    expect(await datesOf(id)).toEqual(['2026-03-31 DONE', '2026-04-30 DONE', '2026-05-31 DONE']);
    expect(await scheduleOf(id)).toMatchObject({
      state: 'ENDED',
      nextDueOn: null,
      nextAmount: null,
      endedAt: '2026-05-31T07:00:00.000Z',
    });
    expect(await balances()).toEqual(['-3.00', '3.00']);
  });

  test('in instalments pays exactly the whole, the larger parts first', async () => {
    const { id, ...planned } = await plan({ amount: '10', frequency: 'WEEKLY', count: null, instalments: 3 });

    expect(planned).toMatchObject({
      isInInstalments: true,
      total: { value: '10.00' },
      nextAmount: { value: '3.34' },
      lastDueOn: '2026-03-16',
    });
    await moveTo('2026-04-01T00:00:00Z');
    await pay();
    const { occurrences } = await scheduleOf(id);
    expect(occurrences.nodes.map(({ amount }: Json) => amount.value)).toEqual(['3.33', '3.33', '3.34']);
    expect(await balances()).toEqual(['-10.00', '10.00']);
  });

  test('after a standstill makes up for what was missed, the oldest date first, each with its own day', async () => {
    const { id } = await plan({ count: 5 });

    await moveTo('2026-03-05T12:00:00Z');
    await pay();

    const { occurrences, nextDueOn } = await scheduleOf(id);
    const paid = occurrences.nodes.toReversed().map(({ transfer }: Json) => transfer);
    expect(paid.map(({ dueOn }: Json) => dueOn)).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
    ]);
    expect(paid.map(({ id: transferId }: Json) => transferId)).toEqual(
      paid.map(({ id: transferId }: Json) => transferId).toSorted(),
    );
    expect(new Set(paid.map(({ postedAt }: Json) => postedAt))).toEqual(
      new Set(['2026-03-05T12:00:00.000Z']),
    );
    expect(nextDueOn).toBe('2026-03-06');
    expect(await balances()).toEqual(['-4.00', '4.00']);
  });

  test('comes about by the job of the server', async () => {
    const { id } = await plan();

    await server.app.jobs.schedule();
    await travel(server, 2 * DAY);
    await server.app.jobs.runDue();

    expect(await datesOf(id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE', '2026-03-04 DONE']);
  });

  test('happens once for each date when two servers do it many times at once', async () => {
    const { services } = server.app;
    const ids: string[] = [];
    for (let serial = 0; serial < 5; serial++) ids.push((await plan({ amount: '0.50' })).id);
    const second: App = await makeApp({
      config: services.config,
      clock: server.clock,
      databaseUrl: server.databaseUrl('app'),
      log: openLog(services.config),
    });
    await moveTo('2026-03-10T09:00:00Z');

    try {
      await Promise.all(Array.from({ length: 8 }, (_, index) => pay(index % 2 === 0 ? server.app : second)));
    } finally {
      await second.close();
    }

    for (const id of ids) {
      expect(await datesOf(id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE', '2026-03-04 DONE']);
      expect((await scheduleOf(id)).state).toBe('ENDED');
    }
    expect(await balances()).toEqual(['-7.50', '7.50']);
  });

  test('that breaks off before the commit leaves nothing, and is made up for once', async () => {
    const { id } = await plan({ count: 2 });
    const { db, run } = server.app.services;
    const cut: typeof run = (actor, work) =>
      run(actor, async (tx) => {
        await work(tx);
        throw new Error('the power is cut');
      });

    await expect(payDueSchedules({ db, run: cut }, server.clock.now())).rejects.toThrow('the power is cut');
    expect(await datesOf(id)).toEqual([]);
    expect(await balances()).toEqual(['0.00', '0.00']);
    await pay();
    await pay();

    expect(await datesOf(id)).toEqual(['2026-03-02 DONE']);
    expect(await balances()).toEqual(['-1.00', '1.00']);
  });

  test('goes on for others when one schedule is broken', async () => {
    const broken = await plan({ amount: '0.10' });
    const sound = await plan({ amount: '0.20' });
    const { db, run } = server.app.services;
    let calls = 0;
    const first: typeof run = (actor, work) =>
      ++calls === 1 ? Promise.reject(new Error('a fault')) : run(actor, work);
    await moveTo('2026-03-03T09:00:00Z');

    await expect(payDueSchedules({ db, run: first }, server.clock.now())).rejects.toThrow('a fault');

    expect([await datesOf(broken.id), await datesOf(sound.id)].toSorted()).toEqual([
      [],
      ['2026-03-02 DONE', '2026-03-03 DONE'],
    ]);
    await pay();
    expect(await datesOf(broken.id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE']);
  });

  test('crosses payments between the same accounts without hindering them', async () => {
    const { id } = await plan({ count: 20, amount: '0.10' });
    await moveTo('2026-03-21T09:00:00Z');

    const paid = Promise.all(Array.from({ length: 20 }, () => payBack('0.10')));
    await Promise.all([pay(), pay(), paid]);

    expect((await datesOf(id)).filter((date) => date.endsWith('DONE'))).toHaveLength(20);
    expect(await balances()).toEqual(['0.00', '0.00']);
  });
});

describe('a payment that is refused', () => {
  test('is tried again on the next days at nine, and keeps its date', async () => {
    const { id } = await plan({ amount: '15', count: 2, frequency: 'WEEKLY' });
    await mutate(server, ana, 'transferCreate', transferInput(network, ana, ben, '10'), 'transfer { id }');

    await pay();
    expect((await scheduleOf(id)).occurrences.nodes).toEqual([
      expect.objectContaining({
        dueOn: '2026-03-02',
        state: 'RETRYING',
        tries: 1,
        refusalCode: 'INSUFFICIENT_CREDIT',
        retryAt: '2026-03-03T09:00:00.000Z',
        settledAt: null,
        transfer: null,
      }),
    ]);
    await moveTo('2026-03-03T08:59:59Z');
    await payBack('10');
    await pay();
    expect(await datesOf(id)).toEqual(['2026-03-02 RETRYING']);
    await moveTo('2026-03-03T09:00:00Z');
    await pay();

    expect((await scheduleOf(id)).occurrences.nodes).toEqual([
      expect.objectContaining({
        state: 'DONE',
        tries: 2,
        refusalCode: null,
        retryAt: null,
        transfer: expect.objectContaining({ dueOn: '2026-03-02', postedAt: '2026-03-03T09:00:00.000Z' }),
      }),
    ]);
    expect(await balances()).toEqual(['-15.00', '15.00']);
  });

  test('fails after three more days, and the schedule goes on', async () => {
    const { id } = await plan({ amount: '20', count: 2, frequency: 'WEEKLY' });
    await mutate(server, ana, 'transferCreate', transferInput(network, ana, ben, '1'), 'transfer { id }');

    for (let day = 0; day < 6; day++) {
      await pay();
      await travel(server, DAY);
    }

    expect(await scheduleOf(id)).toMatchObject({
      state: 'ACTIVE',
      nextDueOn: '2026-03-09',
      occurrences: {
        nodes: [
          {
            state: 'FAILED',
            tries: 4,
            refusalCode: 'INSUFFICIENT_CREDIT',
            retryAt: null,
            settledAt: '2026-03-05T09:00:00.000Z',
            transfer: null,
          },
        ],
      },
    });
    const events = await server.app.database.db.rows<{ kind: string; data: object }>(
      'select kind, data from event where subject_id = $1 order by at, id',
      [id],
    );
    expect(events).toEqual([
      { kind: 'TransferScheduled', data: {} },
      { kind: 'ScheduledTransferFailed', data: { dueOn: '2026-03-02', code: 'INSUFFICIENT_CREDIT' } },
    ]);
    await payBack('1');
    await moveTo('2026-03-09T09:00:00Z');
    await pay();
    expect(await datesOf(id)).toEqual(['2026-03-02 FAILED', '2026-03-09 DONE']);
    expect((await scheduleOf(id)).state).toBe('ENDED');
  });

  test('does not hold up the dates behind it, and ends the schedule when it is settled', async () => {
    const { id } = await plan({ amount: '8', count: 3 });
    await moveTo('2026-03-04T10:00:00Z');

    await pay();

    expect(await datesOf(id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE', '2026-03-04 RETRYING']);
    expect(await scheduleOf(id)).toMatchObject({ state: 'ACTIVE', nextDueOn: null });
    await payBack('8');
    await moveTo('2026-03-05T09:00:00Z');
    await pay();
    expect(await datesOf(id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE', '2026-03-04 DONE']);
    expect((await scheduleOf(id)).state).toBe('ENDED');
  });

  test('because an account is frozen is tried again as well', async () => {
    const { id } = await plan({ count: 1 });
    const freeze = { networkId: network.id, accountId: ben.accountId };
    await mutate(server, network.founder, 'accountUpdate', { ...freeze, isFrozen: true }, 'account { id }');

    await pay();

    expect((await scheduleOf(id)).occurrences.nodes[0]).toMatchObject({
      state: 'RETRYING',
      refusalCode: 'ACCOUNT_NOT_OPEN',
    });
    await mutate(server, network.founder, 'accountUpdate', { ...freeze, isFrozen: false }, 'account { id }');
    await travel(server, DAY);
    await pay();
    expect(await datesOf(id)).toEqual(['2026-03-02 DONE']);
  });
});
