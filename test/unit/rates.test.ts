import fc from 'fast-check';
import { formatRate, parseRate, shareOf } from '../../src/kernel/rates.ts';

test.each([
  ['0', 0, '0'],
  ['1', 1_000_000, '1'],
  ['1.000000', 1_000_000, '1'],
  ['0.25', 250_000, '0.25'],
  ['0.000001', 1, '0.000001'],
  ['0.100', 100_000, '0.1'],
])('%s is %d millionths, written %s', (text, ppm, written) => {
  expect(parseRate(text, 'rate')).toBe(ppm);
  expect(formatRate(ppm)).toBe(written);
});

test.each([
  ['1.000001', 'INVALID_RANGE'],
  ['-0.1', 'INVALID_RANGE'],
  ['0.0000001', 'TOO_MANY_DECIMALS'],
  ['a tenth', 'INVALID_AMOUNT'],
])('%s is no rate', (text, code) => {
  expect(() => parseRate(text, 'rate')).toThrow(expect.objectContaining({ code, path: 'rate' }));
});

test('every rate is read as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => parseRate(formatRate(ppm), 'rate') === ppm),
  );
});

test('a share is rounded down and never more than the whole', () => {
  expect(shareOf(399n, 15_000)).toBe(5n);
  expect(shareOf(-1n, 1_000_000)).toBe(0n);
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      fc.integer({ min: 0, max: 1_000_000 }),
      (amount, ppm) => {
        const share = shareOf(amount, ppm);
        const exact = amount * BigInt(ppm);
        return share * 1_000_000n <= exact && exact < (share + 1n) * 1_000_000n;
      },
    ),
  );
});
