import fc from 'fast-check';
import { formatAmount, MAX_MINOR, parseAmount } from '../../src/kernel/money.ts';

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
