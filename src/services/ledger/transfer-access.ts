import type { Account } from '../../entities/account.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { Forbidden } from '../../kernel/errors.ts';
import { authorize, may, type Subject, type Verdict } from '../access/may.ts';
import type { Permission } from '../access/permissions.ts';
import type { Standing } from '../access/standing.ts';
import { isOutflowOpen, payingSubject, type Tie } from './account-access.ts';

/** One account of a transfer, and what the standing's membership is to it. */
export interface Side {
  account: Account;
  tie: Tie;
}

/** Both accounts of a transfer: its own payer and payee, also where it is about giving back. */
export interface TransferTies {
  payer: Side;
  payee: Side;
}

/**
 * The account that demurrage was taken from, by a transfer or by the one that it undoes; null for every other transfer.
 *
 * @param undone what a reversal undoes
 */
export function giverOfDemurrage(transfer: Transfer, undone: Transfer | null): string | null {
  return [transfer, undone].find((one) => one?.kind === 'DEMURRAGE')?.payerAccountId ?? null;
}

export type TransferAction = 'accept' | 'reject' | 'cancel' | 'reverse' | 'dispute';

type TransferStanding = Pick<Transfer, 'state' | 'kind'>;

interface TransferRule {
  permission: Permission;
  /** By which accounts one may do it: one of them is enough. */
  sides: readonly (keyof TransferTies)[];
  isPossible: (transfer: TransferStanding) => boolean;
}

const isPending = ({ state }: TransferStanding) => state === 'PENDING';
const isPosted = ({ state }: TransferStanding) => state === 'POSTED';

const RULES: Record<TransferAction, TransferRule> = {
  accept: { permission: 'transfer.answer', sides: ['payer'], isPossible: isPending },
  reject: { permission: 'transfer.answer', sides: ['payer'], isPossible: isPending },
  cancel: { permission: 'transfer.withdraw', sides: ['payee'], isPossible: isPending },
  reverse: {
    permission: 'transfer.reverse',
    sides: ['payee'],
    isPossible: (transfer) => isPosted(transfer) && transfer.kind !== 'REVERSAL',
  },
  dispute: { permission: 'transfer.dispute', sides: ['payer', 'payee'], isPossible: isPosted },
};

interface Situation {
  standing: Standing;
  transfer: TransferStanding;
  ties: TransferTies;
}

/** What the viewer may do with a transfer as it stands. */
export function transferVerdicts(
  standing: Standing,
  transfer: TransferStanding,
  ties: TransferTies,
): Record<TransferAction, Verdict> {
  const verdict = (action: TransferAction): Verdict => {
    const byPerson = personalVerdict({ standing, transfer, ties }, action);
    return byPerson.allowed && !RULES[action].isPossible(transfer) ? NOT_IN_THIS_STATE : byPerson;
  };
  return {
    accept: verdict('accept'),
    reject: verdict('reject'),
    cancel: verdict('cancel'),
    reverse: reversalVerdict(standing, transfer, ties, verdict('reverse')),
    dispute: verdict('dispute'),
  };
}

/** For what a common account would give back, the bylaws may have others decide: this speaks of the smallest amount. */
function reversalVerdict(
  standing: Standing,
  { kind }: TransferStanding,
  { payee }: TransferTies,
  verdict: Verdict,
): Verdict {
  if (!verdict.allowed || kind === 'CONVERSION' || isOutflowOpen(standing, payee.account)) return verdict;
  return { allowed: false, reason: 'DECISION_REQUIRED' };
}

/**
 * Goes on only if the actor may do it, whatever the state of the transfer.
 *
 * @throws Unauthenticated, NetworkArchived, or Forbidden with the reason
 */
export function authorizeOnTransfer(of: Situation, action: TransferAction): void {
  authorize(of.standing, RULES[action].permission, subjectOf(of.standing, action, of.ties));
  const { reason } = personalVerdict(of, action);
  if (reason) throw new Forbidden(reason);
}

/** Whether the actor may, whatever the state of the transfer. */
function personalVerdict({ standing, transfer, ties }: Situation, action: TransferAction): Verdict {
  if (action === 'reverse' && transfer.kind === 'CONVERSION') return conversionVerdict(standing, ties);
  const subject = subjectOf(standing, action, ties);
  const verdict = may(standing, RULES[action].permission, subject);
  // Who would get the money back does not put it right by office.
  const isForSelf = action === 'reverse' && !subject.isOwn && ties.payer.tie !== null;
  const isTreasury = ties.payee.account.holderKind === 'NETWORK' && standing.roles.includes('TREASURER');
  return verdict.allowed && isForSelf && !isTreasury ? NOT_YOURS : verdict;
}

/**
 * Whether the actor may undo a conversion. Its holder may not: who could go back to the rate of that day, whenever another
 * one has become better, would have a choice that the network has not given.
 */
function conversionVerdict(standing: Standing, ties: TransferTies): Verdict {
  const byOffice = may(standing, RULES.reverse.permission);
  const isOwn = [ties.payer, ties.payee].some(
    ({ account, tie }) => tie !== null && account.holderKind !== 'NETWORK',
  );
  return byOffice.allowed && isOwn ? NOT_YOURS : byOffice;
}

/** The account by which the actor may; where none will do, the one that is nearer to it. */
function subjectOf(standing: Standing, action: TransferAction, ties: TransferTies): Subject {
  const { permission, sides } = RULES[action];
  const subjects = sides.map((side) => payingSubject(ties[side].account, ties[side].tie));
  const chosen =
    subjects.find((subject) => may(standing, permission, subject).allowed) ??
    subjects.find(({ isOwn }) => isOwn) ??
    subjects[0];
  return chosen ?? {};
}

const NOT_YOURS: Verdict = { allowed: false, reason: 'NOT_YOURS' };
const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
