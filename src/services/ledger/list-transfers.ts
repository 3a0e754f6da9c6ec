import { Transfer, type TransferKind, type TransferState } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import {
  afterKey,
  CURSOR_INSTANT,
  CURSOR_TEXT,
  encodeCursor,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import { optionalText } from '../../kernel/text.ts';
import { authorize, may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { seesAllDemurrage } from './account-access.ts';
import { GIVER, IS_DEMURRAGE, leadingOn, SEARCH_BOUNDS } from './statements.ts';

export interface TransferFilter {
  /** What counts in the balances or once did, POSTED and REVERSED, if absent. */
  state?: TransferState | null;
  kind?: TransferKind | null;
  unitId?: string | null;
  accountId?: string | null;
  /** Of accounts of this member. */
  membershipId?: string | null;
  /** Half open; when it was posted or, if it is not, started. */
  from?: Date | null;
  to?: Date | null;
  /** A part of the description, in letters of any size. */
  text?: string | null;
}

// A filter that few transfers pass would lead through the whole network otherwise.
const MOST_LOOKED_AT = 10_000;

const UNPOSTED_STATES = ['PENDING', 'REJECTED', 'CANCELLED', 'EXPIRED'] as const;
type UnpostedState = (typeof UNPOSTED_STATES)[number];
const POSTED_KEY = [CURSOR_INSTANT, CURSOR_TEXT];

/** One list as it was asked for. */
interface Search {
  networkId: string;
  filter: TransferFilter;
  text: string | null;
  /** Whether rows are passed over, beside those before and after the interval. */
  isSelective: boolean;
  /** Whether demurrage stands only with the account that gave it: what receives it may be open to the members. */
  hidesDemurrage: boolean;
  request: PageRequest;
}

/**
 * Transfers of a network, newest first: those of accounts whose statements the actor may read, and all for who may read
 * all. With a filter that few pass a page may be short, or empty, and still lead on.
 *
 * @throws Forbidden, InvalidInput
 */
export async function listTransfers(
  db: Db,
  standing: Standing,
  filter: TransferFilter,
  request: PageRequest,
): Promise<Page<Transfer>> {
  authorize(standing, 'account.list', { isOwn: true });
  const text = optionalText(filter.text, 'filter.text', SEARCH_BOUNDS);
  const hidesDemurrage = !seesAllDemurrage(standing) && (await takesDemurrage(db, standing.network.id));
  const search: Search = {
    networkId: standing.network.id,
    filter,
    text,
    isSelective: hidesDemurrage || [filter.state, filter.kind, filter.unitId, text].some(Boolean),
    hidesDemurrage,
    request,
  };
  const accounts = await readableAccounts(db, standing, filter);
  const unposted = UNPOSTED_STATES.find((state) => state === filter.state);
  if (unposted) return listUnposted(db, search, { state: unposted, accounts });
  return accounts ? listOfAccounts(db, search, accounts) : listOfNetwork(db, search);
}

/** Whether any unit of a network takes demurrage, or ever did. */
async function takesDemurrage(db: Db, networkId: string): Promise<boolean> {
  const text = 'select 1 from unit_policy where network_id = $1 and demurrage_ppm > 0 limit 1';
  return (await db.row(text, [networkId])) !== undefined;
}

interface ReadableAccount {
  id: string;
  entryCount: bigint;
}

/** The accounts among those of the filter whose statements the actor may read; null for all of the network. */
async function readableAccounts(
  db: Db,
  standing: Standing,
  { accountId = null, membershipId = null }: TransferFilter,
): Promise<ReadableAccount[] | null> {
  const networkId = standing.network.id;
  if (may(standing, 'account.readEntries').allowed) {
    if (accountId === null && membershipId === null) return null;
    return db.rows<ReadableAccount>(
      `select id, entry_count from account
        where network_id = $1 and ($2::text is null or id = $2) and ($3::text is null or membership_id = $3)`,
      [networkId, accountId, membershipId],
    );
  }
  return db.rows<ReadableAccount>(
    `select a.id, a.entry_count from account a
      where a.network_id = $1 and ($2::text is null or a.id = $2) and ($3::text is null or a.membership_id = $3)
        and a.id in (
          select id from account where network_id = $1 and membership_id = $4 and $5
          union all
          select account_id from account_signatory where network_id = $1 and membership_id = $4 and $5
          union all
          select o.id from account o join group_membership g on g.network_id = o.network_id and g.group_id = o.group_id
           where o.network_id = $1 and g.network_id = $1 and g.membership_id = $4 and g.is_coordinator and $5
          union all
          select id from account where network_id = $1 and holder_kind = 'NETWORK' and $6
          union all
          select id from account where network_id = $1 and group_id is not null and $6)`,
    [
      networkId,
      accountId,
      membershipId,
      standing.membership?.id ?? null,
      may(standing, 'account.readEntries', { isOwn: true }).allowed,
      may(standing, 'account.readEntries', { isOpenToMembers: true }).allowed,
    ],
  );
}

/** Where a list of posted transfers goes on: strictly before a key. */
function keyOf({ filter, request }: Search): [instant: Date | string, id: string] {
  const [instant, id] = afterKey(request, POSTED_KEY);
  return instant ? [instant, id ?? ''] : [filter.to ?? 'infinity', ''];
}

// With the numbers that these values have in every statement below, from $1 on.
const CONDITIONS = `t.network_id = $1 and ($2::text is null or t.state = $2) and ($3::text is null or t.kind = $3)
  and ($4::text is null or t.unit_id = $4) and ($5::text is null or strpos(lower(t.description), lower($5)) > 0)`;

const conditionValues = ({ networkId, filter, text }: Search) => [
  networkId,
  filter.state ?? null,
  filter.kind ?? null,
  filter.unitId ?? null,
  text,
];

const pageOfPosted = (rows: Transfer[], request: PageRequest) =>
  pageOf(rows, request, (row) => [row.postedAt ?? '', row.id]);

/** All of the network, by the index on time. */
async function listOfNetwork(db: Db, search: Search): Promise<Page<Transfer>> {
  const { networkId, filter, request, isSelective } = search;
  const key = keyOf(search);
  const from = filter.from ?? '-infinity';
  const range = `t.network_id = $1 and (t.posted_at, t.id) < ($6::timestamptz, $7) and t.posted_at >= $8`;
  const rows = await db.select(
    Transfer,
    `t where (network_id, id) in (
        select t.network_id, t.id from (
          select * from transfer t where ${range} order by t.posted_at desc, t.id desc limit $9) t
         where ${CONDITIONS} order by t.posted_at desc, t.id desc limit $10)
      order by posted_at desc, id desc`,
    [...conditionValues(search), ...key, from, MOST_LOOKED_AT, request.first + 1],
  );
  const page = pageOfPosted(rows, request);
  if (!isSelective || page.pageInfo.hasNextPage) return page;
  const stop = await db.row<{ postedAt: Date; id: string }>(
    `select t.posted_at, t.id from transfer t
      where t.network_id = $1 and (t.posted_at, t.id) < ($2::timestamptz, $3) and t.posted_at >= $4
      order by t.posted_at desc, t.id desc offset $5 limit 1`,
    [networkId, ...key, from, MOST_LOOKED_AT - 1],
  );
  return stop ? leadingOn(page, encodeCursor([stop.postedAt, stop.id])) : page;
}

/** How far the entries of one account are looked at: from behind `low` up to `top`, whole instants only. */
interface Span {
  accountId: string;
  low: bigint;
  top: bigint;
  /** The oldest instant that is looked at; null if all are. */
  since: Date | null;
}

/** Those of some accounts, by the keys of their entries: as many of each as could stand on the page. */
async function listOfAccounts(
  db: Db,
  search: Search,
  accounts: readonly ReadableAccount[],
): Promise<Page<Transfer>> {
  const { request, isSelective } = search;
  if (accounts.length === 0) return pageOfPosted([], request);
  const needed = request.first + 1;
  const width = isSelective ? Math.max(needed, Math.floor(MOST_LOOKED_AT / accounts.length)) : needed;
  const key = keyOf(search);
  const spans = await spansOf(db, search, { accounts, key, width });
  // What is older may be missing from one of the accounts.
  const horizon = spans.reduce<Date | null>(
    (latest, { since }) => (since && (!latest || since > latest) ? since : latest),
    null,
  );
  const rows = await db.select(
    Transfer,
    `t where network_id = $1 and id in (
        select e.transfer_id
          from unnest($6::text[], $7::bigint[], $8::bigint[]) as s (account_id, low, top)
          join entry e on e.network_id = $1 and e.account_id = s.account_id and e.seq > s.low and e.seq <= s.top
         where (e.posted_at, e.transfer_id) < ($9::timestamptz, $10) and e.posted_at >= $11 and not e.is_levy)
        and ${CONDITIONS} and (not $13 or not ${IS_DEMURRAGE} or ${GIVER} = any($6))
      order by posted_at desc, id desc limit $12`,
    [
      ...conditionValues(search),
      spans.map(({ accountId }) => accountId),
      spans.map(({ low }) => low),
      spans.map(({ top }) => top),
      ...key,
      horizon ?? '-infinity',
      needed,
      search.hidesDemurrage,
    ],
  );
  const page = pageOfPosted(rows, request);
  return page.pageInfo.hasNextPage || !horizon ? page : leadingOn(page, encodeCursor([horizon, '']));
}

function spansOf(
  db: Db,
  { networkId, filter }: Search,
  { accounts, key, width }: { accounts: readonly ReadableAccount[]; key: readonly unknown[]; width: number },
): Promise<Span[]> {
  return db.rows<Span>(
    `with reach as (
       select a.id, ledger_seq_at($1, a.id, a.entry_count, $4::timestamptz) as top,
              ledger_seq_at($1, a.id, a.entry_count, $4::timestamptz - interval '1 microsecond') as below,
              case when $5::timestamptz is null then 0
                   else ledger_seq_at($1, a.id, a.entry_count, $5::timestamptz - interval '1 microsecond') end as bottom
         from unnest($2::text[], $3::bigint[]) as a (id, entry_count)),
     span as (
       select r.id, r.top, r.bottom, e.posted_at,
              case when e.seq is null then r.bottom
                   else greatest(r.bottom, ledger_seq_at($1, r.id, r.below, e.posted_at - interval '1 microsecond'))
              end as low
         from reach r
         left join entry e on e.network_id = $1 and e.account_id = r.id and e.seq = r.below - $6::bigint + 1
                          and e.seq > r.bottom)
     select id as account_id, low, top, case when low > bottom then posted_at end as since from span`,
    [
      networkId,
      accounts.map(({ id }) => id),
      accounts.map(({ entryCount }) => entryCount),
      key[0],
      filter.from ?? null,
      width,
    ],
  );
}

/** Requests that wait, or came to nothing, by their ids, which are in the order of time. */
async function listUnposted(
  db: Db,
  search: Search,
  { state, accounts }: { state: UnpostedState; accounts: readonly ReadableAccount[] | null },
): Promise<Page<Transfer>> {
  const { filter, request } = search;
  const [before] = afterKey(request, [CURSOR_TEXT]);
  // The state, one of four, stands in the text, since the index of what waits holds nothing else. That nothing is posted
  // stands there as well, for the index of what is not.
  const rows = await db.select(
    Transfer,
    `t where t.posted_at is null and t.state = '${state}' and ${CONDITIONS}
        and ($6::text[] is null or t.payer_account_id = any($6) or t.payee_account_id = any($6))
        and ($7::timestamptz is null or t.created_at >= $7) and ($8::timestamptz is null or t.created_at < $8)
        and ($9::text is null or t.id < $9)
      order by t.id desc limit $10`,
    [
      ...conditionValues(search),
      accounts?.map(({ id }) => id) ?? null,
      filter.from ?? null,
      filter.to ?? null,
      before,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}
