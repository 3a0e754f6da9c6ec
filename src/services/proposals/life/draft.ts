import { ProposalVersion } from '../../../entities/proposal-version.ts';
import { Proposal } from '../../../entities/proposal.ts';
import type { Network } from '../../../entities/network.ts';
import type { ProposalAction } from '../../../governance/actions.ts';
import { votingRuleFor, type RuleWish } from '../../../governance/strictest-rule.ts';
import type { VotingRule } from '../../../governance/voting-rule.ts';
import { assert } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { boundedText, optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { ActionHandlers } from '../../access/action-handler.ts';
import { authorize } from '../../access/may.ts';
import { withBudgetUnit } from '../../networks/budget-unit.ts';
import { readActions, type ActionInput } from './carry-out.ts';
import { TooManyDrafts, VotingRuleFaulty } from '../errors.ts';
import { readOptions, type ChoiceInput } from './options.ts';
import { standingAmongVoters } from './take-proposal.ts';

export const TITLE_BOUNDS = { max: 200 };
export const TEXT_BOUNDS = { max: 20_000 };
export const TOPIC_BOUNDS = { max: 100 };
const MAX_DRAFTS = 20;

/** How who proposes wishes to vote; what is absent or null is as the bylaws have it. */
export type RuleInput = { [Field in keyof VotingRule]?: VotingRule[Field] | null };

/** What is proposed. */
export interface Motion extends ChoiceInput {
  title: string;
  text: string;
  topic?: string | null;
  actions: readonly ProposalAction[];
  wish: RuleWish;
}

export interface DraftProposal extends ChoiceInput {
  networkId: string;
  title: string;
  text: string;
  topic?: string | null;
  actions?: readonly ActionInput[] | null;
  rule?: RuleInput | null;
}

/** What a proposal says, as it is kept. */
export type Wording = Pick<Proposal, 'title' | 'text' | 'topic' | 'actions' | 'options' | 'rule' | 'wish'>;

/**
 * Writes a proposal that can still be changed. Nobody votes on it before it is opened, and every member may read it.
 *
 * @throws Forbidden, TooManyDrafts, VotingRuleFaulty, InvalidInput, and what an action is refused with
 * @emits ProposalDrafted
 */
export async function draftProposal(
  tx: Tx,
  handlers: ActionHandlers,
  command: DraftProposal,
): Promise<Proposal> {
  // Drafts of one member are written one after the other, so that they are counted.
  const standing = await standingAmongVoters(tx, command.networkId, 'shared', 'for no key update');
  authorize(standing, 'proposal.draft');
  const { network, membership, actor } = standing;
  assert(membership && actor.kind === 'person', 'who may propose is a member');
  const match = { networkId: network.id, authorMembershipId: membership.id, state: 'DRAFT' as const };
  if ((await tx.db.all(Proposal, match)).length >= MAX_DRAFTS) throw new TooManyDrafts(MAX_DRAFTS);
  const actions = await readActions(tx, handlers, network.id, command.actions ?? []);
  const motion: Motion = { ...command, actions, wish: wishOf(command.rule) };
  const proposal: Proposal = {
    networkId: network.id,
    id: newId('proposal'),
    version: 1,
    ...(await readWording(tx, network, motion)),
    state: 'DRAFT',
    authorMembershipId: membership.id,
    facilitatorMembershipId: null,
    createdByPersonId: actor.personId,
    actingForMembershipId: actor.actingForMembershipId,
    ...NOTHING_YET,
    createdAt: tx.now,
  };
  await tx.db.insert(Proposal, proposal);
  await storeVersion(tx, proposal, membership.id);
  tx.emit({ networkId: network.id, kind: 'ProposalDrafted', subjectId: proposal.id });
  return proposal;
}

/** Of a draft nothing is known of how it ends. */
export const NOTHING_YET = {
  eligibleCount: null,
  eligibleWeight: null,
  frozenHash: null,
  seed: null,
  outcome: null,
  failure: null,
  openedAt: null,
  closesAt: null,
  closedAt: null,
  executeAt: null,
  executedAt: null,
  vetoedByMembershipId: null,
  vetoReason: null,
} satisfies Partial<Proposal>;

/**
 * Reads what a proposal says, and finds the rule by which it is decided.
 *
 * @throws VotingRuleFaulty, InvalidInput
 */
export async function readWording(tx: Tx, network: Network, motion: Motion): Promise<Wording> {
  const actions = [...motion.actions];
  const rule = await ruleOf(tx, network, actions, motion.wish);
  return {
    title: boundedText(motion.title, 'title', TITLE_BOUNDS),
    text: boundedText(motion.text, 'text', TEXT_BOUNDS),
    topic: optionalText(motion.topic, 'topic', TOPIC_BOUNDS),
    actions,
    rule,
    wish: motion.wish,
    options: await readOptions(tx, network.id, motion, { rule, isElection: isElection(actions) }),
  };
}

/** @throws VotingRuleFaulty */
export async function ruleOf(
  { db }: Tx,
  { id: networkId, bylaws }: Network,
  actions: readonly ProposalAction[],
  wish: RuleWish,
): Promise<VotingRule> {
  const { rule, faults } = votingRuleFor(bylaws.rules, actions, wish);
  if (faults) throw new VotingRuleFaulty(faults);
  const inUnit = await withBudgetUnit(db, networkId, { vote: rule, path: 'rule' });
  if (inUnit.faults.length > 0) throw new VotingRuleFaulty(inUnit.faults);
  return inUnit.vote;
}

export function wishOf(given: RuleInput | null | undefined): RuleWish {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null));
}

export function isElection(actions: readonly ProposalAction[]): boolean {
  return actions.some(({ seats }) => seats !== null);
}

/** Keeps what a proposal says from now on. */
export async function storeVersion(tx: Tx, proposal: Proposal, writtenByMembershipId: string): Promise<void> {
  const { networkId, id: proposalId, version, title, text, actions, options } = proposal;
  const wording = { title, text, actions, options };
  const written = { writtenByMembershipId, writtenAt: tx.now };
  await tx.db.insert(ProposalVersion, { networkId, proposalId, version, ...wording, ...written });
}
