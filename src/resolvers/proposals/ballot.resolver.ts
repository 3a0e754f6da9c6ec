import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { BallotCastInput, BallotCastPayload, BallotType } from '../../schema/proposals/ballot.ts';
import { castBallot, type VotersBallot } from '../../services/proposals/votes/cast-ballot.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering } from '../mutate.ts';

@Resolver(() => BallotType)
export class BallotResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who cast it; null for a secret ballot.',
  })
  async voter(
    @Root() { networkId, membershipId }: VotersBallot,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return membershipId ? ctx.loaders.membership(networkId, membershipId) : null;
  }

  @Mutation(() => BallotCastPayload, {
    description:
      'Casts a ballot, or changes one in an open vote, once for its key. A secret ballot cannot be changed; its key must be one that nobody can guess. Codes: INVALID_BALLOT, VOTE_CLOSED, NOT_AN_ELECTOR, ALREADY_VOTED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED, OVERLOADED.',
  })
  ballotCast(
    @Input(() => BallotCastInput) input: BallotCastInput,
    @Ctx() ctx: Context,
  ): Promise<BallotCastPayload> {
    return answering(async () => ({ ballot: await castBallot(ctx.app.ballots, ctx.actor, input) }));
  }
}
