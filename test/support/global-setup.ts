import 'reflect-metadata';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded, type EmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts';
import { migrate } from '../../src/kernel/migrate.ts';
import { migrations, privileges } from '../../migrations/index.ts';
import { dealFiles } from './groups.ts';
import { quickDirectory } from './quick-directory.ts';

export const TEMPLATE_DATABASE = 'template_migrated';

declare global {
  var testPostgres: { server: EmbeddedPostgres; directory: string } | undefined;
}

/** Starts one PostgreSQL for the run and migrates one template; each test file clones it. */
export default async function globalSetup(): Promise<void> {
  dealFiles();
  const directory = await quickDirectory('mutuality-test-');
  const server = await startEmbedded({ dataDir: path.join(directory, 'postgres'), isThrowAway: true });
  globalThis.testPostgres = { server, directory };
  const admin = new pg.Client(server.url('superuser', 'postgres'));
  await admin.connect();
  await admin.query(`create database ${TEMPLATE_DATABASE} owner mutuality_owner`);
  await admin.end();
  await migrate({
    ownerUrl: server.url('owner', TEMPLATE_DATABASE),
    appRole: 'mutuality_app',
    migrations,
    privileges,
  });
  process.env['TEST_BUILD'] = path.resolve(__dirname, `../../dist/for-tests-${process.pid}`);
  process.env['TEST_POSTGRES_SUPERUSER'] = server.url('superuser', 'postgres');
  process.env['TEST_POSTGRES_OWNER'] = server.url('owner', 'postgres');
  process.env['TEST_POSTGRES_APP'] = server.url('app', 'postgres');
}
