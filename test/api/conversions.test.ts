import { conversionPartner } from '../../src/services/ledger/conversions.ts';
import { Transfer } from '../../src/entities/transfer.ts';
import { ask, codesOf, givenPerson, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { atOnce } from '../support/many.ts';
import {
  backInput,
  givenConverter,
  givenExchange,
  rateInput,
  setRate,
  type Converter,
  type Exchange,
} from '../support/conversions.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenNetwork, givenOfficer, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let exchange: Exchange;
let ana: Converter;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  exchange = await givenExchange(server, network);
  ana = await givenConverter(exchange, 'Ana');
});
afterAll(() => server.close());

let keys = 0;
const convertInput = (rateId: string, amount: string, change: object = {}) => ({
  networkId: network.id,
  idempotencyKey: `convert-${++keys}`,
  fromAccountId: ana.accountId,
  toAccountId: ana.creditAccountId,
  amount,
  rateId,
  ...change,
});
const SIDES = 'amount { value unit { code } } payer { id } payee { id } kind description conversion { id }';
const CONVERSION = `conversion { id rate { id } from { id ${SIDES} } to { id ${SIDES} } }`;

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);
const convert = (caller: Caller, input: object) =>
  tryMutate(server, caller, 'conversionCreate', input, CONVERSION);

async function balances(): Promise<Record<string, bigint>> {
  const rows = await server.app.database.db.rows<{ id: string; balanceMinor: bigint }>(
    'select id, balance_minor from account where network_id = $1',
    [network.id],
  );
  return Object.fromEntries(rows.map(({ id, balanceMinor }) => [id, balanceMinor]));
}

