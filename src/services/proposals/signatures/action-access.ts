import { ActionSignature } from '../../../entities/action-signature.ts';
import type { Role } from '../../../entities/role-assignment.ts';
import type { SignedAction } from '../../../entities/signed-action.ts';
import type { BylawRule } from '../../../governance/bylaws.ts';
import type { Db } from '../../../kernel/database.ts';
import { authorize, may, type Subject, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { OwnBenefit } from './action-errors.ts';

/** Who signs: who holds the role now. */
export function signingSubject({ decidedBy }: BylawRule): Subject {
  return decidedBy.by === 'VOTE' ? {} : { decidedBy: decidedBy.role as Role };
}

/** Whether it waits for signatures, or to be tried again. */
export function isOpenToSign({ state, expiresAt }: SignedAction, now: Date): boolean {
  return (state === 'PENDING' || state === 'FAILED') && expiresAt > now;
}

/**
 * Goes on only if the actor may sign.
 *
 * @throws Unauthenticated, NetworkArchived, Forbidden with the reason, OwnBenefit
 */
export function authorizeSigning(standing: Standing, action: SignedAction): void {
  authorize(standing, 'action.submit', signingSubject(action.rule));
  if (isConcerned(standing, action)) throw new OwnBenefit();
}

/**
 * The same for saying no. Who has submitted it can take it back.
 *
 * @throws Unauthenticated, NetworkArchived, Forbidden with the reason, OwnBenefit
 */
export function authorizeDeclining(standing: Standing, action: SignedAction): void {
  if (isSubmitter(standing, action)) authorize(standing, 'action.submit');
  else authorizeSigning(standing, action);
}

/** What is known of an action beside its row. */
export interface Signed {
  signatures: readonly ActionSignature[];
  /** Whether who has signed may have it carried out. */
  canTryAgain: boolean;
  now: Date;
}

/** What the viewer may do with an action as it stands, with those who gain by it now. */
export function signedActionVerdicts(
  standing: Standing,
  action: SignedAction,
  { signatures, canTryAgain, now }: Signed,
): Record<'sign' | 'decline', Verdict> {
  const bySigner = may(standing, 'action.submit', signingSubject(action.rule));
  const signer = bySigner.allowed && isConcerned(standing, action) ? NOT_YOURS : bySigner;
  const decliner = isSubmitter(standing, action) ? may(standing, 'action.submit') : signer;
  const isOpen = isOpenToSign(action, now);
  const hasSigned = signatures.some(({ membershipId }) => membershipId === standing.membership?.id);
  const canSign = isOpen && (!hasSigned || canTryAgain);
  return {
    sign: signer.allowed && !canSign ? NOT_NOW : signer,
    decline: decliner.allowed && !isOpen ? NOT_NOW : decliner,
  };
}

/** Whether a member has signed it. */
export function signedBy(db: Db, { networkId, id }: SignedAction, membershipId: string): Promise<boolean> {
  return db.exists(ActionSignature, { networkId, actionId: id, membershipId });
}

function isConcerned({ membership }: Standing, { beneficiaryIds }: SignedAction): boolean {
  return membership !== null && beneficiaryIds.includes(membership.id);
}

function isSubmitter({ membership }: Standing, { submittedByMembershipId }: SignedAction): boolean {
  return membership?.id === submittedByMembershipId;
}

const NOT_YOURS: Verdict = { allowed: false, reason: 'NOT_YOURS' };
const NOT_NOW: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
