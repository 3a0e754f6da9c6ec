import { Account } from '../../../entities/account.ts';
import { ShareOffer, type ShareOfferState } from '../../../entities/share-offer.ts';
import type { ShareMove } from '../../../entities/share-move.ts';
import { violates } from '../../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../../kernel/errors.ts';
import type { NewEvent } from '../../../kernel/events.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { formatAmount } from '../../../kernel/money.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn, type Standing } from '../../access/standing.ts';
import { tieTo } from '../../ledger/account-access.ts';
import { discreet } from '../../ledger/discretion.ts';
import { AccountNotOpen } from '../../ledger/errors.ts';
import { postTransfer } from '../../ledger/posting.ts';
import { unitOfTrade } from '../../ledger/trade.ts';
import { positiveAmount } from '../../ledger/transfers.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { holdActiveMember } from '../held-members.ts';
import { resourceFor } from '../pool-access.ts';
import { InsufficientShares, ShareOfferNotOpen, ShareOfferOpen } from './errors.ts';
import { authorizeShares, requireOwnMoney } from './issue-shares.ts';
import { requireCoOwned, requireShareCount, sharesHeld } from './shares.ts';
import { partiesOf, transferOf, type TransferShares } from './transfer-shares.ts';

export interface OfferShares extends Omit<TransferShares, 'fromMembershipId'> {
  /** A decimal number above zero, for all of them. */
  price: string;
  /** The account of the seller that is paid; it says the unit of the price. */
  payeeAccountId: string;
}

/**
 * Offers own shares of a thing to another member for a price. Nothing moves, and nothing is reserved, until that member accepts.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict, InsufficientShares, ShareOfferOpen, AccountNotOpen,
 *   MembershipStateConflict, InvalidInput
 * @emits SharesOffered
 */
export async function offerShares(tx: Tx, command: OfferShares): Promise<ShareOffer> {
  const { standing, giver } = await partiesOf(tx, command);
  const { networkId, toMembershipId } = command;
  authorize(standing, 'share.move', { isOwn: true });
  const { resource } = await resourceFor(tx, command);
  requireCoOwned(resource);
  const shareCount = requireShareCount(command.shareCount);
  const held = await sharesHeld(tx.db, resource, giver.id);
  if (shareCount > held) throw new InsufficientShares(held);
  const account = await accountToPay(tx, standing, command.payeeAccountId);
  const offer: ShareOffer = {
    networkId,
    id: newId('shareOffer'),
    resourceId: resource.id,
    fromMembershipId: giver.id,
    toMembershipId,
    shareCount,
    priceMinor: positiveAmount(command.price, await unitOf(tx.db, account), 'price'),
    accountId: account.id,
    state: 'OPEN',
    createdAt: tx.now,
    endedAt: null,
  };
  try {
    await tx.db.insert(ShareOffer, offer);
  } catch (error) {
    if (violates(error, 'ex_share_offer_open')) throw new ShareOfferOpen();
    throw error;
  }
  const data = { resourceId: resource.id, toMembershipId, shareCount };
  tx.emit({ networkId, kind: 'SharesOffered', subjectId: offer.id, data });
  return offer;
}

/** An account for which the seller signs; what all own does not receive the price of what one owns. */
async function accountToPay(tx: Tx, standing: Standing, id: string): Promise<Account> {
  const match = { networkId: standing.network.id, id: requireId('account', id, 'payeeAccountId') };
  const account = await tx.db.one(Account, match);
  if (!account) throw new NotFound('Account');
  if (account.holderKind === 'NETWORK' || (await tieTo(tx.db, standing, account)) === null) {
    throw new InvalidInput('INVALID_CHOICE', 'payeeAccountId');
  }
  if (account.state !== 'OPEN') throw new AccountNotOpen(account.state, 'payeeAccountId');
  return account;
}

export interface AcceptOffer {
  networkId: string;
  shareOfferId: string;
  /** The account that pays, for which the actor signs. */
  payerAccountId: string;
}

/**
 * Buys what was offered to oneself: the price is paid and the shares move in the same transaction. The price is a payment like
 * others, with the levies and limits of its unit.
 *
 * @throws Forbidden, NotFound, ShareOfferNotOpen, PoolArchived, ResourceNotActive, OwnershipConflict, InsufficientShares, TooManyCoOwners,
 *   MembershipStateConflict, InsufficientCredit, CeilingExceeded, PaymentLimitExceeded, UnitMismatch, AccountNotOpen, SameAccount
 * @emits SharesTransferred, TransferPosted
 */
