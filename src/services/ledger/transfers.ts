import { Account } from '../../entities/account.ts';
import { Transfer } from '../../entities/transfer.ts';
import { Unit } from '../../entities/unit.ts';
import type { Actor } from '../../kernel/actor.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { keyClaim } from '../../kernel/idempotency.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { formatAmount, MAX_AMOUNT_MINOR, parseAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import { authorize } from '../access/may.ts';
import { standingAt, type Moment, type Standing } from '../access/standing.ts';
import { authorizePayment, tieTo } from './account-access.ts';
import type { LedgerDeps } from './deps.ts';
import { discreet } from './discretion.ts';
import { SameAccount } from './errors.ts';
import { authorOf, type Outcome, type Posting, type TransferDraft } from './posting.ts';
import { refusalOf } from './refusals.ts';
import type { TransferTies } from './transfer-access.ts';

export interface CreateTransfer {
  networkId: string;
  idempotencyKey: string;
  payerAccountId: string;
  payeeAccountId: string;
  /** A decimal number above zero, in the unit of the payer's account. */
  amount: string;
  description: string;
  /** Whether a coordinator writes down what two others have agreed. */
  isRecorded?: boolean | null;
}

export const DESCRIPTION_BOUNDS = { max: 500 };

/** A payment that its payer, or a coordinator, may make. */
interface Payment {
  standing: Standing;
  unit: Unit;
  sides: TransferTies;
  draft: TransferDraft;
}

/**
 * Pays from one account to another in the same network, together with what others pay at the same time.
 *
 * Whether one may is asked before; state and limits of the accounts are looked at when they are locked.
 *
 * @throws Forbidden unless one may sign for the payer or record, DecisionRequired, NotFound, SameAccount, UnitMismatch, AccountNotOpen,
 *   InsufficientCredit, CeilingExceeded, PaymentLimitExceeded, InvalidInput, IdempotencyKeyReused, Overloaded
 * @emits TransferPosted
 */
export async function createTransfer(
  deps: LedgerDeps,
  actor: Actor,
  command: CreateTransfer,
): Promise<Transfer> {
  const key = keyClaim(actor, {
    key: command.idempotencyKey,
    operation: 'transferCreate',
    content: command,
  });
  const payment = await preparePayment({ db: deps.db, actor, now: deps.clock.now() }, command);
  const { networkId } = payment.unit;
  const posting: Posting = { ...payment.draft, id: newId('transfer'), author: authorOf(actor), key };
  const outcome = await deps.batcher.post(networkId, posting);
  if (outcome.verdict === 'POSTED') return postedTransfer(payment.unit, posting, outcome);
  if (outcome.verdict === 'REPEATED') {
    const transfer = await deps.db.one(Transfer, { networkId, id: outcome.transferId });
    assert(transfer, 'what a key stands for is there');
    return transfer;
  }
  const { payeeAccountId } = posting;
  const refusal = refusalOf(outcome, { payeeAccountId, scale: payment.unit.scale });
  const { standing, sides } = payment;
  const payee = { ...sides.payee, tie: await tieTo(deps.db, standing, sides.payee.account) };
  throw discreet(standing, { ...sides, payee }, refusal);
}

async function preparePayment(moment: Moment, command: CreateTransfer): Promise<Payment> {
  const { db } = moment;
  const networkId = requireId('network', command.networkId, 'networkId');
  const payerAccountId = requireId('account', command.payerAccountId, 'payerAccountId');
  const payeeAccountId = requireId('account', command.payeeAccountId, 'payeeAccountId');
  const isSame = payerAccountId === payeeAccountId;
  const [standing, payer, payee] = await Promise.all([
    standingAt(moment, networkId),
    db.one(Account, { networkId, id: payerAccountId }),
    db.one(Account, { networkId, id: payeeAccountId }),
  ]);
  authorize(standing, 'account.list');
  if (!payer || !payee) throw new NotFound('Account');
  const isRecorded = command.isRecorded ?? false;
  const sides: TransferTies = {
    payer: { account: payer, tie: await tieTo(db, standing, payer) },
    // Asked for only where it matters: every payment would wait for it.
    payee: { account: payee, tie: isRecorded ? await tieTo(db, standing, payee) : null },
  };
  authorizePayment(standing, sides, { isRecorded, amount: command.amount });
  if (isSame) throw new SameAccount();
  const unit = await db.one(Unit, { networkId, id: payer.unitId });
  assert(unit, 'an account has a unit');
  const draft: TransferDraft = {
    kind: isRecorded ? 'RECORDED' : 'PAYMENT',
    payerAccountId,
    payeeAccountId,
    amountMinor: positiveAmount(command.amount, unit, 'amount'),
    description: boundedText(command.description, 'description', DESCRIPTION_BOUNDS),
  };
  return { standing, unit, sides, draft };
}

/** The row that was written, put together from what is known of it. */
function postedTransfer(unit: Unit, posting: Posting, outcome: Outcome): Transfer {
  const { createdAt, postedAt, payerLevyMinor, payeeLevyMinor, levyAccountId, isBeyondLimit } = outcome;
  const { payerSeq, payeeSeq } = outcome;
  assert(postedAt, 'what is posted has its instant');
  return {
    networkId: unit.networkId,
    id: posting.id,
    unitId: unit.id,
    kind: posting.kind,
    state: 'POSTED',
    payerAccountId: posting.payerAccountId,
    payeeAccountId: posting.payeeAccountId,
    amountMinor: posting.amountMinor,
    payerLevyMinor,
    payeeLevyMinor,
    levyAccountId,
    payerSeq,
    payeeSeq,
    description: posting.description,
    createdByPersonId: posting.author.personId,
    actingForMembershipId: posting.author.actingForMembershipId,
    actorSystem: posting.author.system,
    reversesId: null,
    reversedById: null,
    holdId: null,
    causeId: null,
    isBeyondLimit,
    createdAt,
    postedAt,
    expiresAt: null,
    acceptsAt: null,
    answeredAt: null,
  };
}

/**
 * What moves, or is set aside to move, in one piece.
 *
 * @throws InvalidInput INVALID_AMOUNT unless it is above zero and at most 10¹⁵ minor units, TOO_MANY_DECIMALS
 */
export function positiveAmount(amount: string, { scale }: Unit, path: string): bigint {
  const amountMinor = parseAmount(amount, scale, path);
  if (amountMinor <= 0n) throw new InvalidInput('INVALID_AMOUNT', path);
  return singleAmount(amountMinor, scale, path);
}

/** @throws InvalidInput INVALID_AMOUNT with the largest amount, if this one is beyond it */
export function singleAmount(amountMinor: bigint, scale: number, path: string): bigint {
  if (amountMinor <= MAX_AMOUNT_MINOR) return amountMinor;
  throw new InvalidInput('INVALID_AMOUNT', path, { max: formatAmount(MAX_AMOUNT_MINOR, scale) });
}
