import { isDeepStrictEqual } from 'node:util';
import { Proposal, type ProposalOption } from '../../entities/proposal.ts';
import { assert } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { readActions, tryActions, type ActionInput, type DecisionDeps } from './carry-out.ts';
import { readWording, storeVersion, wishOf, type Motion, type RuleInput } from './draft.ts';
import { ProposalStateConflict, RuleFrozen } from './errors.ts';
import { trialOf } from './open.ts';
import type { ChoiceInput } from './options.ts';
import { isAmendable } from './proposal-access.ts';
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
 * Writes a proposal anew, as its next version; what it said before is kept. A draft may be changed in everything. A proposal that
 * is decided by consent may be amended while it is open, so that objections can be worked in: under the same rule, and if what it
 * would do can be done.
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
  if (!isAmendable(proposal, tx.now)) throw new ProposalStateConflict(proposal.state);
  const actions =
    command.actions === undefined
      ? proposal.actions
      : await readActions(tx, decisions.handlers, network.id, command.actions ?? []);
  const wording = await readWording(tx, network, motionOf(proposal, { ...command, actions }));
  const amended: Proposal = { ...proposal, ...wording, version: proposal.version + 1 };
  if (proposal.state === 'OPEN') {
    if (!isDeepStrictEqual(wording.rule, proposal.rule)) throw new RuleFrozen();
    await tryActions(tx, decisions, wording.actions, trialOf(amended));
  }
  const { networkId, id, version } = amended;
  await tx.db.update(Proposal, { networkId, id }, { ...wording, version });
  await storeVersion(tx, amended, membership.id);
  tx.emit({ networkId, kind: 'ProposalAmended', subjectId: id, data: { version } });
  return amended;
}

function motionOf(
  { title, text, topic, rule, options }: Proposal,
  given: Omit<AmendProposal, 'actions'> & Pick<Motion, 'actions'>,
): Motion {
  const choice = given.options === undefined && given.candidateIds === undefined ? choiceOf(options) : given;
  return {
    title: given.title ?? title,
    text: given.text ?? text,
    topic: given.topic === undefined ? topic : given.topic,
    actions: given.actions,
    wish: given.rule === undefined ? rule : wishOf(given.rule),
    options: choice.options ?? [],
    candidateIds: choice.candidateIds ?? [],
  };
}

/** Who has withdrawn stands for nothing anew. */
function choiceOf(options: readonly ProposalOption[]): ChoiceInput {
  const standing = options.filter(({ isWithdrawn }) => !isWithdrawn);
  return {
    options: standing.filter(({ membershipId }) => membershipId === null),
    candidateIds: standing.flatMap(({ membershipId }) => membershipId ?? []),
  };
}
