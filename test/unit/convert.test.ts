import fc from 'fast-check';
import { converted } from '../../src/services/ledger/convert.ts';

test.each<[bigint, [number, number], [number, number], bigint]>([
  // 1.01 hours at 10 : 3 are 3.3666… credits.
  [101n, [10, 3], [2, 1], 33n],
  [3n, [10, 3], [2, 1], 1n],
  [2n, [10, 3], [2, 1], 0n],
  [100n, [1, 1], [2, 2], 100n],
  // The same worth with other decimals.
  [1n, [1, 1], [0, 8], 100_000_000n],
  [100_000_000n, [1, 1], [8, 0], 1n],
  [99_999_999n, [1, 1], [8, 0], 0n],
  [10n ** 18n, [1_000_000_000, 1], [0, 8], 10n ** 35n],
])(
  '%s minor units at %j with decimals %j are %s',
  (amountMinor, [numerator, denominator], [from, to], received) => {
    expect(converted(amountMinor, { numerator, denominator }, { from, to })).toBe(received);
  },
);

test('nothing is won by converting there and back at the inverse rate, or in parts', () => {
  const term = fc.integer({ min: 1, max: 1_000_000_000 });
  const scale = fc.integer({ min: 0, max: 8 });
  const amount = fc.bigInt({ min: 1n, max: 10n ** 18n });
  fc.assert(
    fc.property(amount, amount, term, term, scale, scale, (a, b, numerator, denominator, from, to) => {
      const there = (minor: bigint) => converted(minor, { numerator, denominator }, { from, to });
      const back = (minor: bigint) =>
        converted(minor, { numerator: denominator, denominator: numerator }, { from: to, to: from });

      expect(back(there(a)) <= a).toBe(true);
      expect(there(a) + there(b) <= there(a + b)).toBe(true);
    }),
  );
});
