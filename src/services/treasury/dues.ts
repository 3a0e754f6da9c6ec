import type { DuesRule } from '../../entities/dues-rule.ts';
import type { CalendarPeriod } from './periods.ts';

/**
 * The rule by which a member of a class owes dues for a period: that of the class if it has one at all on the day on
 * which the period begins, or else the one for everybody. Null if none, or if the rule counts by other periods or asks for
 * nothing.
 */
export function duesRuleFor(
  memberClass: string,
  rules: readonly DuesRule[],
  { kind, startsOn }: CalendarPeriod,
): DuesRule | null {
  const inForce = rules.filter(
    (rule) => rule.startsOn <= startsOn && (rule.endsOn === null || startsOn < rule.endsOn),
  );
  const rule =
    inForce.find((one) => one.memberClass === memberClass) ?? inForce.find((one) => one.memberClass === null);
  return rule?.period === kind && rule.amountMinor > 0n ? rule : null;
}
