import { isDeepStrictEqual } from 'node:util';
import { Proposal } from '../../../entities/proposal.ts';
import { votingRuleOf } from '../../../governance/bylaws.ts';
import { after, DAY_MS } from '../../../kernel/clock.ts';
import { assert } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { readActions, tryActions, type ActionInput, type DecisionDeps } from './carry-out.ts';
import { closingJob } from './deadlines.ts';
import { readWording, storeVersion, wishOf, type Motion, type RuleInput } from './draft.ts';
import { RuleFrozen } from '../errors.ts';
import { freezeAnew } from './freeze.ts';
import { trialOf } from './open.ts';
import { choiceOf, type ChoiceInput } from './options.ts';
import { requireStep } from './proposal-access.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

/** What is absent stays; null clears. */
export interface AmendProposal extends NamedProposal, ChoiceInput {
  title?: string;
  text?: string;
  topic?: string | null;
  actions?: readonly ActionInput[] | null;
  rule?: RuleInput | null;
}

/**
 * Writes a proposal anew, as its next version; what it said before is kept. A draft may be changed in everything, and follows the
 * bylaws in force in what was not wished. A proposal that is decided by consent may be amended while it is open, so that
 * objections can be worked in: under the same rule, and if what it would do can be done. Its electors have the whole period again.
 *
 * @throws Forbidden, NotFound, ProposalStateConflict, RuleFrozen, ActionRefused, and what `draftProposal` refuses
 * @emits ProposalAmended
 */
export async function amendProposal(
  tx: Tx,
  decisions: DecisionDeps,
  command: AmendProposal,
): Promise<Proposal> {
  const { standing, proposal } = await takeProposal(tx, command, 'amend', 'exclusive');
  const { network, membership } = standing;
  assert(membership, 'an author is a member');
  requireStep(proposal, 'amend', tx.now);
  const actions =
    command.actions === undefined
      ? proposal.actions
      : await readActions(tx, decisions.handlers, network.id, command.actions ?? []);
  const wording = await readWording(tx, network, motionOf(proposal, { ...command, actions }));
  const amended: Proposal = { ...proposal, ...wording, version: proposal.version + 1 };
  const { networkId, id, version } = amended;
  if (proposal.state === 'OPEN') {
    // What is absent in a rule of before is as it is by default.
    if (!isDeepStrictEqual(wording.rule, votingRuleOf(proposal.rule))) throw new RuleFrozen();
    await tryActions(tx, decisions, wording.actions, trialOf(amended));
    amended.closesAt = closingAnew(proposal, tx.now);
    tx.enqueue(closingJob({ networkId, proposalId: id }, amended.closesAt));
  }
  if (proposal.state === 'OPEN') amended.frozenHash = await freezeAnew(tx, amended);
  else await tx.db.update(Proposal, { networkId, id }, { ...wording, version });
  await storeVersion(tx, amended, membership.id);
  const { frozenHash } = amended;
  const data = { version, ...(frozenHash !== null && { hash: frozenHash }) };
  tx.emit({ networkId, kind: 'ProposalAmended', subjectId: id, data });
  return amended;
}

/** Nobody is asked anew and has no time to answer: the whole period begins again, and a later end stays. */
function closingAnew({ rule, closesAt }: Proposal, now: Date): Date {
  const earliest = after(now, rule.periodDays * DAY_MS);
  return closesAt !== null && closesAt > earliest ? closesAt : earliest;
}

function motionOf(
  { title, text, topic, state, rule, wish, options }: Proposal,
  given: Omit<AmendProposal, 'actions'> & Pick<Motion, 'actions'>,
): Motion {
  const choice = given.options === undefined && given.candidateIds === undefined ? choiceOf(options) : given;
  return {
    title: given.title ?? title,
    text: given.text ?? text,
    topic: given.topic === undefined ? topic : given.topic,
    actions: given.actions,
    wish: given.rule === undefined ? (state === 'OPEN' ? rule : wish) : wishOf(given.rule),
    options: choice.options ?? [],
    candidateIds: choice.candidateIds ?? [],
  };
}
