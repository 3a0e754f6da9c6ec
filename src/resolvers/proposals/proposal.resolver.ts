import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Elector } from '../../entities/elector.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { ProposalVersion } from '../../entities/proposal-version.ts';
import type { ExecutionFailure, Proposal, ProposalOption } from '../../entities/proposal.ts';
import type { Resolution } from '../../entities/resolution.ts';
import { votingRuleOf, type RuleInNetwork } from '../../governance/bylaws.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { ResolutionType } from '../../schema/proposals/proposal-result.ts';
import {
  ElectorConnection,
  ElectorType,
  ProposalActionType,
  ProposalExecutionType,
  ProposalOptionType,
  ProposalType,
  ProposalVersionConnection,
  ProposalVersionType,
  ProposalViewerCanType,
} from '../../schema/proposals/proposal.ts';
import { VotingRuleType } from '../../schema/proposals/voting-rule.ts';
import type { Verdict } from '../../services/access/may.ts';
import { proposalVerdicts, type ProposalDeed } from '../../services/proposals/life/proposal-access.ts';
import { votingVerdicts, type VotingDeed } from '../../services/proposals/votes/voting-access.ts';
import type { Context } from '../context.ts';
import type { ActionInNetwork } from './amounts.resolver.ts';

/** An option with the network of its proposal. */
export type OptionInNetwork = ProposalOption & { networkId: string };

/** What the execution of a proposal is shown from. */
interface Execution {
  dueAt: Date;
  executedAt: Date | null;
  failure: ExecutionFailure | null;
  refusedAction: ActionInNetwork | null;
}

@Resolver(() => ProposalType)
export class ProposalResolver {
  @FieldResolver(() => NetworkType, { description: 'The network that decides.' })
  network(@Root() { networkId }: Proposal, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(networkId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who proposes it.' })
  author(@Root() { networkId, authorMembershipId }: Proposal, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, authorMembershipId);
  }

  @FieldResolver(() => VotingRuleType, { description: 'How it is voted on; fixed when voting opens.' })
  rule(@Root() { networkId, rule }: Proposal): RuleInNetwork {
    return { ...votingRuleOf(rule), networkId };
  }

  @FieldResolver(() => [ProposalActionType], { description: 'What is done if it passes, at most 20.' })
  actions(@Root() proposal: Proposal): ActionInNetwork[] {
    return actionsOf(proposal);
  }

  @FieldResolver(() => [ProposalOptionType], {
    description: 'What can be voted for, at most 100; none where one says yes or no.',
  })
  options(@Root() { networkId, options }: Proposal): OptionInNetwork[] {
    return options.map((option) => ({ ...option, networkId }));
  }

  @FieldResolver(() => ElectorConnection, {
    description: 'Who may vote, fixed when voting opened; nobody before.',
  })
  electorate(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Elector>> {
    return ctx.loaders.electors(proposal, pageRequest(page));
  }

  @FieldResolver(() => ProposalExecutionType, {
    nullable: true,
    description: 'What becomes of it; null unless it passed.',
  })
  execution(@Root() proposal: Proposal): Execution | null {
    const { executeAt, executedAt, failure } = proposal;
    if (!executeAt) return null;
    const refusedAction = failure ? (actionsOf(proposal)[failure.action] ?? null) : null;
    return { dueAt: executeAt, executedAt, failure, refusedAction };
  }

  @FieldResolver(() => MembershipType, { nullable: true, description: 'Who stopped it; null for nobody.' })
  async vetoedBy(
    @Root() { networkId, vetoedByMembershipId }: Proposal,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return vetoedByMembershipId ? ctx.loaders.membership(networkId, vetoedByMembershipId) : null;
  }

  @FieldResolver(() => ResolutionType, {
    nullable: true,
    description: 'Its line in the register, the last if there are two; null before it was decided.',
  })
  resolution(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<Resolution | null> {
    return ctx.loaders.resolution(proposal);
  }

  @FieldResolver(() => ProposalVersionConnection, { description: 'What it has said, the latest first.' })
  versions(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ProposalVersion>> {
    return ctx.loaders.versions(proposal, pageRequest(page));
  }

  @FieldResolver(() => ProposalViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() proposal: Proposal,
    @Ctx() ctx: Context,
  ): Promise<Record<ProposalDeed | VotingDeed, Verdict>> {
    const [standing, isElector, hasVoted, ballotCount] = await Promise.all([
      ctx.loaders.standing(proposal.networkId),
      ctx.loaders.isElector(proposal),
      ctx.loaders.hasVoted(proposal),
      ctx.loaders.ballotCount(proposal),
    ]);
    return {
      ...proposalVerdicts(standing, proposal, ctx.now),
      ...votingVerdicts(standing, proposal, { isElector, hasVoted, ballotCount, now: ctx.now }),
    };
  }
}

@Resolver(() => ProposalOptionType)
export class ProposalOptionResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who stands for election; null for what is no candidate.',
  })
  async candidate(
    @Root() { networkId, membershipId }: OptionInNetwork,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return membershipId ? ctx.loaders.membership(networkId, membershipId) : null;
  }
}

@Resolver(() => ElectorType)
export class ElectorResolver {
  @FieldResolver(() => MembershipType, { description: 'Who may vote.' })
  member(@Root() { networkId, membershipId }: Elector, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }

  @FieldResolver(() => String, { description: 'How many votes the member has, a whole number.' })
  weight(@Root() { weight }: Elector): string {
    return weight.toString();
  }
}

@Resolver(() => ProposalVersionType)
export class ProposalVersionResolver {
  @FieldResolver(() => MembershipType, { description: 'Who wrote it.' })
  writtenBy(
    @Root() { networkId, writtenByMembershipId }: ProposalVersion,
    @Ctx() ctx: Context,
  ): Promise<Membership> {
    return ctx.loaders.membership(networkId, writtenByMembershipId);
  }

  @FieldResolver(() => [ProposalActionType], { description: 'What it would do, at most 20.' })
  actions(@Root() version: ProposalVersion): ActionInNetwork[] {
    return actionsOf(version);
  }

  @FieldResolver(() => [ProposalOptionType], { description: 'What could be voted for, at most 100.' })
  options(@Root() { networkId, options }: ProposalVersion): OptionInNetwork[] {
    return options.map((option) => ({ ...option, networkId }));
  }
}

function actionsOf({ networkId, actions }: Pick<Proposal, 'networkId' | 'actions'>): ActionInNetwork[] {
  return actions.map((action) => ({ ...action, networkId }));
}
