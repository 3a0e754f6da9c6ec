import { GroupMembership } from '../../entities/group-membership.ts';
import { Group } from '../../entities/group.ts';
import { Membership } from '../../entities/membership.ts';
import { RoleAssignment } from '../../entities/role-assignment.ts';
import { Sponsorship } from '../../entities/sponsorship.ts';
import type { Db } from '../../kernel/database.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { groupedBy, keysOf } from '../../kernel/lists.ts';
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

/** What a member is shown with at most. */
const MOST = 50;

/** Roles that each member holds or will hold, by their beginning. */
export async function rolesOf(
  db: Db,
  members: readonly Membership[],
  now: Date,
): Promise<RoleAssignment[][]> {
  const rows = await db.select(
    RoleAssignment,
    `where (network_id, membership_id) in (select * from unnest($1::text[], $2::text[]))
        and revoked_at is null and (ends_at is null or ends_at > $3)
      order by starts_at, id`,
    [...keysOf(members), now],
  );
  const rolesOn = groupedBy(rows, ({ membershipId }) => membershipId);
  return members.map(({ id }) => rolesOn(id).slice(0, MOST));
}

/** Ids of the groups that each member belongs to, by name; at most fifty. */
export async function groupIdsOf(db: Db, members: readonly Membership[]): Promise<string[][]> {
  const rows = await db.rows<{ membershipId: string; groupId: string }>(
    `select gm.membership_id, gm.group_id from group_membership gm
       join member_group g on g.network_id = gm.network_id and g.id = gm.group_id
      where (gm.network_id, gm.membership_id) in (select * from unnest($1::text[], $2::text[]))
        and g.archived_at is null
      order by g.sort_name, g.id`,
    keysOf(members),
  );
  const groupsOn = groupedBy(rows, ({ membershipId }) => membershipId);
  return members.map(({ id }) =>
    groupsOn(id)
      .slice(0, MOST)
      .map(({ groupId }) => groupId),
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

/** Who vouched for each member, in order; at most fifty. */
export async function sponsorsOf(db: Db, members: readonly Membership[]): Promise<string[][]> {
  const rows = await db.select(
    Sponsorship,
    `where (network_id, membership_id) in (select * from unnest($1::text[], $2::text[]))
      order by at, sponsor_membership_id`,
    keysOf(members),
  );
  const sponsorsOn = groupedBy(rows, ({ membershipId }) => membershipId);
  return members.map(({ id }) =>
    sponsorsOn(id)
      .slice(0, MOST)
      .map(({ sponsorMembershipId }) => sponsorMembershipId),
  );
}
