import { RULED_KINDS, VALUE_KINDS, type ActionKind } from './actions.ts';
import { DEFAULT_VOTE, votingRuleOf, type BylawRule } from './bylaws.ts';
import { compareDecimals, isDecimal } from './decimals.ts';
import { compareFractions, parseFraction } from './fractions.ts';
import { tallyMethod } from './tally/index.ts';
import type { TallyMethodName } from './tally/method.ts';
import type { VotingRule } from './voting-rule.ts';

/** What can be wrong with bylaws, with a voting rule, or with what is asked for beside one. */
export type RuleFaultCode =
  | 'REQUIRED'
  | 'INVALID_RANGE'
  | 'NOT_A_FRACTION'
  | 'ABOVE_THE_WHOLE'
  | 'BELOW_HALF'
  | 'METHOD_DOES_NOT_FIT'
  | 'UNKNOWN_ROLE'
  | 'VETO_WITHOUT_DELAY'
  | 'KIND_WITHOUT_RULE'
  | 'KIND_WITHOUT_TIERS'
  | 'TIERS_NOT_ASCENDING'
  | 'TIERS_WITHOUT_END'
  | 'NOT_ENOUGH_HOLDERS'
  | 'NOBODY_VOTES'
  | 'UNKNOWN_GROUP'
  | 'GROUP_AMENDS'
  | 'UNKNOWN_UNIT'
  | 'UNIT_DIFFERS'
  | 'TOO_MANY_DECIMALS'
  | 'CLASS_IN_USE'
  | 'CLASS_TWICE'
  | 'RULES_DIFFER'
  | 'ELECTION_ALONE'
  | 'WEAKER_THAN_BYLAWS';

/** One thing that is wrong, and where. */
export interface RuleFault {
  code: RuleFaultCode;
  /** Into what was given: `rules.2.decidedBy.threshold`. */
  path: string;
}

/** Who may decide by office. An auditor looks, and changes nothing; a helper has no say of their own. */
export const DECIDING_ROLES: readonly string[] = ['COORDINATOR', 'TREASURER', 'MODERATOR'];
const VETO_ROLES: readonly string[] = [...DECIDING_ROLES, 'AUDITOR'];

/** The ways of counting that end in yes or no; the others choose among options. */
export const MOTION_METHODS: readonly TallyMethodName[] = ['MAJORITY', 'CONSENT'];
/** The ways of electing that who proposes may choose among where bylaws decide on a role by yes and no: never a lot. */
export const ELECTION_METHODS: readonly TallyMethodName[] = [
  'APPROVAL',
  'SCORE',
  'BORDA',
  'INSTANT_RUNOFF',
  'SCHULZE',
  'STV_SCOTTISH',
  'STV_MEEK',
];
export const BUDGET_METHODS: readonly TallyMethodName[] = ['PB_GREEDY', 'PB_KNAPSACK', 'PB_EQUAL_SHARES'];

export const MAX_DAYS = 366;
export const MAX_SIGNATURES = 20;
const MAX_SEATS = 100;
const MAX_POINTS = 1_000;
const MAX_VOTES = 1_000;

/** How a network stands when its bylaws are to change. */
export interface BylawFacts {
  /** How many members hold each role. */
  holders: Readonly<Record<string, number>>;
  /** How many members there are of each class, whatever their state. */
  membersByClass: Readonly<Record<string, number>>;
  /** How many active members there are of each class. */
  activeByClass: Readonly<Record<string, number>>;
}

/** Everything for which nothing could be decided under these rules, whoever holds office. */
export function ruleFaults(rules: readonly BylawRule[]): RuleFault[] {
  return rules.flatMap((rule, index) => [
    ...tierFaults(rules, rule, `rules.${index}`),
    ...deciderFaults(rule, `rules.${index}.decidedBy`),
  ]);
}

