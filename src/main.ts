import { makeApp, migrateDatabase, openDatabaseAccess } from './app.ts';
import { systemClock } from './kernel/clock.ts';
import { ConfigError, readConfig } from './kernel/config.ts';
import { openLog } from './kernel/log.ts';

async function main(): Promise<void> {
  const config = readConfig();
  const log = openLog(config);
  const access = await openDatabaseAccess(config, log);
  const applied = await migrateDatabase(access);
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  const app = await makeApp({ config, clock: systemClock, databaseUrl: access.appUrl, log });
  await app.server.listen({ host: config.host, port: config.port });
  app.jobs.start();

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    await app.close();
    await access.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    });
  }
  const isNew = (await app.database.db.rows(`select 1 from network limit 1`)).length === 0;
  process.stdout.write(greeting(config.publicUrl, isNew));
}

function greeting(publicUrl: string, isNew: boolean): string {
  const lines = [`Mutuality is ready at ${publicUrl}/graphql`];
  if (isNew) {
    lines.push(
      'There is no network yet. Make the first one in the explorer at that address, or with',
      '  npm run cli -- network create --name "My community" --template TIMEBANK --email you@example.org',
      'or fill a network with forty members to look around in: npm run demo',
    );
  }
  return `${lines.join('\n')}\n`;
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
});
