import type { DenialReason } from '../../entities/denial-reason.ts';
import type { Network } from '../../entities/network.ts';
import type { Role } from '../../entities/role-assignment.ts';
import { assert, DomainError, Forbidden, Unauthenticated } from '../../kernel/errors.ts';
import { PERMISSIONS, type Permission, type PermissionRule } from './permissions.ts';
import type { Standing } from './standing.ts';

export interface Verdict {
  allowed: boolean;
  reason: DenialReason | null;
}

/** What a permission is asked about, beyond the network: whose it is, and whether the rules let everyone see it. */
export interface Subject {
  /** True if the standing's membership is the member itself, the holder, or may sign. */
  isOwn?: boolean;
  /** True if every active member holds the permission for this subject. */
  isOpenToMembers?: boolean;
  /** True if every treasurer holds the permission for this subject: accounts of the network. */
  isOpenToTreasurers?: boolean;
  /** The role to which bylaws leave it, in place of those who hold it otherwise. */
  decidedBy?: Role;
}

const allowed: Verdict = { allowed: true, reason: null };
const denied = (reason: DenialReason): Verdict => ({ allowed: false, reason });

export class NetworkArchived extends DomainError {
  constructor() {
    super('NETWORK_ARCHIVED', 'The network is archived: it can be read, and nothing in it changes any more.');
  }
}

/**
 * Whether somebody may do something, and if not, why. The only place that decides; what it says is also what
 * clients see as `viewerCan`.
 */
export function may(standing: Standing, permission: Permission, subject: Subject = {}): Verdict {
  const rule = ruleOf(permission, subject);
  if (standing.actor.kind === 'system') return allowed;
  const byPerson = mayBeforeToken(standing, rule, subject);
  if (!byPerson.allowed) return byPerson;
  const { credential } = standing.actor as Extract<typeof standing.actor, { kind: 'person' }>;
  const isInScope =
    credential.kind === 'session' || rule.scope === null || credential.scopes.includes(rule.scope);
  return isInScope ? allowed : denied('SCOPE_REQUIRED');
}

function ruleOf(permission: Permission, { decidedBy }: Subject): PermissionRule {
  const rule: PermissionRule = PERMISSIONS[permission];
  return decidedBy ? { ...rule, roles: [decidedBy] } : rule;
}

function mayBeforeToken(standing: Standing, rule: PermissionRule, subject: Subject): Verdict {
  const { actor, membership, network } = standing;
  if (actor.kind !== 'person') return denied('SIGN_IN_REQUIRED');
  const isAdministrator = actor.isAdministrator && actor.actingForMembershipId === null;
  const byAdministrator = isAdministrator && rule.roles.includes('ADMINISTRATOR');
  if (!membership || membership.state === 'LEFT' || membership.state === 'DECLINED') {
    if (!byAdministrator) return denied('NOT_A_MEMBER');
  }
  if (network.archivedAt && rule.scope !== null) return denied('NETWORK_ARCHIVED');
  if (byAdministrator) return allowed;

  if (rule.notWhileActing && actor.actingForMembershipId !== null) return denied('NOT_YOURS');
  const isActive = membership?.state === 'ACTIVE';
  if (subject.isOwn && rule.own === 'whileMember') return allowed;
  if (!isActive) return denied('MEMBERSHIP_NOT_ACTIVE');
  // Common property keeps its second lock also for a treasurer who made themselves a signatory.
  if (subject.isOpenToTreasurers && rule.scope !== null && lacksSecondFactor(standing)) {
    return subject.isOwn || standing.roles.includes(subject.decidedBy ?? 'TREASURER')
      ? denied('SECOND_FACTOR_REQUIRED')
      : denied('ROLE_REQUIRED');
  }
  if (subject.isOwn && rule.own) return allowed;
  if (subject.isOpenToMembers || rule.roles.includes('MEMBER')) return allowed;
  return byRole(standing, rule, subject);
}

function byRole(standing: Standing, rule: PermissionRule, subject: Subject): Verdict {
  const isOpenToTreasurers = subject.isOpenToTreasurers && !subject.decidedBy;
  const holders = standing.roles.filter(
    (role) => rule.roles.includes(role) || (role === 'TREASURER' && isOpenToTreasurers),
  );
  if (holders.length === 0) {
    const needsRole = rule.roles.length > 0 || isOpenToTreasurers;
    return denied(needsRole ? 'ROLE_REQUIRED' : 'NOT_YOURS');
  }
  const onlyAsTreasurer = holders.every((role) => role === 'TREASURER');
  if (onlyAsTreasurer && lacksSecondFactor(standing)) return denied('SECOND_FACTOR_REQUIRED');
  return allowed;
}

/** Whether the network asks treasurers for a one-time code and none was given in this session. */
export function lacksSecondFactor({ actor, network }: Standing): boolean {
  if (!network.treasurersNeedOneTimeCode || actor.kind !== 'person') return false;
  return actor.credential.kind !== 'session' || !actor.credential.hasSecondFactor;
}

/**
 * Goes on only if it is allowed.
 *
 * @throws Unauthenticated, NetworkArchived, or Forbidden with the reason
 */
export function authorize(standing: Standing, permission: Permission, subject: Subject = {}): void {
  const verdict = may(standing, permission, subject);
  if (verdict.allowed) return;
  if (verdict.reason === 'SIGN_IN_REQUIRED') throw new Unauthenticated();
  if (verdict.reason === 'NETWORK_ARCHIVED') throw new NetworkArchived();
  assert(verdict.reason, 'a refusal has a reason');
  throw new Forbidden(verdict.reason);
}

/** @throws NetworkArchived */
export function requireOpen(network: Network): void {
  if (network.archivedAt) throw new NetworkArchived();
}
