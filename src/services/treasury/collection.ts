import { DuesCharge } from '../../entities/dues-charge.ts';
import { Membership } from '../../entities/membership.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import type { NewEvent } from '../../kernel/events.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import type { RunUnit, Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { lockForPosting } from '../ledger/lock-accounts.ts';
import { authorOf, post, postTransfer, type Outcome, type TransferDraft } from '../ledger/posting.ts';
import { lockMembership } from '../networks/memberships.ts';
import { noteArrears } from './arrears.ts';
import { SLICE } from './charge-kind.ts';
import { DuesPaid, NoAccountInUnit } from './errors.ts';

// So many are within the time of a statement on a slow machine too.
const AT_ONCE = 500;

/**
 * Posts unpaid charges from the members' first accounts in their units. Who has no room, no account or a frozen one stays
 * unpaid and hinders nobody. The memberships are locked, so nobody else collects the same.
 *
 * @returns the ids of those that are paid now
 * @emits TransferPosted for each
 */
export async function collect(
  tx: Tx,
  networkId: string,
  charges: readonly DuesCharge[],
): Promise<Set<string>> {
  const ways = await waysOf(tx.db, networkId, charges);
  const due = charges.filter(({ id }) => ways.has(id));
  if (due.length === 0) return new Set();
  const author = authorOf(tx.actor);
  const postings = due.map((charge) => {
    const way = ways.get(charge.id);
    assert(way, 'a charge that is posted has its accounts');
    return { ...draftOf(charge, way), id: newId('transfer'), author, key: null };
  });
  await lockForPosting(
    tx,
    networkId,
    postings.flatMap(({ payerAccountId, payeeAccountId }) => [payerAccountId, payeeAccountId]),
  );
  const outcomes: Outcome[] = [];
  for (let first = 0; first < postings.length; first += AT_ONCE) {
    const some = postings.slice(first, first + AT_ONCE);
    outcomes.push(...(await post(tx.db, networkId, { postings: some, now: tx.now, isAtomic: false })));
  }
  const paid = due.flatMap(({ id }, index) => {
    const outcome = outcomes[index];
    return outcome?.verdict === 'POSTED' ? [{ id, transferId: outcome.transferId }] : [];
  });
  await markPaid(tx, networkId, paid);
  return new Set(paid.map(({ id }) => id));
}

interface Way {
  payerAccountId: string;
  payeeAccountId: string;
}

/** From which account to which a charge is paid, for those whose members have one. */
async function waysOf(db: Db, networkId: string, charges: readonly DuesCharge[]): Promise<Map<string, Way>> {
  const rows = await db.rows<Way & { chargeId: string }>(
    `select distinct on (c.id) c.id as charge_id, a.id as payer_account_id, r.account_id as payee_account_id
       from dues_charge c
       join dues_rule r on r.network_id = c.network_id and r.id = c.rule_id
       join account a on a.network_id = c.network_id and a.membership_id = c.membership_id
                     and a.unit_id = c.unit_id and a.state <> 'CLOSED'
      where c.network_id = $1 and c.id = any($2) and a.network_id = $1 and r.network_id = $1
      order by c.id, a.id`,
    [networkId, charges.map(({ id }) => id)],
  );
  return new Map(rows.map(({ chargeId, ...way }) => [chargeId, way]));
}

function draftOf({ id, amountMinor, period }: DuesCharge, way: Way): TransferDraft {
  return { kind: 'DUES', ...way, amountMinor, description: period, causeId: id };
}

async function markPaid(
  tx: Tx,
  networkId: string,
  paid: readonly { id: string; transferId: string }[],
): Promise<void> {
  await tx.db.execute(
    `update dues_charge c set state = 'PAID', paid_at = $2, transfer_id = n.transfer_id
       from unnest($3::text[], $4::text[]) as n (id, transfer_id)
      where c.network_id = $1 and c.id = n.id`,
    [networkId, tx.now, paid.map(({ id }) => id), paid.map(({ transferId }) => transferId)],
  );
}

/** Dues whose transfer was reversed are owed again, since the day on which they were charged. */
export async function reopenDues(tx: Tx, { networkId, subjectId }: NewEvent): Promise<void> {
  await tx.db.execute(
    `update dues_charge c set state = 'UNPAID', paid_at = null, transfer_id = null, arrears_at = null
       from transfer t
      where t.network_id = $1 and t.id = $2 and t.kind = 'DUES'
        and c.network_id = $1 and c.id = t.cause_id and c.transfer_id = t.id`,
    [networkId, subjectId],
  );
}

export interface PayDues {
  networkId: string;
  chargeId: string;
}

/**
 * Pays the own dues at once, from the first account in their unit; suspended members may too.
 *
 * @throws Forbidden, NotFound, DuesPaid, NoAccountInUnit, InsufficientCredit, AccountNotOpen
 * @emits TransferPosted
 */
export async function payDues(tx: Tx, command: PayDues): Promise<DuesCharge> {
  const standing = await standingIn(tx, command.networkId);
  // Before the charge is looked up: who is no member does not learn which there are.
  authorize(standing, 'dues.readArrears', { isOwn: true });
  const match = { networkId: standing.network.id, id: requireId('dues', command.chargeId, 'chargeId') };
  const found = await tx.db.one(DuesCharge, match);
  if (!found) throw new NotFound('DuesCharge');
  authorize(standing, 'dues.pay', { isOwn: found.membershipId === standing.membership?.id });
  await lockMembership(tx, match.networkId, found.membershipId);
  const charge = await tx.db.lock(DuesCharge, match);
  assert(charge, 'charges are never deleted');
  if (charge.state === 'PAID') throw new DuesPaid();
  const way = (await waysOf(tx.db, match.networkId, [charge])).get(charge.id);
  if (!way) throw new NoAccountInUnit();
  const unit = await tx.db.one(Unit, { networkId: match.networkId, id: charge.unitId });
  assert(unit, 'a charge has a unit');
  const transfer = await postTransfer(tx, unit, draftOf(charge, way));
  await markPaid(tx, match.networkId, [{ id: charge.id, transferId: transfer.id }]);
  return { ...charge, state: 'PAID', paidAt: tx.now, transferId: transfer.id };
}

/** The charge that a repetition of the same request has paid. */
export async function paidDues(tx: Tx, networkId: string, id: string): Promise<DuesCharge> {
  const standing = await standingIn(tx, networkId);
  authorize(standing, 'dues.readArrears', { isOwn: true });
  const charge = await tx.db.one(DuesCharge, { networkId, id });
  assert(charge, 'what a key stands for is there');
  return charge;
}

const COLLECTOR = { kind: 'system', name: 'dues' } as const;

/**
 * Tries again what is unpaid in all networks, and notes who is in arrears by now. Suspended members still owe what they
 * were charged; who has left does when coming back. A network that fails does not hinder the others.
 *
 * @returns how many charges were paid
 * @throws what went wrong in the first that failed, once all others are done, so that the job is tried again
 */
export async function collectUnpaid({ db, run }: { db: Db; run: RunUnit }): Promise<number> {
  const networks = await db.rows<{ id: string }>(
    `select id from network n
      where archived_at is null
        and exists (select 1 from dues_charge c where c.network_id = n.id and c.state = 'UNPAID') order by id`,
  );
  let paid = 0;
  const faults: unknown[] = [];
  for (const { id } of networks) {
    try {
      paid += await collectIn(run, id);
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return paid;
}

interface CollectedSlice {
  paid: number;
  /** Up to which membership; null if there was none left. */
  reachedId: string | null;
}

async function collectIn(run: RunUnit, networkId: string): Promise<number> {
  let [paid, reachedId]: [number, string | null] = [0, null];
  do {
    const behind = reachedId;
    const slice: CollectedSlice = await run(COLLECTOR, (tx) => collectSlice(tx, networkId, behind));
    paid += slice.paid;
    ({ reachedId } = slice);
  } while (reachedId);
  return paid;
}

async function collectSlice(tx: Tx, networkId: string, reachedId: string | null): Promise<CollectedSlice> {
  const members = await tx.db.select(
    Membership,
    `where network_id = $1 and state in ('ACTIVE', 'SUSPENDED') and ($2::text is null or id > $2)
        and exists (select 1 from dues_charge c
                     where c.network_id = $1 and c.membership_id = membership.id and c.state = 'UNPAID')
      order by id limit ${SLICE} for no key update`,
    [networkId, reachedId],
  );
  const charges = await tx.db.all(
    DuesCharge,
    { networkId, membershipId: members.map(({ id }) => id), state: 'UNPAID' },
    'order by charged_at, id',
  );
  const paid = await collect(tx, networkId, charges);
  if (members.length === 0) await noteArrears(tx, networkId);
  return { paid: paid.size, reachedId: members.at(-1)?.id ?? null };
}
