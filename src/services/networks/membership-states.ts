import type { Membership, MembershipState } from '../../entities/membership.ts';
import type { Verdict } from '../access/may.ts';
import { MembershipStateConflict } from './errors.ts';

export type MembershipStep = 'apply' | 'admit' | 'decline' | 'suspend' | 'reinstate' | 'leave' | 'expel';

/** From which states each step leads on. */
export const MEMBERSHIP_STEPS: Record<MembershipStep, readonly MembershipState[]> = {
  apply: ['LEFT', 'DECLINED'],
  admit: ['APPLIED'],
  decline: ['APPLIED'],
  suspend: ['ACTIVE'],
  reinstate: ['SUSPENDED'],
  leave: ['APPLIED', 'ACTIVE', 'SUSPENDED'],
  expel: ['ACTIVE', 'SUSPENDED'],
};

/** @throws MembershipStateConflict */
export function requireTransition(membership: Membership, step: MembershipStep): void {
  if (!MEMBERSHIP_STEPS[step].includes(membership.state)) throw new MembershipStateConflict(membership.state);
}

/** The verdict on a step, where the state of the membership has a say too. */
export function mayStep(membership: Membership, step: MembershipStep, verdict: Verdict): Verdict {
  if (!verdict.allowed || MEMBERSHIP_STEPS[step].includes(membership.state)) return verdict;
  return { allowed: false, reason: 'NOT_IN_THIS_STATE' };
}
