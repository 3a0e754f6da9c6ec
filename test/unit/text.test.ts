import fc from 'fast-check';
import { requireKey } from '../../src/kernel/idempotency.ts';
import {
  boundedText,
  isStorable,
  optionalText,
  requireLocale,
  requireTimeZone,
} from '../../src/kernel/text.ts';
import { anyText } from '../support/any-text.ts';

const refusal = (code: string, fields = {}) => expect.objectContaining({ code, path: 'field', fields });

describe('a text', () => {
  // A heart with an eye is one code point, half of it one code unit; a family is five people joined into one picture.
  const HEART = '💚';
  const FAMILY = '👩‍👩‍👧';

  test.each([
    ['a', { max: 1 }, 'a'],
    ['  a b\n', { max: 3 }, 'a b'],
    ['é', { max: 1 }, 'é'],
    [HEART, { max: 1 }, HEART],
    [HEART.repeat(10), { max: 10 }, HEART.repeat(10)],
    [HEART.repeat(3), { min: 3, max: 5 }, HEART.repeat(3)],
    [FAMILY, { max: 5 }, FAMILY],
    [' ', { min: 0, max: 5 }, ''],
  ])('%j within %j is %j', (text, bounds, expected) => {
    expect(boundedText(text, 'field', bounds)).toBe(expected);
  });

  test.each([
    ['', { max: 5 }, refusal('TEXT_TOO_SHORT', { min: 1 })],
    [' \n\t ', { max: 5 }, refusal('TEXT_TOO_SHORT', { min: 1 })],
    // Two code units each: four are not enough for three characters.
    [HEART.repeat(2), { min: 3, max: 5 }, refusal('TEXT_TOO_SHORT', { min: 3 })],
    ['abc', { max: 2 }, refusal('TEXT_TOO_LONG', { max: 2 })],
    [HEART.repeat(3), { max: 2 }, refusal('TEXT_TOO_LONG', { max: 2 })],
    [FAMILY, { max: 4 }, refusal('TEXT_TOO_LONG', { max: 4 })],
    ['a\0b', { max: 5 }, refusal('INVALID_TEXT')],
    ['\0', { max: 5 }, refusal('INVALID_TEXT')],
    ['a\ud83d', { max: 5 }, refusal('INVALID_TEXT')],
    ['\udc9a\ud83d', { max: 5 }, refusal('INVALID_TEXT')],
  ])('%j within %j is refused', (text, bounds, error) => {
    expect(() => boundedText(text, 'field', bounds)).toThrow(error);
  });

  test('is bounded by its characters, whatever they are', () => {
    const texts = anyText(30);
    fc.assert(
      fc.property(texts, fc.nat(30), fc.nat(30), (text, min, max) => {
        fc.pre(isStorable(text));
        const length = Array.from(text.trim()).length;
        const isWithin = length >= min && length <= max;
        try {
          expect(boundedText(text, 'field', { min, max })).toBe(text.trim());
          expect(isWithin).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: length < min ? 'TEXT_TOO_SHORT' : 'TEXT_TOO_LONG' });
        }
      }),
    );
  });

  test.each([null, undefined, '', '  \n'])('that may be absent is none if it is %j', (text) => {
    expect(optionalText(text, 'field', { max: 5 })).toBeNull();
  });

  test('that may be absent is bounded like any other', () => {
    expect(optionalText(' a ', 'field', { max: 1 })).toBe('a');
    expect(() => optionalText('ab', 'field', { max: 1 })).toThrow(refusal('TEXT_TOO_LONG', { max: 1 }));
  });
});

describe('a time zone', () => {
  test.each(['UTC', 'Europe/Madrid', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    '%s is known',
    (name) => {
      expect(requireTimeZone(name, 'field')).toBe(name);
    },
  );

  test.each(['', 'Mars/Olympus', 'Europe', '+01:00', '-0800', 'Europe/Madrid ', '../etc/passwd'])(
    '%j is refused',
    (name) => {
      expect(() => requireTimeZone(name, 'field')).toThrow(refusal('INVALID_TIME_ZONE'));
    },
  );
});

describe('a language tag', () => {
  test.each([
    ['en', 'en'],
    ['pt-br', 'pt-BR'],
    ['ZH-hant-tw', 'zh-Hant-TW'],
    ['de-CH-1996', 'de-CH-1996'],
    ['eo', 'eo'],
  ])('%s is written %s', (tag, canonical) => {
    expect(requireLocale(tag, 'field')).toBe(canonical);
  });

  test.each([
    '',
    'e',
    'the english',
    'en_GB',
    'en--GB',
    'de-',
    '日本語',
    'constructor',
    `en-${'abcdefgh-'.repeat(4)}x-y`,
  ])('%j is refused', (tag) => {
    expect(() => requireLocale(tag, 'field')).toThrow(refusal('INVALID_LOCALE'));
  });
});

describe('an idempotency key', () => {
  test.each([
    'a',
    'a key with spaces',
    'k'.repeat(128),
    'ключ-1',
    '🔑',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  ])('%j is taken', (key) => {
    expect(requireKey(key)).toBe(key);
  });

  test.each(['', 'k'.repeat(129), 'a\0', 'line\nbreak', 'tab\t', '\u{7f}', '\u{85}', 'half \ud83d'])(
    '%j is refused',
    (key) => {
      expect(() => requireKey(key)).toThrow(
        expect.objectContaining({ code: 'INVALID_KEY', path: 'idempotencyKey' }),
      );
    },
  );
});
