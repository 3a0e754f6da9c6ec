import fc from 'fast-check';
import type { LimitKind } from '../../src/entities/unit-policy.ts';
import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { MAX_AMOUNT_MINOR, MAX_MINOR } from '../../src/kernel/money.ts';
import type { Posting } from '../../src/services/ledger/posting.ts';
import { Keeper, posting, reversal, type Books } from '../support/books.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let keeper: Keeper;
beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
});
afterAll(async () => {
  await keeper.close();
  await server.close();
});

describe('a limit refuses only what leads away from zero and ends beyond it:', () => {
  interface Case {
    balance: bigint;
    reserved?: bigint;
    floor?: bigint | null;
    ceiling?: bigint | null;
    /** Below zero: it pays. */
    effect: bigint;
    verdict: 'POSTED' | 'BELOW_FLOOR' | 'ABOVE_CEILING' | 'OUT_OF_RANGE';
    room?: bigint;
  }
  const posted = (balance: bigint, effect: bigint, more: Partial<Case> = {}): Case => ({
    balance,
    effect,
    verdict: 'POSTED',
    ...more,
  });
  const below = (balance: bigint, effect: bigint, room: bigint, more: Partial<Case> = {}): Case => ({
    balance,
    effect,
    verdict: 'BELOW_FLOOR',
    room,
    ...more,
  });
  const above = (balance: bigint, effect: bigint, room: bigint, more: Partial<Case> = {}): Case => ({
    balance,
    effect,
    verdict: 'ABOVE_CEILING',
    room,
    ...more,
  });
  const outside = (balance: bigint, effect: bigint): Case => ({
    balance,
    effect,
    floor: null,
    ceiling: null,
    verdict: 'OUT_OF_RANGE',
  });
  const none = { floor: null, ceiling: null };

  // The floor is -10 and the ceiling 10 unless it says otherwise.
  const cases: Case[] = [
    // Up to the limit exactly, and one more.
    posted(0n, -10n),
    below(0n, -11n, 10n),
    posted(0n, 10n),
    above(0n, 11n, 10n),
    posted(-9n, -1n),
    below(-10n, -1n, 0n),
    posted(9n, 1n),
    above(10n, 1n, 0n),
    // Through zero.
    posted(5n, -15n),
    below(5n, -16n, 15n),
    posted(-5n, 15n),
    above(-5n, 16n, 15n),
    // Beyond a limit already: further away is refused, back towards zero passes.
    below(-50n, -1n, 0n),
    posted(-50n, 1n),
    posted(-50n, 49n),
    above(50n, 1n, 0n),
    posted(50n, -1n),
    posted(50n, -49n),
    // From beyond one limit up to the other, and beyond that.
    posted(-50n, 60n),
    above(-50n, 61n, 60n),
    posted(50n, -60n),
    below(50n, -61n, 60n),
    // Limits at zero, and one limit alone.
    below(0n, -1n, 0n, { floor: 0n }),
    posted(5n, -5n, { floor: 0n }),
    above(0n, 1n, 0n, { ceiling: 0n }),
    posted(-5n, 5n, { ceiling: 0n }),
    posted(0n, -1_000n, { floor: null }),
    above(0n, 11n, 10n, { floor: null }),
    posted(0n, 1_000n, { ceiling: null }),
    below(0n, -11n, 10n, { ceiling: null }),
    // What is reserved counts as spent at the floor, not at the ceiling.
    posted(5n, -12n, { reserved: 3n }),
    below(5n, -13n, 12n, { reserved: 3n }),
    below(0n, -1n, 0n, { reserved: 20n }),
    below(5n, -1n, 0n, { reserved: 20n }),
    posted(100n, -80n, { reserved: 20n, floor: 0n }),
    below(100n, -81n, 80n, { reserved: 20n, floor: 0n }),
    posted(0n, -1_000n, { reserved: 20n, floor: null }),
    posted(0n, 10n, { reserved: 20n }),
    above(0n, 11n, 10n, { reserved: 20n }),
    // The ends of the range.
    posted(0n, -MAX_MINOR, none),
    posted(0n, MAX_MINOR, none),
    posted(MAX_MINOR, -MAX_MINOR, none),
    posted(1n - MAX_MINOR, -1n, none),
    posted(MAX_MINOR - 1n, 1n, none),
    outside(-MAX_MINOR, -1n),
    outside(MAX_MINOR, 1n),
    outside(1n, MAX_MINOR),
    posted(-MAX_MINOR, 1n, { floor: 0n }),
    posted(0n, -MAX_MINOR, { floor: -MAX_MINOR }),
    below(MAX_MINOR, -1n, 0n, { floor: 0n, reserved: MAX_MINOR }),
  ];

  const described = cases.map((one): [string, Case] => {
    const { balance, reserved = 0n, floor = -10n, ceiling = 10n, effect, verdict } = one;
    return [`${balance}, ${reserved} reserved, ${floor} to ${ceiling}, by ${effect}: ${verdict}`, one];
  });

  let books: Books;
  beforeAll(async () => {
    books = await keeper.books();
  });

  /** Beyond the bound of a payment it is as if an account was cleared. */
  function between(account: string, other: string, effect: bigint): Posting {
    const amountMinor = effect < 0n ? -effect : effect;
    const kind = amountMinor > MAX_AMOUNT_MINOR ? 'CLOSING' : 'PAYMENT';
    return posting(effect < 0n ? [account, other, amountMinor] : [other, account, amountMinor], { kind });
  }

  async function verdictOf(
    { balance, reserved = 0n, effect }: Case,
    limits: { floorMinor?: bigint | null; ceilingMinor?: bigint | null },
  ) {
    const account = await books.account({ balanceMinor: balance, reservedMinor: reserved, ...limits });
    const other = await books.common();
    const [outcome] = await books.post([between(account, other, effect)]);
    const [balanceMinor] = await books.balances(account);
    return {
      verdict: outcome?.verdict,
      roomMinor: outcome?.roomMinor,
      isAtAccount: outcome?.atAccountId === account,
      balanceMinor,
    };
  }

  const expected = ({ balance, effect, verdict, room }: Case) => ({
    verdict,
    roomMinor: room ?? null,
    isAtAccount: verdict !== 'POSTED',
    balanceMinor: verdict === 'POSTED' ? balance + effect : balance,
  });

  test.each(described)('an own limit: %s', async (_name, one) => {
    const { floor = -10n, ceiling = 10n } = one;

    expect(await verdictOf(one, { floorMinor: floor, ceilingMinor: ceiling })).toEqual(expected(one));
  });

  test.each(described)('a policy: %s', async (_name, one) => {
    const { floor = -10n, ceiling = 10n } = one;
    const limitKind = floor === null && ceiling === null ? 'NONE' : 'FIXED';
    await books.setPolicy({ limitKind, floorMinor: floor, ceilingMinor: ceiling });

    expect(await verdictOf(one, {})).toEqual(expected(one));
  });

  test.each(described)('a unit that warns: %s', async (_name, one) => {
    const { floor = -10n, ceiling = 10n, verdict, balance, effect } = one;
    await books.setPolicy({ limitMode: 'WARN' });
    const account = await books.account({
      balanceMinor: balance,
      reservedMinor: one.reserved ?? 0n,
      floorMinor: floor,
      ceilingMinor: ceiling,
    });
    const other = await books.common();

    const [outcome] = await books.post([between(account, other, effect)]);
    await books.setPolicy({ limitMode: 'BLOCK' });

    const isOutside = verdict === 'OUT_OF_RANGE';
    expect(outcome).toMatchObject({
      verdict: isOutside ? 'OUT_OF_RANGE' : 'POSTED',
      isBeyondLimit: !isOutside && verdict !== 'POSTED',
    });
  });
});

