import { parseEmail } from '../../src/services/people/email.ts';

test.each([
  ['ana@example.org', 'ana@example.org', 'ana@example.org'],
  ['  Ana.Maria+list@Example.ORG ', 'Ana.Maria+list@Example.ORG', 'ana.maria+list@example.org'],
  // Composed and decomposed, it is one address.
  ['Rene\u{301}e@example.org', 'Renée@example.org', 'renée@example.org'],
  ['用户@例子.广告', '用户@例子.广告', '用户@例子.广告'],
  [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
])('%j is kept as %j and unique as %j', (text, email, emailKey) => {
  expect(parseEmail(text, 'email')).toEqual({ email, emailKey });
});

test.each([
  '',
  '   ',
  'ana',
  'ana@',
  '@example.org',
  'ana@example',
  'ana@example.o',
  'ana@@example.org',
  'ana maria@example.org',
  'ana@exam ple.org',
  'ana@example.org\nbcc: all@example.org',
  'Ana <ana@example.org>',
  'ana@example.org, ben@example.org',
  'ana\0@example.org',
  'ana\ud83d@example.org',
  `${'a'.repeat(65)}@example.org`,
  `a@${'b'.repeat(250)}.org`,
])('%j is refused', (text) => {
  expect(() => parseEmail(text, 'newEmail')).toThrow(
    expect.objectContaining({ code: 'INVALID_EMAIL', path: 'newEmail' }),
  );
});