/** Where rules name more signatories than there are: only those that are new, since holders come and go. */
export function holderFaults(
  rules: readonly BylawRule[],
  { inForce, holders }: { inForce: readonly BylawRule[]; holders: BylawFacts['holders'] },
): RuleFault[] {
  const known = new Set(inForce.map((rule) => textOf(rule)));
  return rules.flatMap((rule, index) => {
    const { decidedBy } = rule;
    if (decidedBy.by === 'VOTE' || known.has(textOf(rule))) return [];
    const needed = decidedBy.by === 'ROLE' ? 1 : decidedBy.count;
    const isHeld = (holders[decidedBy.role] ?? 0) >= needed;
    return isHeld ? [] : [fault('NOT_ENOUGH_HOLDERS', `rules.${index}.decidedBy`)];
  });
}

function textOf({ action, upTo, decidedBy }: BylawRule): string {
  return JSON.stringify([action, upTo, Object.entries(decidedBy).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Member classes under which a member would have no class, or no member a vote. */
export function classFaults(
  classes: readonly { code: string; votes: number }[],
  { membersByClass, activeByClass }: Pick<BylawFacts, 'membersByClass' | 'activeByClass'>,
): RuleFault[] {
  const faults: RuleFault[] = [];
  const seen = new Set<string>();
  for (const [index, { code, votes }] of classes.entries()) {
    if (seen.has(code)) faults.push(fault('CLASS_TWICE', `memberClasses.${index}.code`));
    seen.add(code);
    if (!isBetween(votes, 0, MAX_VOTES)) faults.push(fault('INVALID_RANGE', `memberClasses.${index}.votes`));
  }
  const isLost = Object.entries(membersByClass).some(([code, count]) => count > 0 && !seen.has(code));
  if (isLost) faults.push(fault('CLASS_IN_USE', 'memberClasses'));
  const hasVoters = classes.some(({ code, votes }) => votes > 0 && (activeByClass[code] ?? 0) > 0);
  if (!hasVoters) faults.push(fault('NOBODY_VOTES', 'memberClasses'));
  return faults;
}

function tierFaults(rules: readonly BylawRule[], rule: BylawRule, path: string): RuleFault[] {
  const { action, upTo } = rule;
  if (!RULED_KINDS.includes(action)) return [fault('KIND_WITHOUT_RULE', `${path}.action`)];
  const at = `${path}.upTo`;
  if (upTo !== null && !VALUE_KINDS.includes(action)) return [fault('KIND_WITHOUT_TIERS', at)];
  if (upTo !== null && !isTier(upTo)) return [fault('INVALID_RANGE', at)];
  const same = rules.filter((other) => other.action === action);
  const before = same[same.indexOf(rule) - 1];
  if (before && !isBelow(before.upTo, upTo)) return [fault('TIERS_NOT_ASCENDING', at)];
  // Larger amounts would be left to whoever keeps the accounts.
  return rule === same.at(-1) && upTo !== null ? [fault('TIERS_WITHOUT_END', at)] : [];
}

function isTier(upTo: string): boolean {
  return isDecimal(upTo) && compareDecimals(upTo, '0') > 0;
}

function isBelow(lower: string | null, upper: string | null): boolean {
  if (lower === null || !isTier(lower)) return false;
  return upper === null || compareDecimals(lower, upper) < 0;
}

function deciderFaults({ action, decidedBy }: BylawRule, path: string): RuleFault[] {
  if (decidedBy.by === 'VOTE') {
    const rule = votingRuleOf(decidedBy);
    const faults = votingRuleFaults(rule, path);
    return fits(action, rule.method) ? faults : [...faults, fault('METHOD_DOES_NOT_FIT', `${path}.method`)];
  }
  const faults: RuleFault[] = [];
  if (!DECIDING_ROLES.includes(decidedBy.role)) faults.push(fault('UNKNOWN_ROLE', `${path}.role`));
  if (decidedBy.by === 'SIGNATURES' && !isBetween(decidedBy.count, 1, MAX_SIGNATURES))
    faults.push(fault('INVALID_RANGE', `${path}.count`));
  return faults;
}

/** Only a role can be given to whom the voters choose; a statement does nothing, whatever was chosen. */
function fits(action: ActionKind, method: TallyMethodName): boolean {
  if (action === 'statement') return true;
  if (action === 'roleAssign') return !BUDGET_METHODS.includes(method);
  return MOTION_METHODS.includes(method);
}

/** Everything by which a vote could never be held, or never pass. */
export function votingRuleFaults(rule: VotingRule, path: string): RuleFault[] {
  return [
    ...thresholdFaults(rule, `${path}.threshold`),
    ...partFaults(rule.quorum, `${path}.quorum`),
    ...rangeFault(isBetween(rule.periodDays, 1, MAX_DAYS), `${path}.periodDays`),
    ...rangeFault(isBetween(rule.delayDays, 0, MAX_DAYS), `${path}.delayDays`),
    ...vetoFaults(rule, path),
    ...numberFaults(rule, path),
    // An objection is answered by who hears from whom it is.
    ...(rule.isSecret && rule.method === 'CONSENT' ? [fault('METHOD_DOES_NOT_FIT', `${path}.isSecret`)] : []),
    // A lot takes no ballots, and so there is no turnout.
    ...(rule.method === 'SORTITION' && asksForTurnout(rule)
      ? [fault('METHOD_DOES_NOT_FIT', `${path}.quorum`)]
      : []),
  ];
}

function asksForTurnout({ quorum }: VotingRule): boolean {
  const fraction = parseFraction(quorum);
  return fraction !== null && (fraction.numerator > 0n || fraction.isStrict);
}

/** A motion takes more yes than no, whatever is counted beside them. */
function thresholdFaults({ method, threshold }: VotingRule, path: string): RuleFault[] {
  const faults = partFaults(threshold, path);
  if (faults.length > 0 || method !== 'MAJORITY') return faults;
  return compareFractions(threshold, DEFAULT_VOTE.threshold) < 0 ? [fault('BELOW_HALF', path)] : [];
}

function partFaults(part: string, path: string): RuleFault[] {
  const fraction = parseFraction(part);
  if (!fraction) return [fault('NOT_A_FRACTION', path)];
  const { numerator, denominator, isStrict } = fraction;
  const isWithin = isStrict ? numerator < denominator : numerator <= denominator;
  return isWithin ? [] : [fault('ABOVE_THE_WHOLE', path)];
}

function vetoFaults({ vetoRole, delayDays }: VotingRule, path: string): RuleFault[] {
  if (vetoRole === null) return [];
  if (!VETO_ROLES.includes(vetoRole)) return [fault('UNKNOWN_ROLE', `${path}.vetoRole`)];
  return delayDays > 0 ? [] : [fault('VETO_WITHOUT_DELAY', `${path}.delayDays`)];
}

/** The numbers that a method needs; bylaws may leave them to each vote, so that only what is given is looked at. */
function numberFaults({ method, seats, maxScore, credits, budget }: VotingRule, path: string): RuleFault[] {
  const { isMultiSeat } = tallyMethod(method);
  const faults = rangeFault(isBetween(seats, 1, MAX_SEATS), `${path}.seats`);
  if (seats > 1 && !isMultiSeat) faults.push(fault('METHOD_DOES_NOT_FIT', `${path}.seats`));
  faults.push(...rangeFault(maxScore === null || isBetween(maxScore, 1, MAX_POINTS), `${path}.maxScore`));
  faults.push(...rangeFault(credits === null || isBetween(credits, 1, MAX_POINTS), `${path}.credits`));
  faults.push(...rangeFault(budget === null || isTier(budget), `${path}.budget`));
  return faults;
}

/** The numbers without which votes of this method cannot be counted. */
export function missingNumbers({ method, maxScore, credits, budget }: VotingRule, path: string): RuleFault[] {
  const needed: [isMissing: boolean, field: string][] = [
    [method === 'SCORE' && maxScore === null, 'maxScore'],
    [(method === 'DOT' || method === 'QUADRATIC') && credits === null, 'credits'],
    [BUDGET_METHODS.includes(method) && budget === null, 'budget'],
  ];
  return needed.filter(([isMissing]) => isMissing).map(([, field]) => fault('REQUIRED', `${path}.${field}`));
}

/** One thing that is wrong. */
export function fault(code: RuleFaultCode, path: string): RuleFault {
  return { code, path };
}

function rangeFault(isWithin: boolean, path: string): RuleFault[] {
  return isWithin ? [] : [fault('INVALID_RANGE', path)];
}

function isBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
