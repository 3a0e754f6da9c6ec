import fs from 'node:fs/promises';

export default async function globalTeardown(): Promise<void> {
  const postgres = globalThis.testPostgres;
  await postgres?.server.stop();
  if (postgres) await fs.rm(postgres.directory, { recursive: true, force: true });
  const build = process.env['TEST_BUILD'];
  if (build) await fs.rm(build, { recursive: true, force: true });
}
