import { Account } from '../../../entities/account.ts';
import { BookingItem } from '../../../entities/booking-item.ts';
import type { Booking } from '../../../entities/booking.ts';
import { ResourceRecord } from '../../../entities/resource-record.ts';
import type { Resource } from '../../../entities/resource.ts';
import { MAX_AMOUNT_MINOR, parseAmount } from '../../../kernel/money.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { useFile } from '../../content/use-file.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { singleAmount } from '../../ledger/transfers.ts';
import { poolSubject } from '../pool-access.ts';
import { recordOf } from '../records.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { thingsIn } from './capacity.ts';
import { lockPurse, payOrOwe, purseOf, type Charge } from './charges.ts';
import { conditionsOf, keep, type ItemCondition, type Said } from './check-out.ts';
import { freedBy } from './decide.ts';
import { PoolWithoutAccount } from './errors.ts';
import { lateFeesMinor, sumOf } from './fees.ts';
import { releaseHolds } from './holds.ts';
import { changeBooking, takeBooking, type BookingInHand, type NamedBooking } from './in-hand.ts';
import { letGo, namesOf } from './take.ts';
import { serveWaiting } from './waiting.ts';

const NOTE_BOUNDS = { max: 2_000 };

/** How a thing came back. */
export interface ReturnedItem extends ItemCondition {
  damageNote?: string | null;
  /** A picture of it, uploaded by the actor. */
  fileId?: string | null;
}

export interface ReturnBooking extends NamedBooking {
  items?: readonly ReturnedItem[] | null;
  /** What makes up for damage: a decimal number in the unit of the pool. For stewards and coordinators alone. */
  damageAmount?: string | null;
}

/**
 * Takes the things of a booking back. What lateness and damage cost is kept of the deposit, then paid from the account as far as
 * there is room, and owed beyond that; the rest of the deposit is given back. Things always come back, whoever owes.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, PoolWithoutAccount, InvalidInput
 * @emits BookingReturned, HoldCaptured, HoldReleased, TransferPosted
 */
export async function returnBooking(tx: Tx, command: ReturnBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: true });
  authorizeOnBooking(hand, 'return');
  const { booking, items, resources, standing, pool } = hand;
  requireStep(booking, 'return');
  const said = conditionsOf(hand, command.items ?? []);
  const damageMinor = await damageOf(tx, hand, command.damageAmount ?? null);
  for (const thing of thingsIn(resources, items)) await takeBack(tx, hand, thing, said.get(thing.id));
  const charged = await charge(tx, hand, damageMinor);
  await letGo(tx, booking);
  const returned = await changeBooking(tx, booking, { ...charged, state: 'RETURNED', endedAt: tx.now });
  tx.emit({ networkId: booking.networkId, kind: 'BookingReturned', subjectId: booking.id });
  await serveWaiting(tx, { network: standing.network, pool, resourceIds: freedBy(items).resourceIds });
  return returned;
}

async function damageOf(tx: Tx, hand: BookingInHand, amount: string | null): Promise<bigint> {
  if (amount === null) return 0n;
  const { standing, pool, booking } = hand;
  authorize(standing, 'booking.decide', poolSubject(hand));
  const unitId = booking.unitId ?? pool.unitId;
  if (!unitId) throw new PoolWithoutAccount();
  const { scale } = await unitOf(tx.db, { networkId: pool.networkId, unitId });
  const minor = parseAmount(amount, scale, 'damageAmount');
  if (minor < 0n) throw new InvalidInput('INVALID_AMOUNT', 'damageAmount');
  return singleAmount(minor, scale, 'damageAmount');
}

type Charged = Pick<
  Booking,
  'unitId' | 'payerAccountId' | 'payeeAccountId' | 'lateFeeMinor' | 'damageMinor' | 'unpaidMinor'
>;

