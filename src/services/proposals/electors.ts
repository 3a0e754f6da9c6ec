import { electorateOf, EVERYBODY, type PossibleElector } from '../../governance/electorate.ts';
import type { Network } from '../../entities/network.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { NoElectors } from './errors.ts';

export interface Electorate {
  eligibleCount: number;
  eligibleWeight: bigint;
}

/**
 * Writes down who may vote on a proposal, and with which weight, as it is at this instant. Whoever joins, leaves or changes class
 * later changes nothing in it.
 *
 * @throws NoElectors
 */
export async function storeElectorate(
  tx: Tx,
  { id: networkId, memberClasses }: Network,
  proposalId: string,
): Promise<Electorate> {
  const members = await tx.db.rows<Omit<PossibleElector, 'groupIds'>>(
    `select id as membership_id, state, member_class, admitted_at from membership
      where network_id = $1 and state = 'ACTIVE'`,
    [networkId],
  );
  const votesByClass = new Map(memberClasses.map(({ code, votes }) => [code, votes]));
  const electors = electorateOf(
    members.map((member) => ({ ...member, groupIds: [] })),
    { ...EVERYBODY, votesByClass },
  );
  if (electors.length === 0) throw new NoElectors();
  await tx.db.execute(
    `insert into elector (network_id, proposal_id, membership_id, weight)
     select $1, $2, * from unnest($3::text[], $4::bigint[])`,
    [
      networkId,
      proposalId,
      electors.map(({ membershipId }) => membershipId),
      electors.map(({ weight }) => weight.toString()),
    ],
  );
  const eligibleWeight = electors.reduce((sum, { weight }) => sum + weight, 0n);
  return { eligibleCount: electors.length, eligibleWeight };
}
