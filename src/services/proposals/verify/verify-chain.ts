import { createHash } from 'node:crypto';
import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';

/** A row that is not as it must be. */
export interface BallotFault {
  table: string;
  /** The ballot, seal or list. */
  key: string;
  expected: string;
  found: string;
}

/** What came of one check. */
export interface VerifyLine {
  /** A sentence that is true of a sound vote. */
  name: string;
  /** How many rows were looked at. */
  rows: number;
  faults: BallotFault[];
}

export const NOTHING = 'nothing';

/** SHA-256 over texts, each with its length: the same computation as that of the database, written a second time. */
export function hashOf(texts: readonly (string | null)[]): string {
  const fields = texts.map((text) => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`));
  return createHash('sha256').update(fields.join('')).digest('hex');
}

const SEALING = ['BallotCast', 'BallotBoxSealed', 'StanceTaken', 'ObjectionRaised', 'ObjectionResolved'];

/** What the record of the network tells of the hashes, by their number. */
export async function recordedHashes(db: Db, { networkId, id }: Proposal): Promise<Map<number, string>> {
  const rows = await db.rows<{ number: number; hash: string }>(
    `select (data->>'number')::integer as number, data->>'hash' as hash from event
      where network_id = $1 and subject_id = $2 and kind = any($3)`,
    [networkId, id, SEALING],
  );
  return new Map(rows.map(({ number, hash }) => [number, hash]));
}

/** The head of the chain as the box of the vote has it, and how many it counts. */
export async function boxOf(db: Db, { networkId, id }: Proposal): Promise<{ head: string; count: number }> {
  const row = await db.row<{ head: string; count: number }>(
    `select encode(head, 'hex') as head, seal_count as count from ballot_box where network_id = $1 and proposal_id = $2`,
    [networkId, id],
  );
  return row ?? { head: '', count: 0 };
}

/** Something numbered, with the hash that it has and the one that it must have after the one before it. */
export interface Sealed {
  number: number;
  key: string;
  hash: string;
  hashAfter: (previous: string) => string;
}

/** Whether each follows from the one before it, up to the head, as the record tells. */
export function chainFaults(
  table: string,
  chain: readonly Sealed[],
  { head, count, recorded }: { head: string; count: number; recorded: ReadonlyMap<number, string> },
): BallotFault[] {
  const faults: BallotFault[] = [];
  const byNumber = new Map(chain.map((sealed) => [sealed.number, sealed]));
  const last = Math.max(count, ...byNumber.keys(), ...recorded.keys());
  let previous = '';
  for (let number = 1; number <= last; number++) {
    const sealed = byNumber.get(number);
    const told = recorded.get(number) ?? NOTHING;
    if (!sealed) faults.push({ table, key: String(number), expected: told, found: NOTHING });
    else {
      const expected = sealed.hashAfter(previous);
      if (sealed.hash !== expected) faults.push({ table, key: sealed.key, expected, found: sealed.hash });
      else if (told !== sealed.hash)
        faults.push({ table, key: sealed.key, expected: told, found: sealed.hash });
    }
    // What is broken is told once, and not of all that follow.
    previous = sealed?.hash ?? told;
  }
  if (last > 0 && head !== previous)
    faults.push({ table: 'ballot_box', key: 'head', expected: previous, found: head });
  return faults;
}
