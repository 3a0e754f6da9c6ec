import { Objection, type ObjectionState } from '../../../entities/objection.ts';
import { assert, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { boundedText, optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { say } from './consent-record.ts';
import { openObjectionOf, REASON_BOUNDS, requireElector, takeOpenConsent } from './consent.ts';
import { ObjectionConflict } from './discussion-errors.ts';
import { standingAmongVoters, type NamedProposal } from '../life/take-proposal.ts';

export interface RaiseObjection extends NamedProposal {
  reason: string;
}

/**
 * Objects to a proposal, which does not pass as long as the objection is open. An amendment leaves it open: whoever raised it says
 * whether it is met. The stance that they took before to this version falls: they do not consent again by being heard.
 *
 * @throws Forbidden, NotFound, NotByConsent, ProposalStateConflict, NotAnElector, ObjectionConflict, InvalidInput without a reason
 * @emits ObjectionRaised
 */
export async function raiseObjection(tx: Tx, command: RaiseObjection): Promise<Objection> {
  const { standing, proposal } = await takeOpenConsent(tx, command, 'objection.raise');
  const membershipId = await requireElector(tx, standing, proposal);
  if (await openObjectionOf(tx.db, proposal, membershipId)) throw new ObjectionConflict('OPEN_ALREADY');
  const { networkId, id: proposalId, version } = proposal;
  const objection: Objection = {
    networkId,
    id: newId('objection'),
    proposalId,
    version,
    membershipId,
    reason: boundedText(command.reason, 'reason', REASON_BOUNDS),
    state: 'RAISED',
    raisedAt: tx.now,
    resolution: null,
    resolvedByMembershipId: null,
    resolvedAt: null,
  };
  const { id: objectionId, reason } = objection;
  const sealing = await say(tx, {
    networkId,
    proposalId,
    said: 'OBJECT',
    membershipId,
    objectionId,
    reason,
  });
  const data = { objectionId, version, ...sealing };
  tx.emit({ networkId, kind: 'ObjectionRaised', subjectId: proposalId, data });
  return objection;
}

export type ObjectionResolution = Exclude<ObjectionState, 'RAISED'>;

export interface ResolveObjection {
  networkId: string;
  objectionId: string;
  state: ObjectionResolution;
  reason?: string | null;
}

/**
 * Settles an objection. Whoever raised it says that an amendment has met it, or takes it back; the facilitator can rule that it is
 * none, with a reason, but not about an objection of their own.
 *
 * @throws Forbidden NOT_YOURS, NotFound, ProposalStateConflict, ObjectionConflict, InvalidInput
 * @emits ObjectionResolved
 */
export async function resolveObjection(tx: Tx, command: ResolveObjection): Promise<Objection> {
  const { state } = command;
  const permission = state === 'INVALID' ? 'objection.rule' : 'objection.settle';
  const { proposalId, networkId, id } = await findObjection(tx, command);
  const named = { networkId, proposalId };
  // Whose it is, is looked at when nobody can change it any more.
  const { standing, proposal } = await takeOpenConsent(tx, named, permission, { isOwn: true });
  const objection = await tx.db.one(Objection, { networkId, id });
  if (!objection) throw new NotFound('Objection');
  const isRaiser = objection.membershipId === standing.membership?.id;
  const isFacilitator = proposal.facilitatorMembershipId === standing.membership?.id;
  authorize(standing, permission, { isOwn: state === 'INVALID' ? isFacilitator : isRaiser });
  if (objection.state !== 'RAISED') throw new ObjectionConflict('NOT_OPEN');
  if (state === 'INVALID' && isRaiser) throw new ObjectionConflict('IS_OWN');
  if (state === 'INTEGRATED' && objection.version === proposal.version)
    throw new ObjectionConflict('NOT_AMENDED');
  const resolution = optionalText(command.reason, 'reason', REASON_BOUNDS);
  if (state === 'INVALID' && resolution === null) throw new InvalidInput('REQUIRED', 'reason');
  return settle(tx, objection, { state, resolution, standing });
}

async function settle(
  tx: Tx,
  objection: Objection,
  by: { state: ObjectionResolution; resolution: string | null; standing: Standing },
): Promise<Objection> {
  const { networkId, id, proposalId } = objection;
  const { state, resolution, standing } = by;
  assert(standing.membership, 'who settles an objection is a member');
  const { id: membershipId } = standing.membership;
  const sealing = await say(tx, {
    networkId,
    proposalId,
    said: state,
    membershipId,
    objectionId: id,
    reason: resolution,
  });
  const data = { objectionId: id, state, ...sealing };
  tx.emit({ networkId, kind: 'ObjectionResolved', subjectId: proposalId, data });
  return { ...objection, state, resolution, resolvedByMembershipId: membershipId, resolvedAt: tx.now };
}

/** Which objection is meant, for members: its proposal is locked before it. */
async function findObjection(tx: Tx, command: ResolveObjection): Promise<Objection> {
  const standing = await standingAmongVoters(tx, command.networkId, 'shared');
  const id = requireId('objection', command.objectionId, 'objectionId');
  const objection = await tx.db.one(Objection, { networkId: standing.network.id, id });
  if (!objection) throw new NotFound('Objection');
  return objection;
}
