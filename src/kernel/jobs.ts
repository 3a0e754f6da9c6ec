import type { Pool } from 'pg';
import type { Clock } from './clock.ts';
import { after, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts';
import type { Db } from './database.ts';
import type { Expiry } from './housekeeping.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import type { Tx } from './unit-of-work.ts';

/** Work for later: at least once, in no promised order, so every handler is safe to run twice. */
export interface NewJob {
  kind: string;
  payload: object;
  /** The earliest instant to run it; the unit of work's own instant if absent. */
  dueAt?: Date;
  /**
   * At most one job that nobody has begun has a given key: asking again changes nothing until it is begun. From then on
   * the key is free, since what is asked later may concern what the run has not seen.
   */
  key?: string;
}

export type JobHandlers = Record<string, (payload: never, now: Date) => Promise<void>>;

/** Work that comes again and again, in one process of the server at a time. */
export interface RecurringJob {
  kind: string;
  everyMs: number;
}

interface TakenJob {
  id: string;
  kind: string;
  payload: object;
  attempts: number;
  uniqueKey: string | null;
  /** Names this run: every later one of the same job has a later lease. */
  leasedUntil: Date;
}

const LEASE_MS = 2 * MINUTE_MS;
// About three days in all: letters outlive a mail server that is down over a weekend.
const MAX_ATTEMPTS = 23;
const FIRST_WAIT_MS = 10 * SECOND_MS;
const LONGEST_WAIT_MS = 6 * HOUR_MS;
const POLL_MS = SECOND_MS;
// Begins the keys of recurring jobs, which keep theirs while they run.
const RECURRING = 'recurring:';
// Shared by whoever takes a job, and held alone while none is to be taken.
const TAKING_LOCK = 7_305_413_202;

/** Jobs that were given up are kept for a person to look at, but not for ever: they may hold secrets. */
export const failedJobExpiry: Expiry = {
  table: 'job',
  column: 'failed_at',
  cutoff: (now) => after(now, -30 * DAY_MS),
};

export async function writeJobs(tx: Tx, jobs: NewJob[]): Promise<void> {
  for (const job of jobs) {
    await tx.db.execute(
      `insert into job (id, kind, payload, due_at, unique_key, attempts, created_at)
       values ($1, $2, $3::jsonb, $4, $5, 0, $6) on conflict do nothing`,
      [newId('job'), job.kind, JSON.stringify(job.payload), job.dueAt ?? tx.now, job.key ?? null, tx.now],
    );
  }
}

/**
 * Does something while no process takes a job: what writes down a past, such as the demo, would otherwise have a server beside it
 * close and let lapse in between what is long over by its clock.
 */
export async function whileJobsRest<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    await connection.query('select pg_advisory_lock($1)', [TAKING_LOCK]);
    return await work();
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [TAKING_LOCK]).finally(() => {
      // A lock that could not be given back goes with its connection.
      connection.release(true);
    });
  }
}

/** Runs jobs one after another; another lane runs others at the same time. */
interface Lane {
  takes: Takes;
  timer?: NodeJS.Timeout | undefined;
  running?: Promise<void> | undefined;
  isWanted: boolean;
}

/** Which jobs: those of the prompt kinds, all others, or both. */
type Takes = 'PROMPT' | 'OTHER' | 'ALL';

/**
 * Runs due jobs, in one lane what has to happen on time and in another all the rest: no letter to a slow server makes those
 * wait. A job is leased in its own short transaction, so that a handler may talk to other servers without holding one open; if
 * the process dies, the lease runs out and another takes the job.
 */
export class JobRunner {
  private readonly lanes: Lane[];
  private stopped = true;
  private scheduling: Promise<void> | undefined;

