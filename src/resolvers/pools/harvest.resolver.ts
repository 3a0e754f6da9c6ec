import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { DateScalar, DecimalScalar } from '../../schema/common/scalars.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  HarvestLineConnection,
  HarvestLineType,
  HarvestMemberConnection,
  HarvestMemberType,
  HarvestType,
} from '../../schema/pools/harvest.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import {
  harvestOf,
  listHarvest,
  listHarvestMembers,
  type Harvest,
  type HarvestLine,
  type HarvestMember,
} from '../../services/pools/stock/harvest.ts';
import { seesTakers } from '../../services/pools/stock/read-stock.ts';
import type { Context } from '../context.ts';
import { inUnitOf } from './stock.resolver.ts';

@Resolver(() => PoolType)
export class PoolHarvestResolver {
  @FieldResolver(() => HarvestType, {
    description: 'What came into its stocks and went out of them within a season of at most 3,660 days.',
  })
  async harvest(
    @Root() pool: Pool,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => DateScalar, { description: 'The last day.' }) to: string,
    @Ctx() ctx: Context,
  ): Promise<Harvest> {
    const { timeZone } = await ctx.loaders.network(pool.networkId);
    return harvestOf(pool, { from, to, timeZone });
  }
}

@Resolver(() => HarvestType)
export class HarvestResolver {
  @FieldResolver(() => HarvestLineConnection, {
    description: 'The stocks to which something happened, in the order in which they were added.',
  })
  stocks(
    @Root() harvest: Harvest,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<HarvestLine>> {
    return listHarvest(ctx.db, harvest, pageRequest(page));
  }

  @FieldResolver(() => HarvestMemberConnection, {
    description:
      'The same by stock and member: of all members for stewards, coordinators and auditors, and for others their own.',
  })
  async members(
    @Root() harvest: Harvest,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<HarvestMember>> {
    const standing = await ctx.loaders.standing(harvest.pool.networkId);
    const seesAll = seesTakers(standing, await ctx.loaders.isSteward(harvest.pool));
    return listHarvestMembers(ctx.db, harvest, { standing, seesAll }, pageRequest(page));
  }
}

@Resolver(() => HarvestLineType)
export class HarvestLineResolver {
  @FieldResolver(() => ResourceType, { description: 'The stock.' })
  resource(@Root() { networkId, resourceId }: HarvestLine, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What members brought.' })
  contributed(@Root() line: HarvestLine, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.contributedMinor);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What members took, above zero.' })
  taken(@Root() line: HarvestLine, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.takenMinor);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What spoiled, above zero.' })
  spoiled(@Root() line: HarvestLine, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.spoiledMinor);
  }

  @FieldResolver(() => DecimalScalar, {
    description: 'What was found when it was counted, below zero if less was found than was written down.',
  })
  corrected(@Root() line: HarvestLine, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.correctedMinor);
  }
}

@Resolver(() => HarvestMemberType)
export class HarvestMemberResolver {
  @FieldResolver(() => ResourceType, { description: 'The stock.' })
  resource(@Root() { networkId, resourceId }: HarvestMember, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => MembershipType, { description: 'The member.' })
  member(@Root() { networkId, membershipId }: HarvestMember, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What they brought.' })
  contributed(@Root() line: HarvestMember, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.contributedMinor);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What they took, above zero.' })
  taken(@Root() line: HarvestMember, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, line, line.takenMinor);
  }
}
