import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { seesAllBalances } from './account-access.ts';

type UnitKey = Pick<Unit, 'networkId' | 'id'>;

// Eleven balances are told as they are: of fewer accounts than these they would tell most.
const FEWEST_ACCOUNTS = 20;

const DAYS = { min: 1, max: 366 };

/** Whether the viewer sees how a unit does as a whole: every active member. */
export function seesFigures(standing: Standing): boolean {
  return may(standing, 'account.list').allowed;
}

/** The sum of all positive balances of each unit; as much is owed, since all balances add up to zero. */
export async function suppliesOf(db: Db, units: readonly UnitKey[]): Promise<bigint[]> {
  // As text: many balances together may pass what bigint holds.
  const rows = await db.rows<{ unitId: string; supply: string }>(
    `select unit_id, sum(balance_minor)::text as supply from account
      where network_id = any($1) and unit_id = any($2) and balance_minor > 0 group by unit_id`,
    [units.map(({ networkId }) => networkId), units.map(({ id }) => id)],
  );
  const supplies = new Map(rows.map(({ unitId, supply }) => [unitId, BigInt(supply)]));
  return units.map(({ id }) => supplies.get(id) ?? 0n);
}

/** How a unit turned over in the last days. */
export interface Turnover {
  /** All that was traded and stands: payments, requests, recorded transfers, none of them reversed. */
  volumeMinor: bigint;
  /** Volume ÷ supply, with four decimals; null without supply. */
  velocity: string | null;
  /** Credit in use ÷ mean daily volume, with one decimal; null without volume. */
  clearingDays: string | null;
}

/**
 * One scan of what was posted in these days, by the index on time: ninety thousand transfers in less than a tenth of a
 * second, a million in about one. An index with the amounts in it would cost each posting.
 *
 * @throws InvalidInput INVALID_RANGE unless 1 ≤ days ≤ 366
 */
export async function turnoverOf(
  db: Db,
  unit: UnitKey,
  { days, now }: { days: number; now: Date },
): Promise<Turnover> {
  requireDays(days, 'days');
  const row = await db.row<Omit<Turnover, 'volumeMinor'> & { volume: string }>(
    `select volume::text, round(volume / nullif(supply, 0), 4)::text as velocity,
            round(supply * $4::int / nullif(volume, 0), 1)::text as clearing_days
       from (select coalesce(sum(t.amount_minor), 0) as volume from transfer t
              where t.network_id = $1 and t.unit_id = $2 and t.state = 'POSTED'
                and t.kind in ('PAYMENT', 'REQUEST', 'RECORDED')
                and t.posted_at > $3::timestamptz - make_interval(days => $4) and t.posted_at <= $3) v,
            (select coalesce(sum(a.balance_minor), 0) as supply from account a
              where a.network_id = $1 and a.unit_id = $2 and a.balance_minor > 0) s`,
    [unit.networkId, unit.id, now, days],
  );
  const { volume, ...turnover } = row!;
  return { ...turnover, volumeMinor: BigInt(volume) };
}

function requireDays(days: number, path: string): void {
  if (days < DAYS.min || days > DAYS.max) throw new InvalidInput('INVALID_RANGE', path, DAYS);
}

/** How the balances of a unit's open accounts lie. */
export interface Distribution {
  accounts: bigint;
  /** Eleven balances that exist, from the lowest by tenths of the accounts to the highest. */
  deciles: bigint[];
  atFloor: bigint;
  atCeiling: bigint;
  idle: bigint;
}

/**
 * Looks at every account of the unit that is not closed, common property aside.
 *
 * @returns null with fewer than twenty accounts for who may not see their balances
 * @throws InvalidInput INVALID_RANGE unless 1 ≤ idleDays ≤ 366
 */
export async function distributionOf(
  db: Db,
  standing: Standing,
  { unit, idleDays, now }: { unit: UnitKey; idleDays: number; now: Date },
): Promise<Distribution | null> {
  requireDays(idleDays, 'idleDays');
  const row = await db.row<Distribution>(
    `select count(*) as accounts, coalesce(percentile_disc(
              array[0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]) within group (order by a.balance_minor), '{}') as deciles,
            count(*) filter (where a.balance_minor <= l.floor_minor) as at_floor,
            count(*) filter (where a.balance_minor >= l.ceiling_minor) as at_ceiling,
            count(*) filter (where a.last_posted_at is null
                                or a.last_posted_at <= $3::timestamptz - make_interval(days => $4)) as idle
       from account a
       join ledger_limits($1, array(
              select o.id::text from account o
               where o.network_id = $1 and o.unit_id = $2 and o.state <> 'CLOSED' and o.holder_kind <> 'NETWORK'), $3) l
         on l.account_id = a.id
      where a.network_id = $1`,
    [unit.networkId, unit.id, now, idleDays],
  );
  const isTelling = row!.accounts < FEWEST_ACCOUNTS;
  return isTelling && !seesAllBalances(standing) ? null : row!;
}
