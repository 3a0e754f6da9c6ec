import { AccountSignatory } from '../../entities/account-signatory.ts';
import { Account } from '../../entities/account.ts';
import { Membership } from '../../entities/membership.ts';
import { Group } from '../../entities/group.ts';
import { Unit } from '../../entities/unit.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { kindOfId, requireId } from '../../kernel/ids.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { MembershipStateConflict } from '../networks/errors.ts';
import { lockMembership } from '../networks/memberships.ts';
import { authorizeLimits, authorizeOverseeing, holdingSubject, tieTo, type Tie } from './account-access.ts';
import { AccountNotOpen, SignatoryConflict } from './errors.ts';
import { accountFor, insertAccounts, type Holder } from './new-account.ts';
import { lockAccounts } from './lock-accounts.ts';
import { signatoriesOf } from './read-accounts.ts';
import { policyOf } from './unit-policies.ts';
import { parseLimits } from './units.ts';

export interface OpenAccount {
  networkId: string;
  unitId: string;
  /** For whom: a member or a group; the network itself if neither is given. */
  membershipId?: string | null;
  groupId?: string | null;
  name: string;
}

const NAME_BOUNDS = { max: 80 };
const MAX_SIGNATORIES = 50;

/**
 * Opens a further account. Members open their own, coordinators for others, for groups and for the network. A member's
 * second account in a unit has no credit of its own; a coordinator may give it some.
 *
 * @throws Forbidden, NotFound, MembershipStateConflict, InvalidInput
 * @emits AccountOpened
 */
export async function openAccount(tx: Tx, command: OpenAccount): Promise<Account> {
  const standing = await standingIn(tx, command.networkId);
  const isForSelf = Boolean(command.membershipId) && command.membershipId === standing.membership?.id;
  authorize(standing, isForSelf ? 'account.openOwn' : 'account.open');
  const networkId = standing.network.id;
  const holder = await holderFor(tx, networkId, command);
  const unit = await tx.db.one(Unit, {
    networkId,
    id: requireId('unit', command.unitId, 'unitId'),
    archivedAt: null,
  });
  if (!unit) throw new NotFound('Unit');
  const account = accountFor(tx, unit, holder, boundedText(command.name, 'name', NAME_BOUNDS));
  // Credit is given once: whoever opens account after account would owe the limit as many times.
  if (await hasAccount(tx, unit, holder)) {
    const { ceilingMinor } = await policyOf(tx.db, unit);
    Object.assign(account, { followsPolicy: false, floorMinor: 0n, ceilingMinor });
  }
  await insertAccounts(tx, [account]);
  return account;
}

/**
 * Whether a member has or had an account in the unit: closing it does not give the credit anew. The membership is
 * locked, so nobody opens one meanwhile.
 */
async function hasAccount(tx: Tx, unit: Unit, holder: Holder): Promise<boolean> {
  if (holder.kind !== 'MEMBERSHIP') return false;
  const { membershipId } = holder;
  return tx.db.exists(Account, {
    networkId: unit.networkId,
    unitId: unit.id,
    membershipId,
  });
}

async function holderFor(tx: Tx, networkId: string, { membershipId, groupId }: OpenAccount): Promise<Holder> {
  if (membershipId && groupId) throw new InvalidInput('INVALID_CHOICE', 'groupId');
  if (membershipId) {
    const member = await lockMembership(tx, networkId, membershipId);
    if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
    return { kind: 'MEMBERSHIP', membershipId };
  }
  if (groupId) {
    const group = await tx.db.one(Group, {
      networkId,
      id: requireId('group', groupId, 'groupId'),
      archivedAt: null,
    });
    if (!group) throw new NotFound('Group');
    return { kind: 'GROUP', groupId };
  }
  return { kind: 'NETWORK' };
}

export interface UpdateAccount {
  networkId: string;
  accountId: string;
  name?: string;
  isFrozen?: boolean;
}

/**
 * Changes an account: its holder the name, coordinators also whether it is frozen, unless it is theirs.
 *
 * @throws Forbidden, NotFound, OwnAccount, AccountNotOpen if it is closed, InvalidInput
 * @emits AccountUpdated
 */
export async function updateAccount(tx: Tx, command: UpdateAccount): Promise<Account> {
  const { standing, account, tie } = await lockedAccount(tx, command);
  const { name, isFrozen } = command;
  if (isFrozen !== undefined) authorizeOverseeing(standing, tie);
  if (isFrozen === undefined || name !== undefined)
    authorize(standing, 'account.update', holdingSubject(account, tie));
  if (account.state === 'CLOSED') throw new AccountNotOpen('CLOSED', 'accountId');

  const set: Partial<Account> = {};
  if (name !== undefined) set.name = boundedText(name, 'name', NAME_BOUNDS);
  if (isFrozen !== undefined) set.state = isFrozen ? 'FROZEN' : 'OPEN';
  if (Object.keys(set).length === 0) return account;
  return changeAccount(tx, account, set, 'AccountUpdated');
}

export interface SetLimits {
  networkId: string;
  accountId: string;
  /** Whether the account goes back to the policy of its unit; it then has no limits of its own. */
  followsPolicy: boolean;
  /** Zero or less; null for no lower limit. */
  floor?: string | null;
  /** Zero or more; null for no upper limit. */
  ceiling?: string | null;
}

