import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import {
  chainFaults,
  hashOf,
  NOTHING,
  recordedHashes,
  type BallotFault,
  type VerifyLine,
} from './verify-chain.ts';

interface Box {
  sealCount: number;
  head: string;
  poolHash: string;
  poolText: string;
  poolDigestsText: string;
}

/** Ballots that lie together, and what was noted of each when it was cast. */
interface Pile {
  /** 0 for those that are not sealed yet. */
  number: number;
  hash: string;
  /** The text of each ballot by receipt. */
  ballots: Map<string, string>;
  digests: Map<string, string>;
}

/** Proves that the box of a secret vote holds what was cast into it. */
export async function verifySecret(db: Db, proposal: Proposal): Promise<VerifyLine[]> {
  const { networkId, id } = proposal;
  const [box] = await db.rows<Box>(
    `select seal_count, encode(head, 'hex') as head, encode(pool_hash, 'hex') as pool_hash, pool::text as pool_text,
            pool_digests::text as pool_digests_text
       from ballot_box where network_id = $1 and proposal_id = $2`,
    [networkId, id],
  );
  const piles = await pilesOf(db, proposal);
  const seals = piles.filter(({ number }) => number > 0);
  const ballots = piles.reduce((sum, pile) => sum + pile.ballots.size, 0);
  const recorded = await recordedHashes(db, proposal);
  const head = { head: box?.head ?? '', count: box?.sealCount ?? 0, recorded };
  const chain = seals.map((seal) => ({
    number: seal.number,
    key: String(seal.number),
    hash: seal.hash,
    hashAfter: (previous: string) => sealHash(previous, proposal, seal),
  }));
  return [
    {
      name: 'each secret ballot says what it said when it was cast',
      rows: ballots,
      faults: piles.flatMap((pile) => pileFaults(proposal, pile)),
    },
    {
      name: 'each seal follows from the one before it',
      rows: seals.length,
      faults: [...chainFaults('ballot_seal', chain, head), ...poolFaults(proposal, box)],
    },
    await rollLine(db, proposal, ballots),
    await weightLine(db, proposal, piles),
  ];
}

async function pilesOf(db: Db, { networkId, id }: Proposal): Promise<Pile[]> {
  const rows = await db.rows<{ number: number; hash: string; ballots: string[][]; digests: string[][] }>(
    `select number, hash,
            (select coalesce(array_agg(array[b.key, b.value::text]), '{}') from jsonb_each(ballots) as b) as ballots,
            (select coalesce(array_agg(array[d.key, d.value]), '{}') from jsonb_each_text(digests) as d) as digests
       from (select number, encode(hash, 'hex') as hash, ballots, digests from ballot_seal
              where network_id = $1 and proposal_id = $2
             union all
             select 0, '', pool, pool_digests from ballot_box where network_id = $1 and proposal_id = $2) as pile
      order by number`,
    [networkId, id],
  );
  return rows.map(({ ballots, digests, ...row }) => ({
    ...row,
    ballots: new Map(ballots as [string, string][]),
    digests: new Map(digests as [string, string][]),
  }));
}

function pileFaults({ id }: Proposal, { number, ballots, digests }: Pile): BallotFault[] {
  const table = number > 0 ? 'ballot_seal' : 'ballot_box';
  const receipts = [...new Set([...ballots.keys(), ...digests.keys()])].toSorted();
  return receipts.flatMap((receipt) => {
    const ballot = ballots.get(receipt);
    const expected = digests.get(receipt) ?? NOTHING;
    const found = ballot === undefined ? NOTHING : hashOf([id, receipt, ballot]);
    return found === expected ? [] : [{ table, key: receipt, expected, found }];
  });
}

function sealHash(previous: string, { id }: Proposal, { number, digests }: Pile): string {
  const byReceipt = [...digests].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hashOf([previous, id, String(number), ...byReceipt.flat()]);
}

function poolFaults({ id }: Proposal, box: Box | undefined): BallotFault[] {
  if (!box) return [];
  const expected = hashOf([box.head, id, box.poolText, box.poolDigestsText]);
  if (box.poolHash === expected) return [];
  return [{ table: 'ballot_box', key: 'pool', expected, found: box.poolHash }];
}

async function rollLine(db: Db, { networkId, id }: Proposal, ballots: number): Promise<VerifyLine> {
  const parts = await db.rows<{ part: number; membershipIds: string[]; hash: string }>(
    `select part, membership_ids, encode(hash, 'hex') as hash from ballot_roll
      where network_id = $1 and proposal_id = $2 order by part`,
    [networkId, id],
  );
  const table = 'ballot_roll';
  const faults = parts.flatMap(({ part, membershipIds, hash }) => {
    const expected = hashOf([id, String(part), ...membershipIds.toSorted()]);
    return hash === expected ? [] : [{ table, key: String(part), expected, found: hash }];
  });
  const voters = parts.flatMap(({ membershipIds }) => membershipIds);
  if (new Set(voters).size !== ballots)
    faults.push({
      table,
      key: 'all',
      expected: `${ballots} voters`,
      found: `${new Set(voters).size} voters`,
    });
  return { name: 'as many have voted as there are ballots', rows: voters.length, faults };
}

/** Whose ballot is whose nobody knows, but the weights of all voters are those of all ballots. */
async function weightLine(db: Db, { networkId, id }: Proposal, piles: readonly Pile[]): Promise<VerifyLine> {
  const rows = await db.rows<{ membershipId: string; weight: bigint | null }>(
    `select v.membership_id, e.weight
       from (select unnest(membership_ids) as membership_id from ballot_roll
              where network_id = $1 and proposal_id = $2) as v
       left join elector e on e.network_id = $1 and e.proposal_id = $2 and e.membership_id = v.membership_id
      order by 1`,
    [networkId, id],
  );
  const faults = rows
    .filter(({ weight }) => weight === null)
    .map(({ membershipId }) => ({
      table: 'ballot_roll',
      key: membershipId,
      expected: 'an elector',
      found: NOTHING,
    }));
  const ofVoters = rows.reduce((sum, { weight }) => sum + (weight ?? 0n), 0n);
  const ofBallots = piles
    .flatMap(({ ballots }) => [...ballots.values()])
    .reduce((sum, text) => sum + BigInt((JSON.parse(text) as { weight: string }).weight), 0n);
  if (ofVoters !== ofBallots)
    faults.push({
      table: 'ballot_box',
      key: 'weight',
      expected: ofVoters.toString(),
      found: ofBallots.toString(),
    });
  return { name: 'voters are electors and weigh what their ballots weigh', rows: rows.length, faults };
}
