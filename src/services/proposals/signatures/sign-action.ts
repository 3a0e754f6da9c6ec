import { ActionSignature } from '../../../entities/action-signature.ts';
import type { ResolutionKind } from '../../../entities/resolution.ts';
import { SignedAction } from '../../../entities/signed-action.ts';
import { assert, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { ActionHandlers } from '../../access/action-handler.ts';
import { authorize } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { authorizeDeclining, authorizeSigning, isOpenToSign, signedBy } from './action-access.ts';
import { AlreadySigned, RuleChanged, SignedActionEnded } from './action-errors.ts';
import { endAction } from './end-action.ts';
import { executeActions, type DecisionDeps } from '../life/carry-out.ts';
import { recordResolution } from '../register/resolutions.ts';
import {
  canTryAgain,
  isRuleInForce,
  signaturesNeeded,
  validSigners,
  withBeneficiariesNow,
} from './signers.ts';
import { standingAmongVoters } from '../life/take-proposal.ts';

export interface NamedAction {
  networkId: string;
  actionId: string;
}

const REASON_BOUNDS = { max: 1_000 };

/**
 * Signs an action. With the last signature that it needs it is executed in the same transaction; if that is refused, the
 * signatures stay with the reason, and signing again tries again. Signatures count of those who hold the role and gain nothing
 * by it now; if enough of them do so again, who has signed has it carried out by signing again.
 *
 * @throws Forbidden, NotFound, SignedActionEnded, RuleChanged, OwnBenefit, AlreadySigned
 * @emits ActionSigned, and ActionExecuted with what the operation emits, or ActionFailed
 */
export async function signAction(
  tx: Tx,
  decisions: DecisionDeps,
  command: NamedAction,
): Promise<SignedAction> {
  const { standing, action } = await takeAction(tx, decisions.handlers, command);
  authorizeSigning(standing, action);
  requireOpenToSign(action, tx.now);
  if (!isRuleInForce(standing.network, action)) throw new RuleChanged();
  const { membership } = standing;
  assert(membership, 'who holds a role is a member');
  if (!(await signedBy(tx.db, action, membership.id))) return signBy(tx, decisions, action, membership.id);
  if (!(await canTryAgain(tx, action))) throw new AlreadySigned();
  return executeIfSigned(tx, decisions, action);
}

/** Adds the signature of a member who may give it. */
export async function signBy(
  tx: Tx,
  decisions: DecisionDeps,
  action: SignedAction,
  membershipId: string,
): Promise<SignedAction> {
  const { networkId, id } = action;
  await tx.db.insert(ActionSignature, { networkId, actionId: id, membershipId, signedAt: tx.now });
  tx.emit({ networkId, kind: 'ActionSigned', subjectId: id, data: { membershipId } });
  return executeIfSigned(tx, decisions, action);
}

async function executeIfSigned(tx: Tx, decisions: DecisionDeps, action: SignedAction): Promise<SignedAction> {
  const signers = await validSigners(tx, action);
  if (signers.length < signaturesNeeded(action.rule)) return action;
  const { networkId, id } = action;
  const failure = await executeActions(tx, decisions, [action.action], {
    networkId,
    decisionId: id,
    electedIds: [],
  });
  if (failure) {
    tx.emit({ networkId, kind: 'ActionFailed', subjectId: id, data: { code: failure.code } });
    return endAction(tx, action, { state: 'FAILED', failure });
  }
  const executed = await endAction(tx, action, { state: 'EXECUTED' });
  tx.emit({ networkId, kind: 'ActionExecuted', subjectId: id });
  await recordResolution(tx, { ...lineOf(tx, action), outcome: 'PASSED', summary: { signers } });
  return executed;
}

export interface DeclineAction extends NamedAction {
  reason: string;
}

/**
 * Says no to an action that waits for signatures, with a reason. One no is enough: who disagrees submits another action, or
 * has the members vote. The no of who could have signed is a decision and stands in the register; who has submitted it takes
 * it back, and decides nothing.
 *
 * @throws Forbidden, NotFound, SignedActionEnded, OwnBenefit, InvalidInput
 * @emits ActionDeclined, and ResolutionRecorded unless it was taken back
 */
export async function declineAction(
  tx: Tx,
  handlers: ActionHandlers,
  command: DeclineAction,
): Promise<SignedAction> {
  const { standing, action } = await takeAction(tx, handlers, command);
  authorizeDeclining(standing, action);
  requireOpenToSign(action, tx.now);
  const { membership } = standing;
  assert(membership, 'who declines is a member');
  const declineReason = boundedText(command.reason, 'reason', REASON_BOUNDS);
  const end = { state: 'DECLINED', declinedByMembershipId: membership.id, declineReason } as const;
  const declined = await endAction(tx, action, end);
  tx.emit({ networkId: action.networkId, kind: 'ActionDeclined', subjectId: action.id });
  if (membership.id !== action.submittedByMembershipId) {
    const summary = { declinedBy: membership.id, reason: declineReason };
    await recordResolution(tx, { ...lineOf(tx, action), outcome: 'DECLINED', summary });
  }
  return declined;
}

/** What the register says of an action, whatever became of it. */
function lineOf(tx: Tx, { networkId, id, rule, title, action }: SignedAction) {
  const kind: ResolutionKind = rule.decidedBy.by === 'ROLE' ? 'ROLE' : 'SIGNATURES';
  return { networkId, sourceId: id, kind, title, sentences: [action.sentence], decidedAt: tx.now };
}

/**
 * The action, locked, with those who gain by it now. The network is held before it: carrying it out locks members and
 * accounts after it.
 */
async function takeAction(
  tx: Tx,
  handlers: ActionHandlers,
  { networkId, actionId }: NamedAction,
): Promise<{ standing: Standing; action: SignedAction }> {
  const standing = await standingAmongVoters(tx, networkId, 'exclusive');
  authorize(standing, 'action.submit');
  const id = requireId('signedAction', actionId, 'actionId');
  const action = await tx.db.lock(SignedAction, { networkId: standing.network.id, id });
  if (!action) throw new NotFound('SignedAction');
  return { standing, action: await withBeneficiariesNow(tx.db, handlers, action) };
}

/** @throws SignedActionEnded */
function requireOpenToSign(action: SignedAction, now: Date): void {
  if (isOpenToSign(action, now)) return;
  throw new SignedActionEnded(action.endedAt ? action.state : 'EXPIRED');
}
