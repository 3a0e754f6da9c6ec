import type pg from 'pg';
import { entities } from '../../src/entities/index.ts';
import { Account } from '../../src/entities/account.ts';
import { Membership } from '../../src/entities/membership.ts';
import { Network } from '../../src/entities/network.ts';
import { UnitPolicy } from '../../src/entities/unit-policy.ts';
import { Unit, type UnitKind } from '../../src/entities/unit.ts';
import type { System } from '../../src/kernel/actor.ts';
import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { openDatabase, type Database, type Db } from '../../src/kernel/database.ts';
import { assert } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Tx } from '../../src/kernel/unit-of-work.ts';
import { authorOf, post, type Outcome, type Posting } from '../../src/services/ledger/posting.ts';
import { firstPolicy } from '../../src/services/ledger/unit-policies.ts';
import { START, type TestServer } from './server.ts';
import { givenNetwork } from './world.ts';

/** Who posts in the tests of the ledger itself, where nobody is asked for permission. */
export const ACTOR: System = { kind: 'system', name: 'test' };

/** Makes networks by writing their rows as the owner of the tables, without the API. */
export class Keeper {
  private constructor(
    readonly server: TestServer,
    private readonly owner: Database,
    private readonly example: { network: Network; membership: Membership },
  ) {}

  static async of(server: TestServer): Promise<Keeper> {
    const { id: networkId, founder } = await givenNetwork(server);
    const owner = await openDatabase({
      url: server.databaseUrl('owner'),
      poolSize: 1,
      entities,
      onConnectionError: () => {},
    });
    const network = await owner.db.one(Network, { id: networkId });
    const membership = await owner.db.one(Membership, { networkId, id: founder.membershipId });
    assert(network && membership, 'what the API has made is there');
    return new Keeper(server, owner, { network, membership });
  }

  /** A new network with one member and one unit; its policy has no limits but those given. */
  async books(policy: Partial<UnitPolicy> = {}, kind: UnitKind = 'HOURS'): Promise<Books> {
    const { db } = this.owner;
    const networkId = newId('network');
    const slug = `books-${networkId.slice(-20)}`;
    await db.insert(Network, { ...this.example.network, id: networkId, slug });
    const membership = { ...this.example.membership, networkId, id: newId('membership') };
    await db.insert(Membership, membership);
    const books = new Books(this.server, db, { networkId, membershipId: membership.id });
    books.unit = await books.addUnit(kind);
    if (Object.keys(policy).length > 0) await books.setPolicy(policy);
    return books;
  }

  close(): Promise<void> {
    return this.owner.close();
  }
}

let serial = 0;

/** The books of one network, in which a test writes whatever balance and policy it needs. */
export class Books {
  /** The first unit. */
  unit: Unit;
  readonly networkId: string;
  readonly membershipId: string;

  constructor(
    private readonly server: TestServer,
    readonly owner: Db,
    { networkId, membershipId }: { networkId: string; membershipId: string },
  ) {
    this.networkId = networkId;
    this.membershipId = membershipId;
  }

  get db(): Db {
    return this.server.app.database.db;
  }

  async addUnit(kind: UnitKind): Promise<Unit> {
    const unit: Unit = {
      networkId: this.networkId,
      id: newId('unit'),
      code: `U${++serial}`,
      name: { en: 'Unit' },
      symbol: 'u',
      kind,
      scale: 2,
      policyVersion: 1,
      opensMemberAccounts: false,
      createdAt: START,
      archivedAt: null,
    };
    const none = { floorMinor: null, ceilingMinor: null };
    await this.owner.insert(Unit, unit);
    await this.owner.insert(UnitPolicy, firstPolicy({ actor: ACTOR, now: START } as Tx, unit, none));
    return unit;
  }

  /** Puts a new version of the policy of the first unit in force. */
  async setPolicy(change: Partial<UnitPolicy>): Promise<void> {
    const { networkId, id, policyVersion } = this.unit;
    const former = await this.owner.one(UnitPolicy, { networkId, unitId: id, version: policyVersion });
    assert(former, 'a unit has a policy');
    const version = policyVersion + 1;
    await this.owner.insert(UnitPolicy, { ...former, ...change, version });
    await this.owner.update(Unit, { networkId, id }, { policyVersion: version });
    this.unit = { ...this.unit, policyVersion: version };
  }

  /** An account that follows the policy, of a member unless it says otherwise; its balance may come from nowhere. */
  async account(facts: Partial<Account> = {}): Promise<string> {
    const isCommon = facts.holderKind === 'NETWORK';
    const account: Account = {
      networkId: this.networkId,
      id: newId('account'),
      unitId: this.unit.id,
      holderKind: 'MEMBERSHIP',
      membershipId: isCommon ? null : this.membershipId,
      groupId: null,
      name: '',
      state: 'OPEN',
      followsPolicy: !isCommon && facts.floorMinor === undefined && facts.ceilingMinor === undefined,
      floorMinor: null,
      ceilingMinor: null,
      balanceMinor: 0n,
      reservedMinor: 0n,
      entryCount: 0n,
      receivedMinor: 0n,
      lastPostedAt: null,
      openedAt: START,
      closedAt: null,
      ...facts,
    };
    await this.owner.insert(Account, account);
    return account.id;
  }

  /** An account of the network, without limits. */
  common(facts: Partial<Account> = {}): Promise<string> {
    return this.account({ ...facts, holderKind: 'NETWORK' });
  }

