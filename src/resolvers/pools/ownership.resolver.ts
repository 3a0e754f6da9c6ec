import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Resource } from '../../entities/resource.ts';
import {
  CustodyMoveInput,
  CustodyMovePayload,
  OwnershipViewerCanType,
  ResourceGiveInput,
  ResourceGivePayload,
  ResourceLendInput,
  ResourceLendPayload,
  ResourceTakeBackInput,
  ResourceTakeBackPayload,
} from '../../schema/pools/ownership.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import type { Verdict } from '../../services/access/may.ts';
import { moveCustody } from '../../services/pools/ownership/custody.ts';
import { giveResource, lendResource, takeBackResource } from '../../services/pools/ownership/ownership.ts';
import { ownershipVerdicts } from '../../services/pools/ownership/ownership-verdicts.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => ResourceType)
export class ResourceOwnershipResolver {
  @FieldResolver(() => OwnershipViewerCanType, {
    description: 'What the viewer may do about whose it is, and who has it.',
  })
  async ownershipViewerCan(
    @Root() resource: Resource,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof OwnershipViewerCanType, Verdict>> {
    const { networkId, poolId } = resource;
    const standing = await ctx.loaders.standing(networkId);
    return ownershipVerdicts(standing, resource, {
      isSteward: await ctx.loaders.isSteward({ networkId, id: poolId }),
      ownShares: await ctx.loaders.ownShares(resource),
    });
  }

  @Mutation(() => ResourceLendPayload, {
    description:
      'Says until when a thing is lent to its pool, longer than before or shorter; for the member whose it is. Codes: RESOURCE_BOOKED, OWNERSHIP_CONFLICT, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, INVALID_RANGE, NETWORK_ARCHIVED.',
  })
  resourceLend(
    @Input(() => ResourceLendInput) input: ResourceLendInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceLendPayload> {
    return mutate(ctx, async (tx) => ({ resource: await lendResource(tx, input) }));
  }

  @Mutation(() => ResourceGivePayload, {
    description:
      'Gives a thing to its pool for good; for the member whose it is, or who holds all shares of it. Codes: RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  resourceGive(
    @Input(() => ResourceGiveInput) input: ResourceGiveInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceGivePayload> {
    return mutate(ctx, async (tx) => ({ resource: await giveResource(tx, input) }));
  }

  @Mutation(() => ResourceTakeBackPayload, {
    description:
      'Takes a thing back, which leaves its pool by that; for the member whose it is, as long as nobody has it or has it booked. Codes: RESOURCE_BOOKED, OWNERSHIP_CONFLICT, RESOURCE_NOT_ACTIVE, NETWORK_ARCHIVED.',
  })
  resourceTakeBack(
    @Input(() => ResourceTakeBackInput) input: ResourceTakeBackInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceTakeBackPayload> {
    return mutate(ctx, async (tx) => ({ resource: await takeBackResource(tx, input) }));
  }

  @Mutation(() => CustodyMovePayload, {
    description:
      'Writes down who has a thing now, whosever it is; for stewards and coordinators. Codes: MEMBERSHIP_STATE, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  custodyMove(
    @Input(() => CustodyMoveInput) input: CustodyMoveInput,
    @Ctx() ctx: Context,
  ): Promise<CustodyMovePayload> {
    return mutate(ctx, async (tx) => ({ resource: await moveCustody(tx, input) }));
  }
}