/**
 * Gives an account limits of its own, or lets it follow the policy of its unit again.
 *
 * @throws Forbidden, DecisionRequired, NotFound, OwnAccount, AccountNotOpen if it is closed, InvalidInput
 * @emits AccountLimitsSet
 */
export async function setLimits(tx: Tx, command: SetLimits): Promise<Account> {
  const { standing, account, tie } = await lockedAccount(tx, command);
  authorizeLimits(standing, tie);
  if (account.state === 'CLOSED') throw new AccountNotOpen('CLOSED', 'accountId');
  const { followsPolicy, floor = null, ceiling = null } = command;
  // What the community owes in common is nobody's own credit: it has the limits that it is given, and no others.
  if (followsPolicy && account.holderKind === 'NETWORK')
    throw new InvalidInput('INVALID_CHOICE', 'followsPolicy');
  if (followsPolicy && (floor !== null || ceiling !== null)) {
    throw new InvalidInput('INVALID_CHOICE', floor === null ? 'ceiling' : 'floor');
  }
  const unit = await tx.db.one(Unit, { networkId: account.networkId, id: account.unitId });
  assert(unit, 'an account has a unit');
  const limits = parseLimits({ floor, ceiling }, unit.scale, { floor: 'floor', ceiling: 'ceiling' });
  return changeAccount(tx, account, { followsPolicy, ...limits }, 'AccountLimitsSet');
}

export interface ChangeSignatory {
  networkId: string;
  accountId: string;
  membershipId: string;
}

/**
 * Lets another member sign for an account, beside its holder and at most 49 others.
 *
 * @throws Forbidden, NotFound, SignatoryConflict, MembershipStateConflict
 * @emits SignatoryAdded
 */
export async function addSignatory(tx: Tx, command: ChangeSignatory): Promise<Account> {
  await lockMemberFirst(tx, command);
  const { standing, account, tie } = await lockedAccount(tx, command);
  authorize(standing, 'account.sign', holdingSubject(account, tie));
  const member = await lockMembership(tx, account.networkId, command.membershipId);
  if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
  if (member.id === account.membershipId) throw new SignatoryConflict('IS_HOLDER');
  // Who looks after common property does not sign for it on without the office.
  if (member.id === standing.membership?.id) throw new SignatoryConflict('ONESELF');
  const key = { networkId: account.networkId, accountId: account.id, membershipId: member.id };
  // The account's row is locked, so nobody else adds at the same time.
  const others = await signatoriesOf(tx.db, account);
  if (others.some(({ membershipId }) => membershipId === member.id))
    throw new SignatoryConflict('ALREADY_SIGNS');
  if (others.length >= MAX_SIGNATORIES) throw new SignatoryConflict('TOO_MANY');
  await tx.db.insert(AccountSignatory, { ...key, addedAt: tx.now });
  tx.emit({
    networkId: account.networkId,
    kind: 'SignatoryAdded',
    subjectId: account.id,
    data: { membershipId: member.id },
  });
  return account;
}

/**
 * Ends a member's right to sign for an account: its holder, a coordinator, or the signatory.
 *
 * @throws Forbidden, NotFound, SignatoryConflict
 * @emits SignatoryRemoved
 */
export async function removeSignatory(tx: Tx, command: ChangeSignatory): Promise<Account> {
  const { standing, account, tie } = await lockedAccount(tx, command);
  const isResigning = standing.membership?.id === command.membershipId;
  const mayStop = isResigning || may(standing, 'account.setLimits').allowed;
  if (!mayStop) authorize(standing, 'account.sign', holdingSubject(account, tie));
  const membershipId = requireId('membership', command.membershipId, 'membershipId');
  const key = { networkId: account.networkId, accountId: account.id, membershipId };
  if ((await tx.db.delete(AccountSignatory, key)) === 0) throw new SignatoryConflict('DOES_NOT_SIGN');
  tx.emit({
    networkId: account.networkId,
    kind: 'SignatoryRemoved',
    subjectId: account.id,
    data: { membershipId },
  });
  return account;
}

async function lockedAccount(
  tx: Tx,
  command: { networkId: string; accountId: string },
): Promise<{ standing: Standing; account: Account; tie: Tie }> {
  const standing = await standingIn(tx, command.networkId);
  // Before the account is looked up: who is no member does not learn which accounts exist.
  authorize(standing, 'account.list');
  const id = requireId('account', command.accountId, 'accountId');
  const account = (await lockAccounts(tx, standing.network.id, [id])).get(id);
  if (!account) throw new NotFound('Account');
  return { standing, account, tie: await tieTo(tx.db, standing, account) };
}

// Memberships are locked before accounts everywhere. Whether there is such a member is said after the permission.
async function lockMemberFirst(tx: Tx, { networkId, membershipId }: ChangeSignatory): Promise<void> {
  if (kindOfId(membershipId) === 'membership' && kindOfId(networkId) === 'network') {
    await tx.db.lock(Membership, { networkId, id: membershipId });
  }
}

/** @emits the event that is named */
export async function changeAccount(
  tx: Tx,
  account: Account,
  set: Partial<Account>,
  event: string,
): Promise<Account> {
  const { networkId, id } = account;
  await tx.db.update(Account, { networkId, id }, set);
  tx.emit({ networkId, kind: event, subjectId: id, data: { fields: Object.keys(set).join(',') } });
  return { ...account, ...set };
}
