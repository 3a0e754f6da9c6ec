import fc from 'fast-check';
import { instantText } from '../../src/kernel/instant-text.ts';

// The first and the last instant that there is, and those around midnights, years of other lengths and the year 1970.
const NOTABLE = [
  -8_640_000_000_000_000, -62_198_755_200_001, -62_167_219_200_000, -86_400_001, -86_400_000, -1, 0, 1,
  86_399_999, 86_400_000, 253_402_300_799_999, 253_402_300_800_000, 8_640_000_000_000_000,
];

test.each(NOTABLE)('writes the instant %d as the language does', (ms) => {
  expect(instantText(new Date(ms))).toBe(new Date(ms).toISOString());
});

test('writes instants of the same day and of others one after another as the language does', () => {
  const instants = fc
    .tuple(fc.date({ noInvalidDate: true }), fc.array(fc.integer({ min: -90_000_000, max: 90_000_000 })))
    .map(([first, others]) => [first, ...others.map((by) => new Date(first.getTime() + by))])
    .filter((dates) => dates.every((date) => !Number.isNaN(date.getTime())));

  fc.assert(
    fc.property(instants, (dates) => {
      expect(dates.map(instantText)).toEqual(dates.map((date) => date.toISOString()));
    }),
    { numRuns: 1_000 },
  );
});

test('writes nothing for what is no date, and goes on after it', () => {
  expect(() => instantText(new Date(NaN))).toThrow(RangeError);

  expect(instantText(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
});
