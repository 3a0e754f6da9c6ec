import type { Network } from '../../../entities/network.ts';
import { electorateOf, electorateRules } from '../../../governance/electorate.ts';
import type { VotingRule } from '../../../governance/voting-rule.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { possibleElectors } from '../../networks/possible-electors.ts';
import { NoElectors } from '../errors.ts';

export type Elector = ReturnType<typeof electorateOf>[number];

/**
 * Who may vote on a proposal that is opened at this instant by this rule, and with which weight. It is stored with the proposal:
 * whoever joins, leaves or changes class later changes nothing in it.
 *
 * @throws NoElectors
 */
export async function findElectors(
  tx: Tx,
  { id: networkId, memberClasses }: Network,
  { electorate }: VotingRule,
): Promise<Elector[]> {
  const members = await possibleElectors(tx.db, networkId, electorate?.groupId ? [electorate.groupId] : []);
  const votesByClass = new Map(memberClasses.map(({ code, votes }) => [code, votes]));
  const electors = electorateOf(members, electorateRules(electorate, { votesByClass, openedAt: tx.now }));
  if (electors.length === 0) throw new NoElectors();
  return electors;
}