describe('a rate', () => {
  test('is what the network has decided, and what it decided before stays', async () => {
    const first = await setRate(exchange, rateInput(exchange));
    const second = await setRate(exchange, rateInput(exchange, { numerator: 7, denominator: 2 }));
    const back = await setRate(exchange, backInput(exchange));
    const query = `query($n: ID!, $filter: ConversionRateFilterInput) { network(id: $n) { conversionRates(filter: $filter) {
      nodes { id version isInForce numerator denominator fromUnit { code } toUnit { code }
        fromAccount { id } toAccount { id } setBy { displayName } } } } }`;
    const list = async (filter: object | null) =>
      (await ask(server, ana, query, { n: network.id, filter })).network.conversionRates.nodes;

    const all = await list(null);

    expect([first, second, back].map(({ version, isInForce }) => [version, isInForce])).toEqual([
      [1, true],
      [2, true],
      [1, true],
    ]);
    expect(all.map(({ id, isInForce }: Json) => [id, isInForce])).toEqual([
      [back.id, true],
      [second.id, true],
      [first.id, false],
    ]);
    expect(all[1]).toEqual({
      id: second.id,
      version: 2,
      isInForce: true,
      numerator: 7,
      denominator: 2,
      fromUnit: { code: 'HOUR' },
      toUnit: { code: 'TALENT' },
      fromAccount: { id: exchange.hoursId },
      toAccount: { id: exchange.creditsId },
      setBy: { displayName: 'Fay' },
    });
    expect((await list({ isInForce: true })).map(({ id }: Json) => id)).toEqual([back.id, second.id]);
    expect((await list({ fromUnitId: exchange.creditId })).map(({ id }: Json) => id)).toEqual([back.id]);
    expect((await list({ toUnitId: exchange.creditId, isInForce: true })).map(({ id }: Json) => id)).toEqual([
      second.id,
    ]);
  });

  test('ends when the network has decided so, and can begin anew', async () => {
    const rate = await setRate(exchange, rateInput(exchange));
    const retire = { networkId: network.id, rateId: rate.id };

    const selection = 'conversionRate { version isInForce }';
    const ended = await mutate(server, network.founder, 'conversionRateRetire', retire, selection);

    expect(ended.conversionRate).toEqual({ version: 2, isInForce: false });
    const error = await refused(network.founder, 'conversionRateRetire', retire, 'CONVERSION_RATE_CHANGED');
    expect(JSON.parse(error.details)).toEqual({ currentRateId: null });
    await refused(ana, 'conversionCreate', convertInput(rate.id, '1.00'), 'CONVERSION_RATE_CHANGED');
    expect(await setRate(exchange, rateInput(exchange))).toMatchObject({ version: 3, isInForce: true });
  });

  test('counts its versions one after the other when many are set at once', async () => {
    const set = await Promise.all(Array.from({ length: 10 }, () => setRate(exchange, rateInput(exchange))));

    const versions = set.map(({ version }) => version as number).toSorted((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test.each<[string, () => object, string]>([
    ['a numerator of zero', () => ({ numerator: 0 }), 'INVALID_RANGE'],
    ['a negative denominator', () => ({ denominator: -1 }), 'INVALID_RANGE'],
    ['a numerator beyond 10⁹', () => ({ numerator: 1_000_000_001 }), 'INVALID_RANGE'],
    ['one unit twice', () => ({ toUnitId: network.unitId, toAccountId: exchange.hoursId }), 'INVALID_CHOICE'],
    ['accounts the wrong way round', () => ({ fromAccountId: exchange.creditsId }), 'UNIT_MISMATCH'],
    ['an account of a member', () => ({ fromAccountId: ana.accountId }), 'INVALID_CHOICE'],
    ['an unknown unit', () => ({ fromUnitId: 'uni_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['an unknown account', () => ({ toAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['a unit id of another kind', () => ({ toUnitId: ana.accountId }), 'INVALID_ID'],
  ])('is refused with %s', async (_, change, code) => {
    await refused(network.founder, 'conversionRateSet', rateInput(exchange, change()), code);
  });

  test('is refused for points, and with a frozen account', async () => {
    const unit = {
      networkId: network.id,
      code: 'POINTS',
      name: [{ locale: 'en', text: 'Points' }],
      symbol: 'p',
      kind: 'POINTS',
      scale: 0,
    };
    const points = await mutate(server, network.founder, 'unitCreate', unit, 'unit { id }');
    const freeze = { networkId: network.id, accountId: exchange.creditsId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');

    const withPoints = rateInput(exchange, { toUnitId: points.unit.id });
    await refused(network.founder, 'conversionRateSet', withPoints, 'INVALID_CHOICE');
    const frozen = await refused(
      network.founder,
      'conversionRateSet',
      rateInput(exchange),
      'ACCOUNT_NOT_OPEN',
    );

    expect(frozen.path).toBe('toAccountId');
  });

  test('is set by coordinators alone', async () => {
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const rate = await setRate(exchange, rateInput(exchange));

    for (const caller of [ana, treasurer]) {
      await refused(caller, 'conversionRateSet', rateInput(exchange), 'FORBIDDEN');
      await refused(caller, 'conversionRateRetire', { networkId: network.id, rateId: rate.id }, 'FORBIDDEN');
    }
  });
});

describe('a conversion', () => {
  let rateId: string;
  beforeEach(async () => {
    rateId = (await setRate(exchange, rateInput(exchange))).id;
  });

  test('is two transfers through the network’s accounts, rounded down', async () => {
    const { conversion, errors } = await convert(ana, convertInput(rateId, '1.01'));

    const side = (of: object) => ({
      kind: 'CONVERSION',
      description: '',
      conversion: { id: conversion.id },
      ...of,
    });
    expect(errors).toEqual([]);
    expect(conversion).toEqual({
      id: expect.stringMatching(/^cnv_/),
      rate: { id: rateId },
      from: side({
        id: expect.stringMatching(/^trf_/),
        amount: { value: '1.01', unit: { code: 'HOUR' } },
        payer: { id: ana.accountId },
        payee: { id: exchange.hoursId },
      }),
      to: side({
        id: expect.stringMatching(/^trf_/),
        amount: { value: '3.3', unit: { code: 'TALENT' } },
        payer: { id: exchange.creditsId },
        payee: { id: ana.creditAccountId },
      }),
    });
    expect(await balances()).toMatchObject({
      [ana.accountId]: -101n,
      [exchange.hoursId]: 101n,
      [exchange.creditsId]: -33n,
      [ana.creditAccountId]: 33n,
    });
    const events = await server.app.database.db.rows<{ kind: string; subjectId: string }>(
      `select kind, subject_id from outbox_read('1:1:', pg_current_snapshot(), '0', '', 1000)
        where network_id = $1 and kind in ('TransferPosted', 'ConversionMade') order by kind, subject_id`,
      [network.id],
    );
    expect(events).toEqual([
      { kind: 'ConversionMade', subjectId: conversion.id },
      ...[conversion.from.id, conversion.to.id]
        .toSorted()
        .map((subjectId: string) => ({ kind: 'TransferPosted', subjectId })),
    ]);
  });

  test('is remembered by both its halves', async () => {
    const { conversion } = await convert(ana, convertInput(rateId, '3.00'));
    const { db } = server.app.database;
    const one = async (id: string) => {
      const transfer = await db.one(Transfer, { networkId: network.id, id });
      if (!transfer) throw new Error('There is no such transfer');
      return (await conversionPartner(db, transfer))?.id;
    };

    expect(await one(conversion.from.id)).toBe(conversion.to.id);
    expect(await one(conversion.to.id)).toBe(conversion.from.id);
  });

  test('is seen by members, and by nobody outside', async () => {
    const { conversion } = await convert(ana, convertInput(rateId, '3.00'));
    const stranger = await givenPerson(server, 'Stranger');
    const query = 'query($id: ID!, $rate: ID!) { node(id: $id) { id } rate: node(id: $rate) { id } }';
    const seenBy = (caller: Caller) => ask(server, caller, query, { id: conversion.id, rate: rateId });

    expect(await seenBy(ana)).toEqual({ node: { id: conversion.id }, rate: { id: rateId } });
    expect(await seenBy(stranger)).toEqual({ node: null, rate: null });
  });

  test('executes once for its key', async () => {
    const input = convertInput(rateId, '3.00');

    const answers = await Promise.all(Array.from({ length: 20 }, () => convert(ana, input)));

    expect(new Set(answers.map(({ conversion }) => conversion.id)).size).toBe(1);
    expect(await balances()).toMatchObject({ [ana.accountId]: -300n, [ana.creditAccountId]: 100n });
    await refused(ana, 'conversionCreate', { ...input, amount: '4.00' }, 'IDEMPOTENCY_KEY_REUSED');
  });

  test('is refused at a rate that has changed, and says which is in force', async () => {
    const next = await setRate(exchange, rateInput(exchange, { numerator: 9 }));

    const error = await refused(
      ana,
      'conversionCreate',
      convertInput(rateId, '1.00'),
      'CONVERSION_RATE_CHANGED',
    );

    expect(JSON.parse(error.details)).toEqual({ currentRateId: next.id });
    expect(error.path).toBe('rateId');
  });

  test('is refused when it would give nothing', async () => {
    await refused(ana, 'conversionCreate', convertInput(rateId, '0.02'), 'CONVERSION_TOO_SMALL');

    const { conversion } = await convert(ana, convertInput(rateId, '0.03'));

    expect(conversion.to.amount.value).toBe('0.1');
  });

  test('is all or nothing: limits hold on both sides', async () => {
    const [low, high] = [convertInput(rateId, '20.01'), convertInput(rateId, '19.00')];
    const limits = {
      networkId: network.id,
      accountId: ana.creditAccountId,
      followsPolicy: false,
      ceiling: '60.0',
    };
    await mutate(server, network.founder, 'limitSet', limits, 'account { id }');

    await refused(ana, 'conversionCreate', low, 'INSUFFICIENT_CREDIT');
    const { errors } = await tryMutateWith(ana, high, '... on CeilingExceeded { earnable }');
    await refused(ana, 'conversionCreate', high, 'CEILING_EXCEEDED');

    expect(errors).toEqual([{ code: 'CEILING_EXCEEDED', earnable: '60.0' }]);
  });

  async function tryMutateWith(caller: Caller, input: object, fragment: string): Promise<Json> {
    const query = `mutation($input: ConversionCreateInput!) { conversionCreate(input: $input) { errors { code ${fragment} } } }`;
    return (await ask(server, caller, query, { input })).conversionCreate;
  }

  test.each<[string, () => object, string]>([
    ['amount zero', () => ({ amount: '0' }), 'INVALID_AMOUNT'],
    ['more decimals than the unit', () => ({ amount: '0.001' }), 'TOO_MANY_DECIMALS'],
    ['accounts the wrong way round', swapped, 'UNIT_MISMATCH'],
    ['one account twice', () => ({ toAccountId: ana.accountId }), 'UNIT_MISMATCH'],
    ['an unknown rate', () => ({ rateId: 'cvr_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['an unknown account', () => ({ toAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['a rate that is none', () => ({ rateId: ana.accountId }), 'INVALID_ID'],
    ['an empty key', () => ({ idempotencyKey: '' }), 'INVALID_KEY'],
  ])('is refused with %s', async (_, change, code) => {
    await refused(ana, 'conversionCreate', convertInput(rateId, '1.00', change()), code);
  });

  function swapped(): object {
    return { fromAccountId: ana.creditAccountId, toAccountId: ana.accountId };
  }

  test('needs open accounts on all sides', async () => {
    for (const [accountId, path] of [
      [ana.accountId, 'fromAccountId'],
      [ana.creditAccountId, 'toAccountId'],
      [exchange.hoursId, 'rateId'],
      [exchange.creditsId, 'rateId'],
    ] as const) {
      const freeze = (isFrozen: boolean) =>
        mutate(
          server,
          network.founder,
          'accountUpdate',
          { networkId: network.id, accountId, isFrozen },
          'account { id }',
        );
      await freeze(true);

      const error = await refused(ana, 'conversionCreate', convertInput(rateId, '1.00'), 'ACCOUNT_NOT_OPEN');

      expect(error.path).toBe(path);
      await freeze(false);
    }
  });

  test('is made by who signs for both accounts, and between accounts of one holder', async () => {
    const ben = await givenConverter(exchange, 'Ben');
    const toBen = { toAccountId: ben.creditAccountId };
    const sign = { networkId: network.id, membershipId: ana.membershipId, accountId: ben.creditAccountId };

    await refused(ben, 'conversionCreate', convertInput(rateId, '1.00'), 'FORBIDDEN');
    await refused(ana, 'conversionCreate', convertInput(rateId, '1.00', toBen), 'FORBIDDEN');
    await refused(network.founder, 'conversionCreate', convertInput(rateId, '1.00'), 'FORBIDDEN');
    await mutate(server, ben, 'signatoryAdd', sign, 'account { id }');
    const error = await refused(
      ana,
      'conversionCreate',
      convertInput(rateId, '1.00', toBen),
      'INVALID_CHOICE',
    );

    expect(error.path).toBe('toAccountId');
  });

  describe('is undone', () => {
    const reverseInput = (transferId: string) => ({
      networkId: network.id,
      transferId,
      idempotencyKey: `undo-${++keys}`,
      reason: 'the wrong amount',
    });
    const states = async () =>
      server.app.database.db.rows(
        `select kind, state, count(*)::int as count from transfer where network_id = $1 group by kind, state order by kind`,
        [network.id],
      );

    test('whole, whichever half is named, and only by a coordinator who is not its holder', async () => {
      for (const half of ['from', 'to'] as const) {
        const { conversion } = await convert(ana, convertInput(rateId, '3.00'));
        const input = reverseInput(conversion[half].id);
        await refused(ana, 'transferReverse', input, 'FORBIDDEN');

        await mutate(server, network.founder, 'transferReverse', input, 'transfer { id }');

        expect(await balances()).toMatchObject({
          [ana.accountId]: 0n,
          [exchange.hoursId]: 0n,
          [exchange.creditsId]: 0n,
          [ana.creditAccountId]: 0n,
        });
        await refused(network.founder, 'transferReverse', reverseInput(conversion.to.id), 'NOT_REVERSIBLE');
      }
      expect(await states()).toEqual([
        { kind: 'CONVERSION', state: 'REVERSED', count: 4 },
        { kind: 'REVERSAL', state: 'POSTED', count: 4 },
      ]);
    });

    test('by no coordinator who signs for one of the two accounts, whichever half is named', async () => {
      const { conversion } = await convert(ana, convertInput(rateId, '3.00'));
      const officer = await givenOfficer(server, network, 'COORDINATOR');
      const { membershipId } = officer;
      const sign = { networkId: network.id, accountId: ana.creditAccountId, membershipId };
      await mutate(server, ana, 'signatoryAdd', sign, 'account { id }');
      const query = `query($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Transfer { viewerCan { reverse { reason } } } ... on Conversion { viewerCan { reverse { reason } } } } }`;
      const ids = [conversion.from.id, conversion.to.id, conversion.id];

      for (const half of [conversion.from, conversion.to]) {
        await refused(officer, 'transferReverse', reverseInput(half.id), 'FORBIDDEN');
      }
      const { nodes } = await ask(server, officer, query, { ids });

      expect(nodes.map(({ viewerCan }: Json) => viewerCan.reverse.reason)).toEqual(
        Array(3).fill('NOT_YOURS'),
      );
    });

    test('by whom, it says beforehand', async () => {
      const { conversion } = await convert(ana, convertInput(rateId, '3.00'));
      const query = `query($id: ID!) { node(id: $id) { ... on Conversion { viewerCan { reverse { allowed reason } } } } }`;
      const verdict = async (caller: Caller) =>
        (await ask(server, caller, query, { id: conversion.id })).node.viewerCan.reverse;

      expect(await verdict(ana)).toEqual({ allowed: false, reason: 'ROLE_REQUIRED' });
      expect(await verdict(network.founder)).toEqual({ allowed: true, reason: null });
      await mutate(
        server,
        network.founder,
        'transferReverse',
        reverseInput(conversion.to.id),
        'transfer { id }',
      );
      expect(await verdict(network.founder)).toEqual({ allowed: false, reason: 'NOT_IN_THIS_STATE' });
    });

    test('once, if both halves are named at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const { conversion } = await convert(ana, convertInput(rateId, '3.00'));

        const answers = await Promise.all(
          [conversion.from, conversion.to].map(({ id }) =>
            tryMutate(server, network.founder, 'transferReverse', reverseInput(id), 'transfer { id }'),
          ),
        );

        expect(codesOf(answers).toSorted()).toEqual(['DONE', 'NOT_REVERSIBLE']);
      }
      expect(await balances()).toMatchObject({ [ana.accountId]: 0n, [ana.creditAccountId]: 0n });
    });
  });

  test('in opposite directions by many at once never waits in a circle, and every sum stays zero', async () => {
    const backId = (await setRate(exchange, backInput(exchange))).id;
    const people = await Promise.all(['B', 'C', 'D', 'E'].map((name) => givenConverter(exchange, name)));
    const there = (who: Converter) =>
      convertInput(rateId, '0.30', { fromAccountId: who.accountId, toAccountId: who.creditAccountId });
    const back = (who: Converter) =>
      convertInput(backId, '1.0', { fromAccountId: who.creditAccountId, toAccountId: who.accountId });
    const answers = await atOnce(80, (index) => {
      const who = people[index % people.length]!;
      return convert(who, index % 2 === Math.floor(index / 4) % 2 ? there(who) : back(who));
    });

    expect(new Set(codesOf(answers))).toEqual(new Set(['DONE']));
    const sums = await server.app.database.db.rows(
      'select sum(balance_minor)::bigint as sum from account where network_id = $1 group by unit_id',
      [network.id],
    );
    expect(sums).toEqual([{ sum: 0n }, { sum: 0n }]);
    for (const { accountId, creditAccountId } of people) {
      expect(await balances()).toMatchObject({ [accountId]: 0n, [creditAccountId]: 0n });
    }
  });
});

test('the accounts of a rate are not converted into each other', async () => {
  const treasurer = await givenOfficer(server, network, 'TREASURER');
  const rate = await setRate(exchange, rateInput(exchange));
  const own = { fromAccountId: exchange.hoursId, toAccountId: exchange.creditsId };

  await refused(treasurer, 'conversionCreate', convertInput(rate.id, '1.00', own), 'INVALID_CHOICE');
});
