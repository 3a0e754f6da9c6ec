import type pg from 'pg';
import type { Actor } from './actor.ts';
import type { Clock } from './clock.ts';
import { Db, type Database } from './database.ts';
import { assert, OutcomeUnknown } from './errors.ts';
import { writeEvents, type NewEvent } from './events.ts';
import { writeJobs, type NewJob } from './jobs.ts';
import { isLostConnection, isRefusedByDatabase, retrying } from './transient.ts';

/**
 * One unit of work: a database transaction, who acts, and the instant at which it happens.
 *
 * Every function that writes receives it first. Await one query at a time on it.
 */
export interface Tx {
  db: Db;
  actor: Actor;
  now: Date;
  /** Records a fact of a network; it is stored with the transaction or not at all. */
  emit(event: NewEvent): void;
  /** Asks for work after the commit, such as a letter; stored with the transaction or not at all. */
  enqueue(job: NewJob): void;
}

/**
 * What other areas do in the same transaction when a fact comes about, by its kind: a new member gets accounts. They
 * run in the order of the facts, after the work that emitted them, may emit further ones, and may refuse it all.
 */
export type Reactions = Record<string, ((tx: Tx, event: NewEvent) => Promise<void>)[]>;

export type RunUnit = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) => Promise<T>;

/** What a unit of work has left behind for after the commit. */
export interface Left {
  hasJobs: boolean;
  hasEvents: boolean;
}

export interface UnitOfWorkParts {
  database: Database;
  clock: Clock;
  reactions: Reactions;
  /** Called after each commit with what it left for others, so that they need not wait for the next look. */
  onCommit: (left: Left) => void;
}

/**
 * Makes the function through which everything is written: it opens a READ COMMITTED transaction, runs the work,
 * stores its events and jobs, and commits. What the database asks to try again, and what a lost connection broke off
 * before the commit, is tried again: three times at most.
 *
 * @throws OutcomeUnknown if the connection broke at the commit
 */
export function unitOfWork(parts: UnitOfWorkParts): RunUnit {
  return (actor, work) => retrying(() => attempt(parts, actor, work));
}

async function attempt<T>(parts: UnitOfWorkParts, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { database, clock, reactions, onCommit } = parts;
  const client = await database.pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => void (broken = error);
  client.on('error', onError);
  try {
    await client.query('begin isolation level read committed');
    const events: NewEvent[] = [];
    const jobs: NewJob[] = [];
    const tx: Tx = {
      db: new Db(database.dataSource.manager, client),
      actor,
      now: clock.now(),
      emit: (event) => void events.push(event),
      enqueue: (job) => void jobs.push(job),
    };
    const result = await work(tx);
    await react(tx, events, reactions);
    await writeEvents(tx, events);
    await writeJobs(tx, jobs);
    if (broken) throw broken;
    await commit(client);
    onCommit({ hasJobs: jobs.length > 0, hasEvents: events.length > 0 });
    return result;
  } catch (error) {
    broken ??= await rollback(client, error);
    throw error;
  } finally {
    client.off('error', onError);
    // With an error the pool closes the connection instead of giving it to the next one.
    client.release(broken);
  }
}

/** Lets other areas do what follows from facts. */
export async function react(tx: Tx, events: NewEvent[], reactions: Reactions): Promise<void> {
  // The list may grow while it is walked: a reaction's own facts are reacted to as well.
  for (const event of events) {
    if (event.isSettled) continue;
    for (const reaction of reactions[event.kind] ?? []) await reaction(tx, event);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    // The server may have committed before the connection broke: only the client's key can tell, by asking again.
    if (!isRefusedByDatabase(error)) throw new OutcomeUnknown({ cause: error });
    throw error;
  }
  // PostgreSQL answers a commit with ROLLBACK, and no error, if a statement of the transaction failed.
  assert(command === 'COMMIT', 'a failed statement ends its unit of work');
}

/** Ends the transaction, and says why the connection is of no use any more if it is. */
async function rollback(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  const cause = error instanceof OutcomeUnknown ? error.cause : error;
  // A connection that is already lost has been rolled back by the server.
  if (cause instanceof Error && isLostConnection(cause)) return cause;
  try {
    await client.query('rollback');
    return undefined;
  } catch (failure) {
    return failure as Error;
  }
}
