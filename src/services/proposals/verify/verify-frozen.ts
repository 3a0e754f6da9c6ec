import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { hashOf, NOTHING, type BallotFault, type VerifyLine } from './verify-chain.ts';

type Text = string | null;

/** Proves that what members vote on, by whom and until when, is what the record tells of its present version. */
export async function verifyFrozen(db: Db, proposal: Proposal): Promise<VerifyLine> {
  const { networkId, id, frozenHash } = proposal;
  const texts = await frozenTexts(db, proposal);
  const found = hashOf(texts);
  const recorded = await db.rows<{ hash: Text }>(
    `select data->>'hash' as hash from event
      where network_id = $1 and subject_id = $2 and kind in ('ProposalOpened', 'ProposalAmended')
        and (data->>'version')::integer = (select version from proposal where network_id = $1 and id = $2)
        and data ? 'hash' order by id`,
    [networkId, id],
  );
  const faults = [frozenHash, ...recorded.map(({ hash }) => hash)]
    .filter((hash) => hash !== found)
    .map((hash): BallotFault => ({ table: 'proposal', key: 'frozen', expected: hash ?? NOTHING, found }));
  return { name: 'what is voted on is what was opened', rows: texts.length, faults: faults.slice(0, 1) };
}

/** The same fields as those of the database, read a second time. */
async function frozenTexts(db: Db, { networkId, id }: Proposal): Promise<Text[]> {
  const row = await db.row<{ texts: Text[] }>(
    `select array[id, version::text, title, text, topic, rule::text, actions::text,
              (select coalesce(jsonb_agg(o.value - 'isWithdrawn' order by o.ordinality), '[]')
                 from jsonb_array_elements(options) with ordinality as o)::text,
              encode(timestamptz_send(opened_at), 'hex'), encode(timestamptz_send(closes_at), 'hex')] as texts
       from proposal where network_id = $1 and id = $2`,
    [networkId, id],
  );
  const electors = await db.rows<{ membershipId: string; weight: bigint }>(
    `select membership_id, weight from elector where network_id = $1 and proposal_id = $2
      order by membership_id collate "C"`,
    [networkId, id],
  );
  return [
    ...(row?.texts ?? []),
    ...electors.flatMap(({ membershipId, weight }) => [membershipId, `${weight}`]),
  ];
}
