import { GroupMembership } from '../../entities/group-membership.ts';
import { Group, type GroupJoinMode } from '../../entities/group.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Db } from '../../kernel/database.ts';
import { Forbidden, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { GroupConflict, MembershipStateConflict } from './errors.ts';
import { lockMembership } from './memberships.ts';
import { parseTranslations, sortNameOf, type TranslationInput } from './translations.ts';

export interface CreateGroup {
  networkId: string;
  name: string;
  purpose?: readonly TranslationInput[] | null;
  joinMode?: GroupJoinMode | null;
}

const NAME_BOUNDS = { max: 120 };
const PURPOSE_BOUNDS = { max: 5_000 };

/**
 * Makes a circle, committee or sub-area. Who makes it is its first coordinator.
 *
 * @emits GroupCreated
 */
export async function createGroup(tx: Tx, command: CreateGroup): Promise<Group> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'group.create');
  const { network } = standing;
  const membership = await lockOwnMembership(tx, standing);
  const name = boundedText(command.name, 'name', NAME_BOUNDS);
  const group: Group = {
    networkId: network.id,
    id: newId('group'),
    name: { [network.defaultLocale]: name },
    purpose: parseTranslations(command.purpose ?? [], 'purpose', PURPOSE_BOUNDS),
    sortName: sortNameOf(name),
    joinMode: command.joinMode ?? 'OPEN',
    createdAt: tx.now,
    archivedAt: null,
  };
  await tx.db.insert(Group, group);
  if (membership) await insertGroupMember(tx, group, membership.id, true);
  tx.emit({ networkId: network.id, kind: 'GroupCreated', subjectId: group.id });
  return group;
}

export interface UpdateGroup {
  networkId: string;
  groupId: string;
  name?: readonly TranslationInput[];
  purpose?: readonly TranslationInput[] | null;
  joinMode?: GroupJoinMode;
  isArchived?: boolean;
}

/**
 * Changes a group: its coordinators and those of the network.
 *
 * @emits GroupUpdated
 */
export async function updateGroup(tx: Tx, command: UpdateGroup): Promise<Group> {
  const { standing, group } = await groupForManager(tx, command.networkId, command.groupId);
  const set: Partial<Group> = {};
  if (command.name?.length) {
    set.name = parseTranslations(command.name, 'name', NAME_BOUNDS);
    set.sortName = sortNameOf(set.name[standing.network.defaultLocale] ?? Object.values(set.name)[0] ?? '');
  }
  if (command.purpose !== undefined)
    set.purpose = parseTranslations(command.purpose ?? [], 'purpose', PURPOSE_BOUNDS);
  if (command.joinMode !== undefined) set.joinMode = command.joinMode;
  if (command.isArchived !== undefined)
    set.archivedAt = command.isArchived ? (group.archivedAt ?? tx.now) : null;
  if (Object.keys(set).length === 0) return group;
  await tx.db.update(Group, { networkId: group.networkId, id: group.id }, set);
  tx.emit({ networkId: group.networkId, kind: 'GroupUpdated', subjectId: group.id });
  return { ...group, ...set };
}

export interface GroupMemberCommand {
  networkId: string;
  groupId: string;
  /** Another member, for those who coordinate; oneself if absent. */
  membershipId?: string | null;
}

/**
 * Joins an open group, or adds a member as its coordinator.
 *
 * @throws GroupConflict, MembershipStateConflict
 * @emits GroupJoined
 */
export async function joinGroup(tx: Tx, command: GroupMemberCommand): Promise<Group> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'group.join');
  const membershipId = await memberMeant(tx, standing, command);
  const group = await lockGroup(tx, standing.network.id, command.groupId);
  if (group.archivedAt) throw new GroupConflict('ARCHIVED');
  const isSelf = membershipId === standing.membership?.id;
  if (isSelf && group.joinMode === 'BY_COORDINATOR' && !(await mayManage(tx, standing, group))) {
    throw new GroupConflict('BY_COORDINATOR');
  }
  if (await tx.db.exists(GroupMembership, { networkId: group.networkId, groupId: group.id, membershipId })) {
    throw new GroupConflict('ALREADY_IN');
  }
  await insertGroupMember(tx, group, membershipId, false);
  tx.emit({ networkId: group.networkId, kind: 'GroupJoined', subjectId: group.id, data: { membershipId } });
  return group;
}

/**
 * Leaves a group, or takes a member out of it as its coordinator.
 *
 * @throws GroupConflict NOT_IN
 * @emits GroupLeft
 */
