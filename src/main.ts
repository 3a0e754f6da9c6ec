import net from 'node:net';
import { makeApp, migrateDatabase, openDatabaseAccess } from './app.ts';
import { CannotStart } from './kernel/cannot-start.ts';
import { systemClock } from './kernel/clock.ts';
import { readConfig, type Config } from './kernel/config.ts';
import { unsafeSettings, type Db } from './kernel/database.ts';
import { openLog, type Log } from './kernel/log.ts';

// Draining takes at most ten seconds; whoever supervises the server should not have to kill it.
const STOP_MS = 20_000;

interface Run {
  config: Config;
  log: Log;
  /** Aborted when the server shall stop, be it in the middle of its start. */
  stop: AbortController;
  /** What to let go of, in the order in which it was opened. */
  opened: (() => Promise<void>)[];
}

/** Starts the server, serves until it is told to stop, and lets go of everything in the opposite order. */
async function main(): Promise<void> {
  const stop = new AbortController();
  // From the beginning: Ctrl-C during the first start must not leave PostgreSQL behind. npm repeats the signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(signal));
  const config = readConfig();
  const run: Run = { config, log: openLog(config), stop, opened: [] };
  try {
    await start(run);
    await abortOf(stop.signal);
  } catch (error) {
    // Told to stop during the start: whatever was under way may have failed of it.
    if (!stop.signal.aborted) throw error;
  } finally {
    await letGo(run);
  }
}

async function start({ config, log, stop, opened }: Run): Promise<void> {
  const { signal } = stop;
  // Before anything is touched: this may be a second start by mistake, and perhaps of another version.
  await requireFreePort(config);
  const access = await openDatabaseAccess(config, log, {
    onLost(output) {
      log.fatal({ postgres: output }, 'PostgreSQL has ended');
      process.exitCode = 1;
      stop.abort('PostgreSQL has ended');
    },
  });
  opened.push(() => access.close());
  signal.throwIfAborted();
  const applied = await migrateDatabase(access);
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  signal.throwIfAborted();
  const app = await makeApp({ config, clock: systemClock, databaseUrl: access.appUrl, log });
  opened.push(() => app.close());
  await requireSafeDatabase(app.database.db, config, log);
  signal.throwIfAborted();
  await app.server.listen({ host: config.host, port: config.port });
  await app.metricsServer?.listen({ host: config.host, port: config.metrics.port ?? 0 });
  app.jobs.start();
  const isNew = (await app.database.db.rows(`select 1 from network limit 1`)).length === 0;
  process.stdout.write(greeting(config.publicUrl, isNew));
}

/** @throws CannotStart if a crash of the database could lose acknowledged transfers, and nobody has allowed that */
async function requireSafeDatabase(db: Db, config: Config, log: Log): Promise<void> {
  const settings = await unsafeSettings(db);
  if (settings.length === 0) return;
  if (!config.database.isUnsafeAllowed) {
    throw new CannotStart(
      `PostgreSQL runs with ${settings.join(', ')} off: a crash could lose transfers that people were told are done. ` +
        'Switch them on, or set ALLOW_UNSAFE_DATABASE=true if the data may be lost.',
    );
  }
  log.warn({ settings }, 'PostgreSQL may lose acknowledged transfers in a crash');
}

/** @throws CannotStart if something else listens there already, or nobody may */
function requireFreePort({ host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE' ? 'is taken: is the server running already?' : 'cannot be used';
      reject(
        new CannotStart(`Port ${port} on ${host} ${reason} (${cause.code}). Set PORT or HOST.`, { cause }),
      );
    });
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function letGo({ log, stop, opened }: Run): Promise<void> {
  if (stop.signal.aborted) log.info({ reason: stop.signal.reason as unknown }, 'stopping');
  setTimeout(() => {
    log.fatal('stopping took too long');
    process.exit(1);
  }, STOP_MS).unref();
  for (const close of opened.toReversed()) await close();
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

main().then(
  () => process.exit(),
  (error: unknown) => {
    if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`);
    else console.error(error);
    process.exit(1);
  },
);
