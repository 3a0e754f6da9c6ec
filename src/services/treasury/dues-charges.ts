import { Account } from '../../entities/account.ts';
import type { ChargeRun } from '../../entities/charge-run.ts';
import { DuesCharge } from '../../entities/dues-charge.ts';
import { DuesRule } from '../../entities/dues-rule.ts';
import { Membership } from '../../entities/membership.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { AccountNotOpen } from '../ledger/errors.ts';
import { SLICE, type ChargeKind, type Occasion, type Slice } from './charge-kind.ts';
import { collect } from './collection.ts';
import { duesRuleFor } from './dues.ts';
import { NoDues, PeriodNotBegun } from './errors.ts';
import { boundsOf } from './periods.ts';

/** What one member owes for a period and has not paid. */
export interface DuesQuote {
  member: Membership;
  unitId: string;
  amountMinor: bigint;
  /** What was charged before and is unpaid; null if it is new. */
  charge: DuesCharge | null;
  /** The rule of a new charge. */
  rule: DuesRule | null;
}

export const duesCharges: ChargeKind = {
  async isLeft(tx, occasion) {
    const quotes = await duesDue(tx.db, occasion, tx.now);
    await requireOpenAccounts(
      tx.db,
      quotes.flatMap(({ rule }) => rule ?? []),
    );
    return quotes.length > 0;
  },
  charge,
};

/** Nobody comes into arrears because the community closed the account that was to receive the dues. */
async function requireOpenAccounts(db: Db, rules: readonly DuesRule[]): Promise<void> {
  const [first] = rules;
  if (!first) return;
  const ids = [...new Set(rules.map(({ accountId }) => accountId))];
  const accounts = await db.all(Account, { networkId: first.networkId, id: ids });
  const shut = accounts.find(({ state }) => state !== 'OPEN');
  if (shut) throw new AccountNotOpen(shut.state, 'unitId');
}

/**
 * All active members who owe dues for a period and have not paid them, in the order of their ids.
 *
 * @throws PeriodNotBegun, NoDues
 */
export async function duesDue(db: Db, occasion: Occasion, now: Date): Promise<DuesQuote[]> {
  const rules = await rulesFor(db, occasion, now);
  return quote(db, await membersOf(db, occasion, ''), { rules, occasion });
}

async function charge(tx: Tx, occasion: Occasion, run: ChargeRun): Promise<Slice | null> {
  const rules = await rulesFor(tx.db, occasion, tx.now);
  const values = [run.reachedId, SLICE];
  // Locked, so that nobody is suspended, leaves, or pays by another way meanwhile.
  const members = await membersOf(
    tx.db,
    occasion,
    'and ($3::text is null or id > $3) order by id limit $4 for no key update',
    values,
  );
  const reachedId = members.at(-1)?.id;
  if (!reachedId) return null;
  const quotes = await quote(tx.db, members, { rules, occasion });
  const fresh = quotes.flatMap((one) => newCharge(tx, occasion, one) ?? []);
  if (fresh.length > 0) await tx.db.insert(DuesCharge, fresh);
  const open = [...quotes.flatMap((one) => one.charge ?? []), ...fresh];
  const paid = await collect(tx, occasion.network.id, open);
  return {
    reachedId,
    chargedMinor: open.filter(({ id }) => paid.has(id)).map(({ amountMinor }) => amountMinor),
    leftOutIds: open.filter(({ id }) => !paid.has(id)).map(({ membershipId }) => membershipId),
  };
}

/** @throws PeriodNotBegun, NoDues */
async function rulesFor(db: Db, { network, unit, period }: Occasion, now: Date): Promise<DuesRule[]> {
  const { startsAt } = boundsOf(period, network.timeZone);
  if (now < startsAt) throw new PeriodNotBegun(startsAt);
  const rules = await db.all(DuesRule, { networkId: unit.networkId, unitId: unit.id });
  const isAny = network.memberClasses.some(({ code }) => duesRuleFor(code, rules, period));
  if (!isAny) throw new NoDues();
  return rules;
}

/** Who is suspended gets nothing from the network and owes nothing new; who joined after the period owes nothing for it. */
function membersOf(
  db: Db,
  { network, period }: Occasion,
  tail: string,
  values: unknown[] = [],
): Promise<Membership[]> {
  return db.select(
    Membership,
    `where network_id = $1 and state = 'ACTIVE' and admitted_at < $2 ${tail || 'order by id'}`,
    [network.id, boundsOf(period, network.timeZone).endsAt, ...values],
  );
}

async function quote(
  db: Db,
  members: readonly Membership[],
  { rules, occasion: { unit, period } }: { rules: readonly DuesRule[]; occasion: Occasion },
): Promise<DuesQuote[]> {
  const charges = await db.select(
    DuesCharge,
    'where network_id = $1 and unit_id = $2 and period = $3 and membership_id = any($4)',
    [unit.networkId, unit.id, period.text, members.map(({ id }) => id)],
  );
  const byMember = new Map(charges.map((one) => [one.membershipId, one]));
  const unitId = unit.id;
  return members.flatMap((member): DuesQuote[] => {
    const former = byMember.get(member.id);
    if (former?.state === 'PAID') return [];
    if (former) return [{ member, unitId, amountMinor: former.amountMinor, charge: former, rule: null }];
    const rule = duesRuleFor(member.memberClass, rules, period);
    return rule ? [{ member, unitId, amountMinor: rule.amountMinor, charge: null, rule }] : [];
  });
}

function newCharge(tx: Tx, { unit, period }: Occasion, { member, rule }: DuesQuote): DuesCharge | null {
  if (!rule) return null;
  return {
    networkId: unit.networkId,
    id: newId('dues'),
    membershipId: member.id,
    unitId: unit.id,
    period: period.text,
    ruleId: rule.id,
    amountMinor: rule.amountMinor,
    state: 'UNPAID',
    chargedAt: tx.now,
    graceUntil: after(tx.now, rule.graceDays * DAY_MS),
    arrearsAt: null,
    paidAt: null,
    transferId: null,
  };
}
