import { ruledKind, standInKind, type ActionKind } from './actions.ts';
import { compareDecimals } from './decimals.ts';
import { parseFraction } from './fractions.ts';
import type { Voters, VotingRule } from './voting-rule.ts';

/** Who decides one kind of action, up to an amount if one is given. */
export interface BylawRule {
  action: ActionKind;
  /** Up to how much, as a decimal number of the unit in which the action moves value; null for any amount. */
  upTo: string | null;
  decidedBy: Decider;
}

export type Decider =
  | { by: 'ROLE'; role: string }
  | { by: 'SIGNATURES'; role: string; count: number }
  | ({ by: 'VOTE' } & BylawVote);

/** A voting rule as bylaws state it; what is absent has the default of `votingRuleOf`. */
export type BylawVote = Pick<VotingRule, 'method' | 'threshold' | 'base' | 'quorum' | 'periodDays'> &
  Partial<VotingRule>;

/** What a register of the state or of cooperatives knows of a network; null where it is in none. */
export interface RegisteredFacts {
  name: string | null;
  registrationNumber: string | null;
  /** Where it has its seat. */
  seat: string | null;
  /** A day, such as `2019-05-01`. */
  foundedOn: string | null;
}

export const NO_FACTS: RegisteredFacts = {
  name: null,
  registrationNumber: null,
  seat: null,
  foundedOn: null,
};

/** How a network decides, with its legal form. */
export interface Bylaws<Role extends string = string> {
  legalForm: string;
  facts: RegisteredFacts;
  /** The roles of who makes a network. */
  founderRoles: Role[];
  rules: BylawRule[];
}

/** What is to be decided: a kind of action and the value that it moves, a decimal number of its unit. */
export interface Deciding {
  kind: ActionKind;
  amount: string | null;
}

/** More than any tier ends at. */
export const ANY_AMOUNT = '9'.repeat(19);

/** What holds in a vote of which nothing else is said: more yes than no within a week. */
export const DEFAULT_VOTE: VotingRule = {
  method: 'MAJORITY',
  threshold: '>1/2',
  base: 'CAST',
  quorum: '0/1',
  periodDays: 7,
  delayDays: 0,
  isSecret: false,
  allowsEarlyClose: false,
  vetoRole: null,
  seats: 1,
  maxScore: null,
  credits: null,
  budget: null,
  budgetUnitId: null,
  budgetUnitCode: null,
  electorate: null,
};

/**
 * How long members have at least to vote on what does nothing, where bylaws do not say. A statement is made in the name of all,
 * and who looks in twice a week hears of it in time.
 */
export const LEAST_PERIOD_DAYS = 3;

/** The rule of bylaws for it: the lowest tier that reaches the amount; null if the bylaws say nothing of it. */
export function ruleFor(rules: readonly BylawRule[], { kind, amount }: Deciding): BylawRule | null {
  return tiersOf(rules, kind).find(({ upTo }) => reaches(upTo, amount)) ?? null;
}

/** The rules for a kind, or for the kind that stands in for it, from the smallest amounts to the largest. */
export function tiersOf(rules: readonly BylawRule[], kind: ActionKind): BylawRule[] {
  const stated = rules.filter(({ action }) => action === ruledKind(kind));
  const standIn = standInKind(kind);
  if (stated.length === 0 && standIn) return tiersOf(rules, standIn);
  return stated.toSorted((a, b) =>
    a.upTo === null ? 1 : b.upTo === null ? -1 : compareDecimals(a.upTo, b.upTo),
  );
}

function reaches(upTo: string | null, amount: string | null): boolean {
  return upTo === null || amount === null || compareDecimals(amount, upTo) <= 0;
}

// How members change the bylaws if those leave it to an office or do not say.
const AMENDING_VOTE: VotingRule = { ...DEFAULT_VOTE, threshold: '2/3', quorum: '1/3', periodDays: 14 };

// Who decides where bylaws say nothing: the offices that may do the same directly, and the members what no office may.
const OFFICES: Record<ActionKind, Decider> = {
  membershipAdmit: { by: 'ROLE', role: 'COORDINATOR' },
  membershipSuspend: { by: 'ROLE', role: 'COORDINATOR' },
  membershipReinstate: { by: 'ROLE', role: 'COORDINATOR' },
  membershipExpel: { by: 'VOTE', ...DEFAULT_VOTE, quorum: '1/5' },
  roleAssign: { by: 'ROLE', role: 'COORDINATOR' },
  roleRevoke: { by: 'ROLE', role: 'COORDINATOR' },
  limitSet: { by: 'ROLE', role: 'COORDINATOR' },
  unitPolicySet: { by: 'ROLE', role: 'COORDINATOR' },
  duesSet: { by: 'ROLE', role: 'COORDINATOR' },
  duesRetire: { by: 'ROLE', role: 'COORDINATOR' },
  transferPost: { by: 'ROLE', role: 'TREASURER' },
  conversionRateSet: { by: 'ROLE', role: 'COORDINATOR' },
  conversionRateRetire: { by: 'ROLE', role: 'COORDINATOR' },
  bylawsAmend: { by: 'VOTE', ...AMENDING_VOTE },
  networkUpdate: { by: 'ROLE', role: 'COORDINATOR' },
  poolRuleSet: { by: 'ROLE', role: 'COORDINATOR' },
  resourceAcquire: { by: 'ROLE', role: 'TREASURER' },
  resourceRetire: { by: 'ROLE', role: 'COORDINATOR' },
  sharesIssue: { by: 'ROLE', role: 'COORDINATOR' },
  statement: { by: 'VOTE', ...DEFAULT_VOTE },
};

