import { fault, type RuleFault } from './bylaw-faults.ts';
import { votingRuleOf, type BylawRule } from './bylaws.ts';
import { electorateOf, electorateRules, type PossibleElector } from './electorate.ts';
import type { Voters } from './voting-rule.ts';

const MAX_MEMBER_DAYS = 3_660;

/** Who could vote when bylaws are to change. */
export interface VoterFacts {
  /** Groups that are not archived. */
  groupIds: ReadonlySet<string>;
  /** Active members, with those of the groups that the rules name. */
  members: readonly PossibleElector[];
  votesByClass: ReadonlyMap<string, number>;
  now: Date;
}

/** Who votes by a rule of bylaws; null where all do, or where no vote is held. */
export function votersOf({ decidedBy }: BylawRule): Voters | null {
  return decidedBy.by === 'VOTE' ? votingRuleOf(decidedBy).electorate : null;
}

/**
 * Where a vote would be nobody's, or would leave the bylaws to a group: only in rules that are new, since members and groups come
 * and go.
 */
export function electorateFaults(
  rules: readonly BylawRule[],
  { inForce, ...facts }: VoterFacts & { inForce: readonly BylawRule[] },
): RuleFault[] {
  const known = new Set(inForce.map(textOf));
  return rules.flatMap((rule, index) => {
    const voters = votersOf(rule);
    if (!voters || known.has(textOf(rule))) return [];
    return votersFaults(rule, voters, facts).map((code) =>
      fault(code, `rules.${index}.decidedBy.electorate${CODE_PATHS[code] ?? ''}`),
    );
  });
}

const CODE_PATHS: Partial<Record<RuleFault['code'], string>> = {
  INVALID_RANGE: '.minimumDays',
  UNKNOWN_GROUP: '.groupId',
  GROUP_AMENDS: '.groupId',
};

function votersFaults({ action }: BylawRule, voters: Voters, facts: VoterFacts): RuleFault['code'][] {
  const { groupId, minimumDays } = voters;
  if (minimumDays !== null && !isDays(minimumDays)) return ['INVALID_RANGE'];
  if (groupId !== null && !facts.groupIds.has(groupId)) return ['UNKNOWN_GROUP'];
  // A group can be empty one day, and then nobody could take it back.
  if (groupId !== null && action === 'bylawsAmend') return ['GROUP_AMENDS'];
  const { members, votesByClass, now } = facts;
  const rules = electorateRules(voters, { votesByClass, openedAt: now });
  return electorateOf(members, rules).length > 0 ? [] : ['NOBODY_VOTES'];
}

function isDays(days: number): boolean {
  return Number.isInteger(days) && days >= 1 && days <= MAX_MEMBER_DAYS;
}

function textOf(rule: BylawRule): string {
  return JSON.stringify([rule.action, rule.upTo, votersOf(rule)]);
}
