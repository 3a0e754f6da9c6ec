import fc from 'fast-check';
import { MAX_MINOR } from '../../src/kernel/money.ts';
import { availableMinor, earnableMinor } from '../../src/services/ledger/limits.ts';

// Small numbers meet each other and zero often; large ones find the ends of the range.
const amounts = fc.oneof(fc.bigInt({ min: 0n, max: 12n }), fc.bigInt({ min: 0n, max: MAX_MINOR }));
const signed = fc.tuple(amounts, fc.boolean()).map(([amount, isNegative]) => (isNegative ? -amount : amount));

const account = (balanceMinor: bigint, reservedMinor = 0n) => ({ balanceMinor, reservedMinor });
const limits = (floorMinor: bigint | null, ceilingMinor: bigint | null) => ({ floorMinor, ceilingMinor });

test.each([
  // balance, reserved, floor, available
  [0n, 0n, -10n, 10n],
  [5n, 3n, -10n, 12n],
  [5n, 3n, 0n, 2n],
  [-50n, 0n, -10n, 0n],
  [0n, 20n, -10n, 0n],
  [5n, 3n, null, null],
])('from %s with %s reserved and floor %s, %s is available', (balance, reserved, floor, available) => {
  expect(availableMinor(account(balance, reserved), limits(floor, null))).toBe(available);
});

test.each([
  // balance, ceiling, earnable
  [0n, 10n, 10n],
  [-5n, 10n, 15n],
  [50n, 10n, 0n],
  [50n, null, null],
])('at %s with ceiling %s, %s is earnable', (balance, ceiling, earnable) => {
  expect(earnableMinor(account(balance), limits(null, ceiling))).toBe(earnable);
});

test('what is available leads exactly to the floor, and what is earnable to the ceiling', () => {
  fc.assert(
    fc.property(signed, amounts, amounts, (balance, floor, ceiling) => {
      const of = account(balance);
      const available = availableMinor(of, limits(-floor, null)) ?? 0n;
      const earnable = earnableMinor(of, limits(null, ceiling)) ?? 0n;
      expect(available === 0n ? balance <= -floor : balance - available === -floor).toBe(true);
      expect(earnable === 0n ? balance >= ceiling : balance + earnable === ceiling).toBe(true);
    }),
  );
});
