import { parseTranslations, sortNameOf, textIn } from '../../src/services/networks/translations.ts';

const GARDEN = { en: 'garden', pt: 'jardim', 'pt-BR': 'jardim do Brasil', 'zh-Hant': '花園' };

test.each([
  // asked for, default, text
  ['en', 'en', 'garden'],
  ['pt-BR', 'en', 'jardim do Brasil'],
  ['pt-br', 'en', 'jardim do Brasil'],
  ['PT', 'en', 'jardim'],
  ['pt-PT', 'en', 'jardim'],
  ['zh-Hant-TW', 'en', '花園'],
  ['zh', 'en', 'garden'],
  ['de', 'pt', 'jardim'],
  ['de', 'pt-AO', 'jardim'],
  [null, 'pt', 'jardim'],
  [undefined, 'pt', 'jardim'],
  ['', 'pt', 'jardim'],
  // Neither is there: any text is better than none.
  ['de', 'fr', 'garden'],
  // Nobody's language, but what every object inherits.
  ['constructor', 'en', 'garden'],
  ['__proto__', 'en', 'garden'],
  ['toString', 'fr', 'garden'],
  ['-'.repeat(100_000), 'en', 'garden'],
])('who asks for %j where %j is usual reads %j', (locale, defaultLocale, text) => {
  expect(textIn(GARDEN, locale, defaultLocale)).toBe(text);
});

test('without any text there is none', () => {
  expect(textIn({}, 'en', 'constructor')).toBeNull();
});

test('texts are kept by canonical language', () => {
  const given = [
    { locale: 'pt-br', text: '  horta ' },
    { locale: 'en', text: 'garden' },
  ];

  expect(parseTranslations(given, 'name', { max: 10 })).toEqual({ 'pt-BR': 'horta', en: 'garden' });
});

test.each([
  [[{ locale: 'the english', text: 'x' }], 'INVALID_LOCALE', 'name.0.locale'],
  [
    [
      { locale: 'pt-BR', text: 'x' },
      { locale: 'pt-br', text: 'y' },
    ],
    'INVALID_CHOICE',
    'name.1.locale',
  ],
  [
    [
      { locale: 'en', text: 'x' },
      { locale: 'de', text: ' ' },
    ],
    'TEXT_TOO_SHORT',
    'name.1.text',
  ],
  [[{ locale: 'en', text: 'far too long' }], 'TEXT_TOO_LONG', 'name.0.text'],
  [[{ locale: 'en', text: 'a\0' }], 'INVALID_TEXT', 'name.0.text'],
])('%j is refused', (given, code, path) => {
  expect(() => parseTranslations(given, 'name', { max: 10 })).toThrow(
    expect.objectContaining({ code, path }),
  );
});

test.each([
  ['Ágnes', 'agnes'],
  ['İpek', 'ipek'],
  ['Øyvind', 'øyvind'],
  ['Ｆｕｌｌ', 'full'],
  ['가', '가'.normalize('NFKD')],
  ['\u{301}', ''],
])('%s sorts as %s', (name, sortName) => {
  expect(sortNameOf(name)).toBe(sortName);
});

test('a name sorts by its first 150 characters, whole ones', () => {
  expect([...sortNameOf('💚'.repeat(200))]).toEqual(Array.from({ length: 150 }, () => '💚'));
});
