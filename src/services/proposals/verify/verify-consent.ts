import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { NOTHING, type BallotFault, type VerifyLine } from './verify-chain.ts';

interface Said {
  table: string;
  key: string;
  expected: string | null;
  found: string | null;
}

// The record has each stance that was taken, and each objection that was raised or settled: the last of them counts.
const STANCES = `
  select 'stance' as table, s.membership_id as key, concat_ws(': ', s.stance, s.reason) as found,
         (select concat_ws(': ', e.data->>'stance', e.data->>'reason') from event e
           where e.network_id = s.network_id and e.subject_id = s.proposal_id and e.kind = 'StanceTaken'
             and e.data->>'membershipId' = s.membership_id and (e.data->>'version')::integer = s.version
           order by e.at desc, e.id desc limit 1) as expected
    from stance s where s.network_id = $1 and s.proposal_id = $2`;
const OBJECTIONS = `
  select 'objection' as table, coalesce(o.id, r.id) as key, o.state as found,
         coalesce((select e.data->>'state' from event e
                    where e.network_id = $1 and e.subject_id = $2 and e.kind = 'ObjectionResolved'
                      and e.data->>'objectionId' = coalesce(o.id, r.id)
                    order by e.at desc, e.id desc limit 1), case when r.id is not null then 'RAISED' end) as expected
    from (select id::text, state from objection where network_id = $1 and proposal_id = $2) as o
    full join (select data->>'objectionId' as id from event
                where network_id = $1 and subject_id = $2 and kind = 'ObjectionRaised') as r on r.id = o.id`;

/** Proves that what was said to a proposal, for those who decide by consent, is what the record tells. */
export async function verifyConsent(db: Db, { networkId, id }: Proposal): Promise<VerifyLine[]> {
  const said = await db.rows<Said>(`${STANCES} union all ${OBJECTIONS}`, [networkId, id]);
  const faults = said
    .map(({ expected, found, ...row }): BallotFault => ({
      ...row,
      expected: expected ?? NOTHING,
      found: found ?? NOTHING,
    }))
    .filter(({ expected, found }) => expected !== found);
  return [{ name: 'each stance and objection is the one that the record tells', rows: said.length, faults }];
}
