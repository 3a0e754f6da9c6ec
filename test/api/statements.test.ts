import { ask, givenPerson, send, type Caller, type Json } from '../support/api.ts';
import { commonAccountOf, pays, postIn } from '../support/lively-ledger.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let common: string;
beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  common = await commonAccountOf(server, network);
  await asSuperuser(`update network set time_zone = 'Europe/Madrid' where id = $1`, [network.id]);
  await asSuperuser(
    'update unit_policy set payer_levy_ppm = 100000, levy_account_id = $2 where unit_id = $1',
    [network.unitId, common],
  );
  await pay('2026-03-28T11:00:00Z', ana, ben, 100n, 'eggs');
  await pay('2026-03-28T11:00:00Z', ana, network.founder, 300n, 'Bread, 3 loaves');
  await pay('2026-03-29T00:30:00Z', ben, ana, 500n, 'a bicycle');
  // Half past midnight on the 30th in Madrid, where summer has begun.
  const [late] = await pay('2026-03-29T22:30:00Z', ana, ben, 200n, 'eggs');
  await pay('2026-03-30T10:00:00Z', ben, ana, 200n, 'eggs', late);
});
afterAll(() => server.close());

const asSuperuser = (statement: string, values: unknown[]) =>
  rowsAt(server.databaseUrl('superuser'), statement, values);

function pay(at: string, payer: Member, payee: Member, amount: bigint, text: string, reversesId?: string) {
  server.clock.advance(new Date(at).getTime() - server.clock.now().getTime());
  const undoing = reversesId ? ({ kind: 'REVERSAL', reversesId } as const) : {};
  return postIn(server, network, {
    ...pays(payer.accountId, payee.accountId, amount),
    description: text,
    ...undoing,
  });
}

