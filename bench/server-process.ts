import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../src/kernel/package-root.ts';

/** The built server as a process of its own. */
export interface Running {
  child: ChildProcess;
  url: string;
  readyMs: number;
}

/**
 * Starts the built server and waits until it says that it is ready.
 *
 * @param onSpawned called with the process before it is ready
 */
export async function startServer(
  settings: Record<string, string>,
  onSpawned: (child: ChildProcess) => void = () => {},
): Promise<Running> {
  const port = settings['PORT'] ?? String(await freePort());
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...profiling(), path.join(packageRoot(), 'dist/src/main.js')], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ...settings, PORT: port },
    stdio: ['ignore', 'pipe', process.env['BENCH_SERVER_LOG'] ? 'inherit' : 'ignore'],
  });
  onSpawned(child);
  const ended = once(child, 'exit').then(() => {
    throw new Error('The server ended during its start; BENCH_SERVER_LOG=1 shows what it says');
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('is ready at')) resolve();
    });
  });
  await Promise.race([ready, ended]);
  ended.catch(() => {});
  return { child, url: `http://127.0.0.1:${port}`, readyMs: performance.now() - startedAt };
}

/** For whoever wants to know where the server's time goes: a profile is written there when it ends. */
function profiling(): string[] {
  const directory = process.env['BENCH_PROFILE_DIR'];
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}

export async function stopServer({ child }: Pick<Running, 'child'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Works in a new directory that the user of PostgreSQL may enter, and takes it away. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-bench-'));
  await fs.chmod(directory, 0o755);
  try {
    return await work(directory);
  } finally {
    await fs.rm(directory, { recursive: true, force: true });
  }
}
