import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { TransferBatcher } from './batcher.ts';

/** What paying works with: it opens no transaction of its own, since the batcher posts for many at once. */
export interface LedgerDeps {
  db: Db;
  clock: Clock;
  batcher: TransferBatcher;
}
