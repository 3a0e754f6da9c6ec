import { Arg, Args, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { ResourceShare } from '../../entities/resource-share.ts';
import type { Resource } from '../../entities/resource.ts';
import type { ShareMove } from '../../entities/share-move.ts';
import type { ShareOffer } from '../../entities/share-offer.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DecimalScalar } from '../../schema/common/scalars.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import {
  CostPartConnection,
  CostPartType,
  ResourceShareConnection,
  ResourceShareType,
  ShareMoveConnection,
  ShareMoveType,
  ShareOfferConnection,
  ShareOfferType,
} from '../../schema/pools/shares.ts';
import { may } from '../../services/access/may.ts';
import { seesEntries } from '../../services/ledger/account-access.ts';
import { previewSplit, type CostPart } from '../../services/pools/ownership/read-shares.ts';
import type { Context } from '../context.ts';
import { sideOf } from '../ledger/transfer-details.resolver.ts';

@Resolver(() => ResourceType)
export class ResourceSharesResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many shares it is divided into; null unless several own it together.',
  })
  shareCount(@Root() resource: Resource): number | null {
    return resource.shareCount;
  }

  @FieldResolver(() => ResourceShareConnection, {
    description: 'Who owns it together, by membership; empty if it belongs to one member or the pool.',
  })
  shares(
    @Root() resource: Resource,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ResourceShare>> {
    return ctx.loaders.sharesOfThing(resource, pageRequest(page));
  }

  @FieldResolver(() => ShareMoveConnection, {
    description: 'How its shares came to those who have them, newest first.',
  })
  shareMoves(
    @Root() resource: Resource,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ShareMove>> {
    return ctx.loaders.shareMoves(resource, pageRequest(page));
  }

  @FieldResolver(() => CostPartConnection, {
    description: 'How `resourceCostSplit` would split a cost over those who own it, by membership.',
  })
  costSplit(
    @Root() resource: Resource,
    @Arg('amount', () => DecimalScalar, { description: 'What was paid in all, above zero.' }) amount: string,
    @Arg('payeeAccountId', () => ID, { description: 'The account of who has paid it.' })
    payeeAccountId: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<CostPart>> {
    return previewSplit(ctx.db, resource, { amount, payeeAccountId }, pageRequest(page));
  }
}

@Resolver(() => MembershipType)
export class MembershipSharesResolver {
  @FieldResolver(() => ResourceShareConnection, {
    nullable: true,
    description: 'What the member owns together with others; null for who is no member of the network.',
  })
  async shares(
    @Root() membership: Membership,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ResourceShare> | null> {
    const standing = await ctx.loaders.standing(membership.networkId);
    return may(standing, 'pool.read').allowed
      ? ctx.loaders.sharesOfMember(membership, pageRequest(page))
      : null;
  }

  @FieldResolver(() => ShareOfferConnection, {
    nullable: true,
    description: 'Offers of shares by the member or to them that wait, newest first; null for others.',
  })
  async shareOffers(
    @Root() membership: Membership,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ShareOffer> | null> {
    const standing = await ctx.loaders.standing(membership.networkId);
    if (standing.membership?.id !== membership.id) return null;
    return may(standing, 'pool.read').allowed ? ctx.loaders.shareOffers(membership, pageRequest(page)) : null;
  }
}

@Resolver(() => ResourceShareType)
export class ResourceShareResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: ResourceShare, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => MembershipType, {
    description: 'Whose they are; also somebody who has left the network and has not passed them on.',
  })
  member(@Root() { networkId, membershipId }: ResourceShare, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }
}

@Resolver(() => ShareMoveType)
export class ShareMoveResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: ShareMove, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who had them; null if they were issued.',
  })
  async from(@Root() move: ShareMove, @Ctx() ctx: Context): Promise<Membership | null> {
    return move.fromMembershipId ? ctx.loaders.membership(move.networkId, move.fromMembershipId) : null;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who has them then; null if they went back to the pool.',
  })
  async to(@Root() move: ShareMove, @Ctx() ctx: Context): Promise<Membership | null> {
    return move.toMembershipId ? ctx.loaders.membership(move.networkId, move.toMembershipId) : null;
  }

  @FieldResolver(() => TransferType, {
    nullable: true,
    description: 'What was paid for them; null if nothing was, or the viewer may not see it.',
  })
  async transfer(
    @Root() { networkId, transferId }: ShareMove,
    @Ctx() ctx: Context,
  ): Promise<Transfer | null> {
    if (!transferId) return null;
    const transfer = await ctx.loaders.transfer(networkId, transferId);
    const standing = await ctx.loaders.standing(networkId);
    for (const accountId of [transfer.payerAccountId, transfer.payeeAccountId]) {
      const { account, tie } = await sideOf(ctx, networkId, accountId);
      if (seesEntries(standing, account, tie)) return transfer;
    }
    return null;
  }
}

@Resolver(() => ShareOfferType)
export class ShareOfferResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: ShareOffer, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who offers them.' })
  from(@Root() { networkId, fromMembershipId }: ShareOffer, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, fromMembershipId);
  }

  @FieldResolver(() => MembershipType, { description: 'To whom they are offered.' })
  to(@Root() { networkId, toMembershipId }: ShareOffer, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, toMembershipId);
  }

  @FieldResolver(() => MoneyType, { description: 'What all of them cost.' })
  async price(
    @Root() { networkId, accountId, priceMinor }: ShareOffer,
    @Ctx() ctx: Context,
  ): Promise<MoneyType> {
    const { unitId } = await ctx.loaders.account(networkId, accountId);
    return moneyOf(priceMinor, await ctx.loaders.unit(networkId, unitId));
  }
}

@Resolver(() => CostPartType)
export class CostPartResolver {
  @FieldResolver(() => MembershipType, { description: 'The co-owner.' })
  member(@Root() { networkId, membershipId }: CostPart, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }

  @FieldResolver(() => MoneyType, { description: 'Their part by their shares.' })
  amount(@Root() { partMinor, unit }: CostPart): MoneyType {
    return moneyOf(partMinor, unit);
  }
}
