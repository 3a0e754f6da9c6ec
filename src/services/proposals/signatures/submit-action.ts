import type { Proposal } from '../../../entities/proposal.ts';
import { SignedAction } from '../../../entities/signed-action.ts';
import { ruledKind, type ProposalAction } from '../../../governance/actions.ts';
import { deciderOf, ruleFor, type BylawRule } from '../../../governance/bylaws.ts';
import { decidingsOf } from '../../../governance/strictest-rule.ts';
import { after, DAY_MS } from '../../../kernel/clock.ts';
import { assert, InvalidInput } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { boundedText, optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize, may } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { signingSubject } from './action-access.ts';
import { readAction, tryActions, type ActionInput, type DecisionDeps } from '../life/carry-out.ts';
import { draftProposal, TEXT_BOUNDS, TITLE_BOUNDS } from '../life/draft.ts';
import { openProposal } from '../life/open.ts';
import { signBy } from './sign-action.ts';
import { standingAmongVoters } from '../life/take-proposal.ts';

export interface SubmitAction {
  networkId: string;
  action: ActionInput;
  /** What it is called in the register; what it does, if absent. */
  title?: string | null;
  /** Why, for those who decide. */
  text?: string | null;
}

/** What came of it: an action that is signed or was executed, or a proposal on which members vote. */
export type Submitted = SignedAction | Proposal;

/** How long an action waits for signatures. */
const SIGNING_DAYS = 30;

/**
 * Hands in an action to those who decide it by the bylaws in force. An office that decides alone is asked for one signature:
 * who holds it has given it by this, and the action is executed at once. Where signatures decide, holders of the role
 * sign, who submits it first. Where members vote, a proposal is opened.
 *
 * @throws Forbidden, ActionRefused if it could not be carried out as things stand, VotingRuleFaulty, InvalidInput, and what
 *   the action is refused with
 * @emits ActionSubmitted, ActionSigned, ActionExecuted with what the operation emits; or ProposalDrafted, ProposalOpened
 */
export async function submitAction(
  tx: Tx,
  decisions: DecisionDeps,
  command: SubmitAction,
): Promise<Submitted> {
  const standing = await standingAmongVoters(tx, command.networkId, 'exclusive');
  authorize(standing, 'action.submit');
  const { id: networkId } = standing.network;
  const { handlers } = decisions;
  const action = await readAction(tx, handlers, networkId, { input: command.action, path: 'action' });
  const rule = ruleOn(standing, action);
  const title = optionalText(command.title, 'title', TITLE_BOUNDS) ?? titleOf(action);
  const text = optionalText(command.text, 'text', TEXT_BOUNDS) ?? action.sentence;
  if (rule.decidedBy.by === 'VOTE') {
    const { id } = await draftProposal(tx, handlers, { networkId, title, text, actions: [command.action] });
    return openProposal(tx, decisions, { networkId, proposalId: id });
  }
  // Holders of a role do not elect.
  if (action.seats !== null) throw new InvalidInput('INVALID_CHOICE', `action.${action.kind}.seats`);
  const handler = handlers.get(action.kind);
  assert(handler, 'what was read has a handler');
  const submitted = newSignedAction(tx, standing, {
    title,
    text,
    action,
    rule,
    beneficiaryIds: await handler.beneficiaries(tx.db, networkId, action.data),
  });
  const decision = { networkId, decisionId: submitted.id, electedIds: [] };
  await tryActions(tx, decisions, [action], decision);
  await tx.db.insert(SignedAction, submitted);
  tx.emit({ networkId, kind: 'ActionSubmitted', subjectId: submitted.id, data: { action: action.kind } });
  return signIfPossible(tx, decisions, standing, submitted);
}

/** The rule of the bylaws, or what holds where they say nothing. */
export function ruleOn({ network: { bylaws } }: Standing, action: ProposalAction): BylawRule {
  const [deciding] = decidingsOf([action]);
  assert(deciding, 'an action is decided by somebody');
  const stated = ruleFor(bylaws.rules, deciding);
  return (
    stated ?? { action: ruledKind(action.kind), upTo: null, decidedBy: deciderOf(bylaws.rules, deciding) }
  );
}

function titleOf({ sentence }: ProposalAction): string {
  return boundedText([...sentence].slice(0, TITLE_BOUNDS.max).join(''), 'title', TITLE_BOUNDS);
}

function newSignedAction(
  tx: Tx,
  { network, membership, actor }: Standing,
  content: Pick<SignedAction, 'title' | 'text' | 'action' | 'rule' | 'beneficiaryIds'>,
): SignedAction {
  assert(membership && actor.kind === 'person', 'who submits is a member');
  return {
    networkId: network.id,
    id: newId('signedAction'),
    ...content,
    state: 'PENDING',
    submittedByMembershipId: membership.id,
    createdByPersonId: actor.personId,
    actingForMembershipId: actor.actingForMembershipId,
    submittedAt: tx.now,
    expiresAt: after(tx.now, SIGNING_DAYS * DAY_MS),
    endedAt: null,
    failure: null,
    declinedByMembershipId: null,
    declineReason: null,
  };
}

async function signIfPossible(
  tx: Tx,
  decisions: DecisionDeps,
  standing: Standing,
  action: SignedAction,
): Promise<SignedAction> {
  const { membership } = standing;
  const isHolder = may(standing, 'action.submit', signingSubject(action.rule)).allowed;
  if (!membership || !isHolder || action.beneficiaryIds.includes(membership.id)) return action;
  return signBy(tx, decisions, action, membership.id);
}
