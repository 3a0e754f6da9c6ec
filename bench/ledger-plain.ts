import type pg from 'pg';
import type { KeyClaim } from '../src/kernel/idempotency.ts';
import { newId } from '../src/kernel/ids.ts';
import { withClient, type Community } from './community.ts';

/** A payment of one minor unit. */
export interface Payment {
  payerId: string;
  payeeId: string;
  personId: string;
  key: KeyClaim;
}

/**
 * The tables of the plain implementation and of the floor: the same columns and indexes as those of the server, the same
 * room in their pages, no foreign keys.
 */
export function makePlainTables(ownerUrl: string): Promise<void> {
  return withClient(ownerUrl, async (client) => {
    await client.query('create schema plain');
    for (const table of ['account', 'transfer', 'entry', 'idempotency_key']) {
      const room = table === 'account' ? 'with (fillfactor = 40)' : '';
      await client.query(
        `create table plain.${table} (like ${table} including defaults including constraints including indexes) ${room}`,
      );
    }
    await client.query('insert into plain.account select * from account');
    await client.query(
      `update plain.account set follows_policy = false, floor_minor = -1e15, ceiling_minor = 1e15
        where holder_kind <> 'NETWORK'`,
    );
    await client.query(`
      create table plain.floor (id typeid primary key, balance_minor bigint not null) with (fillfactor = 40);
      insert into plain.floor select id, 0 from account`);
    await client.query('vacuum full analyze plain.account');
  });
}

/** The least that a committed change of a balance can cost: one row by its key, and nothing else. */
export async function floorUpdate(client: pg.Client, accountId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'floor',
    text: 'update plain.floor set balance_minor = balance_minor + 1 where id = $1',
    values: [accountId],
  });
  return rowCount === 1;
}

interface PlainAccount {
  id: string;
  unit_id: string;
  state: string;
  balance_minor: string;
  reserved_minor: string;
  floor_minor: string | null;
  ceiling_minor: string | null;
  entry_count: string;
  received_minor: string;
}

const LOCK = {
  name: 'plain-lock',
  text: `select id, unit_id, state, balance_minor, reserved_minor, floor_minor, ceiling_minor, entry_count, received_minor
           from plain.account where network_id = $1 and id = any($2) order by id for update`,
};
const INSERT_TRANSFER = {
  name: 'plain-transfer',
  text: `insert into plain.transfer (network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor,
           description, created_by_person_id, payer_levy_minor, payee_levy_minor, is_beyond_limit, created_at, posted_at)
         values ($1, $2, $3, 'PAYMENT', 'POSTED', $4, $5, $6, $7, $8, 0, 0, false, $9, $9)`,
};
const INSERT_ENTRIES = {
  name: 'plain-entries',
  text: `insert into plain.entry (network_id, transfer_id, posted_at, is_levy, account_id, seq, amount_minor,
           balance_after_minor, received_after_minor)
         values ($1, $2, $3, false, $4, $5, $6, $7, $8), ($1, $2, $3, false, $9, $10, $11, $12, $13)`,
};
const UPDATE_ACCOUNTS = {
  name: 'plain-accounts',
  text: `update plain.account a
            set balance_minor = n.balance, entry_count = n.count, received_minor = n.received, last_posted_at = $2
           from (values ($3::text, $4::bigint, $5::bigint, $6::bigint), ($7::text, $8::bigint, $9::bigint, $10::bigint))
             as n (id, balance, count, received)
          where a.network_id = $1 and a.id = n.id`,
};
// It looks for the key and takes it in one: a key that came before is not inserted.
const INSERT_KEY = {
  name: 'plain-key',
  text: `insert into plain.idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
};

/**
 * Posts a transfer as one would write it with care and without the idea of batches: both accounts locked in id order, limits
 * and key checked, two entries, two balances. Seven round trips of prepared statements. It writes no event and no chain.
 */
export async function plainTransfer(
  client: pg.Client,
  { networkId }: Community,
  { payerId, payeeId, personId, key }: Payment,
): Promise<boolean> {
  await client.query('begin');
  try {
    const locked = await client.query<PlainAccount>({ ...LOCK, values: [networkId, [payerId, payeeId]] });
    const payer = accountAfter(locked.rows, payerId, -1n);
    const payee = accountAfter(locked.rows, payeeId, 1n);
    const id = newId('transfer');
    const now = new Date();
    const transfer = [networkId, id, payer.unitId, payerId, payeeId, 1n, 'bench', personId, now];
    await client.query({ ...INSERT_TRANSFER, values: transfer });
    const entries = [payer, payee].flatMap((of) => [of.id, of.count, of.amount, of.balance, of.received]);
    await client.query({ ...INSERT_ENTRIES, values: [networkId, id, now, ...entries] });
    const accounts = [payer, payee].flatMap((of) => [of.id, of.balance, of.count, of.received]);
    await client.query({ ...UPDATE_ACCOUNTS, values: [networkId, now, ...accounts] });
    const claim = [networkId, key.owner, key.key, key.hash, id, now];
    const { rowCount } = await client.query({ ...INSERT_KEY, values: claim });
    await client.query(rowCount === 1 ? 'commit' : 'rollback');
    return rowCount === 1;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function accountAfter(rows: readonly PlainAccount[], id: string, amount: bigint) {
  const row = rows.find((one) => one.id === id);
  if (row?.state !== 'OPEN') throw new Error('The account is not open');
  const balance = BigInt(row.balance_minor) + amount;
  const isBelow = row.floor_minor !== null && balance - BigInt(row.reserved_minor) < BigInt(row.floor_minor);
  const isAbove = row.ceiling_minor !== null && balance > BigInt(row.ceiling_minor);
  if (amount < 0n ? isBelow : isAbove) throw new Error('The transfer is beyond a limit');
  const count = BigInt(row.entry_count) + 1n;
  const received = BigInt(row.received_minor) + (amount > 0n ? amount : 0n);
  return { id, unitId: row.unit_id, amount, balance, count, received };
}
