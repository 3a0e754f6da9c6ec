import type { Account } from '../../entities/account.ts';
import { Entry } from '../../entities/entry.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import {
  afterKey,
  CURSOR_INTEGER,
  encodeCursor,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import { optionalText } from '../../kernel/text.ts';
import { may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { seesAllDemurrage } from './account-access.ts';
import { movementBetween, positionsBefore, type Movement } from './positions.ts';

export const ENTRY_DIRECTIONS = ['IN', 'OUT'] as const;
export type EntryDirection = (typeof ENTRY_DIRECTIONS)[number];

export interface EntryFilter {
  /** Half open: from the first instant up to the second, which is not in it. */
  from?: Date | null;
  to?: Date | null;
  direction?: EntryDirection | null;
  isLevy?: boolean | null;
  /** The account on the other side. */
  counterpartyAccountId?: string | null;
  /** A part of the transfer's description, in letters of any size. */
  text?: string | null;
  /** What is not searched by these two, since the viewer is not shown them. */
  hides?: Hidden;
}

/** Of what an account of the network receives, the parts whose transfers tell of others what is theirs to know. */
export interface Hidden {
  levies: boolean;
  demurrage: boolean;
}

export function hiddenFrom(standing: Standing): Hidden {
  return {
    levies: !may(standing, 'account.readEntries').allowed,
    demurrage: !seesAllDemurrage(standing),
  };
}

export const SEARCH_BOUNDS = { max: 100 };

/** Of a transfer `t`: that it took demurrage or gave it back, and from which account or to which. */
export const IS_DEMURRAGE = `(t.kind = 'DEMURRAGE' or (t.kind = 'REVERSAL' and exists (
  select 1 from transfer u where u.network_id = t.network_id and u.id = t.reverses_id and u.kind = 'DEMURRAGE')))`;
export const GIVER = `(case t.kind when 'DEMURRAGE' then t.payer_account_id else t.payee_account_id end)`;

// A filter that few entries pass would lead through a whole account otherwise.
const MOST_LOOKED_AT = 10_000n;

/**
 * The entries of an account, newest first, by their number: every page costs the same. With a filter that few entries
 * pass a page may be short, or empty, and still lead on.
 *
 * @throws InvalidInput
 */
export async function listEntries(
  db: Db,
  account: Account,
  filter: EntryFilter,
  request: PageRequest,
): Promise<Page<Entry>> {
  const { first, last } = await boundsOf(db, account, filter);
  const [after] = afterKey(request, [CURSOR_INTEGER]);
  const before = BigInt(after ?? last + 1n);
  const top = before > last ? last : before - 1n;
  const text = optionalText(filter.text, 'filter.text', SEARCH_BOUNDS);
  const { direction = null, isLevy = null, counterpartyAccountId = null } = filter;
  const isSearch = [direction, isLevy, counterpartyAccountId, text].some((condition) => condition !== null);
  const bottom = isSearch && top - first >= MOST_LOOKED_AT ? top - MOST_LOOKED_AT + 1n : first;
  const rows = await db.select(
    Entry,
    `e where network_id = $1 and account_id = $2 and seq between $3 and $4
        and ($5::text is null or (amount_minor > 0) = ($5 = 'IN')) and ($6::boolean is null or is_levy = $6)
        and (($7::text is null and $8::text is null) or exists (
          select 1 from transfer t
           where t.network_id = $1 and t.id = e.transfer_id
             and ($7 is null or $7 = case when t.payer_account_id = $2 then t.payee_account_id else t.payer_account_id end)
             and ($8 is null or strpos(lower(t.description), lower($8)) > 0)
             and (not $10 or $2 in (t.payer_account_id, t.payee_account_id))
             and (not $11 or not ${IS_DEMURRAGE} or $2 = ${GIVER})))
      order by seq desc limit $9`,
    [
      account.networkId,
      account.id,
      bottom,
      top,
      direction,
      isLevy,
      counterpartyAccountId,
      text,
      request.first + 1,
      filter.hides?.levies ?? false,
      filter.hides?.demurrage ?? false,
    ],
  );
  const page = pageOf(rows, request, (row) => [row.seq]);
  return page.pageInfo.hasNextPage || bottom <= first ? page : leadingOn(page, encodeCursor([bottom]));
}

/** A page that ends where the search stopped, not where the list does. */
export function leadingOn<Node>(page: Page<Node>, endCursor: string): Page<Node> {
  return { ...page, pageInfo: { ...page.pageInfo, hasNextPage: true, endCursor } };
}

/** The first and the last number of the entries in the filter's interval. */
async function boundsOf(
  db: Db,
  account: Account,
  { from, to }: EntryFilter,
): Promise<{ first: bigint; last: bigint }> {
  const bounds = [from, to].filter((at) => at instanceof Date);
  const positions = bounds.length > 0 ? await positionsBefore(db, account, bounds) : [];
  return {
    first: from ? positions[0]!.seq + 1n : 1n,
    last: to ? positions.at(-1)!.seq : account.entryCount,
  };
}

export const SERIES_STEPS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

export interface Interval {
  from: Date;
  to: Date;
}

/** What became of an account in one step of a series. */
export interface SeriesPoint extends Interval, Movement {
  /** At the end of the step. */
  balanceMinor: bigint;
}

const MOST_POINTS = 400;

const HOUR_MS = 3_600_000;
// A day is longer by an hour where the clock is put back.
const LONGEST_MS: Record<SeriesStep, number> = {
  HOUR: HOUR_MS,
  DAY: 25 * HOUR_MS,
  WEEK: (7 * 24 + 1) * HOUR_MS,
  MONTH: (31 * 24 + 1) * HOUR_MS,
};

/**
 * How an account developed in an interval, in steps of the network's calendar: the first and the last step are as short as
 * the interval cuts them.
 *
 * @throws InvalidInput INVALID_RANGE if the interval is empty or has more than 400 steps
 */
export async function seriesOf(
  db: Db,
  account: Account,
  { step, timeZone, ...interval }: Interval & { step: SeriesStep; timeZone: string },
): Promise<SeriesPoint[]> {
  requireInterval(interval);
  const length = interval.to.getTime() - interval.from.getTime();
  if (length > (MOST_POINTS + 1) * LONGEST_MS[step]) throw tooManyPoints();
  const bounds = await stepBounds(db, interval, step, timeZone);
  if (bounds.length > MOST_POINTS + 1) throw tooManyPoints();
  const positions = await positionsBefore(db, account, bounds);
  return bounds.slice(1).map((to, index) => ({
    from: bounds[index]!,
    to,
    balanceMinor: positions[index + 1]!.balanceMinor,
    ...movementBetween(positions[index]!, positions[index + 1]!),
  }));
}

const tooManyPoints = () => new InvalidInput('INVALID_RANGE', 'step', { maxPoints: MOST_POINTS });

/** @throws InvalidInput INVALID_RANGE */
function requireInterval({ from, to }: Interval): void {
  if (to <= from) throw new InvalidInput('INVALID_RANGE', 'to');
}

/**
 * The instants at which steps begin within an interval, and both its ends. Days, weeks and months begin where the
 * calendar of the time zone says so; hours follow one another, and each begins with the clock.
 */
async function stepBounds(
  db: Db,
  { from, to }: Interval,
  step: SeriesStep,
  timeZone: string,
): Promise<Date[]> {
  const rows = await db.rows<{ at: Date }>(
    `with step as (select ('1 ' || $3)::interval as length),
     begin as (
       select local at time zone $4 as at
         from step, generate_series(date_trunc($3, $1::timestamptz at time zone $4), $2::timestamptz at time zone $4, length) as local
        where $3 <> 'hour'
       union
       select date_trunc('hour', hour, $4)
         from step, generate_series($1::timestamptz, $2::timestamptz + length, length) as hour
        where $3 = 'hour')
     select at from begin where at > $1 and at < $2
     union select $1::timestamptz union select $2::timestamptz order by 1`,
    [from, to, step.toLowerCase(), timeZone],
  );
  return rows.map(({ at }) => at);
}

/** What moved in an interval, and with how many others. */
export interface AccountStats extends Movement {
  count: bigint;
  /** Different accounts on the other side, levies aside; null where there are too many entries to look at. */
  partners: bigint | null;
}

/**
 * What moved in an interval: two searches by key, whatever its length. Partners are counted over at most 10,000 entries.
 *
 * @throws InvalidInput INVALID_RANGE if the interval is empty
 */
export async function statsOf(db: Db, account: Account, interval: Interval): Promise<AccountStats> {
  requireInterval(interval);
  const [before, after] = await positionsBefore(db, account, [interval.from, interval.to]);
  const count = after!.seq - before!.seq;
  const row =
    count > MOST_LOOKED_AT
      ? undefined
      : await db.row<{ partners: bigint }>(
          `select count(distinct case when t.payer_account_id = e.account_id then t.payee_account_id
                                      else t.payer_account_id end) as partners
             from entry e join transfer t on t.network_id = e.network_id and t.id = e.transfer_id
            where e.network_id = $1 and e.account_id = $2 and e.seq > $3 and e.seq <= $4 and not e.is_levy`,
          [account.networkId, account.id, before!.seq, after!.seq],
        );
  return { ...movementBetween(before!, after!), count, partners: row?.partners ?? null };
}
