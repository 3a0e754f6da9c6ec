import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { childEnvironment } from './config.ts';
import { exec, ignore, postgresBinaries, unprivilegedUser, type RunAs } from './postgres-binaries.ts';

export interface EmbeddedOptions {
  /** Where the cluster lives; made at the first start. */
  dataDir: string;
  /** Trades durability for speed. For tests only: a crash loses the data. */
  isThrowAway?: boolean;
  log?: (line: string) => void;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** Connection address by role: `superuser` makes databases, `owner` migrates, `app` serves. */
  url(role: EmbeddedRole, database?: string): string;
  /** False if another process of ours had started it already; then `stop` leaves it running. */
  isOurs: boolean;
  stop(): Promise<void>;
}

export type EmbeddedRole = 'superuser' | 'owner' | 'app';
export const EMBEDDED_DATABASE = 'mutuality';
const ROLE_NAMES: Record<EmbeddedRole, string> = {
  superuser: 'postgres',
  owner: 'mutuality_owner',
  app: 'mutuality_app',
};
type Passwords = Record<EmbeddedRole, string>;

const START_TRIES = 60;
const TRY_AGAIN = /postmaster\.pid|shared memory block|could not bind|could not create any TCP/;
const THROW_AWAY = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
  'autovacuum=off',
];

/**
 * Starts PostgreSQL in a directory, or joins the one that another process of ours runs there.
 *
 * Works as root (it runs as an unprivileged user then), recovers after a `kill -9` of itself or of Node, and stops
 * when Node goes away for whatever reason.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = unprivilegedUser();
  const dataDir = await prepareDirectory(path.resolve(options.dataDir), user);
  const running = await joinRunning(dataDir);
  if (running) return running;

  const binaries = await postgresBinaries(user);
  await initialise(dataDir, binaries, user);
  const passwords = await readPasswords(dataDir);
  const server = await startWithRetries({ dataDir, binaries, user, options });
  const url = urlMaker(passwords, server.port);
  await ensureRoles(url, passwords);
  return { url, isOurs: true, stop: () => stopServer(server) };
}

function urlMaker(passwords: Passwords, port: number): EmbeddedPostgres['url'] {
  return (role, database = EMBEDDED_DATABASE) =>
    `postgres://${ROLE_NAMES[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`;
}

/** Makes the directory and returns one that the user can write: below a private home directory it is another. */
async function prepareDirectory(wanted: string, user: RunAs): Promise<string> {
  if (await isUsable(wanted, user)) return wanted;
  const name = Buffer.from(wanted).toString('base64url').slice(-40);
  const substitute = path.join('/var/tmp', `mutuality-data-${name}`);
  if (await isUsable(substitute, user)) return substitute;
  throw new Error(`Neither ${wanted} nor ${substitute} can hold the database`);
}

