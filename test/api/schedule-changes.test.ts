import { ask, givenPerson, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { scheduleKit } from '../support/schedules.ts';
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

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  await server.app.database.db.execute(
    `update transfer_schedule set state = 'CANCELLED', ended_at = now() where ended_at is null`,
  );
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const { plan, planInput, change, pay, scheduleOf, datesOf } = scheduleKit(() => ({
  server,
  network,
  ana,
  ben,
}));
const moveTo = (instant: string) => travelTo(server, instant);
const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const refused = (caller: Caller | null, field: string, input: object, code: string): Promise<Json> =>
  expectRefusal(server, caller, [field, input, code]);
const refusedPlan = (more: object, code: string, caller: Caller | null = ana) =>
  refused(caller, 'transferSchedule', planInput(more), code);

describe('is refused and changes nothing:', () => {
  test.each<[string, object, string, object]>([
    [
      'a beginning in the past',
      { startsOn: '2026-03-01' },
      'INVALID_RANGE',
      { path: 'startsOn', details: '{"min":"2026-03-02"}' },
    ],
    ['a day that does not exist', { startsOn: '2026-02-30' }, 'BAD_USER_INPUT', {}],
    ['a day with an hour', { startsOn: '2026-03-02T09:00:00Z' }, 'BAD_USER_INPUT', {}],
    ['no end', { count: null }, 'REQUIRED', { path: 'count' }],
    ['two ends', { endsOn: '2026-04-01' }, 'INVALID_CHOICE', { path: 'endsOn' }],
    ['a number of dates and of instalments', { instalments: 3 }, 'INVALID_CHOICE', { path: 'instalments' }],
    ['no dates', { count: 0 }, 'INVALID_RANGE', { path: 'count' }],
    ['no instalments', { count: null, instalments: 0 }, 'INVALID_RANGE', { path: 'instalments' }],
    [
      'an end before the beginning',
      { count: null, endsOn: '2026-03-01' },
      'INVALID_RANGE',
      { path: 'endsOn' },
    ],
    ['every zero days', { every: 0 }, 'INVALID_RANGE', { path: 'every', details: '{"min":1,"max":366}' }],
    ['every 367 days', { every: 367 }, 'INVALID_RANGE', { path: 'every' }],
    ['1,001 dates', { count: 1001 }, 'SCHEDULE_TOO_LONG', { details: '{"maxDates":1000,"maxYears":10}' }],
    ['2,147,483,647 dates', { count: 2_147_483_647 }, 'SCHEDULE_TOO_LONG', {}],
    ['10,000 years', { frequency: 'YEARLY', count: 10_000 }, 'SCHEDULE_TOO_LONG', {}],
    ['days until the year 9999', { count: null, endsOn: '9999-12-31' }, 'SCHEDULE_TOO_LONG', {}],
    ['a date in more than ten years', { frequency: 'YEARLY', every: 366, count: 2 }, 'SCHEDULE_TOO_LONG', {}],
    ['a beginning in the year 9999', { startsOn: '9999-12-31', count: 1 }, 'SCHEDULE_TOO_LONG', {}],
    [
      'more instalments than there is to split',
      { amount: '0.02', count: null, instalments: 3 },
      'INVALID_RANGE',
      { path: 'instalments' },
    ],
    ['amount zero', { amount: '0' }, 'INVALID_AMOUNT', { path: 'amount' }],
    ['more decimals than the unit', { amount: '0.001' }, 'TOO_MANY_DECIMALS', { path: 'amount' }],
    ['no description', { description: ' ' }, 'TEXT_TOO_SHORT', { path: 'description' }],
    ['an account that does not exist', { payeeAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }, 'NOT_FOUND', {}],
    [
      'an id of another kind',
      { payeeAccountId: 'net_01h455vb4pex5vsknk084sn02q' },
      'INVALID_ID',
      { path: 'payeeAccountId' },
    ],
  ])('%s', async (_name, more, code, error) => {
    expect(await refusedPlan(more, code)).toMatchObject(error);
  });

  test('payer = payee, an account that is frozen, another’s account', async () => {
    await refusedPlan({ payeeAccountId: ana.accountId }, 'SAME_ACCOUNT');
    await refusedPlan({}, 'FORBIDDEN', ben);
    await refusedPlan({}, 'FORBIDDEN', network.founder);
    await refusedPlan({}, 'FORBIDDEN', await givenPerson(server));
    await refusedPlan({}, 'UNAUTHENTICATED', null);
    await mutate(
      server,
      network.founder,
      'accountUpdate',
      inNetwork({ accountId: ben.accountId, isFrozen: true }),
      'account { id }',
    );
    expect(await refusedPlan({}, 'ACCOUNT_NOT_OPEN')).toMatchObject({ path: 'payeeAccountId' });
  });

  test('the 201st schedule of an account', async () => {
    const { id } = await plan();
    await server.app.database.db.execute(
      `insert into transfer_schedule
         select network_id, 'sch_' || lpad(n::text, 26, '0'), payer_account_id, payee_account_id, amount_minor, is_split,
                description, starts_on, frequency, every, date_count, case when n % 2 = 0 then 'ACTIVE' else 'PAUSED' end,
                stop_reason, settled_count, next_due_on, next_due_at, created_by_person_id, acting_for_membership_id,
                created_at, ended_at
           from transfer_schedule, generate_series(1, 199) as n where id = $1`,
      [id],
    );

    expect(await refusedPlan({}, 'TOO_MANY_SCHEDULES')).toMatchObject({ path: 'payerAccountId' });
    await change('transferScheduleCancel', id);
    expect((await plan()).state).toBe('ACTIVE');
  });
});

describe('resting', () => {
  test('skips the dates that pass meanwhile', async () => {
    const { id } = await plan({ count: 5 });
    await pay();
    expect(await change('transferSchedulePause', id)).toMatchObject({
      state: 'PAUSED',
      nextDueOn: '2026-03-03',
    });
    await moveTo('2026-03-04T10:00:00Z');
    await pay();
    expect(await datesOf(id)).toEqual(['2026-03-02 DONE']);

    expect(await change('transferScheduleResume', id)).toMatchObject({
      state: 'ACTIVE',
      nextDueOn: '2026-03-05',
    });
    await moveTo('2026-03-06T09:00:00Z');
    await pay();

    expect(await datesOf(id)).toEqual([
      '2026-03-02 DONE',
      '2026-03-03 SKIPPED',
      '2026-03-04 SKIPPED',
      '2026-03-05 DONE',
      '2026-03-06 DONE',
    ]);
    expect((await scheduleOf(id)).state).toBe('ENDED');
    expect(await balanceOf(server, network, ana)).toBe('-3.00');
  });

  test('pays them afterwards if that is wished, each instalment in its turn', async () => {
    const { id } = await plan({ amount: '10', count: null, instalments: 3 });
    await change('transferSchedulePause', id);
    await moveTo('2026-03-10T10:00:00Z');

    await change('transferScheduleResume', id, { catchesUp: true });
    await pay();

    expect(await datesOf(id)).toEqual(['2026-03-02 DONE', '2026-03-03 DONE', '2026-03-04 DONE']);
    expect(await balanceOf(server, network, ana)).toBe('-10.00');
  });

  test('ends the schedule if no date is left', async () => {
    const { id } = await plan();
    await change('transferSchedulePause', id);
    await moveTo('2026-03-10T10:00:00Z');

    const resumed = await change('transferScheduleResume', id);

    expect(resumed).toMatchObject({ state: 'ENDED', nextDueOn: null, endedAt: '2026-03-10T10:00:00.000Z' });
    expect(await datesOf(id)).toEqual(['2026-03-02 SKIPPED', '2026-03-03 SKIPPED', '2026-03-04 SKIPPED']);
  });

  test.each(['transferSchedulePause', 'transferScheduleCancel'])(
    '%s gives up what waits to be tried again',
    async (field) => {
      const { id } = await plan({ amount: '21' });
      await pay();
      expect(await datesOf(id)).toEqual(['2026-03-02 RETRYING']);

      await change(field, id);
      await moveTo('2026-03-08T09:00:00Z');
      await pay();

      expect(await datesOf(id)).toEqual(['2026-03-02 SKIPPED']);
    },
  );
});

test('what is cancelled pays no more, and nothing else can be done with it', async () => {
  const { id } = await plan();
  await pay();

  const cancelled = await change('transferScheduleCancel', id);

  expect(cancelled).toMatchObject({
    state: 'CANCELLED',
    nextDueOn: null,
    nextAmount: null,
    endedAt: START.toISOString(),
  });
  await moveTo('2026-03-10T10:00:00Z');
  await pay();
  expect(await datesOf(id)).toEqual(['2026-03-02 DONE']);
  const input = inNetwork({ transferScheduleId: id });
  for (const [field, reason] of [
    ['transferScheduleCancel', 'HAS_ENDED'],
    ['transferSchedulePause', 'NOT_ACTIVE'],
    ['transferScheduleResume', 'NOT_PAUSED'],
  ] as const) {
    expect(await refused(ana, field, input, 'SCHEDULE_CONFLICT')).toMatchObject({
      details: `{"reason":"${reason}"}`,
    });
  }
});

test('many who pause, resume and cancel at once while it pays leave it in one piece', async () => {
  const { id } = await plan({ count: 30, amount: '0.10' });
  await moveTo('2026-03-20T10:00:00Z');
  const input = inNetwork({ transferScheduleId: id });
  const all = [
    'transferSchedulePause',
    'transferScheduleResume',
    'transferSchedulePause',
    'transferScheduleCancel',
  ];

  await Promise.all([
    pay(),
    pay(),
    ...all.map((field) => mutate(server, ana, field, input, 'transferSchedule { id }').catch(() => null)),
  ]);
  await pay();

  const { state, occurrences } = await scheduleOf(id);
  const done = occurrences.nodes.filter((date: Json) => date.state === 'DONE');
  expect(state).toBe('CANCELLED');
  expect(await balanceOf(server, network, ben)).toBe((done.length / 10).toFixed(2));
});

describe('stops for good', () => {
  const stopped = async (id: string, reason: string) => {
    await moveTo('2026-03-03T09:00:00Z');
    await pay();
    expect(await statesOf(id)).toEqual([{ state: 'STOPPED', stopReason: reason, dates: 1 }]);
  };
  const statesOf = (id: string) =>
    server.app.database.db.rows(
      `select state, stop_reason, (select count(*)::integer from transfer_occurrence o
         where o.network_id = s.network_id and o.schedule_id = s.id) as dates
         from transfer_schedule s where id = $1`,
      [id],
    );

  test('when who planned it is suspended', async () => {
    const { id } = await plan();
    await pay();
    const input = inNetwork({ membershipId: ana.membershipId, reason: 'absent' });
    await mutate(server, network.founder, 'membershipSuspend', input, 'membership { id }');

    await stopped(id, 'MEMBERSHIP_NOT_ACTIVE');
    await mutate(
      server,
      network.founder,
      'membershipReinstate',
      inNetwork({ membershipId: ana.membershipId }),
      'membership { id }',
    );
    await moveTo('2026-03-04T09:00:00Z');
    await pay();
    expect(await scheduleOf(id)).toMatchObject({
      state: 'STOPPED',
      nextDueOn: null,
      nextAmount: null,
      endedAt: '2026-03-03T09:00:00.000Z',
    });
  });

  test('when who planned it has left', async () => {
    const { id } = await plan();
    await pay();
    await mutate(server, ben, 'transferCreate', transferInput(network, ben, ana, '1'), 'transfer { id }');
    const leave = inNetwork({ membershipId: ana.membershipId });
    await mutate(server, ana, 'membershipLeave', leave, 'membership { id }');

    await stopped(id, 'NOT_A_MEMBER');
  });

  test('when who planned it does not sign for the payer any more', async () => {
    const pot = await givenPot();
    const { id } = await plan({ payerAccountId: pot.accountId });
    await pay();
    const input = inNetwork({ accountId: pot.accountId, membershipId: ana.membershipId });
    await mutate(server, pot.treasurer, 'signatoryRemove', input, 'account { id }');

    await stopped(id, 'ROLE_REQUIRED');
  });

  test('when the help ends in which a helper planned it', async () => {
    const helper = await givenMember(server, network, 'Hal');
    const role = { membershipId: helper.membershipId, role: 'HELPER', forMembershipId: ana.membershipId };
    const { roleAssignment } = await mutate(
      server,
      network.founder,
      'roleAssign',
      inNetwork(role),
      'roleAssignment { id }',
    );
    const { transferSchedule } = await tryMutate(
      server,
      helper,
      'transferSchedule',
      planInput(),
      'transferSchedule { id createdBy { displayName } actingFor { displayName } }',
      { 'acting-for': ana.membershipId },
    );
    await pay();
    expect(await scheduleOf(transferSchedule.id)).toMatchObject({
      occurrences: { nodes: [{ state: 'DONE', transfer: { createdBy: { displayName: 'Hal' } } }] },
    });
    const revoke = inNetwork({ roleAssignmentId: roleAssignment.id });
    await mutate(server, network.founder, 'roleRevoke', revoke, 'roleAssignment { id }');

    expect(transferSchedule).toMatchObject({ actingFor: { displayName: 'Ana' } });
    await stopped(transferSchedule.id, 'NOT_A_MEMBER');
  });

  test('when the network is archived', async () => {
    const { id } = await plan();
    await pay();
    await mutate(server, network.founder, 'networkArchive', inNetwork({}), 'network { id }');

    await stopped(id, 'NETWORK_ARCHIVED');
  });

  test('when the payee has closed the account', async () => {
    const { id } = await plan();
    await pay();
    await mutate(server, ben, 'transferCreate', transferInput(network, ben, ana, '1'), 'transfer { id }');
    await mutate(
      server,
      ben,
      'membershipLeave',
      inNetwork({ membershipId: ben.membershipId }),
      'membership { id }',
    );

    await stopped(id, 'NOT_IN_THIS_STATE');
  });

  test('also a date that waits to be tried again', async () => {
    const { id } = await plan({ amount: '21', count: 1 });
    await pay();
    const input = inNetwork({ membershipId: ana.membershipId, reason: 'absent' });
    await mutate(server, network.founder, 'membershipSuspend', input, 'membership { id }');

    await stopped(id, 'MEMBERSHIP_NOT_ACTIVE');
    expect(await datesOf(id)).toEqual(['2026-03-02 SKIPPED']);
  });
});

/** An account of the network for which Ana signs beside the treasurer. */
async function givenPot(): Promise<{ accountId: string; treasurer: Member }> {
  const input = inNetwork({ unitId: network.unitId, name: 'Pot' });
  const { account } = await mutate(server, network.founder, 'accountOpen', input, 'account { id }');
  const treasurer = await givenOfficer(server, network, 'TREASURER');
  const signatory = inNetwork({ accountId: account.id, membershipId: ana.membershipId });
  await mutate(server, treasurer, 'signatoryAdd', signatory, 'account { id }');
  return { accountId: account.id, treasurer };
}

describe('is seen', () => {
  const LIST = `query($n: ID!, $a: ID!, $f: TransferScheduleFilterInput) { network(id: $n) { account(id: $a) {
    schedules(filter: $f, first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`;
  const listFor = async (caller: Caller, filter: object | null = null, accountId = ana.accountId) =>
    (await ask(server, caller, LIST, { n: network.id, a: accountId, f: filter })).network.account.schedules;
  const nodeFor = async (caller: Caller, id: string) =>
    (await ask(server, caller, 'query($id: ID!) { node(id: $id) { id } }', { id })).node;

  test('by those who read the statement of the payer', async () => {
    const { id } = await plan();
    const auditor = await givenOfficer(server, network, 'AUDITOR');

    for (const caller of [ana, auditor]) {
      expect((await listFor(caller)).nodes).toEqual([{ id }]);
      expect(await nodeFor(caller, id)).toEqual({ id });
    }
    for (const caller of [ben, network.founder]) {
      expect(await listFor(caller)).toBeNull();
      expect(await nodeFor(caller, id)).toBeNull();
      await refused(caller, 'transferScheduleCancel', inNetwork({ transferScheduleId: id }), 'NOT_FOUND');
    }
    expect(await nodeFor(await givenPerson(server), id)).toBeNull();
    await refused(auditor, 'transferSchedulePause', inNetwork({ transferScheduleId: id }), 'FORBIDDEN');
    expect((await listFor(ben, null, ben.accountId)).nodes).toEqual([]);
  });

  test('newest first, by pages and by state', async () => {
    const ids: string[] = [];
    for (let serial = 0; serial < 3; serial++) ids.push((await plan()).id);
    await change('transferSchedulePause', ids[1]!);

    expect(await listFor(ana)).toEqual({
      nodes: [{ id: ids[2] }, { id: ids[1] }],
      pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
    });
    expect((await listFor(ana, { state: 'PAUSED' })).nodes).toEqual([{ id: ids[1] }]);
    expect((await listFor(ana, { state: 'ACTIVE' })).nodes).toEqual([{ id: ids[2] }, { id: ids[0] }]);
  });

  test('with its dates by pages, and with what the viewer can do', async () => {
    const { id } = await plan({ count: 5 });
    await moveTo('2026-03-05T09:00:00Z');
    await pay();
    const query = `query($id: ID!, $after: String) { node(id: $id) { ... on TransferSchedule {
      occurrences(first: 3, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } } } }`;
    const first = (await ask(server, ana, query, { id })).node.occurrences;
    const rest = (await ask(server, ana, query, { id, after: first.pageInfo.endCursor })).node.occurrences;

    expect([first, rest].map(({ nodes }: Json) => nodes.map(({ number }: Json) => number))).toEqual([
      [4, 3, 2],
      [1],
    ]);
    const yes = { allowed: true, reason: null };
    const notNow = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
    expect((await scheduleOf(id)).viewerCan).toEqual({ cancel: yes, pause: yes, resume: notNow });
    await change('transferSchedulePause', id);
    expect((await scheduleOf(id)).viewerCan).toEqual({ cancel: yes, pause: notNow, resume: yes });
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const notYours = { allowed: false, reason: 'NOT_YOURS' };
    expect((await scheduleOf(id, auditor)).viewerCan).toEqual({
      cancel: notYours,
      pause: notYours,
      resume: notYours,
    });
  });

  test('by the payee only as the day on which a payment fell due', async () => {
    await plan();
    await pay();
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { entries { nodes { transfer { dueOn cause { id } } } } } } }`;

    const { network: seen } = await ask(server, ben, query, { n: network.id, a: ben.accountId });

    expect(seen.account.entries.nodes).toEqual([{ transfer: { dueOn: '2026-03-02', cause: null } }]);
  });

  test('another signatory ends what one has planned from a common account', async () => {
    const pot = await givenPot();
    const { id } = await plan({ payerAccountId: pot.accountId });

    const cancelled = await change('transferScheduleCancel', id, {}, pot.treasurer);

    expect(cancelled.state).toBe('CANCELLED');
  });
});
