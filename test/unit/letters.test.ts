import { parse, validate } from 'graphql';
import { buildSchema } from '../../src/server/build-schema.ts';
import { LETTER_NAMES, type LetterName } from '../../src/services/notifications/letter-job.ts';
import { allLetters, writeLetter } from '../../src/services/notifications/letters.ts';

const VALUES = {
  name: 'Ana',
  network: 'Valle',
  inviter: 'Ben',
  expires: '2026-03-09',
  secret: 'the-secret',
  things: 'Drill',
  from: '2026-03-09 09:00',
  until: '2026-03-09 12:00',
};
const withoutFrontEnd = { publicUrl: 'https://api.example.org', frontEndUrl: null };
const withFrontEnd = { ...withoutFrontEnd, frontEndUrl: 'https://example.org/app' };

const write = (
  letter: LetterName,
  locale = 'en',
  config: typeof withFrontEnd | typeof withoutFrontEnd = withFrontEnd,
) => writeLetter({ letter, to: 'ana@example.org', locale, values: VALUES }, config);

function placeholdersOf(text: string): Set<string> {
  return new Set(text.match(/\{\w+\}/g));
}

const languages = [...allLetters().keys()];

test('letters are written in five languages', () => {
  expect(languages).toEqual(['de', 'en', 'es', 'fr', 'pt']);
});

describe.each(languages)('in %s', (language) => {
  test.each(LETTER_NAMES)('%s says what it says in English', (letter) => {
    const english = allLetters().get('en')?.[letter];
    const translated = allLetters().get(language)?.[letter];

    expect(placeholdersOf(translated?.subject ?? '')).toEqual(placeholdersOf(english?.subject ?? ''));
    expect(placeholdersOf(translated?.text ?? '')).toEqual(placeholdersOf(english?.text ?? ''));
  });

  test.each(LETTER_NAMES)('%s leaves no value out', (letter) => {
    const { subject, text } = write(letter, language);

    expect(`${subject}\n${text}`).not.toMatch(/[{}]|undefined/);
  });
});

test.each([
  ['pt-BR', 'Confirme o seu endereço'],
  ['de-CH-1996', 'Bestätige deine Adresse'],
  ['eo', 'Confirm your address'],
])('somebody who reads %s gets "%s"', (locale, subject) => {
  expect(write('EMAIL_VERIFICATION', locale).subject).toBe(subject);
});

test.each([
  ['EMAIL_VERIFICATION', 'verify-email'],
  ['EMAIL_CHANGE', 'verify-email'],
  ['PASSWORD_RESET', 'reset-password'],
  ['INVITATION', 'invitation'],
] as const)('%s leads to the front end’s page %s', (letter, page) => {
  expect(write(letter).text).toContain(`\nhttps://example.org/app/${page}?secret=the-secret\n`);
});

describe('without a front end', () => {
  const schema = buildSchema();

  test.each(['EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'INVITATION'] as const)(
    '%s leads to the explorer, with an operation that the server knows and the secret in it',
    (letter) => {
      const [link = ''] = /https:\S+/.exec(write(letter, 'en', withoutFrontEnd).text) ?? [];
      const { origin, pathname, searchParams } = new URL(link);

      expect(link).toMatch(/^[\w:/.?&=%-]+$/);
      expect(origin + pathname).toBe('https://api.example.org/graphql');
      expect(validate(schema, parse(searchParams.get('query') ?? ''))).toEqual([]);
      expect(JSON.parse(searchParams.get('variables') ?? '')).toMatchObject({
        input: { secret: 'the-secret' },
      });
    },
  );
});

test('a name with line breaks begins neither a header nor a paragraph', () => {
  const values = { ...VALUES, network: 'Valle\r\nBcc: all@example.org', inviter: 'Ben\n\nClick here' };

  const { subject, text } = writeLetter(
    { letter: 'INVITATION', to: 'ana@example.org', locale: 'en', values },
    withFrontEnd,
  );

  expect(subject).toBe('An invitation to Valle Bcc: all@example.org');
  expect(text).toContain('\nBen Click here invites you to Valle Bcc: all@example.org. Accept until');
});