async function account(caller: Caller, id: string, selection: string): Promise<Json> {
  const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { ${selection} } } }`;
  return (await ask(server, caller, query, { n: network.id, a: id })).network.account;
}

const numbersOf = ({ entries }: Json) => entries.nodes.map(({ number }: Json) => number);

// Ana’s entries: 1, 3 and 6 what she paid, each with its levy; 5 what came in; 8 and 9 what was given back with its levy.
describe('a statement', () => {
  test.each<[string, number[]]>([
    ['{}', [9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['{ direction: IN }', [9, 8, 5]],
    ['{ direction: OUT }', [7, 6, 4, 3, 2, 1]],
    ['{ isLevy: true }', [9, 7, 4, 2]],
    ['{ isLevy: false, direction: OUT }', [6, 3, 1]],
    ['{ from: "2026-03-28T11:00:00Z", to: "2026-03-29T00:30:00Z" }', [4, 3, 2, 1]],
    ['{ from: "2026-03-28T11:00:00.001Z", to: "2026-03-29T00:30:00.001Z" }', [5]],
    ['{ from: "2026-03-29T00:30:00Z" }', [9, 8, 7, 6, 5]],
    ['{ to: "2026-03-28T11:00:00Z" }', []],
    ['{ text: "BREAD" }', [4, 3]],
    ['{ text: "%" }', []],
  ])('with the filter %s holds entries %j', async (filter, numbers) => {
    const seen = await account(ana, ana.accountId, `entries(filter: ${filter}) { nodes { number } }`);

    expect(numbersOf(seen)).toEqual(numbers);
  });

  test('is filtered by the account on the other side', async () => {
    const filter = `{ counterpartyAccountId: "${network.founder.accountId}" }`;

    const seen = await account(ana, ana.accountId, `entries(filter: ${filter}) { nodes { number } }`);

    expect(numbersOf(seen)).toEqual([4, 3]);
  });

  test('goes on where a filtered page ended', async () => {
    const page = (after: string | null) =>
      account(
        ana,
        ana.accountId,
        `entries(filter: { isLevy: true }, first: 3${after ? `, after: "${after}"` : ''}) {
           nodes { number } pageInfo { hasNextPage endCursor } }`,
      );

    const first = await page(null);
    const second = await page(first.entries.pageInfo.endCursor);

    expect(numbersOf(first)).toEqual([9, 7, 4]);
    expect(first.entries.pageInfo.hasNextPage).toBe(true);
    expect(numbersOf(second)).toEqual([2]);
    expect(second.entries.pageInfo.hasNextPage).toBe(false);
  });

  test('refuses a text that is too long', async () => {
    const query = `query($n: ID!, $a: ID!, $t: String) { network(id: $n) { account(id: $a) { entries(filter: { text: $t }) { nodes { number } } } } }`;
    const variables = { n: network.id, a: ana.accountId, t: 'x'.repeat(101) };

    const { errors } = await send(server, query, variables, ana);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'TEXT_TOO_LONG' });
  });
});

test('a balance at an instant holds what was posted at it, and nothing later', async () => {
  const at = (instant: string) => `balanceAt(at: "${instant}") { value unit { code } }`;
  const seen = await account(
    ana,
    ana.accountId,
    `never: ${at('2020-01-01T00:00:00Z')} before: ${at('2026-03-28T10:59:59.999Z')} exactly: ${at('2026-03-28T11:00:00Z')}
     later: ${at('2026-03-29T12:00:00Z')} now: ${at('2030-01-01T00:00:00Z')}`,
  );

  const hours = (value: string) => ({ value, unit: { code: 'HOUR' } });
  expect(seen).toEqual({
    never: hours('0.00'),
    before: hours('0.00'),
    exactly: hours('-4.40'),
    later: hours('0.60'),
    now: hours('0.60'),
  });
});

describe('a series', () => {
  const series = async (from: string, to: string, step: string) => {
    const selection = `series(from: "${from}", to: "${to}", step: ${step}) {
      from to balance { value } in { value } out { value } }`;
    const { series: points } = await account(ana, ana.accountId, selection);
    return points.map((point: Json) => [
      point.from,
      point.to,
      point.balance.value,
      point.in.value,
      point.out.value,
    ]);
  };

  test('begins its days at midnight of the network, also where summer begins', async () => {
    expect(await series('2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', 'DAY')).toEqual([
      ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '-4.40', '0.00', '4.40'],
      ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', '0.60', '5.00', '0.00'],
      ['2026-03-29T22:00:00.000Z', '2026-03-30T22:00:00.000Z', '0.60', '0.00', '0.00'],
    ]);
  });

  test('has an hour less where summer begins and one more where it ends', async () => {
    const spring = await series('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 'HOUR');
    const autumn = await series('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 'HOUR');

    expect(spring).toHaveLength(23);
    expect(spring[1]).toEqual([
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '0.60',
      '5.00',
      '0.00',
    ]);
    expect(autumn).toHaveLength(25);
  });

  test('cuts its first and last step to the interval', async () => {
    expect(await series('2026-03-28T10:00:00Z', '2026-04-02T10:00:00Z', 'WEEK')).toEqual([
      ['2026-03-28T10:00:00.000Z', '2026-03-29T22:00:00.000Z', '0.60', '5.00', '4.40'],
      ['2026-03-29T22:00:00.000Z', '2026-04-02T10:00:00.000Z', '0.60', '0.00', '0.00'],
    ]);
    expect(await series('2026-03-28T11:00:00Z', '2026-04-01T00:00:00Z', 'MONTH')).toEqual([
      ['2026-03-28T11:00:00.000Z', '2026-03-31T22:00:00.000Z', '0.60', '5.00', '4.40'],
      ['2026-03-31T22:00:00.000Z', '2026-04-01T00:00:00.000Z', '0.60', '0.00', '0.00'],
    ]);
  });

  test('begins the hours with the clock where the clock moves by half an hour', async () => {
    await asSuperuser(`update network set time_zone = 'Australia/Lord_Howe' where id = $1`, [network.id]);
    try {
      const points = await series('2026-04-04T13:30:00Z', '2026-04-04T17:30:00Z', 'HOUR');

      // At 15:00Z the clock goes from 02:00 back to 01:30.
      expect(points.map(([from]: string[]) => from?.slice(11, 16))).toEqual([
        '13:30',
        '14:00',
        '15:30',
        '16:30',
      ]);
    } finally {
      await asSuperuser(`update network set time_zone = 'Europe/Madrid' where id = $1`, [network.id]);
    }
  });

  test.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'DAY'],
    ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', 'DAY'],
    ['2026-01-01T00:30:00Z', '2026-01-17T16:30:00Z', 'HOUR'],
    ['0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z', 'HOUR'],
  ])('from %s to %s by the %s is refused', async (from, to, step) => {
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { series(from: "${from}", to: "${to}", step: ${step}) { from } } } }`;

    const { errors } = await send(server, query, { n: network.id, a: ana.accountId }, ana);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_RANGE' });
  });

  test('of 400 steps is given', async () => {
    expect(await series('2026-01-01T00:00:00Z', '2026-01-17T16:00:00Z', 'HOUR')).toHaveLength(400);
  });
});

