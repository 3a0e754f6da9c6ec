import { CannotStart } from '../../src/kernel/cannot-start.ts';
import { requireKnownPostgres } from '../../src/kernel/postgres-version.ts';

test.each([150_000, 150_013, 160_002, 180_004, 190_000])('takes the version %d', (version) => {
  expect(requireKnownPostgres(version)).toBeUndefined();
});

test.each([
  [149_999, '14'],
  [140_011, '14'],
  [100_001, '10'],
  [90_624, '9.6'],
])('refuses the version %d in a sentence', (version, name) => {
  expect(() => requireKnownPostgres(version)).toThrow(
    new CannotStart(
      `The database is PostgreSQL ${name}; the server needs 15 or newer: upgrade it, or leave DATABASE_URL away.`,
    ),
  );
});
