import { BUDGET_METHODS, fault, type RuleFault } from './bylaw-faults.ts';
import { decimalsOf } from './decimals.ts';
import type { VotingRule } from './voting-rule.ts';

/** A unit in which a budget can be. */
export interface BudgetUnit {
  id: string;
  code: string;
  scale: number;
}

type Budgeted = Pick<VotingRule, 'method' | 'budget' | 'budgetUnitId'>;

/** Whether something is spent by a vote, so that a unit has to say what. */
export function hasBudget({ method, budget }: Budgeted): boolean {
  return budget !== null && BUDGET_METHODS.includes(method);
}

/**
 * The unit of a budget: the one that is named or, if none is, the only one that the network has. What is no budget has none.
 *
 * @param units those of the network that are in use
 */
export function budgetUnitOf(
  rule: Budgeted,
  units: readonly BudgetUnit[],
  path: string,
): { unit: BudgetUnit | null; faults: RuleFault[] } {
  const { budget, budgetUnitId } = rule;
  const at = `${path}.budgetUnitId`;
  if (!hasBudget(rule)) return { unit: null, faults: [] };
  const [only, ...others] = units;
  const named = budgetUnitId === null ? only : units.find(({ id }) => id === budgetUnitId);
  if (!named) return { unit: null, faults: [fault('UNKNOWN_UNIT', at)] };
  if (budgetUnitId === null && others.length > 0) return { unit: null, faults: [fault('REQUIRED', at)] };
  const isTooFine = decimalsOf(budget ?? '') > named.scale;
  return { unit: named, faults: isTooFine ? [fault('TOO_MANY_DECIMALS', `${path}.budget`)] : [] };
}
