import { electorateOf, EVERYBODY, type PossibleElector } from '../../../governance/electorate.ts';
import type { Network } from '../../../entities/network.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { NoElectors } from '../errors.ts';

export type Elector = ReturnType<typeof electorateOf>[number];

/**
 * Who may vote on a proposal that is opened at this instant, and with which weight. It is stored with the proposal: whoever joins,
 * leaves or changes class later changes nothing in it.
 *
 * @throws NoElectors
 */
export async function findElectors(tx: Tx, { id: networkId, memberClasses }: Network): Promise<Elector[]> {
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
  return electors;
}
