import path from 'node:path';
import { startEmbedded } from '../src/kernel/embedded-postgres.ts';
import { givenCommunity, openApp, withClient, type Urls } from './community.ts';
import { proveBooks } from './ledger-check.ts';
import { benchGrowth } from './ledger-growth.ts';
import { MODES, Modes, type ModeName } from './ledger-modes.ts';
import type { Options, Report } from './main.ts';
import { median, rounded, type Sample } from './samples.ts';
import { inTemporaryDirectory } from './server-process.ts';

const ROUNDS = 5;
const SECONDS = 1.5;
const ACCOUNTS = 10_000;
const CLIENTS = [1, 8, 64, 256];
const PATTERNS = ['uniform', 'hot'] as const;
type Pattern = (typeof PATTERNS)[number];

// What holds of one run on one machine, whatever the machine.
const ENGINE_TO_PLAIN = { uniform: 5, hot: 10 };
const MOST_P99_TO_P50 = 3;

/**
 * Posts transfers in four ways on one PostgreSQL with everything on that makes it safe, in turns, so that what else the
 * machine does hits all alike: `floor` commits one update, `plain` is what one would write without the engine, `engine` is
 * the server's batcher called from here, `http` is `transferCreate` of a server process.
 */
export function benchLedger(options: Options): Promise<Report> {
  if (options.large) return benchGrowth(options);
  return inTemporaryDirectory(async (directory) => {
    const postgres = await startEmbedded({ dataDir: path.join(directory, 'postgres') });
    const urls = { appUrl: postgres.url('app'), ownerUrl: postgres.url('owner') };
    const app = await openApp(urls);
    try {
      const community = await givenCommunity(app, urls.ownerUrl, {
        accounts: ACCOUNTS,
        sessions: Math.max(...CLIENTS),
      });
      const modes = await Modes.open(app, urls, community);
      try {
        const before = await storageOf(urls);
        const results = await playAll(modes, options);
        return await reportOf(results, modes, urls, before);
      } finally {
        await modes.close();
      }
    } finally {
      await app.close();
      await postgres.stop();
    }
  });
}

/** The samples of each round by what was played. */
class Results {
  private readonly samples = new Map<string, Sample[]>();

  add(what: Played, sample: Sample): void {
    const name = nameOf(what);
    this.samples.set(name, [...(this.samples.get(name) ?? []), sample]);
  }

  of(what: Played): Sample[] {
    return this.samples.get(nameOf(what)) ?? [];
  }

  median(what: Played, of: keyof Sample): number {
    return median(this.of(what).map((sample) => sample[of]));
  }

  /** The median of what the rounds gave each for itself: two neighbours in one round had the same noise. */
  ratio(one: Played, other: Played): number {
    const others = this.of(other);
    return median(this.of(one).map(({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? NaN)));
  }
}

interface Played {
  mode: ModeName;
  pattern: Pattern;
  clients: number;
}

function nameOf({ mode, pattern, clients }: Played): string {
  return `${mode}${pattern === 'hot' ? 'Hot' : 'Uniform'}${clients}`;
}

// A row that all would update has no use as a floor: the floor is the same for both.
function modesOf(pattern: Pattern): ModeName[] {
  return MODES.filter((mode) => mode !== 'floor' || pattern === 'uniform');
}

async function playAll(modes: Modes, { rounds = ROUNDS, seconds = SECONDS }: Options): Promise<Results> {
  const results = new Results();
  // The first round makes connections, plans and compiled code; it is not counted.
  for (let round = 0; round <= rounds; round++) {
    console.error(round === 0 ? 'Warming up …' : `Round ${round} of ${rounds} …`);
    for (const clients of CLIENTS) {
      for (const pattern of PATTERNS) {
        for (const mode of modesOf(pattern)) {
          const sample = await modes.play(mode, {
            clients,
            isHot: pattern === 'hot',
            seconds: round === 0 ? Math.min(seconds, 0.5) : seconds,
          });
          if (sample.failed > 0) throw new Error(`${sample.failed} transfers by ${mode} failed`);
          if (round > 0) results.add({ mode, pattern, clients }, sample);
        }
      }
    }
  }
  return results;
}

interface Storage {
  bytes: number;
  transfers: number;
}

/** What posted transfers take on disk with their entries, events, keys and links, and all indexes. */
function storageOf({ ownerUrl }: Urls): Promise<Storage> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ bytes: string; transfers: string }>(
      `select sum(pg_total_relation_size(t::regclass)) as bytes, (select count(*) from transfer) as transfers
         from unnest(array['transfer', 'entry', 'event', 'idempotency_key', 'ledger_link']) as t`,
    );
    return { bytes: Number(rows[0]?.bytes), transfers: Number(rows[0]?.transfers) };
  });
}

