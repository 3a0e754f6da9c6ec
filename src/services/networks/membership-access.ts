import type { Membership, ProfileField } from '../../entities/membership.ts';
import type { Deciding } from '../../governance/bylaws.ts';
import { decisionVerdict } from '../access/decisions.ts';
import { may, type Verdict } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { mayStep } from './membership-states.ts';
import { isVisible, type Closeness } from './visibility.ts';
import { ADMISSION, membersAdmit, membersKnowApplicants } from './ways-in.ts';

/** Active members are known to whom they show their name, all others to those who decide on them. */
export function mayKnowOf(standing: Standing, member: Membership, closeness: Closeness): boolean {
  const isOwn = isOwnMembership(standing, member);
  if (isOwn || (member.state === 'ACTIVE' && isVisible(member, 'displayName', closeness))) return true;
  const isOpenToMembers = member.state === 'APPLIED' && membersKnowApplicants(standing.network);
  return may(standing, 'member.readApplications', { isOpenToMembers }).allowed;
}

/** Whether it is the viewer's own, or that of the member for whom the viewer acts. */
export function isOwnMembership(standing: Standing, member: Membership): boolean {
  return standing.membership?.id === member.id;
}

/** Whether the viewer sees one part of a profile. */
export function seesField(
  standing: Standing,
  member: Membership,
  field: ProfileField,
  closeness: Closeness,
): boolean {
  if (isOwnMembership(standing, member)) return true;
  // Of those who have left or are suspended the name stays in the books, and nothing else.
  if (member.state !== 'ACTIVE' && field !== 'displayName') return seesDecisionOn(standing, member);
  return isVisible(member, field, closeness);
}

/** Roles, sponsors and groups concern other members too: they are for members, and for the person. */
export function seesConnections(standing: Standing, member: Membership): boolean {
  return isOwnMembership(standing, member) || may(standing, 'member.list').allowed;
}

/** Whether the viewer reads why somebody would like to join: those who decide, and while they vote on it all members. */
export function seesApplication(standing: Standing, member: Membership): boolean {
  const isOpenToMembers = member.state === 'APPLIED' && membersAdmit(standing.network);
  return (
    isOwnMembership(standing, member) || may(standing, 'member.readApplications', { isOpenToMembers }).allowed
  );
}

/** Whether the viewer sees what the last decision rests on; who is no member any more still does. */
export function seesDecisionOn(standing: Standing, member: Membership): boolean {
  return isOwnMembership(standing, member) || may(standing, 'member.readApplications').allowed;
}

const SUSPENSION: Deciding = { kind: 'membershipSuspend', amount: null };
const REINSTATEMENT: Deciding = { kind: 'membershipReinstate', amount: null };
const ROLE_GIFT: Deciding = { kind: 'roleAssign', amount: null };
const NOT_ONESELF: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };

/** What the viewer may do with a membership as it stands. */
export function membershipVerdicts(standing: Standing, member: Membership) {
  const own = { isOwn: isOwnMembership(standing, member) };
  const moderate = may(standing, 'profile.moderate');
  return {
    update: moderate.allowed ? moderate : may(standing, 'profile.update', own),
    admit: mayStep(member, 'admit', decisionVerdict(standing, 'member.admit', ADMISSION)),
    decline: mayStep(member, 'decline', may(standing, 'member.admit')),
    sponsor: own.isOwn ? NOT_ONESELF : mayStep(member, 'admit', may(standing, 'member.sponsor')),
    suspend: mayStep(member, 'suspend', decisionVerdict(standing, 'member.suspend', SUSPENSION)),
    reinstate: mayStep(member, 'reinstate', decisionVerdict(standing, 'member.suspend', REINSTATEMENT)),
    leave: mayStep(member, 'leave', may(standing, 'member.leave', own)),
    assignRole: mayStep(member, 'suspend', decisionVerdict(standing, 'role.assign', ROLE_GIFT)),
  };
}