export async function leaveGroup(tx: Tx, command: GroupMemberCommand): Promise<Group> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'group.join');
  const membershipId = await memberMeant(tx, standing, command);
  const group = await lockGroup(tx, standing.network.id, command.groupId);
  const key = { networkId: group.networkId, groupId: group.id, membershipId };
  if ((await tx.db.delete(GroupMembership, key)) === 0) throw new GroupConflict('NOT_IN');
  tx.emit({ networkId: group.networkId, kind: 'GroupLeft', subjectId: group.id, data: { membershipId } });
  return group;
}

/**
 * Makes a member of a group its coordinator, or one among the others again.
 *
 * @throws GroupConflict NOT_IN
 * @emits GroupCoordinatorSet
 */
export async function setGroupCoordinator(
  tx: Tx,
  command: { networkId: string; groupId: string; membershipId: string; isCoordinator: boolean },
): Promise<Group> {
  const { group } = await groupForManager(tx, command.networkId, command.groupId);
  const { membershipId, isCoordinator } = command;
  requireId('membership', membershipId, 'membershipId');
  const key = { networkId: group.networkId, groupId: group.id, membershipId };
  if ((await tx.db.update(GroupMembership, key, { isCoordinator })) === 0) throw new GroupConflict('NOT_IN');
  tx.emit({
    networkId: group.networkId,
    kind: 'GroupCoordinatorSet',
    subjectId: group.id,
    data: { membershipId, isCoordinator },
  });
  return group;
}

/** Whether the standing's membership coordinates the group. */
export async function coordinatesGroup(db: Db, standing: Standing, groupId: string): Promise<boolean> {
  if (!standing.membership) return false;
  const membership = await db.one(GroupMembership, {
    networkId: standing.network.id,
    groupId,
    membershipId: standing.membership.id,
  });
  return membership?.isCoordinator ?? false;
}

/**
 * Groups of a network by name.
 *
 * @throws Forbidden
 */
export async function listGroups(db: Db, standing: Standing, request: PageRequest): Promise<Page<Group>> {
  authorize(standing, 'member.list');
  const [name, id] = afterKey(request, [CURSOR_TEXT, CURSOR_TEXT]);
  const rows = await db.select(
    Group,
    `where network_id = $1 and archived_at is null
        and ($2::text is null or (sort_name, id) > ($2::text collate "C", $3::text))
      order by sort_name, id limit $4`,
    [standing.network.id, name, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.sortName, row.id]);
}

/** The own membership, locked: who leaves meanwhile must not stay behind in a group. */
async function lockOwnMembership(tx: Tx, { network, membership }: Standing): Promise<Membership | null> {
  if (!membership) return null;
  const own = await lockMembership(tx, network.id, membership.id);
  if (own.state !== 'ACTIVE') throw new MembershipStateConflict(own.state);
  return own;
}

async function insertGroupMember(
  tx: Tx,
  group: Group,
  membershipId: string,
  isCoordinator: boolean,
): Promise<void> {
  await tx.db.insert(GroupMembership, {
    networkId: group.networkId,
    groupId: group.id,
    membershipId,
    isCoordinator,
    joinedAt: tx.now,
  });
}

async function lockGroup(tx: Tx, networkId: string, groupId: string): Promise<Group> {
  const id = requireId('group', groupId, 'groupId');
  const group = await tx.db.lock(Group, { networkId, id });
  if (!group) throw new NotFound('Group');
  return group;
}

async function groupForManager(
  tx: Tx,
  networkId: string,
  groupId: string,
): Promise<{ standing: Standing; group: Group }> {
  const standing = await standingIn(tx, networkId);
  // Before the group is looked up: who is no member does not learn which groups exist.
  authorize(standing, 'group.join');
  const group = await lockGroup(tx, standing.network.id, groupId);
  authorize(standing, 'group.manage', { isOwn: await coordinatesGroup(tx.db, standing, group.id) });
  return { standing, group };
}

async function mayManage(tx: Tx, standing: Standing, group: Group): Promise<boolean> {
  return standing.roles.includes('COORDINATOR') || coordinatesGroup(tx.db, standing, group.id);
}

/** Oneself, or an active member whom one may add or take out; locked, so that nobody leaves meanwhile. */
async function memberMeant(tx: Tx, standing: Standing, command: GroupMemberCommand): Promise<string> {
  const own = standing.membership?.id;
  const id = command.membershipId ?? own;
  if (id === undefined) throw new Forbidden('NOT_A_MEMBER');
  if (id !== own) {
    const groupId = requireId('group', command.groupId, 'groupId');
    authorize(standing, 'group.manage', { isOwn: await coordinatesGroup(tx.db, standing, groupId) });
  }
  const member = await lockMembership(tx, standing.network.id, id);
  if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
  return id;
}
