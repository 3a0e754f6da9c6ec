import { setTimeout as sleep } from 'node:timers/promises';
import { entities } from '../../src/entities/index.ts';
import { openDatabase } from '../../src/kernel/database.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { unitOfWork, type RunUnit } from '../../src/kernel/unit-of-work.ts';
import { TransferBatcher } from '../../src/services/ledger/batcher.ts';
import type { LedgerDeps } from '../../src/services/ledger/deps.ts';
import type { TestServer } from './server.ts';

/** What is needed to post, on connections of its own. */
export interface Crew {
  ledger: LedgerDeps;
  run: RunUnit;
}

/**
 * Does something on connections of its own, and says how many deadlocks there were: PostgreSQL is sure to have counted
 * them once the connections are closed.
 */
export async function deadlocksIn(server: TestServer, work: (crew: Crew) => Promise<void>): Promise<number> {
  const before = await deadlocks(server);
  const database = await openDatabase({
    url: server.databaseUrl('app'),
    poolSize: 10,
    entities,
    onConnectionError: () => {},
  });
  const pids: number[] = [];
  database.pool.on(
    'connect',
    (client) => void pids.push((client as unknown as { processID: number }).processID),
  );
  const { clock } = server;
  const batcher = new TransferBatcher(database.db, clock, () => {});
  const run = unitOfWork({ database, clock, reactions: {}, onCommit: () => {} });
  try {
    await work({ ledger: { db: database.db, clock, batcher }, run });
  } finally {
    await database.close();
  }
  const { db } = server.app.database;
  while ((await db.rows('select 1 from pg_stat_activity where pid = any($1)', [pids])).length > 0)
    await sleep(20);
  return (await deadlocks(server)) - before;
}

async function deadlocks(server: TestServer): Promise<number> {
  const row = await server.app.database.db.row<{ deadlocks: bigint }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return Number(row?.deadlocks);
}

/** What came of many things at once: the value, or the code of the refusal. Anything else is a fault. */
export async function outcomesOf<T>(promises: Promise<T>[]): Promise<(T | string)[]> {
  return Promise.all(
    promises.map((promise) =>
      promise.catch((error: unknown) => {
        if (error instanceof DomainError) return error.code;
        throw error;
      }),
    ),
  );
}
