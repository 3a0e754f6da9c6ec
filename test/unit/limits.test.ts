import fc from 'fast-check';
import { MAX_MINOR } from '../../src/kernel/money.ts';
import {
  availableMinor,
  earnableMinor,
  limitVerdict,
  type LimitedAccount,
} from '../../src/services/ledger/limits.ts';

const account = (
  balanceMinor: bigint,
  floorMinor: bigint | null,
  ceilingMinor: bigint | null,
  reservedMinor = 0n,
): LimitedAccount => ({ balanceMinor, reservedMinor, floorMinor, ceilingMinor });

// Small numbers meet each other and zero often; large ones find the ends of the range.
const amounts = fc.oneof(fc.bigInt({ min: 0n, max: 12n }), fc.bigInt({ min: 0n, max: MAX_MINOR }));
const signed = fc.tuple(amounts, fc.boolean()).map(([amount, isNegative]) => (isNegative ? -amount : amount));
const floors = fc.option(amounts.map((amount) => -amount));
const ceilings = fc.option(amounts);
const withoutHolds = fc.tuple(signed, floors, ceilings).map((parts) => account(...parts));
const withHolds = fc.tuple(signed, floors, ceilings, amounts).map((parts) => account(...parts));

test.each([
  // balance, effect, floor, ceiling, verdict
  [0n, -10n, -10n, null, 'WITHIN'],
  [0n, -11n, -10n, null, 'BELOW_FLOOR'],
  [5n, -15n, -10n, null, 'WITHIN'],
  [5n, -16n, -10n, null, 'BELOW_FLOOR'],
  [0n, -1n, 0n, null, 'BELOW_FLOOR'],
  [1n, -1n, 0n, 0n, 'WITHIN'],
  [0n, 10n, null, 10n, 'WITHIN'],
  [0n, 11n, null, 10n, 'ABOVE_CEILING'],
  [0n, 1n, null, 0n, 'ABOVE_CEILING'],
  // Beyond a limit already: back towards zero passes, further away does not.
  [-50n, 30n, -10n, 10n, 'WITHIN'],
  [-50n, 60n, -10n, 10n, 'WITHIN'],
  [-50n, 61n, -10n, 10n, 'ABOVE_CEILING'],
  [-50n, -1n, -10n, 10n, 'BELOW_FLOOR'],
  [50n, -30n, -10n, 10n, 'WITHIN'],
  [50n, -61n, -10n, 10n, 'BELOW_FLOOR'],
  [50n, 1n, -10n, 10n, 'ABOVE_CEILING'],
  [50n, 0n, -10n, 10n, 'WITHIN'],
  // Without limits there is still the range of the numbers.
  [0n, MAX_MINOR, null, null, 'WITHIN'],
  [1n, MAX_MINOR, null, null, 'OUT_OF_RANGE'],
  [-1n, -MAX_MINOR, null, null, 'OUT_OF_RANGE'],
] as const)('from %s by %s, with floor %s and ceiling %s: %s', (balance, effect, floor, ceiling, verdict) => {
  expect(limitVerdict(account(balance, floor, ceiling), effect)).toBe(verdict);
});

/** The rule as communities state it, in other words than the code's: who goes away from zero must stay within. */
function stated({ balanceMinor, floorMinor, ceilingMinor }: LimitedAccount, effect: bigint): string {
  const result = balanceMinor + effect;
  const magnitude = result < 0n ? -result : result;
  if (magnitude > MAX_MINOR) return 'OUT_OF_RANGE';
  const room = result < 0n ? floorMinor : ceilingMinor;
  const leadsAway = result < 0n ? effect < 0n : effect > 0n;
  if (room === null || result === 0n || !leadsAway) return 'WITHIN';
  const allowedMagnitude = room < 0n ? -room : room;
  if (magnitude <= allowedMagnitude) return 'WITHIN';
  return result < 0n ? 'BELOW_FLOOR' : 'ABOVE_CEILING';
}

test('agrees with the rule as communities state it', () => {
  fc.assert(
    fc.property(
      withoutHolds,
      signed,
      (given, effect) => limitVerdict(given, effect) === stated(given, effect),
    ),
    { numRuns: 2_000 },
  );
});

test('lets everything pass that leads back towards zero and not beyond', () => {
  const shares = fc.bigInt({ min: 0n, max: 1_000n });
  fc.assert(
    fc.property(withoutHolds, shares, (given, share) => {
      const effect = (-given.balanceMinor * share) / 1_000n;
      return limitVerdict(given, effect) === 'WITHIN';
    }),
  );
});

test('lets an account pay exactly what is available and not one more', () => {
  fc.assert(
    fc.property(withHolds, (given) => {
      const available = availableMinor(given);
      fc.pre(available !== null);
      expect(limitVerdict(given, -available)).toBe('WITHIN');
      expect(limitVerdict(given, -available - 1n)).toMatch(/^(BELOW_FLOOR|OUT_OF_RANGE)$/);
    }),
  );
});

test('lets an account receive exactly what is earnable and not one more', () => {
  fc.assert(
    fc.property(withHolds, (given) => {
      const earnable = earnableMinor(given);
      fc.pre(earnable !== null);
      expect(limitVerdict(given, earnable)).toBe('WITHIN');
      expect(limitVerdict(given, earnable + 1n)).toMatch(/^(ABOVE_CEILING|OUT_OF_RANGE)$/);
    }),
  );
});

test.each([
  [account(10n, -5n, null, 4n), 11n],
  [account(10n, 0n, null, 10n), 0n],
  [account(-9n, -5n, null), 0n],
  [account(10n, null, null, 4n), null],
])('%# what is promised to others cannot be spent', (given, available) => {
  expect(availableMinor(given)).toBe(available);
});

test('needs no room for what stays the same', () => {
  fc.assert(fc.property(withHolds, (given) => limitVerdict(given, 0n) === 'WITHIN'));
});