  /** Posts as the serving role. */
  post(
    postings: readonly Posting[],
    { now = this.server.clock.now(), isAtomic = false }: { now?: Date; isAtomic?: boolean } = {},
  ): Promise<Outcome[]> {
    return post(this.db, this.networkId, { postings, now, isAtomic });
  }

  /** The same; what came of each, in a word. */
  async verdicts(...given: Parameters<Books['post']>): Promise<string[]> {
    return (await this.post(...given)).map(({ verdict }) => verdict);
  }

  /** A request that waits. */
  async request(
    [payer, payee, amountMinor]: [payer: string, payee: string, amountMinor: bigint],
    expiresAt = after(START, 30 * DAY_MS),
  ): Promise<string> {
    const id = newId('transfer');
    await this.db.rows('select ledger_request($1, $2, $3, $4, $5, $6, null, null, $7, null, $8, $9, null)', [
      this.networkId,
      id,
      payer,
      payee,
      amountMinor,
      'asked for',
      ACTOR.name,
      START,
      expiresAt,
    ]);
    return id;
  }

  /** A hold that is open. */
  async hold(
    [account, amountMinor, payee]: [account: string, amountMinor: bigint, payee?: string],
    expiresAt = after(START, 30 * DAY_MS),
  ): Promise<string> {
    const id = newId('hold');
    const outcome = await this.db.row<{ verdict: string }>(
      'select * from ledger_hold_place($1, $2, $3, $4, $5, $6, null, null, $7, null, $8, $9)',
      [this.networkId, id, account, payee ?? null, amountMinor, 'held', ACTOR.name, START, expiresAt],
    );
    assert(outcome?.verdict === 'PLACED', `a hold is placed, not ${outcome?.verdict}`);
    return id;
  }

  async balances(...ids: string[]): Promise<bigint[]> {
    const accounts = await this.db.all(Account, { networkId: this.networkId, id: ids });
    return ids.map((id) => accounts.find((account) => account.id === id)!.balanceMinor);
  }

  /** Every row that posting may write, for a comparison before and after. */
  everything(): Promise<object> {
    return this.owner.rows(EVERYTHING, [this.networkId]);
  }
}

const WRITTEN = [
  'account',
  'transfer',
  'entry',
  'hold',
  'ledger_link',
  'ledger_head',
  'event',
  'idempotency_key',
];
const EVERYTHING = `${WRITTEN.map(
  (table) => `select '${table}' as table, to_jsonb(t)::text as row from ${table} t where network_id = $1`,
).join(' union all ')} order by 1, 2`;

/** A payment on its way into the books, unless it says otherwise. */
export function posting(
  [payerAccountId, payeeAccountId, amountMinor]: readonly [payer: string, payee: string, amountMinor: bigint],
  more: Partial<Posting> = {},
): Posting {
  return {
    id: more.pendingId ?? newId('transfer'),
    kind: 'PAYMENT',
    payerAccountId,
    payeeAccountId,
    amountMinor,
    description: 'garden work',
    author: authorOf(ACTOR),
    key: null,
    ...more,
  };
}

/** What undoes a posted transfer. */
export function reversal(of: Posting): Posting {
  return posting([of.payeeAccountId, of.payerAccountId, of.amountMinor], {
    kind: 'REVERSAL',
    reversesId: of.id,
  });
}

const FAULTS: [sentence: string, query: string][] = [
  [
    'an entry belongs to a transfer',
    `select 1 from public.entry e where not exists (select 1 from public.transfer t
       where t.network_id = e.network_id and t.id = e.transfer_id and t.posted_at is not null)`,
  ],
  [
    'a transfer moves its amount from its payer to its payee',
    `select 1 from public.transfer t where t.posted_at is not null and (
       select array_agg((e.account_id, e.amount_minor)::text order by e.amount_minor) from public.entry e
        where e.network_id = t.network_id and e.transfer_id = t.id and not e.is_levy)
       is distinct from array[(t.payer_account_id, -t.amount_minor)::text, (t.payee_account_id, t.amount_minor)::text]`,
  ],
  [
    'a balance is the sum of its entries',
    `select 1 from public.account a where a.balance_minor <> (select coalesce(sum(e.amount_minor), 0)
       from public.entry e where e.network_id = a.network_id and e.account_id = a.id)`,
  ],
  [
    'what is reserved is what is held',
    `select 1 from public.account a where a.reserved_minor <> (
       select coalesce(sum(h.amount_minor - h.captured_minor), 0) from public.hold h
        where h.network_id = a.network_id and h.account_id = a.id and h.state = 'OPEN')`,
  ],
  [
    'the balances of a unit add up to zero',
    'select 1 from public.account group by network_id, unit_id having sum(balance_minor) <> 0',
  ],
  [
    'a posted transfer is in one link',
    `select 1 from public.transfer t where t.posted_at is not null and 1 <> (select count(*)
       from public.ledger_link l where l.network_id = t.network_id and t.id::text = any(l.transfer_ids))`,
  ],
];

/** The sentences that are not true of all books of the database, as the connection sees them. */
export async function faultsIn(client: pg.Client): Promise<string[]> {
  const text = FAULTS.map(([sentence, query]) => `select '${sentence}' as fault where exists (${query})`);
  const { rows } = await client.query<{ fault: string }>(text.join(' union all '));
  return rows.map(({ fault }) => fault);
}
