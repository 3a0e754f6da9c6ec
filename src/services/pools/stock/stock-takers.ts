import { GroupMembership } from '../../../entities/group-membership.ts';
import { Group } from '../../../entities/group.ts';
import { Resource } from '../../../entities/resource.ts';
import type { Db } from '../../../kernel/database.ts';
import { Forbidden, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn } from '../../access/standing.ts';
import { GroupConflict } from '../../networks/errors.ts';
import { holdActiveMember } from '../held-members.ts';

export interface NamedGiver {
  networkId: string;
  resourceId: string;
  /** Oneself if absent. */
  membershipId?: string | null;
}

export interface NamedTaker extends NamedGiver {
  /** The household on whose quota it counts; the only one of the member if absent. */
  groupId?: string | null;
}

/** Who brings or takes something, and for which household. */
export interface Taker {
  membershipId: string;
  groupId: string | null;
  /** Whether it is written down for somebody other than the actor. */
  isAnother: boolean;
}

/**
 * Who brings something, held as they are: nobody leaves before the transaction ends. The stock itself is locked after them, by
 * the one order of rows.
 *
 * @throws Forbidden, NotFound, MembershipStateConflict, InvalidInput
 */
export async function giverOf(tx: Tx, command: NamedGiver): Promise<Taker> {
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'stock.move');
  const { network, membership: own } = standing;
  const membershipId = command.membershipId ?? own?.id;
  if (membershipId === undefined) throw new Forbidden('NOT_A_MEMBER');
  const isAnother = membershipId !== own?.id;
  if (isAnother) await holdActiveMember(tx, network.id, membershipId, 'membershipId');
  return { membershipId, groupId: null, isAnother };
}

/**
 * Who takes something, held in the same way together with the household.
 *
 * @throws Forbidden, NotFound, MembershipStateConflict, GroupConflict, InvalidInput
 */
export async function takerOf(tx: Tx, command: NamedTaker): Promise<Taker> {
  const taker = await giverOf(tx, command);
  const { membershipId } = taker;
  return { ...taker, groupId: await householdOf(tx, command.networkId, { ...command, membershipId }) };
}

/** The household that is named, or the only one of the member where the stock asks for one; null otherwise. */
async function householdOf(
  tx: Tx,
  networkId: string,
  { resourceId, membershipId, groupId }: NamedTaker & { membershipId: string },
): Promise<string | null> {
  const named = groupId ? requireId('group', groupId, 'groupId') : null;
  const id = named ?? (await onlyHousehold(tx.db, { networkId, resourceId, membershipId }));
  if (id === null) return null;
  const [group] = await tx.db.all(Group, { networkId, id }, 'for share');
  if (!group) throw new NotFound('Group');
  if (group.archivedAt) throw new GroupConflict('ARCHIVED');
  if (!(await tx.db.exists(GroupMembership, { networkId, groupId: id, membershipId }))) {
    throw new GroupConflict('NOT_IN');
  }
  return id;
}

/** @throws InvalidInput REQUIRED if the stock counts by household, and the member belongs to none or to several */
async function onlyHousehold(
  db: Db,
  { networkId, resourceId, membershipId }: { networkId: string; resourceId: string; membershipId: string },
): Promise<string | null> {
  const id = requireId('resource', resourceId, 'resourceId');
  const resource = await db.one(Resource, { networkId, id });
  if (resource?.quotaPer !== 'GROUP') return null;
  const groupIds = await householdsOf(db, networkId, membershipId);
  if (groupIds.length !== 1) throw new InvalidInput('REQUIRED', 'groupId');
  return groupIds[0] ?? null;
}

/** The groups in use to which a member belongs. */
export async function householdsOf(db: Db, networkId: string, membershipId: string): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(
    `select g.id from group_membership m
       join member_group g on g.network_id = m.network_id and g.id = m.group_id
      where m.network_id = $1 and m.membership_id = $2 and g.archived_at is null
      order by g.id`,
    [networkId, membershipId],
  );
  return rows.map(({ id }) => id);
}
