import { Account } from '../../../entities/account.ts';
import { Resource } from '../../../entities/resource.ts';
import type { ShareMove } from '../../../entities/share-move.ts';
import { assert, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { formatAmount } from '../../../kernel/money.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../../access/decisions.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn, holdNetwork, type Standing } from '../../access/standing.ts';
import { authorizePaying, tieTo } from '../../ledger/account-access.ts';
import { postTransfer } from '../../ledger/posting.ts';
import { unitOfTrade } from '../../ledger/trade.ts';
import { positiveAmount, singleAmount } from '../../ledger/transfers.ts';
import { holdActiveMember } from '../held-members.ts';
import { poolSubject, resourceFor, type ResourceStanding } from '../pool-access.ts';
import { DECIDING_SHARES } from './assign-shares.ts';
import { MAX_SHARES, moveShares, requireCoOwned, requireShareCount } from './shares.ts';

export interface IssueShares {
  networkId: string;
  resourceId: string;
  /** Who receives them. */
  membershipId: string;
  shareCount: number;
  /** A decimal number for each share; they are given if absent. */
  pricePerShare?: string | null;
  /** The account that pays, for which the actor signs; needed with a price. */
  payerAccountId?: string | null;
  /** The common account that is paid; that of the pool if absent. */
  payeeAccountId?: string | null;
}

/**
 * Makes further shares of a thing that several own together, for a member and perhaps for a price: a steward, unless the bylaws
 * have others decide. Everybody else’s part becomes smaller by it. Nobody is made to pay: who asks for shares at a price signs
 * for the account that pays.
 *
 * @param causeId the decision by which they are issued, if there is one
 * @throws Forbidden, DecisionRequired, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict, TooManyCoOwners,
 *   MembershipStateConflict, InsufficientCredit, CeilingExceeded, UnitMismatch, AccountNotOpen, SameAccount, InvalidInput
 * @emits SharesIssued, TransferPosted with a price
 */
export async function issueShares(
  tx: Tx,
  command: IssueShares,
  causeId: string | null = null,
): Promise<ShareMove> {
  const { networkId, membershipId } = command;
  // The bylaws say who decides: they stay as they are meanwhile.
  await holdNetwork(tx, networkId, 'shared');
  authorize(await heldStandingIn(tx, networkId), 'pool.read');
  await holdActiveMember(tx, networkId, membershipId, 'membershipId');
  const found = await resourceFor(tx, command);
  const { standing, resource } = found;
  authorizeDecision(standing, 'share.issue', DECIDING_SHARES, poolSubject(found));
  const before = requireCoOwned(resource);
  const issued = requireShareCount(command.shareCount);
  if (before + issued > MAX_SHARES) {
    throw new InvalidInput('INVALID_RANGE', 'shareCount', { min: 1, max: MAX_SHARES - before });
  }
  const transferId = await payForShares(tx, found, command, causeId);
  await tx.db.update(Resource, { networkId, id: resource.id }, { shareCount: before + issued });
  const draft = { fromMembershipId: null, toMembershipId: membershipId, shareCount: issued, transferId };
  const [move] = await moveShares(tx, resource, [draft]);
  assert(move, 'what is issued is written down');
  const data = { resourceId: resource.id, membershipId, shareCount: issued };
  tx.emit({ networkId, kind: 'SharesIssued', subjectId: move.id, data });
  return move;
}

/** The two accounts between which shares are paid. */
export interface SharePayment {
  payer: Account;
  payee: Account;
  amountMinor: bigint;
}

/** The transfer by which shares at a price are paid; null for those that are given. */
async function payForShares(
  tx: Tx,
  { standing, resource, pool }: ResourceStanding,
  command: IssueShares,
  causeId: string | null,
): Promise<string | null> {
  const payment = await issuePayment(tx, command, pool.accountId);
  if (!payment) return null;
  const { payer, payee, amountMinor } = payment;
  const unit = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payeeAccountId' });
  if (tx.actor.kind !== 'system') {
    await authorizeShares(tx, standing, payer, formatAmount(amountMinor, unit.scale));
  }
  const way = { payerAccountId: payer.id, payeeAccountId: payee.id, amountMinor };
  const what = { description: resource.name.slice(0, 500), causeId: causeId ?? resource.id };
  return (await postTransfer(tx, unit, { kind: 'SHARES', ...way, ...what })).id;
}

/**
 * What an issue costs, between whom; null if it is free of charge.
 *
 * @throws NotFound, UnitMismatch, AccountNotOpen, SameAccount, NotTransferable, InvalidInput
 */
export async function issuePayment(
  { db }: Pick<Tx, 'db'>,
  { networkId, shareCount, pricePerShare, payerAccountId, payeeAccountId }: IssueShares,
  poolAccountId: string | null,
): Promise<SharePayment | null> {
  if (pricePerShare === null || pricePerShare === undefined) {
    if (payerAccountId || payeeAccountId) throw new InvalidInput('REQUIRED', 'pricePerShare');
    return null;
  }
  if (!payerAccountId) throw new InvalidInput('REQUIRED', 'payerAccountId');
  const to = payeeAccountId ?? poolAccountId;
  if (!to) throw new InvalidInput('REQUIRED', 'payeeAccountId');
  const payer = await db.one(Account, {
    networkId,
    id: requireId('account', payerAccountId, 'payerAccountId'),
  });
  const payee = await db.one(Account, { networkId, id: requireId('account', to, 'payeeAccountId') });
  if (!payer || !payee) throw new NotFound('Account');
  if (payee.holderKind !== 'NETWORK') throw new InvalidInput('INVALID_CHOICE', 'payeeAccountId');
  requireOwnMoney(payer);
  const unit = await unitOfTrade(db, { payer, payee, otherPath: 'payeeAccountId' });
  const priceMinor = positiveAmount(pricePerShare, unit, 'pricePerShare');
  return {
    payer,
    payee,
    amountMinor: singleAmount(priceMinor * BigInt(shareCount), unit.scale, 'pricePerShare'),
  };
}

/** What all own does not buy shares for one of them. */
export function requireOwnMoney({ holderKind }: Account): void {
  if (holderKind === 'NETWORK') throw new InvalidInput('INVALID_CHOICE', 'payerAccountId');
}

/** @throws Forbidden unless the actor signs for the account */
export async function authorizeShares(
  { db }: Pick<Tx, 'db'>,
  standing: Standing,
  account: Account,
  amount: string,
): Promise<void> {
  authorizePaying(standing, { account, tie: await tieTo(db, standing, account) }, amount);
}