async function reportOf(results: Results, modes: Modes, urls: Urls, before: Storage): Promise<Report> {
  const figures: Record<string, number> = {};
  const lines = [
    'clients accounts mode     a second   p50 ms   p99 ms  × plain  × floor  connections of plain and floor',
  ];
  for (const clients of CLIENTS) {
    for (const pattern of PATTERNS) {
      for (const mode of modesOf(pattern)) {
        const row = await rowOf(results, modes, { mode, pattern, clients });
        lines.push(row.line);
        Object.assign(figures, row.figures);
      }
    }
  }
  const after = await storageOf(urls);
  figures['transfers'] = after.transfers - before.transfers;
  figures['bytesPerTransfer'] = Math.round((after.bytes - before.bytes) / figures['transfers']);
  lines.push(`${figures['bytesPerTransfer']} bytes on disk for each of ${figures['transfers']} transfers`);
  const broken = [...brokenBounds(results), ...(await proveBooks(urls.ownerUrl))];
  return { figures, broken, text: lines.join('\n') };
}

async function rowOf(results: Results, modes: Modes, played: Played) {
  const { mode, pattern, clients } = played;
  const perSecond = Math.round(results.median(played, 'perSecond'));
  const p50 = rounded(results.median(played, 'p50'));
  const p99 = rounded(results.median(played, 'p99'));
  const toPlain = rounded(results.ratio(played, { ...played, mode: 'plain' }));
  const toFloor = rounded(results.ratio(played, { mode: 'floor', pattern: 'uniform', clients }));
  const isPlain = mode === 'plain' || mode === 'floor';
  const round = { clients, isHot: pattern === 'hot', seconds: 1 };
  const pool = isPlain ? await modes.poolSize(mode, round) : null;
  const name = nameOf(played);
  const figures = {
    [`${name}PerSecond`]: perSecond,
    [`${name}P50Ms`]: p50,
    [`${name}P99Ms`]: p99,
    [`${name}ToPlain`]: toPlain,
    [`${name}ToFloor`]: toFloor,
    ...(pool && { [`${name}Connections`]: pool }),
  };
  const numbers = [perSecond, p50, p99, toPlain, toFloor].map((value) => String(value).padStart(8)).join(' ');
  const line = `${String(clients).padStart(7)} ${pattern.padEnd(8)} ${mode.padEnd(7)} ${numbers}  ${pool ?? ''}`;
  return { figures, line: line.trimEnd() };
}

function brokenBounds(results: Results): string[] {
  const bounds: [holds: boolean, sentence: string][] = PATTERNS.flatMap((pattern) => {
    const at = (mode: ModeName, clients: number): Played => ({ mode, pattern, clients });
    const engine = at('engine', 64);
    const least = ENGINE_TO_PLAIN[pattern];
    const p99ToP50 = results.median(engine, 'p99') / results.median(engine, 'p50');
    const floor: Played = { mode: 'floor', pattern: 'uniform', clients: 64 };
    return [
      [results.ratio(engine, at('plain', 64)) >= least, `${pattern}: the engine is ${least} times plain`],
      [results.ratio(engine, floor) >= 1, `${pattern}: the engine is not below the floor`],
      [
        p99ToP50 <= MOST_P99_TO_P50,
        `${pattern}: the engine's p99 is at most ${MOST_P99_TO_P50} times its p50`,
      ],
      [results.ratio(at('http', 64), at('plain', 64)) >= 1, `${pattern}: HTTP is not below plain`],
      [
        results.ratio(at('engine', 1), at('plain', 1)) >= 1,
        `${pattern}: for one client the engine is not below plain`,
      ],
    ] satisfies [boolean, string][];
  });
  return bounds.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}
