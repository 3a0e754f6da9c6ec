import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { Network } from '../../entities/network.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { Resolution } from '../../entities/resolution.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { ProposalFilterInput } from '../../schema/proposals/proposal-mutations.ts';
import { ResolutionConnection } from '../../schema/proposals/proposal-result.ts';
import { ProposalConnection, ProposalType } from '../../schema/proposals/proposal.ts';
import { authorize } from '../../services/access/may.ts';
import {
  listProposals,
  listVotesDue,
  readableProposal,
} from '../../services/proposals/life/read-proposals.ts';
import { listResolutions } from '../../services/proposals/register/resolutions.ts';
import type { Context } from '../context.ts';

@Resolver(() => NetworkType)
export class NetworkProposalsResolver {
  @FieldResolver(() => ProposalConnection, {
    nullable: true,
    description: 'What members have proposed, newest first, drafts too; for active members.',
  })
  async proposals(
    @Root() network: Network,
    @Arg('filter', () => ProposalFilterInput, { nullable: true, description: 'Which proposals.' })
    filter: ProposalFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Proposal>> {
    return listProposals(ctx.db, await ctx.loaders.standing(network.id), filter ?? {}, pageRequest(page));
  }

  @FieldResolver(() => ProposalType, {
    nullable: true,
    description: 'One proposal by its id; null if there is none. For active members.',
  })
  async proposal(
    @Root() network: Network,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Proposal | null> {
    const standing = await ctx.loaders.standing(network.id);
    authorize(standing, 'proposal.read');
    return readableProposal(ctx.db, standing, id);
  }

  @FieldResolver(() => ResolutionConnection, {
    nullable: true,
    description: 'The register of what was decided, the latest first; for active members.',
  })
  async resolutions(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Resolution>> {
    return listResolutions(ctx.db, await ctx.loaders.standing(network.id), pageRequest(page));
  }
}

@Resolver(() => ViewerType)
export class ViewerVotesResolver {
  @FieldResolver(() => ProposalConnection, {
    description:
      'Proposals of all networks on which the viewer may vote and has not; what closes first comes first.',
  })
  votesDue(
    @Root() { personId }: ViewerType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Proposal>> {
    return listVotesDue(ctx.db, { personId, now: ctx.now }, pageRequest(page));
  }
}
