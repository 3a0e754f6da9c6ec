import fc from 'fast-check';
import {
  CURSOR_INSTANT,
  CURSOR_INTEGER,
  CURSOR_TEXT,
  decodeCursor,
  encodeCursor,
  pageOf,
  pageRequest,
  type CursorPart,
} from '../../src/kernel/page.ts';
import { sortNameOf } from '../../src/services/networks/translations.ts';

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const invalid = expect.objectContaining({ code: 'INVALID_CURSOR', path: 'after' });

describe('a cursor', () => {
  test('comes back as it was given out', () => {
    const instants = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
    const integers = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });

    fc.assert(
      fc.property(instants, texts, integers, (instant, text, integer) => {
        const cursor = encodeCursor([instant, text, integer]);
        const parts = decodeCursor(cursor, [CURSOR_INSTANT, CURSOR_TEXT, CURSOR_INTEGER]);

        expect(parts).toEqual([instant.toISOString(), text, String(integer)]);
      }),
    );
  });

  test('of a list sorted by name holds whatever name there is', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!name.includes('\0'));
        const key = sortNameOf(name);
        expect(decodeCursor(encodeCursor([key]), [CURSOR_TEXT])).toEqual([key]);
      }),
    );
    // One character of a hundred, which compatibility decomposition turns into eighteen each.
    const longest = sortNameOf('\u{FDFA}'.repeat(100));
    expect(decodeCursor(encodeCursor([longest]), [CURSOR_TEXT])).toEqual([longest]);
  });

  test.each<[string, string, CursorPart[]]>([
    ['nothing', '', [CURSOR_TEXT]],
    ['no JSON', 'abc', [CURSOR_TEXT]],
    ['no base 64', '§§§', [CURSOR_TEXT]],
    ['an object', cursorOf({ 0: 'a', length: 1 }), [CURSOR_TEXT]],
    ['null', cursorOf(null), [CURSOR_TEXT]],
    ['a number', cursorOf([5]), [CURSOR_INTEGER]],
    ['nested lists', cursorOf([['a']]), [CURSOR_TEXT]],
    ['too few parts', cursorOf(['a']), [CURSOR_TEXT, CURSOR_TEXT]],
    ['too many parts', cursorOf(['a', 'b']), [CURSOR_TEXT]],
    ['a name for a number', encodeCursor(['ana']), [CURSOR_INTEGER]],
    ['a name for an instant', encodeCursor(['ana', 'id']), [CURSOR_INSTANT, CURSOR_TEXT]],
    ['a negative number', cursorOf(['-1']), [CURSOR_INTEGER]],
    ['a number beyond the range', cursorOf(['9'.repeat(19)]), [CURSOR_INTEGER]],
    ['a month that is none', cursorOf(['2026-13-01T00:00:00.000Z']), [CURSOR_INSTANT]],
    ['30 February', cursorOf(['2026-02-30T00:00:00.000Z']), [CURSOR_INSTANT]],
    ['a minute that is none', cursorOf(['2026-02-01T00:99:00.000Z']), [CURSOR_INSTANT]],
    ['the year 0', cursorOf(['0000-01-01T00:00:00.000Z']), [CURSOR_INSTANT]],
    ['a NUL', cursorOf(['a\0b']), [CURSOR_TEXT]],
    ['half a character', cursorOf(['\ud800']), [CURSOR_TEXT]],
    ['a book', cursorOf(['a'.repeat(401)]), [CURSOR_TEXT]],
  ])('that holds %s is refused', (_, cursor, expected) => {
    expect(() => decodeCursor(cursor, expected)).toThrow(invalid);
  });

  test('that somebody made up is refused or read, and breaks nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(cursorOf)), (cursor) => {
        try {
          expect(decodeCursor(cursor, [CURSOR_TEXT])).toHaveLength(1);
        } catch (error) {
          expect(error).toEqual(invalid);
        }
      }),
    );
  });
});

describe('a page', () => {
  test.each([
    [{}, { first: 20, after: null }],
    [
      { first: null, after: null },
      { first: 20, after: null },
    ],
    [{ first: 1 }, { first: 1, after: null }],
    [
      { first: 100, after: 'x' },
      { first: 100, after: 'x' },
    ],
  ])('asked for by %j is %j', (asked, request) => {
    expect(pageRequest(asked)).toEqual(request);
  });

  test.each([0, -1, 101, 2 ** 31 - 1])('of %i items is refused', (first) => {
    expect(() => pageRequest({ first })).toThrow(
      expect.objectContaining({ code: 'INVALID_PAGE_SIZE', path: 'first', fields: { min: 1, max: 100 } }),
    );
  });

  test.each([
    // items read, page size, whether one came before
    [0, 3, false],
    [2, 3, false],
    [3, 3, true],
    [4, 3, true],
  ])('made of %i rows for %i items', (count, first, isLater) => {
    const rows = Array.from({ length: count }, (_, index) => index);
    const page = pageOf(rows, { first, after: isLater ? 'x' : null }, (row) => [row]);

    const nodes = rows.slice(0, first);
    expect(page).toEqual({
      nodes,
      edges: nodes.map((node) => ({ node, cursor: encodeCursor([node]) })),
      pageInfo: {
        hasNextPage: count > first,
        hasPreviousPage: isLater,
        startCursor: nodes.length > 0 ? encodeCursor([nodes[0] ?? 0]) : null,
        endCursor: nodes.length > 0 ? encodeCursor([nodes.at(-1) ?? 0]) : null,
      },
    });
  });
});
