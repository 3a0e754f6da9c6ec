import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Actor } from './actor.ts';
import type { Clock } from './clock.ts';
import { Db, type Database } from './database.ts';
import { DomainError, OutcomeUnknown } from './errors.ts';
import { writeEvents, type NewEvent } from './events.ts';
import { writeJobs, type NewJob } from './jobs.ts';

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

// Serialisation failures and deadlocks; the server restarting or out of connections; locks that took too long.
const RETRYABLE =
  /^(40001|40P01|55P03|57P01|57P02|57P03|53300|08.{3}|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/;
const LOST_CONNECTION = /^(57P0[123]|08.{3}|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$|Connection terminated/;
const MAX_TRIES = 3;

export interface UnitOfWorkParts {
  database: Database;
  clock: Clock;
  reactions: Reactions;
  /** Called after a commit that left jobs, so that they need not wait for the next look. */
  onCommit: () => void;
}

/**
 * Makes the function through which everything is written: it opens a READ COMMITTED transaction, runs the work,
 * stores its events and jobs, and commits. What the database asks to try again is tried again, at most three times.
 *
 */
export function unitOfWork(parts: UnitOfWorkParts): RunUnit {
  return async (actor, work) => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(parts, actor, work);
      } catch (error) {
        if (tries >= MAX_TRIES || !isRetryable(error)) throw error;
        await sleep(Math.random() * 50 * 2 ** tries);
      }
    }
  };
}

async function attempt<T>(parts: UnitOfWorkParts, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { database, clock, reactions, onCommit } = parts;
  const runner = database.dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.PoolClient;
    await runner.startTransaction('READ COMMITTED');
    const events: NewEvent[] = [];
    const jobs: NewJob[] = [];
    const tx: Tx = {
      db: new Db(runner.manager, client),
      actor,
      now: clock.now(),
      emit: (event) => void events.push(event),
      enqueue: (job) => void jobs.push(job),
    };
    const result = await work(tx);
    await react(tx, events, reactions);
    await writeEvents(tx, events);
    await writeJobs(tx, jobs);
    await commit(runner);
    if (jobs.length > 0) onCommit();
    return result;
  } catch (error) {
    await rollback(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

async function react(tx: Tx, events: NewEvent[], reactions: Reactions): Promise<void> {
  // The list may grow while it is walked: a reaction's own facts are reacted to as well.
  for (const event of events) {
    for (const reaction of reactions[event.kind] ?? []) await reaction(tx, event);
  }
}

async function commit(runner: QueryRunner): Promise<void> {
  try {
    await runner.commitTransaction();
  } catch (error) {
    // The server may have committed before the connection broke: only the client's key can tell, by asking again.
    if (LOST_CONNECTION.test(codeOf(error))) throw new OutcomeUnknown({ cause: error });
    throw error;
  }
}

async function rollback(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch (error) {
    // A connection that is already lost has been rolled back by the server.
    if (!LOST_CONNECTION.test(codeOf(error))) throw error;
  }
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof DomainError) && RETRYABLE.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message);
}