export async function acceptOffer(tx: Tx, command: AcceptOffer): Promise<ShareMove> {
  const { standing, offer } = await ownOffer(tx, command);
  authorize(standing, 'share.move', { isOwn: offer.toMembershipId === standing.membership?.id });
  const { networkId, resourceId, fromMembershipId: from, toMembershipId: to, shareCount } = offer;
  await holdActiveMember(tx, networkId, from, 'shareOfferId');
  const { resource } = await resourceFor(tx, { networkId, resourceId });
  await endIfOpen(tx, offer, 'ACCEPTED');
  const held = await sharesHeld(tx.db, resource, from);
  if (shareCount > held) throw new InsufficientShares(held);
  const transferId = await payForOffer(tx, standing, { offer, command, description: resource.name });
  return transferOf(tx, resource, { from, to, shareCount, transferId });
}

async function payForOffer(
  tx: Tx,
  standing: Standing,
  { offer, command, description }: { offer: ShareOffer; command: AcceptOffer; description: string },
): Promise<string> {
  const { networkId, accountId, priceMinor } = offer;
  const id = requireId('account', command.payerAccountId, 'payerAccountId');
  const payer = await tx.db.one(Account, { networkId, id });
  const payee = await tx.db.one(Account, { networkId, id: accountId });
  if (!payer || !payee) throw new NotFound('Account');
  requireOwnMoney(payer);
  const unit = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payerAccountId' });
  await authorizeShares(tx, standing, payer, formatAmount(priceMinor, unit.scale));
  const sides = {
    payer: { account: payer, tie: await tieTo(tx.db, standing, payer) },
    payee: { account: payee, tie: await tieTo(tx.db, standing, payee) },
  };
  const way = { payerAccountId: payer.id, payeeAccountId: payee.id, amountMinor: priceMinor };
  const what = { description: description.slice(0, 500), causeId: offer.id };
  const transfer = await postTransfer(tx, unit, { kind: 'PAYMENT', ...way, ...what }, (refusal) =>
    discreet(standing, sides, refusal),
  );
  return transfer.id;
}

/**
 * Declines what was offered to oneself, or withdraws what one has offered.
 *
 * @throws Forbidden, NotFound, ShareOfferNotOpen
 * @emits ShareOfferEnded
 */
export async function endOffer(
  tx: Tx,
  command: { networkId: string; shareOfferId: string },
): Promise<ShareOffer> {
  const { standing, offer } = await ownOffer(tx, command);
  authorize(standing, 'share.move', { isOwn: true });
  const state = offer.fromMembershipId === standing.membership?.id ? 'WITHDRAWN' : 'DECLINED';
  const ended = await endIfOpen(tx, offer, state);
  const { networkId, id } = offer;
  tx.emit({ networkId, kind: 'ShareOfferEnded', subjectId: id, data: { state } });
  return ended;
}

/**
 * With a membership end the offers that the member has made and was made: nobody could accept them any more.
 *
 * @emits ShareOfferEnded for each
 */
export async function endOffersOf(tx: Tx, { networkId, subjectId: membershipId }: NewEvent): Promise<void> {
  const ended = await tx.db.rows<Pick<ShareOffer, 'id' | 'state'>>(
    `update share_offer
        set state = case when from_membership_id = $2 then 'WITHDRAWN' else 'DECLINED' end, ended_at = $3
      where network_id = $1 and $2 in (from_membership_id, to_membership_id) and state = 'OPEN'
      returning id, state`,
    [networkId, membershipId, tx.now],
  );
  for (const { id, state } of ended) {
    tx.emit({ networkId, kind: 'ShareOfferEnded', subjectId: id, data: { state } });
  }
}

/** @throws ShareOfferNotOpen */
async function endIfOpen(tx: Tx, offer: ShareOffer, state: ShareOfferState): Promise<ShareOffer> {
  const { networkId, id } = offer;
  const set = { state, endedAt: tx.now };
  const match = { networkId, id, state: 'OPEN' } as const;
  if ((await tx.db.update(ShareOffer, match, set)) === 0) throw new ShareOfferNotOpen();
  return { ...offer, ...set };
}

/** An offer by the actor or to them; of others nobody knows. */
async function ownOffer(
  tx: Tx,
  { networkId, shareOfferId }: { networkId: string; shareOfferId: string },
): Promise<{ standing: Standing; offer: ShareOffer }> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'pool.read');
  const offer = await tx.db.one(ShareOffer, {
    networkId,
    id: requireId('shareOffer', shareOfferId, 'shareOfferId'),
  });
  if (!offer || !seesOffer(standing, offer)) throw new NotFound('ShareOffer');
  return { standing, offer };
}

/** Whether an offer concerns the standing's member. */
export function seesOffer(
  { membership }: Standing,
  { fromMembershipId, toMembershipId }: ShareOffer,
): boolean {
  return membership !== null && [fromMembershipId, toMembershipId].includes(membership.id);
}

/**
 * The offer of an earlier request with the same key.
 *
 * @throws Forbidden, NotFound
 */
export async function repeatedOffer(tx: Tx, networkId: string, id: string): Promise<ShareOffer> {
  return (await ownOffer(tx, { networkId, shareOfferId: id })).offer;
}
