import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { KitItem } from '../../entities/kit-item.ts';
import type { Kit } from '../../entities/kit.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import {
  KitConnection,
  KitEndInput,
  KitEndPayload,
  KitItemType,
  KitSetInput,
  KitSetPayload,
  KitType,
} from '../../schema/pools/kit.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import { authorize } from '../../services/access/may.ts';
import { endKit, setKit } from '../../services/pools/bookings/kits.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => KitType)
export class KitResolver {
  @FieldResolver(() => PoolType, { description: 'The pool.' })
  pool(@Root() { networkId, poolId }: Kit, @Ctx() ctx: Context): Promise<Pool> {
    return ctx.loaders.pool(networkId, poolId);
  }

  @FieldResolver(() => [KitItemType], { description: 'Its things, 50 at most.' })
  items(@Root() kit: Kit, @Ctx() ctx: Context): Promise<KitItem[]> {
    return ctx.loaders.kitItems(kit);
  }

  @Mutation(() => KitSetPayload, {
    description:
      'Makes a kit or changes one; for stewards and coordinators. Bookings of before stay as they are. Codes: KIT_ENDED, TOO_FEW_PIECES, RESOURCE_NOT_ACTIVE, RESOURCE_KIND_MISMATCH, INVALID_CHOICE, INVALID_RANGE, REQUIRED, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  kitSet(@Input(() => KitSetInput) input: KitSetInput, @Ctx() ctx: Context): Promise<KitSetPayload> {
    return mutate(ctx, async (tx) => ({ kit: await setKit(tx, input) }));
  }

  @Mutation(() => KitEndPayload, {
    description:
      'Ends a kit: it is not booked any more; for stewards and coordinators. Codes: KIT_ENDED, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  kitEnd(@Input(() => KitEndInput) input: KitEndInput, @Ctx() ctx: Context): Promise<KitEndPayload> {
    return mutate(ctx, async (tx) => ({ kit: await endKit(tx, input) }));
  }
}

@Resolver(() => KitItemType)
export class KitItemResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: KitItem, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }
}

@Resolver(() => PoolType)
export class PoolKitsResolver {
  @FieldResolver(() => KitConnection, { description: 'Its kits that can be booked, oldest first.' })
  async kits(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Kit>> {
    authorize(await ctx.loaders.standing(pool.networkId), 'pool.read');
    return ctx.loaders.kitsOfPool(pool, pageRequest(page));
  }
}