describe('an own limit', () => {
  test('holds in place of the policy, whether wider, narrower or none', async () => {
    const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -10n, ceilingMinor: 10n });
    const pot = await books.common();
    const [wide, narrow, free] = [
      await books.account({ floorMinor: -20n, ceilingMinor: 20n }),
      await books.account({ floorMinor: -5n, ceilingMinor: 5n }),
      await books.account({ followsPolicy: false }),
    ];

    const verdicts = await books.verdicts([
      posting([wide, pot, 20n]),
      posting([wide, pot, 1n]),
      posting([narrow, pot, 6n]),
      posting([narrow, pot, 5n]),
      posting([pot, narrow, 11n]),
      posting([free, pot, 1_000n]),
      posting([pot, free, 5_000n]),
    ]);

    expect(verdicts).toEqual([
      'POSTED',
      'BELOW_FLOOR',
      'BELOW_FLOOR',
      'POSTED',
      'ABOVE_CEILING',
      'POSTED',
      'POSTED',
    ]);
  });
});

describe('limits hold on the net effect of the whole transfer', () => {
  test.each([
    // amount, verdict, room: the levy counts at the payer's floor and is not received by the payee
    [100n, 'POSTED', null],
    [101n, 'BELOW_FLOOR', 110n],
  ])('a payment of %s with a levy of a tenth on both sides is %s', async (amount, verdict, room) => {
    const books = await keeper.books();
    const levyAccountId = await books.common();
    await books.setPolicy({ payerLevyPpm: 100_000, payeeLevyPpm: 100_000, levyAccountId });
    const [ana, ben] = [
      await books.account({ floorMinor: -110n }),
      await books.account({ ceilingMinor: 90n }),
    ];

    const [outcome] = await books.post([posting([ana, ben, amount])]);

    expect([outcome?.verdict, outcome?.roomMinor]).toEqual([verdict, room]);
  });
});

