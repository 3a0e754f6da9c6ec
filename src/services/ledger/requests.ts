import { Account } from '../../entities/account.ts';
import { Membership } from '../../entities/membership.ts';
import { RequestRule } from '../../entities/request-rule.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import { assert, DomainError, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { boundedText } from '../../kernel/text.ts';
import { formatAmount } from '../../kernel/money.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { authorizePaying, payingSubject, tieTo } from './account-access.ts';
import { discreet } from './discretion.ts';
import { TooManyRequests, TransferNotPending } from './errors.ts';
import { lockForPosting } from './lock-accounts.ts';
import { authorOf, postTransfer } from './posting.ts';
import { unitOfTrade } from './trade.ts';
import { takeTransfer, type NamedTransfer } from './transfer-in-hand.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';
import { policyOf } from './unit-policies.ts';
import { unitOf } from './unit-of.ts';

export interface RequestTransfer {
  networkId: string;
  payerAccountId: string;
  payeeAccountId: string;
  /** A decimal number above zero, in the unit of the payee's account. */
  amount: string;
  description: string;
  /** How long it waits, in days; as long as the unit's policy says if absent, and never longer. */
  expiresInDays?: number | null;
}

// Whoever sends more has a fault or is a nuisance.
const MAX_WAITING = 200;

/**
 * Asks for a payment. It waits for the payer's answer, unless a rule of the payer's account accepts it at once; a rule
 * that cannot, since the payer lacks the credit, leaves it waiting.
 *
 * @throws Forbidden unless one may sign for the payee, NotFound, SameAccount, UnitMismatch, NotTransferable,
 *   AccountNotOpen, TooManyRequests, InvalidInput
 * @emits TransferRequested, and TransferPosted if it is accepted at once
 */
export async function requestTransfer(tx: Tx, command: RequestTransfer): Promise<Transfer> {
  const standing = await heldStandingIn(tx, command.networkId);
  const { payer, payee, unit } = await requestedAccounts(tx, standing, command);
  const { networkId } = unit;
  const amountMinor = positiveAmount(command.amount, unit, 'amount');
  const description = boundedText(command.description, 'description', DESCRIPTION_BOUNDS);
  const { requestDays } = await policyOf(tx.db, unit);
  const days = command.expiresInDays ?? requestDays;
  if (days < 1 || days > requestDays) {
    throw new InvalidInput('INVALID_RANGE', 'expiresInDays', { min: 1, max: requestDays });
  }
  const rule = await ruleFor(tx, { payer, payee, amountMinor });
  const author = authorOf(tx.actor);
  const id = newId('transfer');
  const acceptsAt = rule && rule.afterDays > 0 ? after(tx.now, rule.afterDays * DAY_MS) : null;
  await tx.db.rows('select ledger_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)', [
    networkId,
    id,
    payer.id,
    payee.id,
    amountMinor,
    description,
    author.personId,
    author.actingForMembershipId,
    author.system,
    null,
    tx.now,
    after(tx.now, days * DAY_MS),
    acceptsAt,
  ]);
  tx.emit({ networkId, kind: 'TransferRequested', subjectId: id });
  const transfer = await tx.db.one(Transfer, { networkId, id });
  assert(transfer, 'what was requested is there');
  return rule?.afterDays === 0 ? ((await acceptIfPossible(tx, unit, transfer)) ?? transfer) : transfer;
}

async function requestedAccounts(
  tx: Tx,
  standing: Standing,
  command: RequestTransfer,
): Promise<{ payer: Account; payee: Account; unit: Unit }> {
  const payerId = requireId('account', command.payerAccountId, 'payerAccountId');
  const payeeId = requireId('account', command.payeeAccountId, 'payeeAccountId');
  authorize(standing, 'account.list');
  const networkId = standing.network.id;
  // A rule may post it at once.
  const accounts = await lockForPosting(tx, networkId, [payerId, payeeId]);
  const [payer, payee] = [accounts.get(payerId), accounts.get(payeeId)];
  if (!payer || !payee) throw new NotFound('Account');
  authorize(standing, 'account.pay', payingSubject(payee, await tieTo(tx.db, standing, payee)));
  const unit = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payerAccountId' });
  // The payee's row is locked, so nobody adds one meanwhile.
  const waiting = await tx.db.all(Transfer, { networkId, payeeAccountId: payee.id, state: 'PENDING' });
  if (waiting.length >= MAX_WAITING) throw new TooManyRequests(MAX_WAITING);
  return { payer, payee, unit };
}

/** The rule of the payer that fits a request: that for the payee before that for everybody. */
async function ruleFor(
  tx: Tx,
  { payer, payee, amountMinor }: { payer: Account; payee: Account; amountMinor: bigint },
): Promise<RequestRule | undefined> {
  const rules = await tx.db.select(
    RequestRule,
    `where network_id = $1 and account_id = $2 and (from_membership_id is null or from_membership_id = $3)
      order by from_membership_id nulls last`,
    [payer.networkId, payer.id, payee.membershipId],
  );
  if (!(await mayAnswer(tx, payer))) return undefined;
  const [rule] = rules;
  return rule && (rule.upToMinor === null || amountMinor <= rule.upToMinor) ? rule : undefined;
}

/**
 * Whether the payer could say no: the rules of a member who is suspended rest. Those who look after a group or common
 * property answer each time: no rule outlives their office.
 */
async function mayAnswer(tx: Tx, { networkId, membershipId }: Account): Promise<boolean> {
  if (membershipId === null) return false;
  return tx.db.exists(Membership, { networkId, id: membershipId, state: 'ACTIVE' });
}

