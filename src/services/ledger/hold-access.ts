import type { Hold } from '../../entities/hold.ts';
import { authorize, may, type Verdict } from '../access/may.ts';
import type { Moment, Standing } from '../access/standing.ts';
import { payingSubject } from './account-access.ts';
import { signerVerdict } from './signer.ts';
import type { Side } from './transfer-access.ts';

/** The account that promises and, if the hold names one, the payee. */
export interface HoldTies {
  account: Side;
  payee: Side | null;
}

export type HoldAction = 'capture' | 'release';

const payVerdict = (standing: Standing, { account, tie }: Side): Verdict =>
  may(standing, 'account.pay', payingSubject(account, tie));

/** Whether the actor signs for the account that promises, and so needs nobody else's word. */
export function signsForHold(standing: Standing, { account }: HoldTies): boolean {
  return payVerdict(standing, account).allowed;
}

/** Whether the actor may capture and release a hold: by its account, or by the payee that it names. */
function personalVerdict(standing: Standing, { account, payee }: HoldTies): Verdict {
  const byPayee = payee && payVerdict(standing, payee);
  return byPayee?.allowed ? byPayee : payVerdict(standing, account);
}

/**
 * Goes on only if the actor may capture and release a hold, whatever its state: who may sign for its account and, since a hold
 * for a named payee is a payment in two steps, who may sign for that.
 *
 * @throws Unauthenticated, NetworkArchived, or Forbidden with the reason
 */
export function authorizeOnHold(standing: Standing, ties: HoldTies): void {
  if (personalVerdict(standing, ties).allowed) return;
  const { account, tie } = ties.account;
  authorize(standing, 'account.pay', payingSubject(account, tie));
}

/**
 * Whether who placed a hold may still sign for its account. Otherwise the payee takes nothing by it: an office would be used
 * after its end.
 *
 * @param memberLock holds the membership as it is until the transaction ends
 */
export async function isBacked(
  moment: Omit<Moment, 'actor'>,
  { standing: { network }, hold, ties }: { standing: Standing; hold: Hold; ties: HoldTies },
  memberLock: '' | 'for share' = '',
): Promise<boolean> {
  const { createdByPersonId, actingForMembershipId } = hold;
  // What the server has placed does not depend on anybody.
  if (createdByPersonId === null) return true;
  const arranged = { createdByPersonId, actingForMembershipId };
  const { account } = ties.account;
  return (await signerVerdict(moment, { network, account, arranged }, memberLock)).allowed;
}

/** What the viewer may do with a hold as it stands. */
export function holdVerdicts(
  standing: Standing,
  { state, expiresAt, causeId }: Hold,
  { ties, isBacked: backed, now }: { ties: HoldTies; isBacked: boolean; now: Date },
): Record<HoldAction, Verdict> {
  const byPerson = personalVerdict(standing, ties);
  const isOpen = state === 'OPEN' && expiresAt > now && causeId === null;
  const release = byPerson.allowed && !isOpen ? NOT_IN_THIS_STATE : byPerson;
  const lapsed = release.allowed && !backed && !signsForHold(standing, ties);
  return { capture: lapsed ? NOT_IN_THIS_STATE : release, release };
}

const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
