import fc from 'fast-check';

// The library's own unit for this makes a table of all 1,114,112 code points first, which takes seconds.
const CODE_POINT = fc.nat(0x10ffff).map((codePoint) => String.fromCodePoint(codePoint));

/** Texts of whatever code points there are, halves of characters included. */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  return fc.string({ unit: CODE_POINT, ...(maxLength === undefined ? {} : { maxLength }) });
}
