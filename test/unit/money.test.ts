import fc from 'fast-check';
import { allocate, formatAmount, MAX_MINOR, parseAmount } from '../../src/kernel/money.ts';

const SCALES = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const minors = fc.bigInt({ min: -MAX_MINOR, max: MAX_MINOR });
const scales = fc.constantFrom(...SCALES);

const parse = (text: string, scale: number) => parseAmount(text, scale, 'amount');
const refusal = (code: string, fields = {}) => expect.objectContaining({ code, path: 'amount', fields });

test('every amount that is written is read back as it was, at every scale', () => {
  fc.assert(
    fc.property(minors, scales, (minor, scale) => parse(formatAmount(minor, scale), scale) === minor),
  );
});

test('an amount is written with exactly the decimals of its unit', () => {
  fc.assert(
    fc.property(minors, scales, (minor, scale) => {
      const [, decimals = ''] = formatAmount(minor, scale).split('.');
      return decimals.length === scale;
    }),
  );
});

test('decimals that the unit has not are refused and never rounded', () => {
  const fractions = fc.stringMatching(/^\d{1,8}$/);
  fc.assert(
    fc.property(fractions, scales, (fraction, scale) => {
      if (fraction.length > scale) {
        expect(() => parse(`1.${fraction}`, scale)).toThrow(
          refusal('TOO_MANY_DECIMALS', { decimals: scale }),
        );
      } else {
        expect(parse(`1.${fraction}`, scale)).toBe(BigInt(`1${fraction.padEnd(scale, '0')}`));
      }
    }),
  );
});

test.each([
  ['12.5', 2, 1250n],
  ['-12.50', 2, -1250n],
  ['0', 2, 0n],
  ['-0', 2, 0n],
  ['007', 0, 7n],
  ['0.00000001', 8, 1n],
  ['-0.01', 2, -1n],
  ['1000000000000000000', 0, MAX_MINOR],
  ['-1000000000000000000', 0, -MAX_MINOR],
  ['10000000000.00000000', 8, MAX_MINOR],
] as const)('reads %s at scale %i as %s', (text, scale, minor) => {
  expect(parse(text, scale)).toBe(minor);
});

test.each([
  [0n, 0, '0'],
  [0n, 2, '0.00'],
  [-5n, 2, '-0.05'],
  [-500n, 2, '-5.00'],
  [5n, 8, '0.00000005'],
  [MAX_MINOR, 3, '1000000000000000.000'],
] as const)('writes %s at scale %i as %s', (minor, scale, text) => {
  expect(formatAmount(minor, scale)).toBe(text);
});

test.each([
  ['1000000000000000001', 0],
  ['-1000000000000000001', 0],
  ['10000000000.00000001', 8],
  ['99999999999999999999', 0],
  ['', 2],
  ['.5', 2],
  ['5.', 2],
  ['+5', 2],
  ['1e3', 2],
  ['1,50', 2],
  ['1 000', 2],
  [' 1', 2],
  ['1\n', 2],
  ['0x10', 2],
  ['NaN', 2],
  ['--1', 2],
  ['٣', 2],
  ['1.123456789', 8],
])('refuses %j at scale %i', (text, scale) => {
  expect(() => parse(text, scale)).toThrow(refusal('INVALID_AMOUNT'));
});

describe('allocate', () => {
  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [2n, [1n, 1n, 1n], [1n, 1n, 0n]],
    [0n, [1n, 1n], [0n, 0n]],
    [7n, [1n], [7n]],
    // 1.75, 3.5 and 1.75: the first and the last lose more by rounding than the second.
    [7n, [1n, 2n, 1n], [2n, 3n, 2n]],
    [10n, [0n, 1n, 0n, 2n], [0n, 3n, 0n, 7n]],
    [MAX_MINOR, [1n, 1n, 1n], [333333333333333334n, 333333333333333333n, 333333333333333333n]],
  ])('splits %s by %j into %j', (minor, weights, parts) => {
    expect(allocate(minor, weights)).toEqual(parts);
  });

  test('gives parts that sum to the whole and are less than one minor unit from their share', () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 50 })
      .filter((list) => list.some((weight) => weight > 0n));

    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_MINOR }), weights, (minor, list) => {
        const parts = allocate(minor, list);
        const sum = list.reduce((total, weight) => total + weight, 0n);

        expect(parts.reduce((total, part) => total + part, 0n)).toBe(minor);
        parts.forEach((part, index) => {
          const distance = part * sum - minor * list[index]!;
          expect(distance < sum && -distance < sum).toBe(true);
        });
      }),
    );
  });

  test('gives the remainder of even parts to the earliest', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        fc.integer({ min: 1, max: 200 }),
        (minor, count) => {
          const parts = allocate(
            minor,
            Array.from({ length: count }, () => 1n),
          );

          expect(parts).toEqual(parts.toSorted((a, b) => Number(b - a)));
          expect(parts[0]! - parts.at(-1)!).toBeLessThanOrEqual(1n);
        },
      ),
    );
  });

  test.each([
    [-1n, [1n]],
    [1n, []],
    [1n, [0n, 0n]],
    [1n, [2n, -1n]],
  ])('does not split %s by %j', (minor, weights) => {
    expect(() => allocate(minor, weights)).toThrow('Broken invariant');
  });
});
