import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';
import { postgresBinaries, unprivilegedUser, type RunAs } from './postgres-binaries.ts';
import {
  binary,
  ensureRoles,
  environment,
  initialise,
  prepareDirectory,
  urlsOf,
  type UrlOf,
} from './postgres-cluster.ts';

export interface EmbeddedOptions {
  /** Where the cluster lives; made at the first start. */
  dataDir: string;
  /** Trades durability for speed. For tests only: a crash loses the data. */
  isThrowAway?: boolean;
  /** Uses what another process runs there, which lasts as long as that one. Without it, waits for the other to end. */
  mayJoin?: boolean;
  log?: (line: string) => void;
  /** Called with its last words if PostgreSQL ends without having been asked to. */
  onLost?: (output: string) => void;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  url: UrlOf;
  /** Where the cluster really lives: not where it was asked for, if the user of PostgreSQL cannot go there. */
  dataDir: string;
  /** False if another process of ours had started it already; then `stop` leaves it running. */
  isOurs: boolean;
  stop(): Promise<void>;
}

const START_TRIES = 60;
const IN_USE = /postmaster\.pid|shared memory block/;
const PORT_TAKEN = /could not bind|could not create any TCP/;
const THROW_AWAY = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
  'autovacuum=off',
];

/**
 * Starts PostgreSQL in a directory.
 *
 * Works as root (it runs as an unprivileged user then), recovers after a `kill -9` of itself or of Node, and stops
 * when Node goes away for whatever reason.
 *
 * @throws CannotStart if this machine cannot run it, or another process goes on using the directory
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = unprivilegedUser();
  const dataDir = await prepareDirectory(path.resolve(options.dataDir), user);
  const running = await findRunning(dataDir);
  if (running && options.mayJoin) return running;

  const binaries = await postgresBinaries(user);
  await initialise(dataDir, binaries, user);
  const server = await startWithRetries({ dataDir, binaries, user, options });
  const url = await urlsOf(dataDir, server.port);
  await ensureRoles(dataDir, url);
  return { url, dataDir, isOurs: true, stop: () => stopServer(server) };
}

/** PostgreSQL's own lock file says which port a running server listens on. */
async function findRunning(dataDir: string): Promise<EmbeddedPostgres | undefined> {
  const lockFile = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return undefined;
  const [pid, , , port] = readFileSync(lockFile, 'utf8').split('\n');
  if (!isPostgres(Number(pid))) {
    // After a restart of the machine or container the number may belong to some other process.
    await fs.rm(lockFile, { force: true });
    return undefined;
  }
  const url = await urlsOf(dataDir, Number(port));
  const client = new pg.Client({ connectionString: url('app'), connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return { url, dataDir, isOurs: false, stop: async () => {} };
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
  isStopping: boolean;
}

async function startWithRetries(launch: Launch): Promise<Server> {
  for (let tries = 1; ; tries++) {
    try {
      return await startServer(launch, await freePort());
    } catch (error) {
      // A previous instance may still be going down, or somebody took the port meanwhile.
      const isInUse = IN_USE.test(String(error));
      if (!isInUse && !PORT_TAKEN.test(String(error))) throw error;
      if (tries >= START_TRIES && isInUse) throw inUse(launch.dataDir, error);
      if (tries >= START_TRIES) throw error;
      await sleep(250);
    }
  }
}

function inUse(dataDir: string, cause: unknown): CannotStart {
  const sentence = `Another process uses the database in ${dataDir}: stop that one, or set DATA_DIR or DATABASE_URL.`;
  return new CannotStart(sentence, { cause });
}

async function startServer(launch: Launch, port: number): Promise<Server> {
  const child = spawnPostgres(launch, port);
  const server: Server = { child, watchdog: startWatchdog(child), port, isStopping: false };
  await new Promise<void>((resolve, reject) => {
    let output = '';
    let isReady = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      output = (output + text).slice(-2_000);
      for (const line of text.split('\n')) if (line) launch.options.log?.(line);
      isReady ||= text.includes('ready to accept connections');
      if (isReady) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      server.watchdog?.kill('SIGKILL');
      if (!isReady) reject(new Error(`PostgreSQL ended (${code ?? signal}): ${output}`));
      else if (!server.isStopping) launch.options.onLost?.(output);
    });
  });
  child.unref();
  (child.stderr as net.Socket | null)?.unref();
  return server;
}

function spawnPostgres({ dataDir, binaries, user, options }: Launch, port: number): ChildProcess {
  const address = ['-p', String(port), '-h', '127.0.0.1', '-k', ''];
  const settings = ['max_connections=100', ...(options.isThrowAway ? THROW_AWAY : [])];
  return spawn(
    binary(binaries, 'postgres'),
    ['-D', dataDir, ...address, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...user,
      env: environment(),
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      // Its own process group: Ctrl-C in the terminal reaches Node alone, which then stops PostgreSQL in order.
      detached: process.platform !== 'win32',
    },
  );
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

async function stopServer(server: Server): Promise<void> {
  const { child, watchdog } = server;
  server.isStopping = true;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.kill(process.platform === 'win32' ? 'SIGTERM' : 'SIGINT');
  await gone;
  watchdog?.kill('SIGKILL');
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
