import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Unit } from '../../entities/unit.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { formatRate } from '../../kernel/rates.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { DecimalScalar } from '../../schema/common/scalars.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { ResourceFilterInput, ResourceSearchArgs } from '../../schema/pools/filters.ts';
import { PoolConnection, PoolRulesType, PoolType, PoolViewerCanType } from '../../schema/pools/pool.ts';
import { ResourceConnection } from '../../schema/pools/resource.ts';
import { decisionVerdict } from '../../services/access/decisions.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import { poolSubject } from '../../services/pools/pool-access.ts';
import { listPools } from '../../services/pools/read-pools.ts';
import { listResources } from '../../services/pools/read-resources.ts';
import { searchResources } from '../../services/pools/search.ts';
import type { Context } from '../context.ts';
import { accountForMembers } from '../ledger/unit-policy.resolver.ts';

export const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };

@Resolver(() => NetworkType)
export class NetworkPoolsResolver {
  @FieldResolver(() => PoolConnection, {
    nullable: true,
    description: 'What the community shares, oldest pool first; for members.',
  })
  async pools(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('isArchived', () => Boolean, {
      nullable: true,
      description: 'True for those that are out of use; those in use if absent.',
    })
    isArchived: boolean | null,
    @Ctx() ctx: Context,
  ): Promise<Page<Pool>> {
    const standing = await ctx.loaders.standing(network.id);
    return listPools(ctx.db, standing, isArchived ?? false, pageRequest(page));
  }
}

@Resolver(() => PoolType)
export class PoolResolver {
  @FieldResolver(() => NetworkType, { description: 'The network that it belongs to.' })
  network(@Root() pool: Pool, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(pool.networkId);
  }

  @FieldResolver(() => UnitType, {
    nullable: true,
    description: 'The unit of its fees and deposits; null if it takes none.',
  })
  async unit(@Root() { networkId, unitId }: Pool, @Ctx() ctx: Context): Promise<Unit | null> {
    return unitId === null ? null : ctx.loaders.unit(networkId, unitId);
  }

  @FieldResolver(() => AccountType, {
    nullable: true,
    description: 'The account of the network that receives fees; null if it takes none.',
  })
  account(@Root() pool: Pool, @Ctx() ctx: Context): Promise<Account | null> {
    return accountForMembers(ctx, pool);
  }

  @FieldResolver(() => [MembershipType], {
    description: 'Who looks after it beside the coordinators, at most 50, in the order in which they began.',
  })
  async stewards(@Root() pool: Pool, @Ctx() ctx: Context): Promise<Membership[]> {
    const ids = await ctx.loaders.stewards(pool);
    return Promise.all(ids.map((id) => ctx.loaders.membership(pool.networkId, id)));
  }

  @FieldResolver(() => PoolRulesType, {
    description: 'By which rules its things are booked, unless a thing has its own.',
  })
  rules(@Root() pool: Pool): PoolRulesType {
    return pool;
  }

  @FieldResolver(() => ResourceConnection, {
    nullable: true,
    description: 'Its things, in the order in which they were added.',
  })
  async resources(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ResourceFilterInput, {
      nullable: true,
      description: 'Which; those in use if absent.',
    })
    filter: ResourceFilterInput | null,
    @Ctx() ctx: Context,
  ): Promise<Page<Resource>> {
    const standing = await ctx.loaders.standing(pool.networkId);
    const isSteward = await ctx.loaders.isSteward(pool);
    const asked = { pool, isSteward, filter: filter ?? {} };
    return listResources(ctx.db, standing, asked, pageRequest(page));
  }

  @FieldResolver(() => ResourceConnection, {
    nullable: true,
    description:
      'Its things in use that fit all that is asked: by name, or nearest first if a place is given.',
  })
  async search(
    @Root() pool: Pool,
    @Args(() => ResourceSearchArgs) { first, after, ...search }: ResourceSearchArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Resource>> {
    const standing = await ctx.loaders.standing(pool.networkId);
    const asked = { pool, search, now: ctx.now };
    return searchResources(ctx.db, standing, asked, pageRequest({ first, after }));
  }

  @FieldResolver(() => PoolViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() pool: Pool,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof PoolViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(pool.networkId);
    const subject = poolSubject({ isSteward: await ctx.loaders.isSteward(pool) });
    const inUse = (verdict: Verdict) => (pool.archivedAt && verdict.allowed ? NOT_IN_THIS_STATE : verdict);
    const offer = may(standing, 'resource.offer');
    return {
      manage: inUse(may(standing, 'pool.manage', subject)),
      setRules: inUse(
        decisionVerdict(standing, 'pool.manage', { kind: 'poolRuleSet', amount: null }, subject),
      ),
      addResources: inUse(may(standing, 'resource.manage', subject)),
      offer: inUse(offer.allowed && !pool.takesOffers ? NOT_IN_THIS_STATE : offer),
      book: inUse(may(standing, 'booking.request')),
    };
  }
}

@Resolver(() => PoolRulesType)
export class PoolRulesResolver {
  @FieldResolver(() => DecimalScalar, {
    description: 'What part of the fee a later cancellation costs, 0 to 1.',
  })
  cancelFee(@Root() pool: Pool): string {
    return formatRate(pool.cancelFeePpm);
  }
}