test('stats tell what moved, net of what was given back, and with whom', async () => {
  const stats = 'grossIn { value } grossOut { value } partners count';
  const seen = await account(
    ana,
    ana.accountId,
    `all: stats(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { ${stats} }
     first: stats(from: "2026-03-28T00:00:00Z", to: "2026-03-29T00:30:00Z") { ${stats} }
     undone: stats(from: "2026-03-30T00:00:00Z", to: "2026-03-31T00:00:00Z") { ${stats} }
     none: stats(from: "2025-03-28T00:00:00Z", to: "2025-03-29T00:30:00Z") { ${stats} }`,
  );

  const money = (value: string) => ({ value });
  expect(seen).toEqual({
    all: { grossIn: money('5.00'), grossOut: money('4.40'), partners: 2, count: 9 },
    first: { grossIn: money('0.00'), grossOut: money('4.40'), partners: 2, count: 4 },
    undone: { grossIn: money('0.00'), grossOut: money('-2.20'), partners: 1, count: 2 },
    none: { grossIn: money('0.00'), grossOut: money('0.00'), partners: 0, count: 0 },
  });
});

describe('who reads a statement reads its figures:', () => {
  const FIGURES = `entries { nodes { number } } balanceAt(at: "2026-04-01T00:00:00Z") { value }
    series(from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z", step: MONTH) { from }
    stats(from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z") { count }`;
  const isSeen = (seen: Json) => Object.values(seen).map((figure) => figure !== null);

  test('holder, signatory and auditor do, fellow members do not, whatever the network shows of balances', async () => {
    const signatory = await givenMember(server, network, 'Sig');
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    await asSuperuser('insert into account_signatory values ($1, $2, $3, now())', [
      network.id,
      ana.accountId,
      signatory.membershipId,
    ]);

    for (const visibility of ['HOLDER', 'NETWORK']) {
      await asSuperuser('update network set balances_visible_to = $2 where id = $1', [
        network.id,
        visibility,
      ]);
      for (const reader of [ana, signatory, auditor]) {
        expect(isSeen(await account(reader, ana.accountId, FIGURES))).toEqual([true, true, true, true]);
      }
      expect(isSeen(await account(ben, ana.accountId, FIGURES))).toEqual([false, false, false, false]);
    }
  });

  test('members do for common property, and strangers see no account', async () => {
    const stranger = await givenPerson(server, 'Stranger');

    expect(isSeen(await account(ben, common, FIGURES))).toEqual([true, true, true, true]);
    expect(await account(stranger, common, FIGURES)).toBeNull();
  });
});

test('balances of many accounts at an instant are read at once', async () => {
  const queries = jest.spyOn(server.app.database.pool, 'query');
  const asked = `query($n: ID!) { network(id: $n) { accounts(first: 100) { nodes { balanceAt(at: "2026-04-01T00:00:00Z") { value } } } } }`;

  const { network: seen } = await ask(server, network.founder, asked, { n: network.id });
  const texts = queries.mock.calls.map(([query]) => (query as unknown as { text: string }).text);
  queries.mockRestore();

  expect(seen.accounts.nodes.length).toBeGreaterThan(3);
  expect(texts.filter((text) => text.includes('ledger_seq_at'))).toHaveLength(1);
});
