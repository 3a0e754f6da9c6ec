import type { Membership } from '../../entities/membership.ts';
import { RoleAssignment, type Role } from '../../entities/role-assignment.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { MembershipStateConflict, RoleHeld } from './errors.ts';
import { requireOtherCoordinator } from './last-coordinator.ts';
import { lockMembership, REASON_BOUNDS } from './memberships.ts';

export interface AssignRole {
  networkId: string;
  membershipId: string;
  role: Role;
  /** The member who is helped; for HELPER and for it alone. */
  forMembershipId?: string | null;
  /** Beginning of the term of office; now if absent. */
  startsAt?: Date | null;
  /** End of the term; until revoked if absent. */
  endsAt?: Date | null;
}

/**
 * Gives a member a role for a term.
 *
 * @throws Forbidden, DecisionRequired, NotFound, MembershipStateConflict unless both are active members, RoleHeld if the terms overlap,
 *   InvalidInput
 * @emits RoleAssigned
 */
export async function assignRole(tx: Tx, command: AssignRole): Promise<RoleAssignment> {
  const standing = await standingIn(tx, command.networkId);
  authorizeRole(standing, command.role);
  const networkId = standing.network.id;
  const isHelper = command.role === 'HELPER';
  if (isHelper !== Boolean(command.forMembershipId))
    throw new InvalidInput('INVALID_CHOICE', 'forMembershipId');
  const startsAt = command.startsAt ?? tx.now;
  const endsAt = command.endsAt ?? null;
  // A record of the past is not made afterwards.
  if (startsAt < tx.now) throw new InvalidInput('INVALID_RANGE', 'startsAt');
  if (endsAt && (endsAt <= startsAt || endsAt <= tx.now)) throw new InvalidInput('INVALID_RANGE', 'endsAt');

  const ids = [command.membershipId, command.forMembershipId].filter((id) => id !== null && id !== undefined);
  const members = await lockActiveMembers(tx, networkId, ids);
  if (ids.length !== members.length) throw new InvalidInput('INVALID_CHOICE', 'forMembershipId');
  const assignment: RoleAssignment = {
    networkId,
    id: newId('roleAssignment'),
    membershipId: command.membershipId,
    role: command.role,
    forMembershipId: command.forMembershipId ?? null,
    startsAt,
    endsAt,
    assignedByPersonId: tx.actor.kind === 'person' ? tx.actor.personId : null,
    revokedAt: null,
    revocationReason: null,
  };
  await requireNotHeld(tx, assignment);
  await tx.db.insert(RoleAssignment, assignment);
  tx.emit({
    networkId,
    kind: 'RoleAssigned',
    subjectId: assignment.membershipId,
    data: { role: assignment.role, forMembershipId: assignment.forMembershipId },
  });
  return assignment;
}

export interface AssignElected {
  networkId: string;
  role: Role;
  /** Who was elected. */
  membershipIds: readonly string[];
  startsAt: Date;
  endsAt: Date | null;
}

/**
 * Gives a role to those who were elected. Who holds it already does so for the new term from its beginning.
 *
 * @throws Forbidden, NotFound, MembershipStateConflict, InvalidInput
 * @emits RoleRevoked for a term that gives way, RoleAssigned
 */
export async function assignElected(
  tx: Tx,
  { membershipIds, ...term }: AssignElected,
): Promise<RoleAssignment[]> {
  const { network, ...standing } = await standingIn(tx, term.networkId, 'exclusive');
  authorize({ network, ...standing }, 'role.assign');
  await lockActiveMembers(tx, network.id, membershipIds);
  const assignments: RoleAssignment[] = [];
  for (const membershipId of membershipIds) {
    await endBefore(tx, { ...term, membershipId });
    assignments.push(await assignRole(tx, { ...term, membershipId }));
  }
  return assignments;
}

/** Ends the terms of a member in a role where a new one begins. */
async function endBefore(
  tx: Tx,
  {
    networkId,
    membershipId,
    role,
    startsAt,
  }: Omit<AssignElected, 'membershipIds'> & { membershipId: string },
): Promise<void> {
  const held = await tx.db.all(
    RoleAssignment,
    { networkId, membershipId, role, revokedAt: null },
    'order by id',
  );
  for (const { id, ...former } of held) {
    if (former.endsAt && former.endsAt <= startsAt) continue;
    const isBefore = former.startsAt < startsAt && startsAt > tx.now;
    const set = isBefore
      ? { endsAt: startsAt }
      : { revokedAt: tx.now, revocationReason: 'elected for another term' };
    await tx.db.update(RoleAssignment, { networkId, id }, set);
    tx.emit({ networkId, kind: 'RoleRevoked', subjectId: membershipId, data: { role } });
  }
}

/** A helper holds no office: whatever bylaws say of offices, it is agreed with those who give roles. */
function authorizeRole(standing: Standing, role: Role): void {
  if (role === 'HELPER') authorize(standing, 'role.assign');
  else authorizeDecision(standing, 'role.assign', { kind: 'roleAssign', amount: null });
}

/** Distinct members, locked in id order; all must be active. */
async function lockActiveMembers(tx: Tx, networkId: string, ids: readonly string[]): Promise<Membership[]> {
  const members: Membership[] = [];
  for (const id of [...new Set(ids)].toSorted()) {
    const member = await lockMembership(tx, networkId, id);
    if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
    members.push(member);
  }
  return members;
}

/** @throws RoleHeld */
async function requireNotHeld(tx: Tx, wanted: RoleAssignment): Promise<void> {
  const rows = await tx.db.rows(
    `select 1 from role_assignment
      where network_id = $1 and membership_id = $2 and role = $3 and revoked_at is null
        and for_membership_id is not distinct from $4::text
        and tstzrange(starts_at, ends_at) && tstzrange($5, $6)`,
    [
      wanted.networkId,
      wanted.membershipId,
      wanted.role,
      wanted.forMembershipId,
      wanted.startsAt,
      wanted.endsAt,
    ],
  );
  if (rows.length > 0) throw new RoleHeld();
}

export interface RevokeRole {
  networkId: string;
  roleAssignmentId: string;
  reason?: string | null;
}

/**
 * Ends a role before its term.
 *
 * @throws Forbidden, DecisionRequired, NotFound, LastCoordinator
 * @emits RoleRevoked
 */
export async function revokeRole(tx: Tx, command: RevokeRole): Promise<RoleAssignment> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'member.list');
  const networkId = standing.network.id;
  const id = requireId('roleAssignment', command.roleAssignmentId, 'roleAssignmentId');
  const assignment = await tx.db.lock(RoleAssignment, { networkId, id, revokedAt: null });
  if (!assignment) throw new NotFound('RoleAssignment');
  authorizeRole(standing, assignment.role);
  await requireOtherCoordinator(tx, networkId, { assignmentId: id });
  const revocation = {
    revokedAt: tx.now,
    revocationReason: optionalText(command.reason, 'reason', REASON_BOUNDS),
  };
  const revoked = await tx.db.update(RoleAssignment, { networkId, id }, revocation);
  assert(revoked === 1, 'a locked row is updated');
  tx.emit({
    networkId,
    kind: 'RoleRevoked',
    subjectId: assignment.membershipId,
    data: { role: assignment.role },
  });
  return { ...assignment, ...revocation };
}