async function isUsable(directory: string, user: RunAs): Promise<boolean> {
  await fs.mkdir(path.dirname(directory), { recursive: true });
  await fs.mkdir(directory, { mode: 0o700 }).catch(ignore('EEXIST'));
  if (user.uid !== undefined && user.gid !== undefined && !existsSync(path.join(directory, 'PG_VERSION'))) {
    await fs.chown(directory, user.uid, user.gid);
  }
  if (process.platform === 'win32') return true;
  const probe = 'cd "$1" && : > .probe && rm .probe';
  return exec('/bin/sh', ['-c', probe, 'sh', directory], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** PostgreSQL's own lock file says which port a running server listens on. */
async function joinRunning(dataDir: string): Promise<EmbeddedPostgres | undefined> {
  const lockFile = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return undefined;
  const [pid, , , port] = readFileSync(lockFile, 'utf8').split('\n');
  if (!isPostgres(Number(pid))) {
    // After a restart of the machine or container the number may belong to some other process.
    await fs.rm(lockFile, { force: true });
    return undefined;
  }
  const url = urlMaker(await readPasswords(dataDir), Number(port));
  const client = new pg.Client({ connectionString: url('app'), connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return { url, isOurs: false, stop: async () => {} };
  } catch {
    return undefined; // it is going down, or is not ours: starting our own will tell
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    return !existsSync('/proc/self/comm'); // no such process; without /proc PostgreSQL itself has to find out
  }
}

async function initialise(dataDir: string, binaries: string, user: RunAs): Promise<void> {
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) return;
  const passwords: Passwords = { superuser: newPassword(), owner: newPassword(), app: newPassword() };
  const passwordFile = path.join(os.tmpdir(), `mutuality-${process.pid}-${randomBytes(4).toString('hex')}`);
  await fs.writeFile(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) await fs.chown(passwordFile, user.uid, user.gid);
  const settings = [
    '-D',
    dataDir,
    '-U',
    ROLE_NAMES.superuser,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    // Written first: a cluster whose passwords are lost is of no use.
    await fs.writeFile(passwordsPath(dataDir), JSON.stringify(passwords), { mode: 0o600 });
    await exec(binary(binaries, 'initdb'), [...settings, ...locale, '--no-instructions'], {
      ...user,
      env: environment(),
      cwd: '/',
    });
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

interface Launch {
  dataDir: string;
  binaries: string;
  user: RunAs;
  options: EmbeddedOptions;
}

interface Server {
  child: ChildProcess;
  watchdog: ChildProcess | undefined;
  port: number;
}

async function startWithRetries(launch: Launch): Promise<Server> {
  for (let tries = 1; ; tries++) {
    try {
      return await startServer(launch, await freePort());
    } catch (error) {
      // A previous instance may still be going down, or somebody took the port meanwhile.
      if (tries >= START_TRIES || !TRY_AGAIN.test(String(error))) throw error;
      await sleep(250);
    }
  }
}

async function startServer({ dataDir, binaries, user, options }: Launch, port: number): Promise<Server> {
  const settings = ['max_connections=100', ...(options.isThrowAway ? THROW_AWAY : [])];
  const child = spawn(
    binary(binaries, 'postgres'),
    [
      '-D',
      dataDir,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      '',
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    // Its own process group: Ctrl-C in the terminal reaches Node alone, which then stops PostgreSQL in order.
    {
      ...user,
      env: environment(),
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const watchdog = startWatchdog(child);
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      if (output.length < 20_000) output += text;
      for (const line of text.split('\n')) if (line) options.log?.(line);
      if (text.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      watchdog?.kill('SIGKILL');
      reject(new Error(`PostgreSQL ended (${code ?? signal}): ${output.slice(-2_000)}`));
    });
  });
  child.unref();
  (child.stderr as net.Socket | null)?.unref();
  return { child, watchdog, port };
}

/** Stops PostgreSQL when Node goes away for any reason: the watchdog's standard input closes then. */
function startWatchdog(child: ChildProcess): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watchdog = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -INT ${child.pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  (watchdog.stdin as net.Socket | null)?.unref();
  return watchdog;
}

async function stopServer({ child, watchdog }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.kill(process.platform === 'win32' ? 'SIGTERM' : 'SIGINT');
  await gone;
  watchdog?.kill('SIGKILL');
}

/** Two roles, so that the serving one can be denied what only migrations may do, and the database they share. */
async function ensureRoles(url: EmbeddedPostgres['url'], passwords: Passwords): Promise<void> {
  const client = new pg.Client(url('superuser', 'postgres'));
  await client.connect();
  try {
    for (const role of ['owner', 'app'] as const) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [
        ROLE_NAMES[role],
      ]);
      if (rowCount === 0) {
        await client.query(
          `create role ${ROLE_NAMES[role]} login password ${pg.escapeLiteral(passwords[role])}`,
        );
      }
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      EMBEDDED_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`create database ${EMBEDDED_DATABASE} owner ${ROLE_NAMES.owner}`);
  } finally {
    await client.end();
  }
}

async function readPasswords(dataDir: string): Promise<Passwords> {
  return JSON.parse(await fs.readFile(passwordsPath(dataDir), 'utf8')) as Passwords;
}

// Beside the cluster, not in it: the cluster's directory belongs to the database's user.
function passwordsPath(dataDir: string): string {
  return `${dataDir}.passwords.json`;
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

function binary(directory: string, name: string): string {
  return path.join(directory, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function environment(): NodeJS.ProcessEnv {
  return { ...childEnvironment(), LC_ALL: 'C', TZ: 'UTC', PGTZ: 'UTC' };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