/** Takes what lateness and damage cost, and gives back all else that is held. */
async function charge(tx: Tx, hand: BookingInHand, damageMinor: bigint): Promise<Charged> {
  const { items, resources } = hand;
  const incomesMinor = bounded(lateFeesMinor(hand.booking, items, tx.now));
  const lateFeeMinor = sumOf(incomesMinor);
  const due: Charge = { amountMinor: lateFeeMinor + damageMinor, incomesMinor };
  const way = await wayOfCharge(tx, hand, due.amountMinor);
  const booking = { ...hand.booking, ...way };
  const { networkId, depositHoldId } = booking;
  const purse = await purseOf(tx.db, { booking, items, description: namesOf(items, resources) });
  if (purse) await lockPurse(tx, purse);
  const isPayable = purse !== null && due.amountMinor > 0n;
  if (!isPayable) await releaseHolds(tx, networkId, [depositHoldId]);
  const unpaidMinor = isPayable ? await payOrOwe(tx, purse, depositHoldId, due) : due.amountMinor;
  return { ...way, lateFeeMinor, damageMinor, unpaidMinor };
}

// Years of lateness come to no more than one transfer can move.
function bounded(feesMinor: readonly bigint[]): bigint[] {
  let left = MAX_AMOUNT_MINOR;
  return feesMinor.map((feeMinor) => {
    const part = feeMinor < left ? feeMinor : left;
    left -= part;
    return part;
  });
}

/**
 * From where to where damage is made up for if the booking itself was free: from the oldest account of the booker in the unit that
 * is open.
 */
async function wayOfCharge(
  tx: Tx,
  { booking, pool }: BookingInHand,
  dueMinor: bigint,
): Promise<Pick<Booking, 'unitId' | 'payerAccountId' | 'payeeAccountId'>> {
  const { networkId, membershipId, unitId, payerAccountId, payeeAccountId } = booking;
  if (payerAccountId || dueMinor === 0n || !pool.unitId) return { unitId, payerAccountId, payeeAccountId };
  const [account] = await tx.db.select(
    Account,
    `where network_id = $1 and membership_id = $2 and unit_id = $3 order by state = 'OPEN' desc, id limit 1`,
    [networkId, membershipId, pool.unitId],
  );
  return { unitId: pool.unitId, payerAccountId: account?.id ?? null, payeeAccountId: pool.accountId };
}

async function takeBack(
  tx: Tx,
  { booking, standing }: BookingInHand,
  thing: Resource,
  said: Said<ReturnedItem> | undefined,
): Promise<void> {
  const path = said?.path ?? 'items';
  const note = optionalText(said?.damageNote, `${path}.damageNote`, NOTE_BOUNDS);
  const fileId = await pictureOf(tx, standing, said);
  const condition = said?.condition ?? null;
  const isOne = thing.quantity === 1;
  const back: Resource = {
    ...thing,
    condition: isOne && condition ? condition : thing.condition,
    custodianMembershipId: isOne ? await keeperBefore(tx, booking, thing) : thing.custodianMembershipId,
  };
  await keep(tx, back);
  const match = { networkId: booking.networkId, bookingId: booking.id, resourceId: thing.id };
  await tx.db.update(BookingItem, match, { conditionIn: condition ?? thing.condition, damageNote: note });
  const of = { byMembershipId: standing.membership?.id ?? null, bookingId: booking.id };
  await recordOf(tx, back, { kind: 'CUSTODY', note: '', ...of });
  if (note || fileId || back.condition !== thing.condition) {
    await recordOf(tx, back, { kind: 'CONDITION', note: note ?? '', ...of, ...(fileId ? { fileId } : {}) });
  }
}

/** Who keeps a thing when it is back: its lender, if they did before it was handed out; null for the pool. */
async function keeperBefore(
  tx: Tx,
  { networkId, id }: Booking,
  { id: resourceId, ownerMembershipId }: Resource,
): Promise<string | null> {
  if (ownerMembershipId === null) return null;
  const [before] = await tx.db.select(
    ResourceRecord,
    `where network_id = $1 and resource_id = $2
        and id < (select min(id) from resource_record where network_id = $1 and resource_id = $2 and booking_id = $3)
      order by id desc limit 1`,
    [networkId, resourceId, id],
  );
  return before?.custodianMembershipId === ownerMembershipId ? ownerMembershipId : null;
}

async function pictureOf(
  tx: Tx,
  standing: Standing,
  said: Said<ReturnedItem> | undefined,
): Promise<string | null> {
  if (!said?.fileId) return null;
  const { fileId, path } = said;
  const file = await useFile(tx, standing, { fileId, isPicture: true, path: `${path}.fileId` });
  return file.id;
}
