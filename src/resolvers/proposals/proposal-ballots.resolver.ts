import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { Proposal } from '../../entities/proposal.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipConnection } from '../../schema/networks/membership.ts';
import { BallotConnection, BallotType, TurnoutType } from '../../schema/proposals/ballot.ts';
import { ProposalType } from '../../schema/proposals/proposal.ts';
import type { VotersBallot } from '../../services/proposals/votes/cast-ballot.ts';
import { publishedFile } from '../../services/proposals/votes/published-ballots.ts';
import type { Context } from '../context.ts';

@Resolver(() => ProposalType)
export class ProposalBallotsResolver {
  @FieldResolver(() => BallotType, {
    nullable: true,
    description: 'The viewer’s ballot in an open vote; null in a secret one, where nobody can find it.',
  })
  viewerBallot(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<VotersBallot | null> {
    return ctx.loaders.ownBallot(proposal);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the viewer has voted; null for a helper in a secret vote until it is counted, since only the member knows.',
  })
  viewerHasVoted(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<boolean | null> {
    return ctx.loaders.hasVoted(proposal);
  }

  @FieldResolver(() => TurnoutType, {
    nullable: true,
    description: 'How many have voted; null before the vote, and for a secret vote until it is counted.',
  })
  async turnout(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<TurnoutType | null> {
    const ballots = await ctx.loaders.ballotCount(proposal);
    return ballots === null ? null : { ballots, eligible: proposal.eligibleCount ?? 0 };
  }

  @FieldResolver(() => MembershipConnection, {
    nullable: true,
    description: 'Who has voted, by id; null for a secret vote until it is counted.',
  })
  voters(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Membership> | null> {
    return ctx.loaders.voters(proposal, pageRequest(page));
  }

  @FieldResolver(() => BallotConnection, {
    nullable: true,
    description:
      'All ballots, those of a secret vote by their receipts and without names; null until the vote is counted.',
  })
  publishedBallots(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<VotersBallot> | null> {
    return ctx.loaders.publishedBallots(proposal, pageRequest(page));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The whole vote as JSON, to be saved in a file and counted again by `cli tally`; null until it is counted.',
  })
  publishedBallotsFile(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<string | null> {
    return publishedFile(ctx.db, proposal);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The last seal of the box as 64 hexadecimal digits: who notes it can show later that what it seals was not touched. Null before the first one.',
  })
  boxHash(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<string | null> {
    return ctx.loaders.boxHash(proposal);
  }
}