/** Who decides: whom the bylaws name, or whose office it is. */
export function deciderOf(rules: readonly BylawRule[], deciding: Deciding): Decider {
  return ruleFor(rules, deciding)?.decidedBy ?? OFFICES[deciding.kind];
}

/**
 * The vote by which members decide something. What bylaws leave to an office or to signatures members may decide themselves: as
 * they decide larger amounts of the same kind or, if they vote on none, as they change the bylaws, since so they could take
 * it back. They can always change those, so that no office is the only one that could.
 */
export function voteFor(rules: readonly BylawRule[], deciding: Deciding): VotingRule {
  const tiers = tiersOf(rules, deciding.kind).filter(({ upTo }) => reaches(upTo, deciding.amount));
  const deciders = [deciderOf(rules, deciding), ...tiers.map(({ decidedBy }) => decidedBy)];
  const amending = deciderOf(rules, { kind: 'bylawsAmend', amount: null });
  const vote = [...deciders, amending].find(({ by }) => by === 'VOTE');
  return votingRuleOf(vote?.by === 'VOTE' ? vote : AMENDING_VOTE);
}

/** A voting rule in full. */
export function votingRuleOf(vote: Partial<VotingRule>): VotingRule {
  const { by: _, ...stated } = vote as Partial<VotingRule> & { by?: string };
  return { ...DEFAULT_VOTE, ...stated };
}

/** A rule with the network to which its unit and its group belong. */
export type RuleInNetwork = VotingRule & { networkId: string };

/** A rule with nothing left to defaults, as clients see it. */
export interface StatedRule {
  action: ActionKind;
  upTo: string | null;
  decidedBy: { by: Decider['by']; role: string | null; count: number | null; vote: RuleInNetwork | null };
  sentence: string;
}

/** A stored rule of a network as clients see it, with null for what does not apply. */
export function ruleInFull(rule: BylawRule, networkId: string): StatedRule {
  const { action, upTo, decidedBy } = rule;
  return {
    action,
    upTo,
    decidedBy: {
      by: decidedBy.by,
      role: decidedBy.by === 'VOTE' ? null : decidedBy.role,
      count: decidedBy.by === 'SIGNATURES' ? decidedBy.count : null,
      vote: decidedBy.by === 'VOTE' ? { ...votingRuleOf(decidedBy), networkId } : null,
    },
    sentence: describeRule(rule),
  };
}

/** A sentence that says who decides: `Two signatures of TREASURER decide transferPost up to 500.00.` */
export function describeRule({ action, upTo, decidedBy }: BylawRule): string {
  const what = upTo === null ? action : `${action} up to ${upTo}`;
  return `${capitalised(describeDecider(decidedBy))} decides ${what}.`;
}

/** Who decides, in words. */
export function describeDecider(decider: Decider): string {
  if (decider.by === 'ROLE') return `one who holds the role ${decider.role}`;
  if (decider.by === 'SIGNATURES')
    return `the signature of ${decider.count} who hold the role ${decider.role}`;
  return describeVote(votingRuleOf(decider));
}

const BASES = {
  CAST: 'of yes and no',
  CAST_WITH_ABSTAIN: 'of all votes cast',
  ELIGIBLE: 'of all who may vote',
} as const;

function describeVote({ method, threshold, base, quorum, electorate, ...rule }: VotingRule): string {
  const yes = method === 'MAJORITY' ? ` with ${partInWords(threshold)} ${BASES[base]}` : '';
  const turnout = isNothing(quorum) ? '' : `, a turnout of ${partInWords(quorum)}`;
  const delay = rule.delayDays === 0 ? '' : `, carried out after ${daysInWords(rule.delayDays)}`;
  const veto = rule.vetoRole === null ? '' : ` unless one who holds the role ${rule.vetoRole} objects`;
  const secrecy = rule.isSecret ? 'secret ' : '';
  const period = daysInWords(rule.periodDays);
  const of = votersInWords(electorate);
  return `a ${secrecy}vote${of} by ${method}${yes}${numbersInWords(rule)}${turnout}, open for ${period}${delay}${veto}`;
}

function votersInWords(voters: Voters | null): string {
  if (!voters) return '';
  const { groupName, minimumDays } = voters;
  const group = groupName === null ? 'members' : `members of the group ${groupName}`;
  const since = minimumDays === null ? '' : ` admitted at least ${daysInWords(minimumDays)} before`;
  return ` of ${group}${since}`;
}

/** What only some methods ask for, and whether the vote may end before its time. */
function numbersInWords(
  rule: Omit<VotingRule, 'method' | 'threshold' | 'base' | 'quorum' | 'electorate'>,
): string {
  const { seats, maxScore, credits, budget, budgetUnitCode, allowsEarlyClose } = rule;
  const parts = [
    seats !== 1 && `${seats} seats`,
    maxScore !== null && `up to ${maxScore} points for each option`,
    credits !== null && `${credits} credits for each voter`,
    budget !== null && `a budget of ${[budget, budgetUnitCode].filter((part) => part !== null).join(' ')}`,
    allowsEarlyClose && 'closed early once all have voted',
  ];
  return parts.flatMap((part) => (part === false ? [] : [`, ${part}`])).join('');
}

function partInWords(part: string): string {
  return part.startsWith('>') ? `more than ${part.slice(1)}` : `at least ${part}`;
}

function isNothing(quorum: string): boolean {
  const fraction = parseFraction(quorum);
  return fraction !== null && fraction.numerator === 0n && !fraction.isStrict;
}

function daysInWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