describe('the floor of a policy', () => {
  const amount = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: MAX_MINOR }));
  const kind = fc.constantFrom<LimitKind>('NONE', 'FIXED', 'TURNOVER', 'GROWTH');

  test('is what the rules say, in generated cases', async () => {
    const { db } = server.app.database;
    const given = fc.record({
      kind,
      floor: amount.map((value) => -value),
      ppm: fc.oneof(fc.integer({ min: 0, max: 3_000_000 }), fc.constant(1_000_000)),
      hard: fc.option(amount.map((value) => -value)),
      received: fc.oneof(
        amount,
        amount.map((value) => value * 8n),
        fc.bigInt({ min: -50n, max: 0n }),
      ),
    });

    await fc.assert(
      fc.asyncProperty(given, async (one) => {
        const row = await db.row<{ floor: bigint | null }>(
          'select ledger_floor($1, $2, $3, $4, $5) as floor',
          [one.kind, one.floor, one.ppm, one.hard, one.received],
        );
        expect(row?.floor).toBe(floorFor(one));
      }),
      { numRuns: 300 },
    );
  });

  /** The rules in other words. */
  function floorFor(of: {
    kind: LimitKind;
    floor: bigint;
    ppm: number;
    hard: bigint | null;
    received: bigint;
  }): bigint | null {
    const received = of.received < 0n ? 0n : of.received;
    if (of.kind === 'NONE') return null;
    if (of.kind === 'FIXED') return of.floor;
    const credit = of.kind === 'GROWTH' ? received : (received * BigInt(of.ppm)) / 1_000_000n;
    const lowest = [of.hard ?? -MAX_MINOR, -MAX_MINOR].reduce((a, b) => (a > b ? a : b));
    const floor = of.floor - credit;
    return floor > lowest ? floor : lowest;
  }

  test('grows with what is received, in the same call too, down to the hard floor, and back with a reversal', async () => {
    const books = await keeper.books({ limitKind: 'GROWTH', floorMinor: -10n, hardFloorMinor: -25n });
    const [ana, pot] = [await books.account(), await books.common()];
    const income = posting([pot, ana, 8n]);

    const verdicts = await books.verdicts([
      posting([ana, pot, 11n]),
      income,
      posting([ana, pot, 27n]),
      posting([ana, pot, 26n]),
      posting([pot, ana, 100n]),
      posting([ana, pot, 108n]),
      posting([ana, pot, 107n]),
    ]);
    expect(verdicts).toEqual([
      'BELOW_FLOOR',
      'POSTED',
      'BELOW_FLOOR',
      'POSTED',
      'POSTED',
      'BELOW_FLOOR',
      'POSTED',
    ]);

    const [outcome] = await books.post([reversal(income)]);
    expect(outcome).toMatchObject({ verdict: 'BELOW_FLOOR', atAccountId: ana, roomMinor: 0n });
  });

  test('follows the turnover of the last days, and forgets what came before them', async () => {
    const books = await keeper.books({
      limitKind: 'TURNOVER',
      floorMinor: -10n,
      turnoverPpm: 500_000,
      turnoverDays: 30,
      hardFloorMinor: -100n,
    });
    const [ana, pot] = [await books.account(), await books.common()];
    const at = (days: number) => ({ now: after(START, days * DAY_MS) });
    const room = async (days: number) =>
      (await books.post([posting([ana, pot, 10_000n])], at(days)))[0]?.roomMinor;

    await books.post([posting([pot, ana, 21n])], at(0));
    await books.post([posting([pot, ana, 40n])], at(10));

    expect(await room(10)).toBe(61n + 10n + 30n);
    expect(await room(29.999)).toBe(61n + 10n + 30n);
    expect(await room(30)).toBe(61n + 10n + 20n);
    expect(await room(39.999)).toBe(61n + 10n + 20n);
    expect(await room(40)).toBe(61n + 10n);
    await books.post([posting([pot, ana, 1_000n])], at(41));
    expect(await room(41)).toBe(1_061n + 100n);
  });
});

describe('the number of the last entry at an instant', () => {
  test('is what a search through all entries finds, in generated cases', async () => {
    const books = await keeper.books();
    const minutes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(minutes, fc.integer({ min: 0, max: 3 }), async (given, beyond) => {
        const accountId = newId('account');
        const times = given.toSorted((a, b) => a - b).map((minute) => after(START, minute * 60_000));
        await books.owner.rows(
          `insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor,
                              received_after_minor, is_levy, posted_at)
           select $1, $2, seq, $3, 1, seq, seq, false, at from unnest($4::timestamptz[]) with ordinality as n (at, seq)`,
          [books.networkId, accountId, newId('transfer'), times],
        );
        const found = await books.db.rows<{ at: Date; quick: bigint; plain: bigint }>(
          `select at, ledger_seq_at($1, $2, $3, at) as quick,
                  (select count(*) from entry e where e.network_id = $1 and e.account_id = $2 and e.posted_at <= at) as plain
             from generate_series($4::timestamptz, $4::timestamptz + interval '14 minutes', '30 seconds') as at`,
          // Entries of a call under way are counted already and are not in the table yet.
          [books.networkId, accountId, times.length + beyond, after(START, -60_000)],
        );
        expect(found.map(({ quick }) => quick)).toEqual(found.map(({ plain }) => plain));
      }),
      { numRuns: 60 },
    );
  });
});
