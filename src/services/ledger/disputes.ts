import { Dispute } from '../../entities/dispute.ts';
import type { Membership } from '../../entities/membership.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, rolesHeld } from '../access/standing.ts';
import { lockMembership } from '../networks/memberships.ts';
import { MembershipStateConflict } from '../networks/errors.ts';
import { isTiedTo } from './account-access.ts';
import { authorizeOnDispute } from './dispute-access.ts';
import { DisputeConflict } from './errors.ts';
import { lockAccounts } from './lock-accounts.ts';
import { takeTransfer, type NamedTransfer } from './transfer-in-hand.ts';

export const REASON_BOUNDS = { max: 2_000 };

export interface OpenDispute extends NamedTransfer {
  reason: string;
}

/**
 * Disputes a posted transfer. Nothing moves; a coordinator names a mediator.
 *
 * @throws Forbidden unless one may sign for the payer or the payee, NotFound, DisputeConflict, InvalidInput
 * @emits TransferDisputed
 */
export async function openDispute(tx: Tx, command: OpenDispute): Promise<Dispute> {
  const { standing, transfer } = await takeTransfer(tx, command, 'dispute');
  const { networkId, id, payerAccountId, payeeAccountId } = transfer;
  // Accounts stand for the transfer, of which the serving role can lock no row: one dispute is opened at a time.
  await lockAccounts(tx, networkId, [payerAccountId, payeeAccountId]);
  const isPosted = await tx.db.exists(Transfer, { networkId, id, state: 'POSTED' });
  if (!isPosted) throw new DisputeConflict('NOT_POSTED');
  if (await openDisputeOf(tx, transfer)) throw new DisputeConflict('OPEN_ALREADY');
  assert(standing.membership, 'who may dispute is a member');
  const dispute: Dispute = {
    networkId,
    id: newId('dispute'),
    transferId: id,
    state: 'OPEN',
    reason: boundedText(command.reason, 'reason', REASON_BOUNDS),
    openedByMembershipId: standing.membership.id,
    mediatorMembershipId: null,
    outcome: null,
    resolution: null,
    settledByTransferId: null,
    openedAt: tx.now,
    closedAt: null,
  };
  await tx.db.insert(Dispute, dispute);
  tx.emit({ networkId, kind: 'TransferDisputed', subjectId: id, data: { disputeId: dispute.id } });
  return dispute;
}

export function openDisputeOf(tx: Tx, { networkId, id }: Transfer): Promise<Dispute | undefined> {
  return tx.db.one(Dispute, { networkId, transferId: id, state: 'OPEN' });
}

/**
 * Names the member who settles a dispute: somebody who neither signs for one of the sides nor helps who does.
 *
 * @throws Forbidden unless one is a coordinator, NotFound, DisputeConflict, MembershipStateConflict
 * @emits DisputeMediatorNamed
 */
export async function nameMediator(
  tx: Tx,
  command: { networkId: string; disputeId: string; membershipId: string },
): Promise<Dispute> {
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'dispute.mediate');
  const networkId = standing.network.id;
  const mediator = await lockMembership(tx, networkId, command.membershipId);
  if (mediator.state !== 'ACTIVE') throw new MembershipStateConflict(mediator.state);
  const dispute = await lockOpenDispute(tx, networkId, command.disputeId);
  if (await isParty(tx, dispute, mediator)) throw new DisputeConflict('IS_PARTY');
  await tx.db.update(Dispute, { networkId, id: dispute.id }, { mediatorMembershipId: mediator.id });
  const data = { membershipId: mediator.id };
  tx.emit({ networkId, kind: 'DisputeMediatorNamed', subjectId: dispute.id, data });
  return { ...dispute, mediatorMembershipId: mediator.id };
}

/** Whether a member holds, coordinates or signs for an account of the transfer, or helps somebody who does. */
export async function isParty(
  { db, now }: Pick<Tx, 'db' | 'now'>,
  { networkId, transferId }: Dispute,
  member: Membership,
): Promise<boolean> {
  const roles = await rolesHeld(db, networkId, member.id, now);
  const helped = roles.flatMap(({ forMembershipId }) => forMembershipId ?? []);
  const row = await db.row(
    `select 1 from transfer t
       join account a on a.network_id = t.network_id and a.id in (t.payer_account_id, t.payee_account_id)
      where t.network_id = $1 and t.id = $2 and ${isTiedTo('$3::text[]')}`,
    [networkId, transferId, [member.id, ...helped]],
  );
  return row !== undefined;
}

/** @throws NotFound, DisputeConflict NOT_OPEN */
export async function lockOpenDispute(tx: Tx, networkId: string, disputeId: string): Promise<Dispute> {
  const dispute = await tx.db.lock(Dispute, { networkId, id: requireId('dispute', disputeId, 'disputeId') });
  if (!dispute) throw new NotFound('Dispute');
  if (dispute.state !== 'OPEN') throw new DisputeConflict('NOT_OPEN');
  return dispute;
}

/**
 * Takes a dispute back.
 *
 * @throws Forbidden unless one has opened it, NotFound, DisputeConflict
 * @emits DisputeWithdrawn
 */
export async function withdrawDispute(
  tx: Tx,
  command: { networkId: string; disputeId: string },
): Promise<Dispute> {
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const networkId = standing.network.id;
  const dispute = await lockOpenDispute(tx, networkId, command.disputeId);
  authorizeOnDispute(standing, dispute, 'withdraw');
  await tx.db.update(Dispute, { networkId, id: dispute.id }, { state: 'WITHDRAWN', closedAt: tx.now });
  tx.emit({ networkId, kind: 'DisputeWithdrawn', subjectId: dispute.id });
  return { ...dispute, state: 'WITHDRAWN', closedAt: tx.now };
}

/** Ends the dispute about a transfer that its payee or a coordinator has reversed. */
export async function closeDisputeOf(tx: Tx, transfer: Transfer, reversal: Transfer): Promise<void> {
  const dispute = await openDisputeOf(tx, transfer);
  if (!dispute) return;
  await resolve(tx, dispute, { outcome: 'REVERSED', resolution: reversal.description, settledBy: reversal });
}

/** @emits DisputeResolved */
export async function resolve(
  tx: Tx,
  dispute: Dispute,
  of: { outcome: NonNullable<Dispute['outcome']>; resolution: string; settledBy: Transfer | null },
): Promise<Dispute> {
  const { networkId, id } = dispute;
  const set: Partial<Dispute> = {
    state: 'RESOLVED',
    outcome: of.outcome,
    resolution: of.resolution,
    settledByTransferId: of.settledBy?.id ?? null,
    closedAt: tx.now,
  };
  const changed = await tx.db.update(Dispute, { networkId, id, state: 'OPEN' }, set);
  if (changed === 0) throw new DisputeConflict('NOT_OPEN');
  tx.emit({ networkId, kind: 'DisputeResolved', subjectId: id, data: { outcome: of.outcome } });
  return { ...dispute, ...set };
}

/** What mediators have let the payee give back of a transfer already, in minor units. */
export async function refundedMinor(db: Db, { networkId, id }: Transfer): Promise<bigint> {
  const row = await db.row<{ sum: bigint }>(
    `select coalesce(sum(t.amount_minor), 0)::bigint as sum
       from dispute d join transfer t on t.network_id = d.network_id and t.id = d.settled_by_transfer_id
      where d.network_id = $1 and d.transfer_id = $2 and t.kind = 'REFUND' and t.state = 'POSTED'`,
    [networkId, id],
  );
  assert(row, 'a sum is a row');
  return row.sum;
}
