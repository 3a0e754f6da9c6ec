import type { ProposalAction } from './actions.ts';
import {
  ELECTION_METHODS,
  fault,
  missingNumbers,
  MOTION_METHODS,
  votingRuleFaults,
  type RuleFault,
  type RuleFaultCode,
} from './bylaw-faults.ts';
import {
  DEFAULT_VOTE,
  LEAST_PERIOD_DAYS,
  ruleFor,
  voteFor,
  type BylawRule,
  type Deciding,
} from './bylaws.ts';
import { sumOfDecimals } from './decimals.ts';
import { compareFractions, parseFraction } from './fractions.ts';
import { THRESHOLD_BASES } from './tally/method.ts';
import type { VotingRule } from './voting-rule.ts';

/** An action, as far as it says who decides. */
export type Proposed = Pick<ProposalAction, 'kind' | 'amount' | 'seats'>;

/** What who proposes would like; what is absent is as the bylaws have it. */
export type RuleWish = { [Field in keyof VotingRule]?: VotingRule[Field] | undefined };

export type FoundRule = { rule: VotingRule; faults?: undefined } | { rule?: undefined; faults: RuleFault[] };

/** A poll asks which of some options members like best, and nothing follows from it; the others decide something. */
type Purpose = 'MOTION' | 'ELECTION' | 'STATEMENT' | 'POLL';

const STATEMENT: Deciding = { kind: 'statement', amount: null };

/**
 * The rule by which a vote on these actions is held: the strictest of what the bylaws have for each of them. Who proposes may
 * ask for more than the bylaws do, and never for another way of counting: only a poll is counted as who asks likes, and an
 * election by one of the ways of electing where the bylaws say yes and no. Where they say nothing of a vote that does nothing,
 * who proposes may choose the rest freely, as long as members have a few days to vote.
 */
export function votingRuleFor(
  rules: readonly BylawRule[],
  actions: readonly Proposed[],
  wish: RuleWish,
): FoundRule {
  const purpose = purposeOf(actions, wish);
  if (purpose === 'ELECTION' && actions.length > 1) return faulty('ELECTION_ALONE', 'actions');
  const asked = givenFields(wish);
  if (doesNothing(purpose) && ruleFor(rules, STATEMENT) === null) {
    return byDefault(purpose, asked);
  }
  const votes = decidingsOf(actions).map((deciding) => voteFor(rules, deciding));
  const bylaw = strictest(votes);
  if (!bylaw) return faulty('RULES_DIFFER', 'actions');
  // A choice by ballots would pass over objections.
  if (purpose === 'ELECTION' && bylaw.method === 'CONSENT') return faulty('METHOD_DOES_NOT_FIT', 'actions');
  const seats = actions[0]?.seats ?? wish.seats ?? bylaw.seats;
  const least: VotingRule = { ...bylaw, seats, ...methodFor(bylaw, { purpose, seats, wish }) };
  const rule: VotingRule = { ...least, ...asked, seats };
  const weaker = weakerFields(rule, least);
  if (weaker.length > 0) {
    return { faults: weaker.map((field) => fault('WEAKER_THAN_BYLAWS', `rule.${field}`)) };
  }
  return checked(rule);
}

/** A vote that does nothing, of which the bylaws say nothing. */
function byDefault(purpose: Purpose, asked: Partial<VotingRule>): FoundRule {
  const rule: VotingRule = { ...DEFAULT_VOTE, ...asked };
  // What reads as decided was decided by yes and no.
  if (purpose === 'STATEMENT' && !isMotion(rule)) return faulty('METHOD_DOES_NOT_FIT', 'rule.method');
  const found = checked(rule);
  const isShort = rule.periodDays < LEAST_PERIOD_DAYS;
  return found.rule && isShort ? faulty('WEAKER_THAN_BYLAWS', 'rule.periodDays') : found;
}

function givenFields(wish: RuleWish): Partial<VotingRule> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

/** What is to be decided: amounts of one kind together, so that nothing is split to stay below a tier. */
export function decidingsOf(actions: readonly Pick<Proposed, 'kind' | 'amount'>[]): Deciding[] {
  if (actions.length === 0) return [STATEMENT];
  return [...new Set(actions.map(({ kind }) => kind))].map((kind) => {
    const amounts = actions.flatMap((action) =>
      action.kind === kind && action.amount !== null ? [action.amount] : [],
    );
    return { kind, amount: amounts.length > 0 ? sumOfDecimals(amounts) : null };
  });
}

function purposeOf(actions: readonly Proposed[], { method }: RuleWish): Purpose {
  if (actions.some(({ seats }) => seats !== null)) return 'ELECTION';
  if (actions.some(({ kind }) => kind !== 'statement')) return 'MOTION';
  const choosesAmongOptions = method !== undefined && !MOTION_METHODS.includes(method);
  return actions.length === 0 && choosesAmongOptions ? 'POLL' : 'STATEMENT';
}

