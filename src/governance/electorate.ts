import type { Voters } from './voting-rule.ts';

/** What decides whether a member may vote. */
export interface PossibleElector {
  membershipId: string;
  state: string;
  memberClass: string;
  /** Null if it was never admitted. */
  admittedAt: Date | null;
  groupIds: readonly string[];
}

/** Who votes on something. */
export interface ElectorateRules {
  /** How many votes a member of each class has; who is in none of them has one. */
  votesByClass: ReadonlyMap<string, number>;
  /** Only who was admitted before; null for no such bound. */
  admittedBefore: Date | null;
  /** Only members of one of these groups; null for all. */
  groupIds: readonly string[] | null;
}

export interface ElectorWeight {
  membershipId: string;
  /** Above zero. */
  weight: bigint;
}

/** One member, one vote, of everybody. */
export const EVERYBODY: ElectorateRules = { votesByClass: new Map(), admittedBefore: null, groupIds: null };

const DAY_MS = 86_400_000;

/** Who votes on something that is opened at an instant, by the rule of the vote. */
export function electorateRules(
  voters: Voters | null,
  { votesByClass, openedAt }: { votesByClass: ReadonlyMap<string, number>; openedAt: Date },
): ElectorateRules {
  const { groupId = null, minimumDays = null } = voters ?? {};
  return {
    votesByClass,
    // Who was admitted at the very instant so many days ago has been a member for so long.
    admittedBefore: minimumDays === null ? null : new Date(openedAt.getTime() - minimumDays * DAY_MS + 1),
    groupIds: groupId === null ? null : [groupId],
  };
}

/** Lists who may vote and with how many votes, in the order of ids. A class without votes does not vote. */
export function electorateOf(members: readonly PossibleElector[], rules: ElectorateRules): ElectorWeight[] {
  const groups = rules.groupIds && new Set(rules.groupIds);
  return members
    .filter(({ state }) => state === 'ACTIVE')
    .filter(({ admittedAt }) => isBefore(admittedAt, rules.admittedBefore))
    .filter(({ groupIds }) => !groups || groupIds.some((id) => groups.has(id)))
    .map(({ membershipId, memberClass }) => ({
      membershipId,
      weight: BigInt(rules.votesByClass.get(memberClass) ?? 1),
    }))
    .filter(({ weight }) => weight > 0n)
    .toSorted((a, b) => (a.membershipId < b.membershipId ? -1 : 1));
}

function isBefore(admittedAt: Date | null, bound: Date | null): boolean {
  return bound === null || (admittedAt !== null && admittedAt.getTime() < bound.getTime());
}
