import type { ConsentRecord } from '../../../entities/consent-record.ts';
import { Objection } from '../../../entities/objection.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { Stance } from '../../../entities/stance.ts';
import type { Db } from '../../../kernel/database.ts';
import {
  boxOf,
  chainFaults,
  hashOf,
  NOTHING,
  recordedHashes,
  type BallotFault,
  type VerifyLine,
} from './verify-chain.ts';

/** A line of all that was said, with its instant and hash as text. */
interface Said extends Pick<
  ConsentRecord,
  'number' | 'said' | 'version' | 'membershipId' | 'objectionId' | 'reason'
> {
  at: string;
  hash: string;
}

/** Proves that what was said to a proposal, for those who decide by consent, is what was written down when it was said. */
export async function verifyConsent(db: Db, proposal: Proposal): Promise<VerifyLine[]> {
  const { networkId, id } = proposal;
  const said = await db.rows<Said>(
    `select number, said, version, membership_id, objection_id, reason,
            encode(timestamptz_send(said_at), 'hex') as at, encode(hash, 'hex') as hash
       from consent_record where network_id = $1 and proposal_id = $2 order by number`,
    [networkId, id],
  );
  const chain = said.map((line) => ({
    number: line.number,
    key: String(line.number),
    hash: line.hash,
    hashAfter: (previous: string) => lineHash(previous, proposal, line),
  }));
  const head = { ...(await boxOf(db, proposal)), recorded: await recordedHashes(db, proposal) };
  return [
    {
      name: 'each thing that was said follows from the one before it',
      rows: said.length,
      faults: chainFaults('consent_record', chain, head),
    },
    await lastLine(db, proposal, said),
  ];
}

function lineHash(previous: string, { id }: Proposal, line: Said): string {
  const { number, said, version, membershipId, objectionId, reason, at } = line;
  return hashOf([previous, id, String(number), said, String(version), membershipId, objectionId, reason, at]);
}

/** What counts of it: the last stance of each to each version, and each objection as it was left. */
async function lastLine(db: Db, { networkId, id }: Proposal, said: readonly Said[]): Promise<VerifyLine> {
  const stances = await db.all(Stance, { networkId, proposalId: id });
  const objections = await db.all(Objection, { networkId, proposalId: id });
  const found = new Map([
    ...stances.map((stance): [string, string] => [stanceKey(stance), textOf(stance.stance, stance.reason)]),
    ...objections.map((objection): [string, string] => [
      `objection ${objection.id}`,
      objectionText(objection, textOf(objection.state, objection.resolution)),
    ]),
  ]);
  const expected = whatCounts(said);
  const faults = [...new Set([...expected.keys(), ...found.keys()])]
    .toSorted()
    .map((key): BallotFault => {
      const [table = '', name = ''] = key.split(' ');
      return { table, key: name, expected: expected.get(key) ?? NOTHING, found: found.get(key) ?? NOTHING };
    })
    .filter((fault) => fault.expected !== fault.found);
  return { name: 'each stance and objection is the last word on it', rows: found.size, faults };
}

function whatCounts(said: readonly Said[]): Map<string, string> {
  const counts = new Map<string, string>();
  const raised = new Map<string, Said>();
  for (const line of said) {
    if (line.objectionId === null) counts.set(stanceKey(line), textOf(line.said, line.reason));
    else if (line.said === 'OBJECT') {
      counts.delete(stanceKey(line));
      raised.set(line.objectionId, line);
      counts.set(`objection ${line.objectionId}`, objectionText(line, 'RAISED'));
    } else {
      const before = raised.get(line.objectionId) ?? line;
      counts.set(`objection ${line.objectionId}`, objectionText(before, textOf(line.said, line.reason)));
    }
  }
  return counts;
}

type Author = Pick<Said, 'membershipId' | 'version'>;

function stanceKey({ membershipId, version }: Author): string {
  return `stance ${membershipId} ${version}`;
}

function objectionText({ membershipId, version, reason }: Author & { reason: string | null }, state: string) {
  return `${membershipId} to version ${version}: ${reason} ${state}`;
}

function textOf(word: string, reason: string | null): string {
  return reason === null ? word : `${word}: ${reason}`;
}
