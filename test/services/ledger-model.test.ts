import fc from 'fast-check';
import pg from 'pg';
import type { LimitKind } from '../../src/entities/unit-policy.ts';
import { checkLedger } from '../../src/services/ledger/check.ts';
import { ACTOR, Keeper } from '../support/books.ts';
import {
  answer,
  capture,
  close,
  expireAll,
  freeze,
  hold,
  limit,
  pass,
  pay,
  release,
  request,
  reverse,
  setPolicy,
  type Command,
  type Expected,
  type Real,
  type Rules,
} from '../support/ledger-commands.ts';
import { LedgerModel } from '../support/ledger-model.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let keeper: Keeper;
let client: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await keeper.close();
  await server.close();
});

const MEMBERS = 4;
/** Two accounts of the network after those of the members; the last one takes the levies. */
const ACCOUNTS = MEMBERS + 2;

// Few accounts and small, round numbers, so that limits are met often, and exactly.
const anAccount = fc.nat(ACCOUNTS - 1);
const aMember = fc.nat(MEMBERS - 1);
const sides = fc.uniqueArray(anAccount, { minLength: 2, maxLength: 2 }) as fc.Arbitrary<[number, number]>;
const tens = (max: number) => fc.nat(max).map((value) => BigInt(value) * 10n);
const amount = fc.oneof(
  { weight: 3, arbitrary: tens(9).map((value) => value + 10n) },
  fc.bigInt({ min: 1n, max: 300n }),
);
const floor = tens(12).map((value) => -value);
const ceiling = fc.option(tens(20));
const index = fc.nat(1_000);
const days = fc.integer({ min: 1, max: 8 });
const rate = fc.constantFrom(0, 33_333, 100_000, 500_000);

const rules = fc
  .record({
    limitKind: fc.constantFrom<LimitKind>('NONE', 'FIXED', 'FIXED', 'TURNOVER', 'TURNOVER', 'GROWTH'),
    isWarning: fc.nat(4).map((value) => value === 0),
    floorMinor: floor,
    ceilingMinor: ceiling,
    turnoverPpm: fc.integer({ min: 0, max: 1_500_000 }),
    turnoverDays: fc.integer({ min: 1, max: 10 }),
    hardFloorMinor: fc.option(floor.map((value) => value - 60n)),
    hasLevies: fc.boolean(),
    payerLevyPpm: rate,
    payeeLevyPpm: rate,
  })
  .map(({ isWarning, ...given }): Rules => {
    const { limitKind } = given;
    const isGrowing = limitKind === 'TURNOVER' || limitKind === 'GROWTH';
    return {
      ...given,
      limitMode: isWarning ? 'WARN' : 'BLOCK',
      floorMinor: limitKind === 'NONE' ? null : given.floorMinor,
      ceilingMinor: limitKind === 'NONE' ? null : given.ceilingMinor,
      turnoverPpm: limitKind === 'TURNOVER' ? given.turnoverPpm : null,
      turnoverDays: limitKind === 'TURNOVER' ? given.turnoverDays : null,
      hardFloorMinor: isGrowing ? given.hardFloorMinor : null,
    };
  });

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const someCommands: fc.Arbitrary<Command>[] = [
  ...times(
    6,
    fc.tuple(sides, amount, fc.option(fc.nat(3), { freq: 2 })).map((given) => pay(...given)),
  ),
  ...times(
    2,
    fc.tuple(sides, amount, days).map((given) => request(...given)),
  ),
  ...times(
    2,
    fc.tuple(index, fc.constantFrom('accept', 'reject', 'cancel')).map((given) => answer(...given)),
  ),
  fc.tuple(index, fc.constant('accept' as const)).map((given) => answer(...given)),
  ...times(2, index.map(reverse)),
  ...times(
    2,
    fc.tuple(anAccount, amount, days).map((given) => hold(...given)),
  ),
  ...times(
    2,
    fc.tuple(index, anAccount, fc.tuple(amount, fc.boolean())).map((given) => capture(...given)),
  ),
  index.map(release),
  ...times(
    2,
    fc.integer({ min: 1, max: 16 }).map((halfDays) => pass(halfDays * 12)),
  ),
  fc.constant(expireAll),
  fc.tuple(aMember, fc.option(floor), ceiling, fc.boolean()).map((given) => limit(...given)),
  fc.tuple(anAccount, fc.constantFrom(true, false, false)).map((given) => freeze(...given)),
  fc.nat(1).map(close),
  rules.map(setPolicy),
];

async function setUp(first: Rules): Promise<{ model: Expected; real: Real }> {
  const books = await keeper.books();
  const ledger = new LedgerModel();
  const accounts: string[] = [];
  for (let count = 0; count < ACCOUNTS; count++) {
    const isCommon = count >= MEMBERS;
    const id = await (isCommon ? books.common() : books.account());
    ledger.addAccount(id, { isCommon });
    accounts.push(id);
  }
  const now = () => server.clock.now().getTime();
  const model: Expected = { ledger, now, accounts, transfers: [], holds: [], keys: new Map() };
  const real: Real = { server, books, run: (work) => server.app.services.run(ACTOR, work) };
  await setPolicy(first).run(model, real);
  return { model, real };
}

test('the ledger does what the model of it does, whatever happens to it', async () => {
  const histories = fc.commands(someCommands, { maxCommands: 60, size: 'max' });

  await fc.assert(
    fc.asyncProperty(rules, histories, async (first, history) => {
      const pair = await setUp(first);

      await fc.asyncModelRun(() => pair, history);

      const balances = [...pair.model.ledger.accounts.values()].map(({ balance }) => balance);
      expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
      const lines = await checkLedger(client, pair.real.books.networkId);
      expect(lines.filter(({ fault }) => fault !== null)).toEqual([]);
    }),
    { numRuns: 20 },
  );
}, 120_000);
