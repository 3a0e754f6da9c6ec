import { delegatesFor, type Delegation } from './delegation.ts';

/**
 * Whether somebody would come back to themselves by a delegation that is to be set, for the topic that it is for or, if it is for
 * everything, for any other topic that somebody has delegated.
 *
 * @param delegations those in force; one of the same person for the same topic is replaced
 */
export function closesCircle(added: Delegation, delegations: readonly Delegation[]): boolean {
  const { fromId, topic } = added;
  const others = delegations.filter((each) => each.fromId !== fromId || each.topic !== topic);
  const all = [...others, added];
  const topics = topic === null ? new Set(all.map((each) => each.topic)) : [topic];
  return [...topics].some((each) => leadsBack(fromId, delegatesFor(each, all)));
}

/** Whether who follows the delegations from somebody meets them again. */
function leadsBack(fromId: string, delegates: ReadonlyMap<string, string>): boolean {
  const walked = new Set<string>();
  let id = delegates.get(fromId);
  while (id !== undefined && id !== fromId && !walked.has(id)) {
    walked.add(id);
    id = delegates.get(id);
  }
  return id === fromId;
}
