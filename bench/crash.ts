import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../src/kernel/embedded-postgres.ts';
import { givenCommunity, openApp, withClient, type Community } from './community.ts';
import { CrashClients, type Told } from './crash-clients.ts';
import { proveBooks } from './ledger-check.ts';
import type { Options, Report } from './main.ts';
import { freePort, inTemporaryDirectory, startServer, stopServer } from './server-process.ts';

const KILLS = 10;
const CLIENTS = 32;
// Between two kills this many transfers are done, however slow the machine; now and then the kill comes while the server
// still starts.
const WORK = { min: 1, max: 1_000 };
const WORK_AT_MOST_MS = 5_000;
const STARTING_MS = { min: 0, max: 1_500 };
const WHILE_STARTING = 0.25;

/**
 * Kills the server or its database under load, again and again, and counts what became of the transfers that clients were
 * told are done. A supervisor starts the server anew, as an operator's would.
 */
export function benchCrash({ kills = KILLS, seed = Date.now() % 1_000_000 }: Options): Promise<Report> {
  console.error(`Seed ${seed}`);
  return inTemporaryDirectory(async (dataDir) => {
    const community = await prepare(dataDir);
    const supervisor = new Supervisor(dataDir, await freePort());
    await supervisor.start();
    const clients = new CrashClients(supervisor.url, community);
    const killed = { node: 0, postgres: 0 };
    try {
      const random = randomFrom(seed);
      for (let kill = 1; kill <= kills; kill++) {
        await killingMoment(supervisor, clients, random);
        const what = random() < 0.5 ? 'node' : 'postgres';
        while (!(await killOne(what, supervisor, dataDir))) await sleep(20);
        killed[what]++;
        console.error(`${kill} of ${kills}: ${what}, after ${clients.told.transferByKey.size} transfers`);
      }
      await supervisor.ready;
      await clients.stop();
    } finally {
      await supervisor.stop();
    }
    return reportOf(dataDir, clients.told, { seed, ...killed });
  });
}

/** The database and the members are there before the first start of the server. */
async function prepare(dataDir: string): Promise<Community> {
  const postgres = await startEmbedded({ dataDir: path.join(dataDir, 'postgres') });
  const urls = { appUrl: postgres.url('app'), ownerUrl: postgres.url('owner') };
  const app = await openApp(urls);
  try {
    return await givenCommunity(app, urls.ownerUrl, { accounts: CLIENTS, sessions: CLIENTS });
  } finally {
    await app.close();
    await postgres.stop();
  }
}

/** Starts the server again whenever it ends. */
class Supervisor {
  readonly url: string;
  /** Kept when the server that runs now, or the next one, is ready. */
  ready: Promise<void> = Promise.resolve();
  child: ChildProcess | undefined;
  starts = 0;
  private isStopping = false;

  constructor(
    private readonly dataDir: string,
    private readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  start(): Promise<void> {
    this.ready = this.startOnce();
    return this.ready;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child) await stopServer({ child: this.child });
  }

  private async startAgain(): Promise<void> {
    if (!this.isStopping) await this.start();
  }

  private async startOnce(): Promise<void> {
    this.starts++;
    const settings = { DATA_DIR: this.dataDir, PORT: String(this.port) };
    try {
      await startServer(settings, (child) => {
        this.child = child;
        child.once('exit', () => void this.startAgain());
      });
    } catch {
      // It was killed while it started: the next one is on its way.
      await sleep(10);
      if (!this.isStopping) await this.ready;
    }
  }
}

/** Waits for a moment that nobody has chosen. */
async function killingMoment(
  supervisor: Supervisor,
  { told }: CrashClients,
  random: () => number,
): Promise<void> {
  const between = ({ min, max }: { min: number; max: number }) => min + random() * (max - min);
  if (random() < WHILE_STARTING) {
    await sleep(between(STARTING_MS));
    return;
  }
  await supervisor.ready;
  const enough = told.transferByKey.size + between(WORK);
  const deadline = Date.now() + WORK_AT_MOST_MS;
  while (told.transferByKey.size < enough && Date.now() < deadline) await sleep(1);
}

/** Waits until the server has gone too; false if there was nobody to kill. */
async function killOne(what: 'node' | 'postgres', { child }: Supervisor, dataDir: string): Promise<boolean> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return false;
  const isKilled = what === 'node' ? child.kill('SIGKILL') : killPostgres(dataDir);
  // Without its database the server ends by itself.
  if (isKilled) await once(child, 'exit');
  return isKilled;
}

function killPostgres(dataDir: string): boolean {
  try {
    const [pid = ''] = readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');
    // The number of a database that was killed before may belong to another process by now.
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    process.kill(Number(pid), 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Small numbers from a seed (mulberry32), so that a run can be had again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function reportOf(dataDir: string, told: Told, given: Record<string, number>): Promise<Report> {
  const postgres = await startEmbedded({ dataDir: path.join(dataDir, 'postgres') });
  try {
    const found = await countFound(postgres.url('owner'), told);
    const faults = await proveBooks(postgres.url('app'));
    const refused = [...told.refusals.values()].reduce((sum, count) => sum + count, 0);
    const figures = {
      ...given,
      acknowledged: told.transferByKey.size,
      ...found,
      contradicted: told.contradictions.length,
      refused,
      repetitions: told.repetitions,
      faultsInTheBooks: faults.length,
    };
    const bounds: [holds: boolean, sentence: string][] = [
      [figures.acknowledged > 0, 'transfers were acknowledged'],
      [found.lost === 0, 'no acknowledged transfer is lost'],
      [found.doubled === 0, 'no transfer is there twice'],
      [found.unknown === 0, 'no transfer is there that nobody was told of'],
      [figures.contradicted === 0, 'a key always stands for the same transfer'],
      [refused === 0, `no transfer is refused (${[...told.refusals.keys()].join(', ')})`],
    ];
    return { figures, broken: [...bounds.filter(([holds]) => !holds).map(([, bound]) => bound), ...faults] };
  } finally {
    await postgres.stop();
  }
}

/** Compares what clients were told with the books. */
function countFound(ownerUrl: string, { transferByKey }: Told) {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ id: string; key: string }>(
      'select id, description as key from transfer where posted_at is not null',
    );
    const ids = new Set(rows.map(({ id }) => id));
    const keys = new Set(rows.map(({ key }) => key));
    const lost = [...transferByKey.values()].filter((id) => !ids.has(id)).length;
    const unknown = [...keys].filter((key) => !transferByKey.has(key)).length;
    return { present: rows.length, doubled: rows.length - keys.size, lost, unknown };
  });
}