/**
 * Posts a transfer that waits as the rules of its payer have it. What the payer lacks is not told to the payee: the transfer
 * then waits for a person's answer.
 *
 * @returns nothing if it waits on
 */
async function acceptIfPossible(tx: Tx, unit: Unit, transfer: Transfer): Promise<Transfer | undefined> {
  await tx.db.execute('savepoint acceptance');
  try {
    return await postTransfer(tx, unit, pendingDraft(transfer));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await tx.db.execute('rollback to savepoint acceptance');
    await waitForPerson(tx, transfer);
    return undefined;
  }
}

/** No rule accepts it any more. */
async function waitForPerson(tx: Tx, { networkId, id }: Transfer): Promise<void> {
  await tx.db.rows('select ledger_answer($1, $2, $3, $4)', [networkId, id, 'PENDING', tx.now]);
}

function pendingDraft({ id, kind, payerAccountId, payeeAccountId, amountMinor, description }: Transfer) {
  return { pendingId: id, kind, payerAccountId, payeeAccountId, amountMinor, description };
}

/**
 * Pays what was asked for.
 *
 * @throws Forbidden unless one may sign for the payer, DecisionRequired, NotFound, TransferNotPending, AccountNotOpen, InsufficientCredit,
 *   CeilingExceeded, PaymentLimitExceeded
 * @emits TransferPosted
 */
export async function acceptTransfer(tx: Tx, command: NamedTransfer): Promise<Transfer> {
  const { standing, transfer, ties } = await takeTransfer(tx, command, 'accept');
  if (transfer.state !== 'PENDING') throw new TransferNotPending();
  const unit = await unitOf(tx.db, transfer);
  authorizePaying(standing, ties.payer, formatAmount(transfer.amountMinor, unit.scale));
  return postTransfer(tx, unit, pendingDraft(transfer), (refusal) => discreet(standing, ties, refusal));
}

/**
 * Says no to a request.
 *
 * @throws Forbidden unless one may sign for the payer, NotFound, TransferNotPending
 * @emits TransferRejected
 */
export async function rejectTransfer(tx: Tx, command: NamedTransfer): Promise<Transfer> {
  return endWaiting(tx, (await takeTransfer(tx, command, 'reject')).transfer, 'REJECTED');
}

/**
 * Takes a request back.
 *
 * @throws Forbidden unless one may sign for the payee or is a coordinator, NotFound, TransferNotPending
 * @emits TransferCancelled
 */
export async function cancelTransfer(tx: Tx, command: NamedTransfer): Promise<Transfer> {
  return endWaiting(tx, (await takeTransfer(tx, command, 'cancel')).transfer, 'CANCELLED');
}

const ENDED = { REJECTED: 'TransferRejected', CANCELLED: 'TransferCancelled', EXPIRED: 'TransferExpired' };

/** @throws TransferNotPending if somebody else was quicker */
async function endWaiting(tx: Tx, transfer: Transfer, state: keyof typeof ENDED): Promise<Transfer> {
  if (!(await tryEnd(tx, transfer, state))) throw new TransferNotPending();
  return { ...transfer, state, answeredAt: tx.now, acceptsAt: null };
}

/** Ends a transfer that waits; false if somebody else was quicker. */
async function tryEnd(tx: Tx, { networkId, id }: Transfer, state: keyof typeof ENDED): Promise<boolean> {
  const answer = await tx.db.row<{ ended: boolean }>('select ledger_answer($1, $2, $3, $4) as ended', [
    networkId,
    id,
    state,
    tx.now,
  ]);
  if (!answer?.ended) return false;
  tx.emit({ networkId, kind: ENDED[state], subjectId: id });
  return true;
}

/**
 * Ends all that waits on an account which closes: what it was asked for is rejected, what it asked for is cancelled.
 *
 * @emits TransferRejected, TransferCancelled
 */
export async function endRequestsOf(tx: Tx, account: Account): Promise<void> {
  const waiting = await tx.db.select(
    Transfer,
    `where network_id = $1 and state = 'PENDING' and (payer_account_id = $2 or payee_account_id = $2) order by id`,
    [account.networkId, account.id],
  );
  for (const transfer of waiting) {
    await tryEnd(tx, transfer, transfer.payeeAccountId === account.id ? 'CANCELLED' : 'REJECTED');
  }
}

/** A transfer that waits and whose time has come. */
export interface DueTransfer {
  networkId: string;
  id: string;
}

/**
 * Accepts a transfer that has waited as long as the payer's rule says, or lets one expire that nobody answered. Safe to
 * run twice: what does not wait any more is left alone.
 *
 * @emits TransferPosted, TransferExpired
 */
export async function settleDue(tx: Tx, due: DueTransfer): Promise<void> {
  const transfer = await tx.db.one(Transfer, { networkId: due.networkId, id: due.id, state: 'PENDING' });
  if (!transfer?.expiresAt) return;
  if (transfer.expiresAt <= tx.now) await tryEnd(tx, transfer, 'EXPIRED');
  else if (transfer.acceptsAt && transfer.acceptsAt <= tx.now) {
    const payer = await tx.db.one(Account, { networkId: due.networkId, id: transfer.payerAccountId });
    assert(payer, 'a transfer has a payer');
    if (await mayAnswer(tx, payer)) await acceptIfPossible(tx, await unitOf(tx.db, transfer), transfer);
    else await waitForPerson(tx, transfer);
  }
}
