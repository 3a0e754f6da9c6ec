import type { Proposal } from '../../../entities/proposal.ts';
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

interface Version {
  number: number;
  id: string;
  membershipId: string;
  castByPersonId: string | null;
  actingForMembershipId: string | null;
  vote: string;
  castAt: string;
  hash: string;
}

/** Proves that the ballots of an open vote are those that were cast last. */
export async function verifyOpen(db: Db, proposal: Proposal): Promise<VerifyLine[]> {
  const { networkId, id } = proposal;
  const versions = await db.rows<Version>(
    `select number, id, membership_id, cast_by_person_id, acting_for_membership_id, vote::text as vote,
            encode(timestamptz_send(cast_at), 'hex') as cast_at, encode(hash, 'hex') as hash
       from ballot_version where network_id = $1 and proposal_id = $2 order by number`,
    [networkId, id],
  );
  const chain = versions.map((version) => ({
    number: version.number,
    key: version.id,
    hash: version.hash,
    hashAfter: (previous: string) => versionHash(previous, proposal, version),
  }));
  const head = { ...(await boxOf(db, proposal)), recorded: await recordedHashes(db, proposal) };
  return [
    {
      name: 'each ballot that was cast follows from the one before it',
      rows: versions.length,
      faults: chainFaults('ballot_version', chain, head),
    },
    await lastLine(db, proposal, versions),
  ];
}

function versionHash(previous: string, { id }: Proposal, version: Version): string {
  const { number, membershipId, castByPersonId, actingForMembershipId, vote, castAt } = version;
  const who = [membershipId, castByPersonId, actingForMembershipId];
  return hashOf([previous, id, String(number), version.id, ...who, vote, castAt]);
}

async function lastLine(
  db: Db,
  { networkId, id }: Proposal,
  versions: readonly Version[],
): Promise<VerifyLine> {
  const ballots = await db.rows<{ membershipId: string; number: number; vote: string; isElector: boolean }>(
    `select b.membership_id, b.number, b.vote::text as vote,
            exists (select 1 from elector e where e.network_id = b.network_id and e.proposal_id = b.proposal_id
                       and e.membership_id = b.membership_id) as is_elector
       from ballot b where b.network_id = $1 and b.proposal_id = $2`,
    [networkId, id],
  );
  const standing = new Map(ballots.map((ballot) => [ballot.membershipId, ballot]));
  const last = new Map(versions.map((version) => [version.membershipId, version]));
  const textOf = (ballot: { number: number; vote: string } | undefined) =>
    ballot ? `${ballot.number}: ${ballot.vote}` : NOTHING;
  const faults: BallotFault[] = [...new Set([...standing.keys(), ...last.keys()])]
    .toSorted()
    .map((key) => ({
      table: 'ballot',
      key,
      expected: textOf(last.get(key)),
      found: textOf(standing.get(key)),
    }))
    .filter(({ expected, found }) => expected !== found);
  for (const { membershipId, isElector } of ballots)
    if (!isElector)
      faults.push({ table: 'ballot', key: membershipId, expected: 'an elector', found: NOTHING });
  return { name: 'each ballot is the last one that its voter cast', rows: ballots.length, faults };
}
