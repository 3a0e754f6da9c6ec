import { CannotStart } from './cannot-start.ts';

const OLDEST = 15;

/**
 * Refuses a PostgreSQL that is older than what the statements of the server are written for.
 *
 * @param version `server_version_num`: the major version times 10,000 plus the minor one
 * @throws CannotStart
 */
export function requireKnownPostgres(version: number): void {
  if (version >= OLDEST * 10_000) return;
  // Until 9.6 the first two numbers were the major version.
  const major =
    version < 100_000
      ? `${Math.floor(version / 10_000)}.${Math.floor(version / 100) % 100}`
      : Math.floor(version / 10_000);
  throw new CannotStart(
    `The database is PostgreSQL ${major}; the server needs ${OLDEST} or newer: upgrade it, or leave DATABASE_URL away.`,
  );
}
