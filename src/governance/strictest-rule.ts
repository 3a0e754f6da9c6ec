import type { ProposalAction } from './actions.ts';
import {
  BUDGET_METHODS,
  fault,
  missingNumbers,
  MOTION_METHODS,
  votingRuleFaults,
  type RuleFault,
  type RuleFaultCode,
} from './bylaw-faults.ts';
import { DEFAULT_VOTE, ruleFor, voteFor, type BylawRule, type Deciding } from './bylaws.ts';
import { sumOfDecimals } from './decimals.ts';
import { compareFractions, parseFraction } from './fractions.ts';
import { THRESHOLD_BASES, type TallyMethodName } from './tally/method.ts';
import type { VotingRule } from './voting-rule.ts';

/** An action, as far as it says who decides. */
export type Proposed = Pick<ProposalAction, 'kind' | 'amount' | 'seats'>;

/** What who proposes would like; what is absent is as the bylaws have it. */
export type RuleWish = { [Field in keyof VotingRule]?: VotingRule[Field] | undefined };

export type FoundRule = { rule: VotingRule; faults?: undefined } | { rule?: undefined; faults: RuleFault[] };

type Purpose = 'MOTION' | 'ELECTION' | 'STATEMENT';

const STATEMENT: Deciding = { kind: 'statement', amount: null };

/**
 * The rule by which a vote on these actions is held: the strictest of what the bylaws have for each of them. Who proposes may
 * ask for more than the bylaws do, and choose freely where they say nothing of a vote that does nothing.
 */
export function votingRuleFor(
  rules: readonly BylawRule[],
  actions: readonly Proposed[],
  wish: RuleWish,
): FoundRule {
  const purpose = purposeOf(actions);
  if (purpose === 'ELECTION' && actions.length > 1) return faulty('ELECTION_ALONE', 'actions');
  const asked = givenFields(wish);
  if (purpose === 'STATEMENT' && ruleFor(rules, STATEMENT) === null) {
    return checked({ ...DEFAULT_VOTE, ...asked }, purpose);
  }
  const votes = decidingsOf(actions).map((deciding) => voteFor(rules, deciding));
  if (votes.includes(null)) return faulty('NOT_BY_VOTE', 'actions');
  const bylaw = strictest(votes.filter((vote) => vote !== null));
  if (!bylaw) return faulty('RULES_DIFFER', 'actions');
  const seats = actions[0]?.seats ?? wish.seats ?? bylaw.seats;
  const least: VotingRule = { ...bylaw, seats, ...methodFor(bylaw, { purpose, seats, wished: wish.method }) };
  const rule: VotingRule = { ...least, ...asked, seats };
  const weaker = weakerFields(rule, least, purpose);
  if (weaker.length > 0) {
    return { faults: weaker.map((field) => fault('WEAKER_THAN_BYLAWS', `rule.${field}`)) };
  }
  return checked(rule, purpose);
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

function purposeOf(actions: readonly Proposed[]): Purpose {
  if (actions.some(({ seats }) => seats !== null)) return 'ELECTION';
  return actions.every(({ kind }) => kind === 'statement') ? 'STATEMENT' : 'MOTION';
}

/** How it is counted: bylaws that elect by one method still decide by yes and no on whom somebody names, and the other way. */
function methodFor(
  bylaw: VotingRule,
  { purpose, seats, wished }: { purpose: Purpose; seats: number; wished: TallyMethodName | undefined },
): Pick<VotingRule, 'method' | 'threshold'> {
  const { method, threshold } = bylaw;
  const isMotion = MOTION_METHODS.includes(method);
  if (purpose === 'STATEMENT') return { method: wished ?? method, threshold };
  if (purpose === 'MOTION') {
    return isMotion ? { method, threshold } : { method: 'MAJORITY', threshold: DEFAULT_VOTE.threshold };
  }
  const usual = seats > 1 ? 'STV_SCOTTISH' : 'SCHULZE';
  return { method: isMotion ? (wished ?? usual) : method, threshold };
}

/** The least rule that is as strict as each; null if no single vote could be. */
function strictest(votes: readonly VotingRule[]): VotingRule | null {
  return votes.reduce<VotingRule | null>((a, b) => a && stricterOf(a, b), votes[0] ?? null);
}

function stricterOf(a: VotingRule, b: VotingRule): VotingRule | null {
  const vetoRole = a.vetoRole ?? b.vetoRole;
  const isAlike = a.method === b.method && vetoRole === (b.vetoRole ?? a.vetoRole);
  if (!isAlike || a.maxScore !== b.maxScore || a.credits !== b.credits || a.budget !== b.budget) return null;
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

// The list goes from the fewest votes to all.
const breadth = (base: VotingRule['base']) => THRESHOLD_BASES.indexOf(base);

/** The fields in which a rule asks for less than the least one, or for something else where there is no more and less. */
function weakerFields(rule: VotingRule, least: VotingRule, purpose: Purpose): (keyof VotingRule)[] {
  const isOther = (field: keyof VotingRule) => least[field] !== null && rule[field] !== least[field];
  const weaker: [isWeaker: boolean, field: keyof VotingRule][] = [
    [purpose !== 'STATEMENT' && isOther('method'), 'method'],
    [isLessThan(rule.threshold, least.threshold), 'threshold'],
    [breadth(rule.base) < breadth(least.base), 'base'],
    [isLessThan(rule.quorum, least.quorum), 'quorum'],
    [rule.periodDays < least.periodDays, 'periodDays'],
    [rule.delayDays < least.delayDays, 'delayDays'],
    [least.isSecret && !rule.isSecret, 'isSecret'],
    [rule.allowsEarlyClose && !least.allowsEarlyClose, 'allowsEarlyClose'],
    [isOther('vetoRole'), 'vetoRole'],
    [isOther('maxScore'), 'maxScore'],
    [isOther('credits'), 'credits'],
    [isOther('budget'), 'budget'],
  ];
  return weaker.filter(([isWeaker]) => isWeaker).map(([, field]) => field);
}

// What is no fraction is told as that, and not as less than one.
function isLessThan(part: string, least: string): boolean {
  return parseFraction(part) !== null && compareFractions(part, least) < 0;
}

function checked(rule: VotingRule, purpose: Purpose): FoundRule {
  const isMotion = MOTION_METHODS.includes(rule.method);
  const fits = purpose === 'STATEMENT' || (purpose === 'MOTION' ? isMotion : !isMotion && !isBudget(rule));
  const faults: RuleFault[] = [
    ...(fits ? [] : [fault('METHOD_DOES_NOT_FIT', 'rule.method')]),
    ...votingRuleFaults(rule, 'rule'),
    ...missingNumbers(rule, 'rule'),
  ];
  return faults.length > 0 ? { faults } : { rule };
}

const isBudget = ({ method }: VotingRule) => BUDGET_METHODS.includes(method);

function faulty(code: RuleFaultCode, path: string): FoundRule {
  return { faults: [{ code, path }] };
}
