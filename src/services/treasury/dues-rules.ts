import { DuesRule } from '../../entities/dues-rule.ts';
import type { Period } from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import { dayAt } from '../../kernel/calendar.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { parseAmount } from '../../kernel/money.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { requireCommonAccounts } from '../ledger/common-accounts.ts';
import { authorOf } from '../ledger/posting.ts';
import { unitIn } from '../ledger/set-policy.ts';
import { singleAmount } from '../ledger/transfers.ts';
import { DuesRuleEnded } from './errors.ts';
import { parsePeriod, periodOn, type CalendarPeriod } from './periods.ts';

export interface SetDues {
  networkId: string;
  unitId: string;
  /** For whom; absent or null for all whose class has no rule of its own. */
  memberClass?: string | null;
  amount: string;
  period: Period;
  graceDays: number;
  accountId: string;
  /** The first period, such as `2026-04`; the present one if absent. */
  from?: string | null;
}

const MAX_GRACE_DAYS = 366;

/**
 * Sets what members give for each period. The rule that held for the same unit and class ends where the new one begins.
 *
 * @throws Forbidden, DecisionRequired, NotFound, AccountNotOpen, UnitMismatch, InvalidInput
 * @emits DuesSet
 */
export async function setDues(tx: Tx, command: SetDues): Promise<DuesRule> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorizeDecision(standing, 'dues.set', { kind: 'duesSet', amount: null });
  const networkId = standing.network.id;
  const unit = await unitIn(tx.db, networkId, command.unitId);
  // Points pass to nobody.
  if (unit.kind === 'POINTS') throw new InvalidInput('INVALID_CHOICE', 'unitId');
  const rule = newRule(tx, { standing, unit, command });
  await requireCommonAccounts(tx, unit, [{ id: command.accountId, path: 'accountId' }]);
  const { memberClass, startsOn } = rule;
  for (const former of await tx.db.all(DuesRule, { networkId, unitId: unit.id, memberClass })) {
    await end(tx, former, startsOn);
  }
  await tx.db.insert(DuesRule, rule);
  const data = { unitId: unit.id, memberClass, from: startsOn };
  tx.emit({ networkId, kind: 'DuesSet', subjectId: rule.id, data });
  return rule;
}

/** Ends a rule on a day, unless it ends before; one that begins later never comes into force. */
async function end(tx: Tx, { networkId, id, startsOn, endsOn }: DuesRule, day: string): Promise<string> {
  if (endsOn !== null && endsOn <= day) return endsOn;
  const last = startsOn > day ? startsOn : day;
  await tx.db.update(DuesRule, { networkId, id }, { endsOn: last });
  return last;
}

function newRule(
  tx: Tx,
  { standing: { network }, unit, command }: { standing: Standing; unit: Unit; command: SetDues },
): DuesRule {
  const { memberClass = null, period, graceDays } = command;
  const choices = network.memberClasses.map(({ code }) => code);
  if (memberClass !== null && !choices.includes(memberClass)) {
    throw new InvalidInput('INVALID_CHOICE', 'memberClass', { choices });
  }
  const amountMinor = singleAmount(parseAmount(command.amount, unit.scale, 'amount'), unit.scale, 'amount');
  // Nothing is a rule for a class, which is excused so; for everybody it would be no rule.
  if (amountMinor < 0n || (amountMinor === 0n && memberClass === null)) {
    throw new InvalidInput('INVALID_AMOUNT', 'amount');
  }
  if (graceDays < 0 || graceDays > MAX_GRACE_DAYS) {
    throw new InvalidInput('INVALID_RANGE', 'graceDays', { min: 0, max: MAX_GRACE_DAYS });
  }
  const present = periodOn(dayAt(tx.now, network.timeZone), period);
  return {
    networkId: network.id,
    id: newId('duesRule'),
    unitId: unit.id,
    memberClass,
    amountMinor,
    period,
    graceDays,
    accountId: command.accountId,
    startsOn: firstPeriod(command, present).startsOn,
    endsOn: null,
    setByPersonId: authorOf(tx.actor).personId,
    setAt: tx.now,
  };
}

/** Nobody owes for what was over when it was decided. */
function firstPeriod({ from }: SetDues, present: CalendarPeriod): CalendarPeriod {
  if (from === null || from === undefined) return present;
  const first = parsePeriod(from, 'from');
  if (first.kind !== present.kind) throw new InvalidInput('INVALID_PERIOD', 'from');
  if (first.startsOn < present.startsOn) {
    throw new InvalidInput('INVALID_RANGE', 'from', { min: present.text });
  }
  return first;
}

export interface RetireDues {
  networkId: string;
  duesRuleId: string;
}

/**
 * Ends a rule today: no period that begins from now on is charged by it. What has been charged stays due.
 *
 * @throws Forbidden, DecisionRequired, NotFound, DuesRuleEnded
 * @emits DuesRetired
 */
export async function retireDues(tx: Tx, command: RetireDues): Promise<DuesRule> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorizeDecision(standing, 'dues.set', { kind: 'duesSet', amount: null });
  const { id: networkId, timeZone } = standing.network;
  const id = requireId('duesRule', command.duesRuleId, 'duesRuleId');
  const rule = await tx.db.one(DuesRule, { networkId, id });
  if (!rule) throw new NotFound('DuesRule');
  const today = dayAt(tx.now, timeZone);
  if (rule.endsOn !== null && rule.endsOn <= today) throw new DuesRuleEnded();
  const endsOn = await end(tx, rule, today);
  tx.emit({ networkId, kind: 'DuesRetired', subjectId: id, data: { endsOn } });
  return { ...rule, endsOn };
}

/**
 * All rules of a unit, newest first, ended ones too.
 *
 * @throws Forbidden
 */
export async function listDuesRules(
  db: Db,
  standing: Standing,
  unit: Unit,
  request: PageRequest,
): Promise<Page<DuesRule>> {
  authorize(standing, 'network.read');
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    DuesRule,
    'where network_id = $1 and unit_id = $2 and ($3::text is null or id < $3) order by id desc limit $4',
    [unit.networkId, unit.id, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}
