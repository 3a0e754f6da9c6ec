import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Delegation } from '../../entities/delegation.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Proposal } from '../../entities/proposal.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  DelegatedVotesType,
  DelegationConnection,
  DelegationRevokeInput,
  DelegationRevokePayload,
  DelegationSetInput,
  DelegationSetPayload,
  DelegationType,
} from '../../schema/proposals/delegation.ts';
import { ProposalType } from '../../schema/proposals/proposal.ts';
import { isHelping } from '../../services/access/standing.ts';
import type { DelegatedPart } from '../../services/proposals/votes/delegated-votes.ts';
import { revokeDelegation, setDelegation } from '../../services/proposals/votes/delegations.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => DelegationType)
export class DelegationResolver {
  @FieldResolver(() => MembershipType, { description: 'Who does not vote.' })
  delegator(@Root() { networkId, fromMembershipId }: Delegation, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, fromMembershipId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who votes for them, or lets somebody else.' })
  delegate(@Root() { networkId, toMembershipId }: Delegation, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, toMembershipId);
  }

  @Mutation(() => DelegationSetPayload, {
    description:
      'Lets another member vote where one does not vote oneself, in the place of the one that one had named for that. Codes: DELEGATION_CIRCLE, TOO_MANY_DELEGATIONS, MEMBERSHIP_STATE, INVALID_CHOICE, NETWORK_ARCHIVED.',
  })
  delegationSet(
    @Input(() => DelegationSetInput) input: DelegationSetInput,
    @Ctx() ctx: Context,
  ): Promise<DelegationSetPayload> {
    return mutate(ctx, async (tx) => ({ delegation: await setDelegation(tx, input) }));
  }

  @Mutation(() => DelegationRevokePayload, {
    description: 'Ends a delegation; for who has given or received it. Codes: NETWORK_ARCHIVED.',
  })
  delegationRevoke(
    @Input(() => DelegationRevokeInput) input: DelegationRevokeInput,
    @Ctx() ctx: Context,
  ): Promise<DelegationRevokePayload> {
    return mutate(ctx, async (tx) => ({ delegation: await revokeDelegation(tx, input) }));
  }
}

@Resolver(() => MembershipType)
export class MembershipDelegationsResolver {
  @FieldResolver(() => DelegationConnection, {
    nullable: true,
    description: 'Whom the member lets vote, oldest first; null for everybody but the member, helpers too.',
  })
  delegationsGiven(
    @Root() membership: Membership,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Delegation> | null> {
    return ownDelegations(ctx, membership, { side: 'given', page });
  }

  @FieldResolver(() => DelegationConnection, {
    nullable: true,
    description: 'Who lets the member vote, oldest first; null for everybody but the member, helpers too.',
  })
  delegationsReceived(
    @Root() membership: Membership,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Delegation> | null> {
    return ownDelegations(ctx, membership, { side: 'received', page });
  }
}

async function ownDelegations(
  ctx: Context,
  membership: Membership,
  { side, page }: { side: 'given' | 'received'; page: PageArgs },
): Promise<Page<Delegation> | null> {
  const standing = await ctx.loaders.standing(membership.networkId);
  if (standing.membership?.id !== membership.id || isHelping(standing)) return null;
  return ctx.loaders.delegations(membership, { side, ...pageRequest(page) });
}

@Resolver(() => ProposalType)
export class ProposalDelegatedVotesResolver {
  @FieldResolver(() => DelegatedVotesType, {
    nullable: true,
    description:
      'Who took part through others; null until the vote is closed, and in a secret vote, in which nobody does.',
  })
  async delegatedVotes(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<DelegatedPart | null> {
    if (!proposal.outcome || proposal.rule.isSecret) return null;
    return ctx.loaders.delegatedPart(proposal);
  }
}

@Resolver(() => DelegatedVotesType)
export class DelegatedVotesResolver {
  @FieldResolver(() => [MembershipType], {
    description:
      'From the viewer’s delegate to whoever voted for the viewer, at most 50 of them; empty if nobody did.',
  })
  viewerPath(@Root() { networkId, path }: DelegatedPart, @Ctx() ctx: Context): Promise<Membership[]> {
    return Promise.all(path.map((id) => ctx.loaders.membership(networkId, id)));
  }
}