  /** @param prompt kinds of jobs that wait for no others */
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly handlers: JobHandlers,
    private readonly recurring: RecurringJob[] = [],
    private readonly prompt: readonly string[] = [],
  ) {
    const takes: Takes[] = prompt.length > 0 ? ['PROMPT', 'OTHER'] : ['ALL'];
    this.lanes = takes.map((each) => ({ takes: each, isWanted: false }));
  }

  start(): void {
    this.stopped = false;
    this.wake();
  }

  /** Looks for due jobs now instead of at the next look. */
  wake(): void {
    for (const lane of this.lanes) this.wakeLane(lane);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const lane of this.lanes) {
      lane.isWanted = false;
      clearTimeout(lane.timer);
    }
    await Promise.all(this.lanes.map(async ({ running }) => running));
  }

  private wakeLane(lane: Lane): void {
    if (this.stopped) return;
    lane.isWanted = true;
    lane.running ??= this.loop(lane).finally(() => {
      lane.running = undefined;
      if (lane.isWanted) this.wakeLane(lane);
      else if (!this.stopped) lane.timer = setTimeout(() => this.wakeLane(lane), POLL_MS);
    });
  }

  /** Lets every recurring job wait for its turn, unless it does so already; the first comes after one interval. */
  async schedule(): Promise<void> {
    const now = this.clock.now();
    for (const { kind, everyMs } of this.recurring) {
      await this.db.execute(
        `insert into job (id, kind, payload, due_at, unique_key, attempts, created_at)
         values ($1, $2, '{}', $3, $4, 0, $5) on conflict do nothing`,
        [newId('job'), kind, after(now, everyMs), recurringKey(kind), now],
      );
    }
  }

  /** Runs everything that is due, as long as it is wanted, and returns how many jobs were done. */
  runDue(isWanted = () => true): Promise<number> {
    return this.runTaken('ALL', isWanted);
  }

  private async runTaken(takes: Takes, isWanted: () => boolean): Promise<number> {
    let done = 0;
    while (isWanted()) {
      const job = await this.take(takes);
      if (!job) break;
      if (await this.run(job)) done++;
    }
    return done;
  }

  private async loop(lane: Lane): Promise<void> {
    clearTimeout(lane.timer);
    lane.isWanted = false;
    try {
      await this.scheduleOnce();
      // A server that stops does not wait for a long queue: what is left is due at the next start.
      await this.runTaken(lane.takes, () => !this.stopped);
    } catch (error) {
      // The database may be restarting: the next look tries again.
      this.log.error({ err: error }, 'looking for due jobs failed');
    }
  }

  private scheduleOnce(): Promise<void> {
    this.scheduling ??= this.schedule().catch((error: unknown) => {
      this.scheduling = undefined;
      throw error;
    });
    return this.scheduling;
  }

  private take(takes: Takes): Promise<TakenJob | undefined> {
    const now = this.clock.now();
    return this.db.row<TakenJob>(
      `update job set leased_until = $2, attempts = attempts + 1,
                      unique_key = case when starts_with(unique_key, $3) then unique_key end
        where id = (select id from job
                     where due_at <= $1 and coalesce(leased_until, due_at) <= $1 and failed_at is null
                       and ($4 = 'ALL' or ($4 = 'PROMPT') = (kind = any($5)))
                     order by due_at, id limit 1 for update skip locked)
          and pg_try_advisory_xact_lock_shared($6)
        returning id, kind, payload, attempts, unique_key, leased_until`,
      [now, after(now, LEASE_MS), RECURRING, takes, this.prompt, TAKING_LOCK],
    );
  }

  private async run(job: TakenJob): Promise<boolean> {
    const handler = this.handlers[job.kind];
    try {
      if (!handler) throw new Error(`No handler for jobs of kind ${job.kind}`);
      await handler(job.payload as never, this.clock.now());
      await this.finish(job);
      return true;
    } catch (error) {
      this.log.error({ err: error, job: job.id, kind: job.kind, attempts: job.attempts }, 'job failed');
      await this.postpone(job, error);
      return false;
    }
  }

  private async finish(job: TakenJob): Promise<void> {
    const interval = this.intervalOf(job);
    if (interval !== null) await this.repeat(job, interval);
    else await this.change(job, 'delete from job');
  }

  private intervalOf({ kind, uniqueKey }: TakenJob): number | null {
    if (uniqueKey !== recurringKey(kind)) return null;
    return this.recurring.find((job) => job.kind === kind)?.everyMs ?? null;
  }

  private async repeat(job: TakenJob, everyMs: number): Promise<void> {
    const next = after(this.clock.now(), everyMs);
    await this.change(job, 'update job set due_at = $3, leased_until = null, attempts = 0', [next]);
  }

  /**
   * Waits twice as long after each failure; after the last one the row stays for a person to look at. A recurring job is
   * never given up, and waits for its next turn at most.
   */
  private async postpone(job: TakenJob, error: unknown): Promise<void> {
    const now = this.clock.now();
    const interval = this.intervalOf(job);
    const isGivenUp = job.attempts >= MAX_ATTEMPTS && interval === null;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (job.attempts - 1), LONGEST_WAIT_MS, interval ?? Infinity);
    await this.change(
      job,
      'update job set due_at = $3, leased_until = null, failed_at = $4, last_error = $5',
      [after(now, wait), isGivenUp ? now : null, String(error).slice(0, 500)],
    );
  }

  /** Changes the job if it is still leased to this run: one that took too long has been overtaken by another. */
  private async change(job: TakenJob, change: string, values: unknown[] = []): Promise<void> {
    const statement = `${change} where id = $1 and leased_until = $2`;
    const count = await this.db.execute(statement, [job.id, job.leasedUntil, ...values]);
    if (count === 0) this.log.warn({ job: job.id, kind: job.kind }, 'a job took longer than its lease');
  }
}

function recurringKey(kind: string): string {
  return RECURRING + kind;
}
