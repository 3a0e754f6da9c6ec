/** Says who votes for somebody who does not vote. */
export interface Delegation {
  fromId: string;
  toId: string;
  /** What it is for; null for everything for which there is no other one. */
  topic: string | null;
}

export interface ResolvedDelegations {
  /** For each elector who voted, what their vote weighs: their own weight and those of all who come to them. */
  weights: ReadonlyMap<string, bigint>;
  /** For each elector who did not vote, but whose delegation led to a vote, whose vote that was. */
  votedBy: ReadonlyMap<string, string>;
  /** To whom an elector's own delegation leads; null for nobody who may vote. */
  delegateOf: (electorId: string) => string | null;
  /** From the first delegate to whoever voted; empty if nobody voted for this elector. */
  pathOf: (electorId: string) => string[];
}

/**
 * Finds out who voted for whom when a vote closes.
 *
 * A delegation is passed on: to the delegate, to the delegate's delegate, and so on, until somebody voted. The vote of
 * somebody who voted is their own, whatever they delegated. Of two delegations the one for the topic counts, and it alone: if it leads nowhere, the one
 * for everything does not stand in. No vote comes of a circle, of a delegate who may not vote here, or of one who neither voted
 * nor delegated.
 *
 * @param vote.electors who may vote, with their weights
 * @param vote.voters those of them who voted
 * @param vote.topic what the vote is about; null if it has no topic
 */
export function resolveDelegations(
  vote: { electors: ReadonlyMap<string, bigint>; voters: ReadonlySet<string>; topic: string | null },
  delegations: readonly Delegation[],
): ResolvedDelegations {
  const delegates = delegatesFor(vote.topic, delegations);
  const nextOf = (id: string) => {
    const next = delegates.get(id);
    return next !== undefined && vote.electors.has(next) ? next : null;
  };
  const ends = endsOf(vote, nextOf);
  const weights = new Map<string, bigint>();
  const votedBy = new Map<string, string>();
  for (const [id, weight] of vote.electors) {
    const end = ends.get(id) ?? null;
    if (end === null) continue;
    weights.set(end, (weights.get(end) ?? 0n) + weight);
    if (end !== id) votedBy.set(id, end);
  }
  const pathOf = (electorId: string) => {
    const path: string[] = [];
    const end = votedBy.get(electorId);
    if (end === undefined) return path;
    for (let id = electorId; id !== end; path.push(id)) id = nextOf(id)!;
    return path;
  };
  return { weights, votedBy, delegateOf: nextOf, pathOf };
}

/** The delegate of each for this topic, or for what has no topic. */
export function delegatesFor(topic: string | null, delegations: readonly Delegation[]): Map<string, string> {
  const delegates = new Map<string, string>();
  for (const { fromId, toId, topic: own } of delegations) if (own === null) delegates.set(fromId, toId);
  if (topic === null) return delegates;
  for (const { fromId, toId, topic: own } of delegations) if (own === topic) delegates.set(fromId, toId);
  return delegates;
}

/**
 * For each elector whose vote counts for them; null for nobody's. Each is visited once, however long the chains: a walk ends
 * where it meets a vote, nobody, a circle, or somebody of whom the end is known, and all who were walked through end there, too.
 */
function endsOf(
  { electors, voters }: { electors: ReadonlyMap<string, bigint>; voters: ReadonlySet<string> },
  nextOf: (id: string) => string | null,
): Map<string, string | null> {
  const ends = new Map<string, string | null>();
  for (const start of electors.keys()) {
    const walked = new Set<string>();
    let id: string | null = start;
    while (id !== null && !ends.has(id) && !voters.has(id) && !walked.has(id)) {
      walked.add(id);
      id = nextOf(id);
    }
    const end = id === null || walked.has(id) ? null : voters.has(id) ? id : ends.get(id)!;
    for (const each of walked) ends.set(each, end);
    if (id !== null && voters.has(id)) ends.set(id, id);
  }
  return ends;
}
