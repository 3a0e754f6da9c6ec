import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from './api.ts';
import { quickDirectory } from './quick-directory.ts';

const ROOT = path.resolve(__dirname, '../..');
const BUILD = process.env['TEST_BUILD'] ?? '';
const PROGRAM = path.join(BUILD, 'program');

/** Compiles the program as `npm start` would, once for all test files of a run and into a place of its own. */
export async function buildProgram(): Promise<void> {
  await fs.mkdir(path.dirname(BUILD), { recursive: true });
  const isFirst = await fs.mkdir(BUILD).then(
    () => true,
    () => false,
  );
  if (!isFirst) return until('another test file has built the program', () => existsSync(PROGRAM));
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const unfinished = path.join(BUILD, 'unfinished');
  // Types are checked elsewhere; here only what it writes counts.
  const options = ['--outDir', unfinished, '--sourceMap', 'false', '--noCheck'];
  spawnSync(process.execPath, [compiler, '-p', ROOT, ...options]);
  if (!existsSync(path.join(unfinished, 'src/main.js'))) throw new Error('The program was not built');
  await fs.rename(unfinished, PROGRAM);
}

/** The server as a process of its own, in its own process group. */
export interface ServerProcess {
  url: string;
  child: ChildProcess;
  /** What it has written so far: lines for people, and the log. */
  stdout(): string;
  stderr(): string;
  /** The lines of the log. */
  log(): Json[];
  /** Sends a signal to it alone, or to the whole group as the terminal does for Ctrl-C. */
  signal(signal: NodeJS.Signals, to?: 'process' | 'group'): void;
  /** Its exit code; null if a signal ended it. */
  exit: Promise<number | null>;
}

/** Starts the built program without waiting for anything. */
export function spawnServer(environment: Record<string, string>): ServerProcess {
  return spawnProgram(['src/main.js'], { HOST: '127.0.0.1', ...environment });
}

function spawnProgram([file = '', ...words]: string[], environment: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, [path.join(PROGRAM, file), ...words], {
    detached: true,
    env: { PATH: process.env['PATH'], PASSWORD_MEMORY_KIB: '8', ...environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return {
    url: `http://127.0.0.1:${environment['PORT']}`,
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    log: () =>
      output.stderr
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    signal: (signal, to = 'process') => process.kill((to === 'group' ? -1 : 1) * (child.pid ?? 0), signal),
    exit: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
}

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command of the built program to its end. */
export function runCommand(
  words: string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  return runToEnd(['src/cli.js', ...words], environment);
}

/** Runs the measurements as `npm run bench` does. */
export function runBench(words: string[]): Promise<CommandResult> {
  return runToEnd(['bench/main.js', ...words], {});
}

/** Runs a script of `test/support` with the directory of the built program as its argument. */
export function runBeside(script: string): Promise<CommandResult> {
  return runToEnd([path.relative(PROGRAM, path.join(__dirname, script)), PROGRAM], {});
}

async function runToEnd(words: string[], environment: Record<string, string>): Promise<CommandResult> {
  const command = spawnProgram(words, environment);
  return { code: await command.exit, stdout: command.stdout(), stderr: command.stderr() };
}

/** Starts the built program and waits until it says that it is ready. */
export async function startServer(environment: Record<string, string>): Promise<ServerProcess> {
  const server = spawnServer(environment);
  const ready = until('the server is ready', () => server.stdout().includes('is ready at'));
  const ended = server.exit.then((code) => {
    throw new Error(`The server ended (${code}): ${server.stderr()}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => {});
  return server;
}

/** A new directory that the user of PostgreSQL may enter. */
export function givenDataDir(): Promise<string> {
  return quickDirectory('mutuality-process-');
}

export function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(String(port)));
    });
  });
}

/** The process id of the PostgreSQL that runs in a data directory; null if none does. */
export function postgresIn(dataDir: string): number | null {
  const lockFile = path.join(dataDir, 'postgres/postmaster.pid');
  if (!existsSync(lockFile)) return null;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n', 1)[0]);
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await sleep(20);
  }
}
