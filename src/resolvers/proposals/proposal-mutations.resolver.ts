import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  ProposalAmendInput,
  ProposalAmendPayload,
  ProposalCloseInput,
  ProposalClosePayload,
  ProposalDraftInput,
  ProposalDraftPayload,
  ProposalExecuteRetryInput,
  ProposalExecuteRetryPayload,
  ProposalOpenInput,
  ProposalOpenPayload,
  ProposalOptionWithdrawInput,
  ProposalOptionWithdrawPayload,
  ProposalVetoInput,
  ProposalVetoPayload,
  ProposalWithdrawInput,
  ProposalWithdrawPayload,
} from '../../schema/proposals/proposal-mutations.ts';
import { amendProposal } from '../../services/proposals/life/amend.ts';
import { closeEarly } from '../../services/proposals/life/close.ts';
import { draftProposal } from '../../services/proposals/life/draft.ts';
import { retryExecution } from '../../services/proposals/life/execute.ts';
import { openProposal } from '../../services/proposals/life/open.ts';
import { proposalMade } from '../../services/proposals/life/read-proposals.ts';
import { vetoProposal } from '../../services/proposals/life/veto.ts';
import { withdrawOption, withdrawProposal } from '../../services/proposals/life/withdraw.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver()
export class ProposalMutationsResolver {
  @Mutation(() => ProposalDraftPayload, {
    description:
      'Writes a proposal that can still be changed, once for its key. Codes: VOTING_RULE, TOO_MANY_DRAFTS, INVALID_CHOICE, INVALID_RANGE, REQUIRED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED, and those of the actions.',
  })
  async proposalDraft(
    @Input(() => ProposalDraftInput) input: ProposalDraftInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalDraftPayload> {
    const { made: proposal, errors } = await mutateOnce(ctx, {
      operation: 'proposalDraft',
      input,
      work: (tx) => draftProposal(tx, ctx.app.decisions.handlers, input),
      again: (tx, id) => proposalMade(tx, input.networkId, id),
    });
    return { proposal, errors };
  }

  @Mutation(() => ProposalAmendPayload, {
    description:
      'Writes a proposal anew; for its author, as long as it is a draft, or open and decided by consent. Codes: PROPOSAL_STATE, RULE_FROZEN, VOTING_RULE, ACTION_REFUSED, INVALID_CHOICE, INVALID_RANGE, REQUIRED, NETWORK_ARCHIVED, and those of the actions.',
  })
  proposalAmend(
    @Input(() => ProposalAmendInput) input: ProposalAmendInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalAmendPayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'title', 'text');
      return { proposal: await amendProposal(tx, ctx.app.decisions, input) };
    });
  }

  @Mutation(() => ProposalOpenPayload, {
    description:
      'Lets members vote on a draft, once for its key; for its author. Electorate and rule are fixed by it, and its actions are tried and undone. Codes: PROPOSAL_STATE, TOO_MANY_OPEN, ACTION_REFUSED, VOTING_RULE, NO_ELECTORS, NO_CHOICE, INVALID_RANGE, INVALID_CHOICE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async proposalOpen(
    @Input(() => ProposalOpenInput) input: ProposalOpenInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalOpenPayload> {
    const { made: proposal, errors } = await mutateOnce(ctx, {
      operation: 'proposalOpen',
      input,
      work: (tx) => openProposal(tx, ctx.app.decisions, input),
      again: (tx, id) => proposalMade(tx, input.networkId, id),
    });
    return { proposal, errors };
  }

  @Mutation(() => ProposalWithdrawPayload, {
    description:
      'Takes a proposal back before its vote is closed; for its author. Codes: PROPOSAL_STATE, NETWORK_ARCHIVED.',
  })
  proposalWithdraw(
    @Input(() => ProposalWithdrawInput) input: ProposalWithdrawInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalWithdrawPayload> {
    return mutate(ctx, async (tx) => ({ proposal: await withdrawProposal(tx, input) }));
  }

  @Mutation(() => ProposalOptionWithdrawPayload, {
    description:
      'Takes an option from the ballot; for the candidate, or for the author if it is nobody’s candidacy. Codes: PROPOSAL_STATE, NO_CHOICE, INVALID_CHOICE, NETWORK_ARCHIVED.',
  })
  proposalOptionWithdraw(
    @Input(() => ProposalOptionWithdrawInput) input: ProposalOptionWithdrawInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalOptionWithdrawPayload> {
    return mutate(ctx, async (tx) => ({ proposal: await withdrawOption(tx, input) }));
  }

  @Mutation(() => ProposalClosePayload, {
    description:
      'Closes a vote before its time, once all have voted and if its rule allows it; for its author and coordinators. Codes: PROPOSAL_STATE, CLOSE_TOO_EARLY, NETWORK_ARCHIVED.',
  })
  proposalClose(
    @Input(() => ProposalCloseInput) input: ProposalCloseInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalClosePayload> {
    return mutate(ctx, async (tx) => ({ proposal: await closeEarly(tx, input) }));
  }

  @Mutation(() => ProposalExecuteRetryPayload, {
    description:
      'Tries again to carry out what was decided; for its author and coordinators. The proposal says whether it could be. Codes: PROPOSAL_STATE, NETWORK_ARCHIVED.',
  })
  proposalExecuteRetry(
    @Input(() => ProposalExecuteRetryInput) input: ProposalExecuteRetryInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalExecuteRetryPayload> {
    return mutate(ctx, async (tx) => ({ proposal: await retryExecution(tx, ctx.app.decisions, input) }));
  }

  @Mutation(() => ProposalVetoPayload, {
    description:
      'Stops what was decided while it waits to be carried out; for holders of the role that the rule names. Codes: PROPOSAL_STATE, DELAY_OVER, NETWORK_ARCHIVED.',
  })
  proposalVeto(
    @Input(() => ProposalVetoInput) input: ProposalVetoInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalVetoPayload> {
    return mutate(ctx, async (tx) => ({ proposal: await vetoProposal(tx, input) }));
  }
}
