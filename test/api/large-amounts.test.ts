import { newId } from '../../src/kernel/ids.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import {
  givenConverter,
  givenExchange,
  setRate,
  rateInput,
  type Converter,
  type Exchange,
} from '../support/conversions.ts';
import { duesInput, runDues, setDues } from '../support/dues.ts';
import { pays, postIn } from '../support/lively-ledger.ts';
import { givenCommons, givenPolicy } from '../support/policies.ts';
import { rowsAt, START, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

/** Amounts as large as they come, and what many of them are together. */

const MOST = '10000000000000.00';
const BEYOND = '10000000000000.01';
// As much as a balance may be; ten of them are more than bigint holds.
const FULL = 10n ** 18n;

let server: TestServer;
let network: TestNetwork;
let exchange: Exchange;
let ana: Converter;
let ben: Converter;
let commons: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  exchange = await givenExchange(server, network);
  await givenPolicy(server, network, { limits: { kind: 'NONE' } });
  ana = await givenConverter(exchange, 'Ana');
  ben = await givenConverter(exchange, 'Ben');
  commons = await givenCommons(server, network);
});
afterAll(() => server.close());

let serial = 0;

const keyed = (input: object) => ({ networkId: network.id, idempotencyKey: `large-${++serial}`, ...input });
const between = (amount: string) => ({
  payerAccountId: ana.accountId,
  payeeAccountId: ben.accountId,
  amount,
  description: 'the moon',
});

describe('one amount is at most 10¹⁵ minor units:', () => {
  const later = new Date(START.getTime() + 86_400_000).toISOString();
  const cases: [field: string, caller: () => Caller, input: (amount: string) => object, path: string][] = [
    ['transferCreate', () => ana, (amount) => keyed(between(amount)), 'amount'],
    ['transferRequest', () => ben, (amount) => keyed(between(amount)), 'amount'],
    ['transfersCreate', () => ana, (amount) => keyed({ lines: [between(amount)] }), 'lines.0.amount'],
    [
      'transferSchedule',
      () => ana,
      (amount) => keyed({ ...between(amount), startsOn: '2026-03-02', frequency: 'DAILY', count: 3 }),
      'amount',
    ],
    [
      'holdPlace',
      () => ana,
      (amount) => keyed({ accountId: ana.accountId, amount, description: 'the moon', expiresAt: later }),
      'amount',
    ],
    [
      'duesSet',
      () => network.founder,
      (amount) => duesInput({ network, commons, ana, ben }, { amount }),
      'amount',
    ],
  ];

  test.each(cases)('%s', async (field, caller, input, path) => {
    const { details, ...error } = await expectRefusal(server, caller(), [
      field,
      input(BEYOND),
      'INVALID_AMOUNT',
    ]);
    const { errors } = await tryMutate(server, caller(), field, input(MOST), '__typename');

    expect(error).toMatchObject({ path });
    expect(JSON.parse(details)).toEqual({ max: MOST });
    expect(errors).toEqual([]);
  });

  test('a line of a file', async () => {
    const csv = ['payer,payee,amount,description', `Ana,Ben,${BEYOND},moon`, `Ana,Ben,${MOST},moon`].join(
      '\n',
    );
    const input = keyed({ unitId: network.unitId, csv, isPreview: true });
    const selection = 'transferImport { faults { line code expected } }';

    const { transferImport } = await mutate(server, ana, 'transferImport', input, selection);

    expect(transferImport.faults).toEqual([{ line: 2, code: 'INVALID_AMOUNT', expected: `at most ${MOST}` }]);
  });

  test('both sides of a conversion', async () => {
    const rate = await setRate(exchange, rateInput(exchange, { numerator: 100, denominator: 1 }));
    const sides = { fromAccountId: ana.accountId, toAccountId: ana.creditAccountId, rateId: rate.id };
    const refused = async (amount: string): Promise<Json> => {
      const error = await expectRefusal(server, ana, [
        'conversionCreate',
        keyed({ ...sides, amount }),
        'INVALID_AMOUNT',
      ]);
      return JSON.parse(error.details);
    };

    expect(await refused(BEYOND)).toEqual({ max: MOST });
    // Credit has one decimal.
    expect(await refused('1000000000000.01')).toEqual({ max: '100000000000000.0' });
  });

  test('but limits may be larger', async () => {
    const policy = await givenPolicy(server, network, { payments: { most: '10000000000000000.00' } });
    const rule = {
      networkId: network.id,
      accountId: ana.accountId,
      upTo: '10000000000000000.00',
      afterDays: 3,
    };
    const { errors } = await tryMutate(server, ana, 'requestRuleSet', rule, '__typename');

    expect(policy.payments.most).toEqual({ value: '10000000000000000.00' });
    expect(errors).toEqual([]);
  });
});

describe('what many large amounts are together is told:', () => {
  let large: TestNetwork;
  let payer: Member;
  let members: Member[];

  beforeAll(async () => {
    large = await givenNetwork(server);
    await givenPolicy(server, large, { limits: { kind: 'NONE' } });
    payer = await givenMember(server, large, 'Payer');
    members = [];
    for (let number = 0; number < 10; number++) {
      members.push(await givenMember(server, large, `Member ${number}`));
    }
    const [id] = await postIn(server, large, pays(payer.accountId, members[0]!.accountId, 1n));
    const asOwner = (text: string, values: unknown[]) =>
      rowsAt(server.databaseUrl('superuser'), text, values);
    await asOwner('update account set balance_minor = $2 where id = any($1)', [
      members.map(({ accountId }) => accountId),
      FULL,
    ]);
    await asOwner(
      `insert into transfer
         select (jsonb_populate_record(t, jsonb_build_object('id', n.id, 'amount_minor', $2::bigint))).*
           from transfer t, unnest($3::text[]) as n (id) where t.id = $1`,
      [id, FULL, members.map(() => newId('transfer'))],
    );
  });

  test('supply, volume and what follows from them', async () => {
    const query = `query($n: ID!) { network(id: $n) { units { supply { value } volume { value } velocity clearingDays
      distribution { deciles { value } } } } }`;

    const { network: seen } = await ask(server, large.founder, query, { n: large.id });

    expect(seen.units[0]).toEqual({
      supply: { value: '100000000000000000.00' },
      volume: { value: '100000000000000000.01' },
      velocity: '1.0000',
      clearingDays: '30.0',
      distribution: null,
    });
  });

  test('the total of a run', async () => {
    const receiver = await givenCommons(server, large);
    await setDues(server, { network: large, commons: receiver, ana: payer, ben: payer }, { amount: MOST });
    const { db } = server.app.services;
    await runDues(server, large);
    // As if it had come to nearly as much as bigint holds before it was cut off.
    await db.execute(
      `update charge_run set finished_at = null, reached_id = null, total_minor = 9223372036854775807
        where network_id = $1`,
      [large.id],
    );
    await db.execute(
      `update dues_charge set state = 'UNPAID', paid_at = null, transfer_id = null where network_id = $1`,
      [large.id],
    );

    const run = await runDues(server, large);

    expect(run).toMatchObject({ chargedCount: 24, total: { value: '92353720368547758.07' } });
    expect(await balanceOf(server, large, receiver)).toBe('240000000000000.00');
  });
});
