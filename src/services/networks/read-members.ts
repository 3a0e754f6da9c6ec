import { GroupMembership } from '../../entities/group-membership.ts';
import { Group } from '../../entities/group.ts';
import { Membership } from '../../entities/membership.ts';
import { RoleAssignment } from '../../entities/role-assignment.ts';
import { Sponsorship } from '../../entities/sponsorship.ts';
import type { Db } from '../../kernel/database.ts';
import { kindOfId } from '../../kernel/ids.ts';
import type { Standing } from '../access/standing.ts';
import { mayKnowOf } from './membership-access.ts';
import type { Closeness } from './visibility.ts';

/** A membership that the viewer may know of, or null. */
export async function readableMembership(
  db: Db,
  standing: Standing,
  id: string,
  closeness: Closeness,
): Promise<Membership | null> {
  if (kindOfId(id) !== 'membership') return null;
  const member = await db.one(Membership, { networkId: standing.network.id, id });
  return member && mayKnowOf(standing, member, closeness) ? member : null;
}

/** Roles that a member holds or will hold, by their beginning. */
export function rolesOf(db: Db, member: Membership, now: Date): Promise<RoleAssignment[]> {
  return db.select(
    RoleAssignment,
    `where network_id = $1 and membership_id = $2 and revoked_at is null and (ends_at is null or ends_at > $3)
      order by starts_at, id limit 50`,
    [member.networkId, member.id, now],
  );
}

/** The groups that a member belongs to, by name; at most fifty. */
export function groupsOf(db: Db, member: Membership): Promise<Group[]> {
  return db.select(
    Group,
    `where network_id = $1 and archived_at is null and id in
        (select group_id from group_membership where network_id = $1 and membership_id = $2)
      order by sort_name, id limit 50`,
    [member.networkId, member.id],
  );
}

/** The coordinators of a group, in the order in which they joined; at most fifty. */
export async function coordinatorsOf(db: Db, group: Group): Promise<string[]> {
  const rows = await db.select(
    GroupMembership,
    'where network_id = $1 and group_id = $2 and is_coordinator order by joined_at, membership_id limit 50',
    [group.networkId, group.id],
  );
  return rows.map((row) => row.membershipId);
}

/** Who vouched for a member, in order; at most fifty. */
export async function sponsorsOf(db: Db, member: Membership): Promise<string[]> {
  const rows = await db.select(
    Sponsorship,
    'where network_id = $1 and membership_id = $2 order by at, sponsor_membership_id limit 50',
    [member.networkId, member.id],
  );
  return rows.map((row) => row.sponsorMembershipId);
}
