import type { Membership } from '../../entities/membership.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { requireOtherCoordinator } from './last-coordinator.ts';
import { requireTransition } from './membership-states.ts';
import { changeMembership, lockMembership, memberForDecision, REASON_BOUNDS } from './memberships.ts';

export interface ChangeMembershipState {
  networkId: string;
  membershipId: string;
  reason?: string | null;
}

/**
 * Suspends a member: the person still reads the own account, and trades no more. Payments that wait for an account come first.
 *
 * @throws Forbidden, DecisionRequired, MembershipStateConflict, LastCoordinator, InvalidInput without a reason
 * @emits MembershipSuspended
 */
export async function suspendMember(tx: Tx, command: ChangeMembershipState): Promise<Membership> {
  const decision = {
    permission: 'member.suspend',
    kind: 'membershipSuspend',
    step: 'suspend',
    hold: 'exclusive',
  } as const;
  const { member } = await memberForDecision(tx, command, decision);
  if (!command.reason) throw new InvalidInput('REQUIRED', 'reason');
  await requireOtherCoordinator(tx, member.networkId, { membershipId: member.id });
  const suspended = await changeMembership(tx, member, {
    state: 'SUSPENDED',
    stateReason: boundedText(command.reason, 'reason', REASON_BOUNDS),
    stateChangedAt: tx.now,
  });
  tx.emit({ networkId: member.networkId, kind: 'MembershipSuspended', subjectId: member.id });
  return suspended;
}

/**
 * Ends a suspension. Who decides on suspensions decides on this.
 *
 * @throws Forbidden, DecisionRequired, MembershipStateConflict, InvalidInput
 * @emits MembershipReinstated
 */
export async function reinstateMember(tx: Tx, command: ChangeMembershipState): Promise<Membership> {
  const decision = {
    permission: 'member.suspend',
    kind: 'membershipReinstate',
    step: 'reinstate',
  } as const;
  const { member } = await memberForDecision(tx, command, decision);
  const reinstated = await changeMembership(tx, member, {
    state: 'ACTIVE',
    stateReason: optionalText(command.reason, 'reason', REASON_BOUNDS),
    stateChangedAt: tx.now,
  });
  tx.emit({ networkId: member.networkId, kind: 'MembershipReinstated', subjectId: member.id });
  return reinstated;
}

/**
 * Ends the person's own membership, or withdraws the application. Accounts must be empty; they close with it.
 *
 * @throws LastCoordinator, MembershipStateConflict, AccountNotEmpty
 * @emits MembershipLeft
 */
export async function leaveNetwork(tx: Tx, command: ChangeMembershipState): Promise<Membership> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'member.leave', { isOwn: standing.membership?.id === command.membershipId });
  const member = await lockMembership(tx, standing.network.id, command.membershipId);
  requireTransition(member, 'leave');
  await requireOtherCoordinator(tx, member.networkId, { membershipId: member.id });
  const left = await endMembership(tx, member, {
    // Leaving is no way out of a suspension.
    needsReadmission: member.needsReadmission || member.state === 'SUSPENDED',
    stateReason: optionalText(command.reason, 'reason', REASON_BOUNDS),
  });
  tx.emit({ networkId: member.networkId, kind: 'MembershipLeft', subjectId: member.id });
  return left;
}

/**
 * Ends somebody's membership against their will. Accounts close as the policy of their unit has it: what is left goes to the
 * community and what is owed is written off, or the accounts must be empty. Only those who admit can let the person in again.
 *
 * @throws Forbidden, MembershipStateConflict, LastCoordinator, InvalidInput without a reason, AccountNotEmpty,
 *   AccountNotOpen for a frozen account
 * @emits MembershipExpelled
 */
export async function expelMember(tx: Tx, command: ChangeMembershipState): Promise<Membership> {
  const decision = { permission: 'member.suspend', step: 'expel', hold: 'exclusive' } as const;
  const { member } = await memberForDecision(tx, command, decision);
  if (!command.reason) throw new InvalidInput('REQUIRED', 'reason');
  await requireOtherCoordinator(tx, member.networkId, { membershipId: member.id });
  const expelled = await endMembership(tx, member, {
    needsReadmission: true,
    stateReason: boundedText(command.reason, 'reason', REASON_BOUNDS),
  });
  tx.emit({ networkId: member.networkId, kind: 'MembershipExpelled', subjectId: member.id });
  return expelled;
}

/** With a membership end the roles and groups of the member, and what helpers do for them. */
async function endMembership(
  tx: Tx,
  member: Membership,
  set: Pick<Membership, 'needsReadmission' | 'stateReason'>,
): Promise<Membership> {
  const left = await changeMembership(tx, member, { ...set, state: 'LEFT', stateChangedAt: tx.now });
  await tx.db.execute(
    `update role_assignment set revoked_at = $3, revocation_reason = 'left'
      where network_id = $1 and (membership_id = $2 or for_membership_id = $2) and revoked_at is null`,
    [member.networkId, member.id, tx.now],
  );
  await tx.db.execute('delete from group_membership where network_id = $1 and membership_id = $2', [
    member.networkId,
    member.id,
  ]);
  return left;
}
