import pg, { type ClientBase } from 'pg';
import { checkChain } from './check-chain.ts';
import { planning, sliceStatement, WALKS, type Walk } from './check-walks.ts';

/** The first row that is not as it must be. */
export interface Fault {
  table: string;
  /** Its key within the network. */
  key: string[];
  expected: string;
  found: string;
}

/** What came of one check in one network. */
export interface CheckLine {
  /** A sentence that is true of sound books. */
  name: string;
  /** How many rows were looked at. */
  rows: number;
  fault: Fault | null;
}

export interface CheckedNetwork {
  id: string;
  slug: string;
}

// A few megabytes here and there.
const ROWS_AT_ONCE = 20_000;

type Report = (network: CheckedNetwork, line: CheckLine) => void;

// One snapshot for all that is compared. Nothing is locked and nothing waits; the statements are long where the pool's
// may not be.
const BEGIN = `
  begin isolation level repeatable read read only;
  set local statement_timeout = '15min';
  set local idle_in_transaction_session_timeout = '15min';
  set local work_mem = '32MB';
  set local jit = off`;

/**
 * Proves the books of one network at one instant, while others go on posting. Memory is constant: tables are walked by
 * their keys, a slice at a time.
 *
 * @param client a connection of its own, outside of a transaction; it may read the tables of the ledger and execute the
 *   functions that put rows into words
 * @returns a line for each check, with the first broken row if there is one
 */
export async function checkLedger(client: ClientBase, networkId: string): Promise<CheckLine[]> {
  await client.query(BEGIN);
  try {
    return await checkSnapshot(client, networkId);
  } finally {
    await client.query('rollback');
  }
}

/**
 * The same in a transaction of the caller's, which sees one snapshot and only reads from now on.
 *
 * @param rowsAtOnce how long a slice may be
 */
export async function checkSnapshot(
  client: ClientBase,
  networkId: string,
  rowsAtOnce = ROWS_AT_ONCE,
): Promise<CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const walk of WALKS) {
    await client.query(planning(walk.isWhole ?? false));
    lines.push(...(await checkWalk(client, networkId, { walk, rowsAtOnce })));
  }
  lines.push(...(await checkChain(client, networkId, rowsAtOnce)));
  return lines;
}

interface Slice {
  rows: number;
  last: string[] | null;
  faults: { rule: number; key: string[]; expected: string; found: string }[];
}

async function checkWalk(
  client: ClientBase,
  networkId: string,
  { walk, rowsAtOnce }: { walk: Walk; rowsAtOnce: number },
): Promise<CheckLine[]> {
  const { table, rules } = walk;
  const statement = sliceStatement(walk);
  const firsts = rules.map((): Fault | null => null);
  let after: (string | number)[] = walk.key.map(({ first }) => first);
  let rows = 0;
  for (;;) {
    const result = await client.query<Slice>(statement, [networkId, rowsAtOnce, ...after]);
    const slice = result.rows[0]!;
    for (const { rule, ...fault } of slice.faults) firsts[rule] ??= { table, ...fault };
    rows += slice.rows;
    if (slice.rows < rowsAtOnce || !slice.last) break;
    after = slice.last;
  }
  return rules.map(({ name }, index) => ({ name, rows, fault: firsts[index] ?? null }));
}

/**
 * Proves the books of all networks one after the other, or of one.
 *
 * @param url the address of the database, for the role that serves or the one that owns
 * @param slug the short name of the one network; null for all
 * @param report hears of each line as soon as its network is done
 * @returns whether everything is sound; null if there is no such network
 */
export async function checkLedgers(
  url: string,
  slug: string | null,
  report: Report,
): Promise<boolean | null> {
  const client = new pg.Client({ connectionString: url, application_name: 'mutuality ledger check' });
  await client.connect();
  try {
    const networks = await client.query<CheckedNetwork>(
      'select id, slug from network where $1::text is null or slug = $1 order by slug',
      [slug],
    );
    if (slug !== null && networks.rows.length === 0) return null;
    let isSound = true;
    for (const network of networks.rows) {
      for (const line of await checkLedger(client, network.id)) {
        report(network, line);
        isSound &&= line.fault === null;
      }
    }
    return isSound;
  } finally {
    await client.end();
  }
}