const doesNothing = (purpose: Purpose) => purpose === 'STATEMENT' || purpose === 'POLL';
const isMotion = ({ method }: VotingRule) => MOTION_METHODS.includes(method);

/** How it is counted: bylaws that elect by one method still decide by yes and no on whom somebody names, and the other way. */
function methodFor(
  bylaw: VotingRule,
  { purpose, seats, wish }: { purpose: Purpose; seats: number; wish: RuleWish },
): Pick<VotingRule, 'method' | 'threshold'> {
  const { method, threshold } = bylaw;
  if (purpose === 'STATEMENT') return { method, threshold };
  if (purpose === 'POLL') return { method: wish.method ?? method, threshold };
  if (purpose === 'MOTION') {
    return isMotion(bylaw)
      ? { method, threshold }
      : { method: 'MAJORITY', threshold: DEFAULT_VOTE.threshold };
  }
  if (!isMotion(bylaw)) return { method, threshold };
  const wished = ELECTION_METHODS.find((each) => each === wish.method);
  return { method: wished ?? (seats > 1 ? 'STV_SCOTTISH' : 'SCHULZE'), threshold };
}

// Of these there is no more and less.
const NUMBERS = ['maxScore', 'credits', 'budget', 'budgetUnitId'] as const;

/** The least rule that is as strict as each; null if no single vote could be. */
function strictest(votes: readonly VotingRule[]): VotingRule | null {
  return votes.reduce<VotingRule | null>((a, b) => a && stricterOf(a, b), votes[0] ?? null);
}

function stricterOf(a: VotingRule, b: VotingRule): VotingRule | null {
  const vetoRole = a.vetoRole ?? b.vetoRole;
  const isAlike = a.method === b.method && vetoRole === (b.vetoRole ?? a.vetoRole) && haveSameVoters(a, b);
  if (!isAlike || NUMBERS.some((field) => a[field] !== b[field])) return null;
  return {
    ...a,
    threshold: compareFractions(a.threshold, b.threshold) < 0 ? b.threshold : a.threshold,
    base: breadth(a.base) < breadth(b.base) ? b.base : a.base,
    quorum: compareFractions(a.quorum, b.quorum) < 0 ? b.quorum : a.quorum,
    periodDays: Math.max(a.periodDays, b.periodDays),
    delayDays: Math.max(a.delayDays, b.delayDays),
    isSecret: a.isSecret || b.isSecret,
    allowsEarlyClose: a.allowsEarlyClose && b.allowsEarlyClose,
    vetoRole,
  };
}

function haveSameVoters(a: VotingRule, b: VotingRule): boolean {
  const [first, second] = [a.electorate, b.electorate];
  return first?.groupId === second?.groupId && first?.minimumDays === second?.minimumDays;
}

// The list goes from the fewest votes to all.
const breadth = (base: VotingRule['base']) => THRESHOLD_BASES.indexOf(base);

/** The fields in which a rule asks for less than the least one, or for something else where there is no more and less. */
function weakerFields(rule: VotingRule, least: VotingRule): (keyof VotingRule)[] {
  const isOther = (field: keyof VotingRule) => least[field] !== null && rule[field] !== least[field];
  const weaker: [isWeaker: boolean, field: keyof VotingRule][] = [
    [isOther('method'), 'method'],
    [isLessThan(rule.threshold, least.threshold), 'threshold'],
    [breadth(rule.base) < breadth(least.base), 'base'],
    [isLessThan(rule.quorum, least.quorum), 'quorum'],
    [rule.periodDays < least.periodDays, 'periodDays'],
    [rule.delayDays < least.delayDays, 'delayDays'],
    [least.isSecret && !rule.isSecret, 'isSecret'],
    [rule.allowsEarlyClose && !least.allowsEarlyClose, 'allowsEarlyClose'],
    [isOther('vetoRole'), 'vetoRole'],
    ...NUMBERS.map((field): [boolean, keyof VotingRule] => [isOther(field), field]),
    [!haveSameVoters(rule, least), 'electorate'],
  ];
  return weaker.filter(([isWeaker]) => isWeaker).map(([, field]) => field);
}

// What is no fraction is told as that, and not as less than one.
function isLessThan(part: string, least: string): boolean {
  return parseFraction(part) !== null && compareFractions(part, least) < 0;
}

function checked(rule: VotingRule): FoundRule {
  const faults: RuleFault[] = [...votingRuleFaults(rule, 'rule'), ...missingNumbers(rule, 'rule')];
  return faults.length > 0 ? { faults } : { rule };
}

function faulty(code: RuleFaultCode, path: string): FoundRule {
  return { faults: [{ code, path }] };
}
