import DataLoader from 'dataloader';
import { Account } from '../../entities/account.ts';
import { BookingSeries } from '../../entities/booking-series.ts';
import { Booking } from '../../entities/booking.ts';
import { Category } from '../../entities/category.ts';
import { Dispute } from '../../entities/dispute.ts';
import type { DuesCharge } from '../../entities/dues-charge.ts';
import { Group } from '../../entities/group.ts';
import { Conversion } from '../../entities/conversion.ts';
import { ConversionRate } from '../../entities/conversion-rate.ts';
import { Hold } from '../../entities/hold.ts';
import { Kit } from '../../entities/kit.ts';
import { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import { Membership } from '../../entities/membership.ts';
import { NetworkTerms } from '../../entities/network-terms.ts';
import { Network } from '../../entities/network.ts';
import { Person } from '../../entities/person.ts';
import { Pool } from '../../entities/pool.ts';
import { Proposal } from '../../entities/proposal.ts';
import { Resource } from '../../entities/resource.ts';
import { StoredFile } from '../../entities/stored-file.ts';
import { Transfer } from '../../entities/transfer.ts';
import { TransferSchedule } from '../../entities/transfer-schedule.ts';
import { UnitPolicy } from '../../entities/unit-policy.ts';
import { Unit } from '../../entities/unit.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Db, EntityClass } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { loadStanding, type Standing } from '../../services/access/standing.ts';
import { tiesTo, type Tie } from '../../services/ledger/account-access.ts';
import { ratesInForce } from '../../services/ledger/conversion-rates.ts';
import { limitsOf, type Limits } from '../../services/ledger/limits.ts';
import { unpaidOf } from '../../services/treasury/arrears.ts';
import { closenessIn, type Closeness } from '../../services/networks/visibility.ts';
import { makeGoodsLoaders, type GoodsLoaders } from './goods-loaders.ts';
import { makeBookingLoaders, type BookingLoaders } from './booking-loaders.ts';
import { makeFileLoaders, type FileLoaders } from './file-loaders.ts';
import { makeLedgerLoaders, type LedgerLoaders } from './ledger-loaders.ts';
import { makeMemberLoaders, type MemberLoaders } from './member-loaders.ts';
import { makePoolLoaders, type PoolLoaders } from './pool-loaders.ts';
import { makeProposalLoaders, type ProposalLoaders } from './proposal-loaders.ts';

/** A row of a network by its composite key. */
export interface NetworkKey {
  networkId: string;
  id: string;
}

type ById<E> = (id: string) => Promise<E>;
type ByKey<E> = (networkId: string, id: string) => Promise<E>;

/** Reads rows that many fields ask for in one statement each, and each row once. They say nothing of who may see them. */
export interface RowLoaders {
  network: ById<Network>;
  person: ById<Person>;
  membership: ByKey<Membership>;
  group: ByKey<Group>;
  unit: ByKey<Unit>;
  account: ByKey<Account>;
  file: ByKey<StoredFile>;
  transfer: ByKey<Transfer>;
  hold: ByKey<Hold>;
  schedule: ByKey<TransferSchedule>;
  conversion: ByKey<Conversion>;
  conversionRate: ByKey<ConversionRate>;
  proposal: ByKey<Proposal>;
  pool: ByKey<Pool>;
  resource: ByKey<Resource>;
  booking: ByKey<Booking>;
  maintenancePlan: ByKey<MaintenancePlan>;
  bookingSeries: ByKey<BookingSeries>;
  kit: ByKey<Kit>;
  /** The ids of a network's rates that are in force. */
  ratesInForce: ById<Set<string>>;
  /** The membership of a person in a network; null if there is none. */
  memberOf: (networkId: string, personId: string) => Promise<Membership | null>;
  /** The policy in force of a unit. */
  policy: (unit: Unit) => Promise<UnitPolicy>;
  /** The last dispute about a transfer; null if there was none. */
  dispute: (transfer: Transfer) => Promise<Dispute | null>;
  /** What a member has been charged and not paid, oldest first. */
  unpaidDues: ByKey<DuesCharge[]>;
  /** Units of a network, by code. */
  units: ById<Unit[]>;
  /** Categories of a network, in their order. */
  categories: ById<Category[]>;
  /** The terms in force in a network. */
  terms: ById<NetworkTerms | null>;
  /** How many active members a network has. */
  memberCount: ById<number>;
}

/** The same for one actor at one instant, with how the actor stands to what is read. */
export interface Loaders
  extends
    RowLoaders,
    FileLoaders,
    BookingLoaders,
    GoodsLoaders,
    LedgerLoaders,
    MemberLoaders,
    PoolLoaders,
    ProposalLoaders {
  /** What the actor is to an account. */
  tieTo: (account: Account) => Promise<Tie>;
  /** The limits in force of an account. */
  limits: ByKey<Limits>;
  /** How the actor of the request stands in a network. */
  standing: ById<Standing>;
  /** How near the actor stands to the members of a network. */
  closeness: ById<Closeness>;
}

export function makeRowLoaders(db: Db): RowLoaders {
  return {
    network: globalRows(db, Network),
    person: globalRows(db, Person),
    membership: networkRows(db, Membership),
    group: networkRows(db, Group),
    unit: networkRows(db, Unit),
    account: networkRows(db, Account),
    file: networkRows(db, StoredFile),
    transfer: networkRows(db, Transfer),
    hold: networkRows(db, Hold),
    schedule: networkRows(db, TransferSchedule),
    conversion: networkRows(db, Conversion),
    conversionRate: networkRows(db, ConversionRate),
    proposal: networkRows(db, Proposal),
    pool: networkRows(db, Pool),
    resource: networkRows(db, Resource),
    booking: networkRows(db, Booking),
    maintenancePlan: networkRows(db, MaintenancePlan),
    bookingSeries: networkRows(db, BookingSeries),
    kit: networkRows(db, Kit),
    ratesInForce: once(async (id) => new Set((await ratesInForce(db, id)).map((rate) => rate.id))),
    policy: policiesInForce(db),
    dispute: lastDisputes(db),
    unpaidDues: unpaidDues(db),
    units: rowsOfNetworks(db, Unit, 'code'),
    categories: rowsOfNetworks(db, Category, 'position, id'),
    terms: termsInForce(db),
    memberCount: memberCounts(db),
    memberOf: membersByPerson(db),
  };
}

/** @param rows shared by several actors, where what they read may be of one instant */
export function makeLoaders(db: Db, actor: Actor, now: Date, rows = makeRowLoaders(db)): Loaders {
  const standing = once(async (networkId) => loadStanding({ db, actor, now }, await rows.network(networkId)));
  return {
    ...rows,
    ...makeFileLoaders(db),
    ...makeLedgerLoaders(db, now),
    ...makeMemberLoaders(db, now),
    ...makeBookingLoaders(db, now),
    ...makePoolLoaders(db, standing, now),
    ...makeGoodsLoaders(db, standing, now),
    ...makeProposalLoaders(db, now, standing),
    limits: limitsInForce(db, now),
    tieTo: accountTies(db, standing),
    standing,
    closeness: once(async (networkId) => closenessIn(db, await standing(networkId))),
  };
}

/** Asks once for each id, also when many fields ask at the same time. */
function once<T>(load: ById<T>): ById<T> {
  const answers = new Map<string, Promise<T>>();
  return (id) => {
    const answer = answers.get(id) ?? load(id);
    answers.set(id, answer);
    return answer;
  };
}

function globalRows<E extends { id: string }>(db: Db, entity: EntityClass<E>): ById<E> {
  const loader = new DataLoader<string, E>(async (ids) => {
    const rows = await db.select(entity, 'where id = any($1)', [ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? new Error(`A row that must exist is missing: ${id}`));
  });
  return (id) => loader.load(id);
}

function networkRows<E extends NetworkKey>(db: Db, entity: EntityClass<E>): ByKey<E> {
  const keyOf = (row: NetworkKey) => `${row.networkId} ${row.id}`;
  const loader = new DataLoader<NetworkKey, E, string>(
    async (keys) => {
      const rows = await db.select(
        entity,
        'where (network_id, id) in (select * from unnest($1::text[], $2::text[]))',
        [keys.map((key) => key.networkId), keys.map((key) => key.id)],
      );
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      return keys.map(
        (key) => byKey.get(keyOf(key)) ?? new Error(`A row that must exist is missing: ${key.id}`),
      );
    },
    { cacheKeyFn: keyOf },
  );
  return (networkId, id) => {
    assert(networkId && id, 'a row of a network is asked for by its whole key');
    return loader.load({ networkId, id });
  };
}

/** All rows of a table for each of many networks; for tables of which a network has a handful. */
function rowsOfNetworks<E extends { networkId: string }>(
  db: Db,
  entity: EntityClass<E>,
  order: string,
): ById<E[]> {
  const loader = new DataLoader<string, E[]>(async (networkIds) => {
    const rows = await db.select(entity, `where network_id = any($1) order by network_id, ${order}`, [
      networkIds,
    ]);
    return networkIds.map((networkId) => rows.filter((row) => row.networkId === networkId));
  });
  return (networkId) => loader.load(networkId);
}

function termsInForce(db: Db): Loaders['terms'] {
  const loader = new DataLoader<string, NetworkTerms | null>(async (networkIds) => {
    const rows = await db.select(
      NetworkTerms,
      `where (network_id, version) in (select id, terms_version from network where id = any($1))`,
      [networkIds],
    );
    return networkIds.map((networkId) => rows.find((row) => row.networkId === networkId) ?? null);
  });
  return (networkId) => loader.load(networkId);
}

function limitsInForce(db: Db, now: Date): ByKey<Limits> {
  const loader = new DataLoader<NetworkKey, Limits, string>(
    async (keys) => {
      const limits = new Map<string, Limits>();
      for (const networkId of new Set(keys.map((key) => key.networkId))) {
        const ids = keys.filter((key) => key.networkId === networkId).map(({ id }) => id);
        for (const [id, of] of await limitsOf(db, networkId, { ids, now })) limits.set(id, of);
      }
      return keys.map(({ id }) => limits.get(id) ?? new Error(`A row that must exist is missing: ${id}`));
    },
    { cacheKeyFn: ({ id }) => id },
  );
  return (networkId, id) => loader.load({ networkId, id });
}

function policiesInForce(db: Db): Loaders['policy'] {
  const keyOf = ({ id, policyVersion }: Unit) => `${id} ${policyVersion}`;
  const loader = new DataLoader<Unit, UnitPolicy, string>(
    async (units) => {
      const policies = await db.select(
        UnitPolicy,
        `where (network_id, unit_id, version) in (select * from unnest($1::text[], $2::text[], $3::int[]))`,
        [
          units.map((unit) => unit.networkId),
          units.map((unit) => unit.id),
          units.map((unit) => unit.policyVersion),
        ],
      );
      const byKey = new Map(policies.map((policy) => [`${policy.unitId} ${policy.version}`, policy]));
      return units.map((unit) => byKey.get(keyOf(unit)) ?? new Error(`A unit lacks its policy: ${unit.id}`));
    },
    { cacheKeyFn: keyOf },
  );
  return (unit) => loader.load(unit);
}

function lastDisputes(db: Db): Loaders['dispute'] {
  const loader = new DataLoader<Transfer, Dispute | null, string>(
    async (transfers) => {
      const disputes = await db.select(
        Dispute,
        'where (network_id, transfer_id) in (select * from unnest($1::text[], $2::text[])) order by id',
        [transfers.map(({ networkId }) => networkId), transfers.map(({ id }) => id)],
      );
      const last = new Map(disputes.map((dispute) => [dispute.transferId, dispute]));
      return transfers.map(({ id }) => last.get(id) ?? null);
    },
    { cacheKeyFn: ({ id }) => id },
  );
  return (transfer) => loader.load(transfer);
}

function unpaidDues(db: Db): ByKey<DuesCharge[]> {
  const loader = new DataLoader<NetworkKey, DuesCharge[], string>(
    async (keys) => {
      const unpaid = new Map<string, DuesCharge[]>();
      for (const networkId of new Set(keys.map((key) => key.networkId))) {
        const ids = keys.filter((key) => key.networkId === networkId).map(({ id }) => id);
        for (const [id, charges] of await unpaidOf(db, networkId, ids)) unpaid.set(id, charges);
      }
      return keys.map(({ id }) => unpaid.get(id) ?? []);
    },
    { cacheKeyFn: ({ id }) => id },
  );
  return (networkId, id) => loader.load({ networkId, id });
}

function memberCounts(db: Db): ById<number> {
  const loader = new DataLoader<string, number>(async (networkIds) => {
    const rows = await db.rows<{ networkId: string; count: bigint }>(
      `select network_id, count(*) from membership
        where network_id = any($1) and state = 'ACTIVE' group by network_id`,
      [networkIds],
    );
    const counts = new Map(rows.map((row) => [row.networkId, Number(row.count)]));
    return networkIds.map((networkId) => counts.get(networkId) ?? 0);
  });
  return (networkId) => loader.load(networkId);
}

function membersByPerson(db: Db): Loaders['memberOf'] {
  const loader = new DataLoader<[string, string], Membership | null, string>(
    async (keys) => {
      const rows = await db.select(
        Membership,
        'where (network_id, person_id) in (select * from unnest($1::text[], $2::text[]))',
        [keys.map(([networkId]) => networkId), keys.map(([, personId]) => personId)],
      );
      const byKey = new Map(rows.map((row) => [`${row.networkId} ${row.personId}`, row]));
      return keys.map((key) => byKey.get(key.join(' ')) ?? null);
    },
    { cacheKeyFn: (key) => key.join(' ') },
  );
  return (networkId, personId) => loader.load([networkId, personId]);
}

function accountTies(db: Db, standing: ById<Standing>): Loaders['tieTo'] {
  const loader = new DataLoader<Account, Tie, string>(
    async (accounts) => {
      const ties = new Map<string, Tie>();
      for (const networkId of new Set(accounts.map((account) => account.networkId))) {
        const inNetwork = accounts.filter((account) => account.networkId === networkId);
        const answers = await tiesTo(db, await standing(networkId), inNetwork);
        inNetwork.forEach((account, index) => ties.set(account.id, answers[index] ?? null));
      }
      return accounts.map((account) => ties.get(account.id) ?? null);
    },
    { cacheKeyFn: (account) => account.id },
  );
  return (account) => loader.load(account);
}
