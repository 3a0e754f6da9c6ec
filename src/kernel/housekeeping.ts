import type { Db } from './database.ts';

/** Rows that are of no use after some time. */
export interface Expiry {
  table: string;
  /** The column that tells their age or end. */
  column: string;
  /** Rows whose column lies before it go. */
  cutoff: (now: Date) => Date | number;
}

// So many at a time that no statement runs into its timeout, however much has gathered.
const BATCH = 5_000;

/** Deletes what has had its day, in small transactions, and returns how many rows that were by table. */
export async function deleteExpired(db: Db, expiries: Expiry[], now: Date): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const { table, column, cutoff } of expiries) {
    deleted[table] = await deleteBefore(db, table, column, cutoff(now));
  }
  return deleted;
}

async function deleteBefore(db: Db, table: string, column: string, cutoff: Date | number): Promise<number> {
  for (let total = 0; ;) {
    const count = await db.execute(
      `delete from ${table} where ctid in
         (select ctid from ${table} where ${column} < $1 limit ${BATCH} for update skip locked)`,
      [cutoff],
    );
    total += count;
    if (count < BATCH) return total;
  }
}
