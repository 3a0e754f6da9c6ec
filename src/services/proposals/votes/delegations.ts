import { Delegation } from '../../../entities/delegation.ts';
import type { Membership } from '../../../entities/membership.ts';
import { closesCircle } from '../../../governance/delegation-circle.ts';
import type { Delegation as Delegated } from '../../../governance/delegation.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import type { NewEvent } from '../../../kernel/events.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { pagesOf, type Lists } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { isHelping, type Standing } from '../../access/standing.ts';
import { holdActiveMember } from '../signatures/active-member.ts';
import { DelegationCircle, TooManyDelegations } from '../discussion/discussion-errors.ts';
import { TOPIC_BOUNDS } from '../life/draft.ts';
import { standingAmongVoters } from '../life/take-proposal.ts';

/** Of one member, at a time. */
const MAX_DELEGATIONS = 20;

export interface SetDelegation {
  networkId: string;
  delegateMembershipId: string;
  topic?: string | null;
}

/**
 * Lets another member vote where one does not vote oneself: on one topic, or on everything for which one has no other delegation.
 * It takes the place of the one that one had for that. Nobody but the two is told of it.
 *
 * @throws Forbidden for a helper, NotFound, MembershipStateConflict, InvalidInput, DelegationCircle, TooManyDelegations
 * @emits DelegationSet
 */
export async function setDelegation(tx: Tx, command: SetDelegation): Promise<Delegation> {
  const standing = await standingAmongVoters(tx, command.networkId, 'shared');
  authorize(standing, 'delegation.set');
  const { network, membership } = standing;
  assert(membership, 'who may delegate is a member');
  const topic = optionalText(command.topic, 'topic', TOPIC_BOUNDS);
  const path = 'delegateMembershipId';
  const delegate = await holdActiveMember(tx, network.id, command.delegateMembershipId, path);
  if (delegate.id === membership.id) throw new InvalidInput('INVALID_CHOICE', path);
  await lockDelegations(tx, network.id);
  const added = { fromId: membership.id, toId: delegate.id, topic };
  const before = await tx.db.one(Delegation, {
    networkId: network.id,
    fromMembershipId: membership.id,
    topic,
  });
  if (before?.toMembershipId === delegate.id) return before;
  const delegations = await delegationsIn(tx.db, network.id);
  if (closesCircle(added, delegations)) throw new DelegationCircle();
  const own = delegations.filter(({ fromId }) => fromId === membership.id);
  if (!before && own.length >= MAX_DELEGATIONS) throw new TooManyDelegations(MAX_DELEGATIONS);
  if (before) await tx.db.delete(Delegation, { networkId: network.id, id: before.id });
  const delegation: Delegation = {
    networkId: network.id,
    id: newId('delegation'),
    fromMembershipId: membership.id,
    toMembershipId: delegate.id,
    topic,
    setAt: tx.now,
  };
  await tx.db.insert(Delegation, delegation);
  tx.emit({ networkId: network.id, kind: 'DelegationSet', subjectId: delegation.id });
  return delegation;
}

/**
 * Ends a delegation: who gave it takes it back, or who received it does not want it.
 *
 * @throws Forbidden for a helper, NotFound unless one has given or received it, InvalidInput INVALID_ID
 * @emits DelegationRevoked
 */
export async function revokeDelegation(
  tx: Tx,
  command: { networkId: string; delegationId: string },
): Promise<Delegation> {
  const standing = await standingAmongVoters(tx, command.networkId, 'shared');
  authorize(standing, 'delegation.set');
  const { network } = standing;
  const id = requireId('delegation', command.delegationId, 'delegationId');
  await lockDelegations(tx, network.id);
  const delegation = await tx.db.one(Delegation, { networkId: network.id, id });
  // Who is neither side does not learn that there is one.
  if (!delegation || !seesDelegation(standing, delegation)) throw new NotFound('Delegation');
  await tx.db.delete(Delegation, { networkId: network.id, id });
  tx.emit({ networkId: network.id, kind: 'DelegationRevoked', subjectId: id });
  return delegation;
}

/**
 * Ends what a former member has delegated, and what was delegated to them.
 *
 * @emits DelegationRevoked
 */
export async function endDelegationsOf(tx: Tx, { networkId, subjectId }: NewEvent): Promise<void> {
  await lockDelegations(tx, networkId);
  const ended = await tx.db.rows<{ id: string }>(
    `delete from delegation where network_id = $1 and $2 in (from_membership_id, to_membership_id) returning id`,
    [networkId, subjectId],
  );
  for (const { id } of ended) tx.emit({ networkId, kind: 'DelegationRevoked', subjectId: id });
}

/** Of those who change delegations in a network one goes on at a time: each must see what the others have set. */
async function lockDelegations(tx: Tx, networkId: string): Promise<void> {
  await tx.db.execute(
    `insert into delegation_book (network_id, change_count) values ($1, 1)
     on conflict on constraint pk_delegation_book do update set change_count = delegation_book.change_count + 1`,
    [networkId],
  );
}

/** All delegations in force, as the rules know them. */
export async function delegationsIn(db: Db, networkId: string): Promise<Delegated[]> {
  return db.rows<Delegated>(
    `select from_membership_id as from_id, to_membership_id as to_id, topic from delegation
      where network_id = $1 order by id`,
    [networkId],
  );
}

const DELEGATIONS = { entity: Delegation, table: 'delegation', by: 'id' };
const SIDES: Record<'given' | 'received', Lists<Delegation>> = {
  given: { ...DELEGATIONS, of: 'from_membership_id' },
  received: { ...DELEGATIONS, of: 'to_membership_id' },
};

export interface DelegationsAsked extends PageRequest {
  side: 'given' | 'received';
}

/** What each member has delegated, or what was delegated to them, oldest first; for themselves alone. */
export function delegationsOf(
  db: Db,
  members: readonly Membership[],
  { side, ...request }: DelegationsAsked,
): Promise<Page<Delegation>[]> {
  return pagesOf(db, SIDES[side], { owners: members, request });
}

/** Whether the viewer gave or received a delegation: nobody else knows of it, and no helper. */
export function seesDelegation(standing: Standing, delegation: Delegation): boolean {
  const { membership } = standing;
  const { fromMembershipId, toMembershipId } = delegation;
  return (
    membership !== null && !isHelping(standing) && [fromMembershipId, toMembershipId].includes(membership.id)
  );
}
