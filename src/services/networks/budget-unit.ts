import { Unit } from '../../entities/unit.ts';
import type { RuleFault } from '../../governance/bylaw-faults.ts';
import { budgetUnitOf, hasBudget } from '../../governance/budget-unit.ts';
import { votingRuleOf, type BylawRule } from '../../governance/bylaws.ts';
import type { VotingRule } from '../../governance/voting-rule.ts';
import type { Db } from '../../kernel/database.ts';

/** A vote of a network with the unit of its budget, and what is wrong with that. */
export async function withBudgetUnit(
  db: Db,
  networkId: string,
  { vote, path }: { vote: VotingRule; path: string },
): Promise<{ vote: VotingRule; faults: RuleFault[] }> {
  const units = hasBudget(vote) ? await db.all(Unit, { networkId, archivedAt: null }) : [];
  const { unit, faults } = budgetUnitOf(vote, units, path);
  return { vote: { ...vote, budgetUnitId: unit && unit.id, budgetUnitCode: unit && unit.code }, faults };
}

/** The same for all votes of bylaws. */
export async function withBudgetUnits(
  db: Db,
  networkId: string,
  given: readonly BylawRule[],
): Promise<{ rules: BylawRule[]; faults: RuleFault[] }> {
  const rules: BylawRule[] = [];
  const allFaults: RuleFault[] = [];
  for (const [index, rule] of given.entries()) {
    const { decidedBy } = rule;
    if (decidedBy.by !== 'VOTE') {
      rules.push(rule);
      continue;
    }
    const path = `rules.${index}.decidedBy`;
    const { vote, faults } = await withBudgetUnit(db, networkId, { vote: votingRuleOf(decidedBy), path });
    rules.push({ ...rule, decidedBy: { by: 'VOTE', ...vote } });
    allFaults.push(...faults);
  }
  return { rules, faults: allFaults };
}
