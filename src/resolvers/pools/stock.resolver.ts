import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Group } from '../../entities/group.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Resource } from '../../entities/resource.ts';
import type { StockMove } from '../../entities/stock-move.ts';
import { formatAmount } from '../../kernel/money.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { DecimalScalar } from '../../schema/common/scalars.ts';
import { GroupType } from '../../schema/networks/group.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import {
  StockContributeInput,
  StockContributePayload,
  StockCorrectInput,
  StockCorrectPayload,
  StockMoveConnection,
  StockMoveType,
  StockQuotaType,
  StockSpoilInput,
  StockSpoilPayload,
  StockTakeInput,
  StockTakePayload,
  StockType,
  StockViewerCanType,
} from '../../schema/pools/stock.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import { seesTakers } from '../../services/pools/stock/read-stock.ts';
import {
  contributeToStock,
  correctStock,
  repeatedMove,
  spoilStock,
  takeFromStock,
} from '../../services/pools/stock/stock.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutateOnce } from '../mutate.ts';

/** A stock, as its fields are asked for: the thing itself. */
interface StockRoot {
  resource: Resource;
  amount: string;
  unit: string;
  decimals: number;
}

const TAKING_CODES =
  'RESOURCE_KIND_MISMATCH, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, INVALID_AMOUNT, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED';

@Resolver(() => ResourceType)
export class ResourceStockResolver {
  @FieldResolver(() => StockType, {
    nullable: true,
    description: 'What there is of it, if it is a stock; null otherwise.',
  })
  stock(@Root() resource: Resource): StockRoot | null {
    const { stockMinor, stockScale, stockUnit } = resource;
    if (stockMinor === null || stockScale === null || stockUnit === null) return null;
    return { resource, amount: formatAmount(stockMinor, stockScale), unit: stockUnit, decimals: stockScale };
  }
}

@Resolver(() => StockType)
export class StockResolver {
  @FieldResolver(() => StockMoveConnection, {
    description:
      'What came in and went out, newest first: all of it for stewards, coordinators and auditors, and for others what they have brought and taken themselves.',
  })
  async moves(
    @Root() { resource }: StockRoot,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<StockMove>> {
    const standing = await ctx.loaders.standing(resource.networkId);
    const seesAll = seesTakers(standing, await isSteward(ctx, resource));
    const membershipId = standing.membership?.id ?? null;
    return ctx.loaders.stockMoves(resource, { ...pageRequest(page), seesAll, membershipId });
  }

  @FieldResolver(() => StockQuotaType, {
    nullable: true,
    description: 'What the viewer may take of it within a period; null if all may take what is there.',
  })
  async quota(
    @Root() { resource, decimals }: StockRoot,
    @Arg('groupId', () => ID, {
      nullable: true,
      description: 'A household of the viewer, for those who belong to several.',
    })
    groupId: string | null,
    @Ctx() ctx: Context,
  ): Promise<StockQuotaType | null> {
    const quota = await ctx.loaders.quota({ resource, groupId: groupId ?? null });
    if (!quota) return null;
    const written = (minor: bigint | null) => (minor === null ? null : formatAmount(minor, decimals));
    return {
      ...quota,
      limit: formatAmount(quota.limitMinor, decimals),
      taken: written(quota.takenMinor),
      left: written(quota.leftMinor),
    };
  }

  @FieldResolver(() => StockViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() { resource }: StockRoot,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof StockViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(resource.networkId);
    const subject = { isOwn: await isSteward(ctx, resource) };
    return {
      move: may(standing, 'stock.move'),
      correct: may(standing, 'stock.correct', subject),
      readMembers: may(standing, 'stock.read', subject),
    };
  }
}

function isSteward(ctx: Context, { networkId, poolId }: Resource): Promise<boolean> {
  return ctx.loaders.isSteward({ networkId, id: poolId });
}

@Resolver(() => StockMoveType)
export class StockMoveResolver {
  @FieldResolver(() => ResourceType, { description: 'The stock.' })
  resource(@Root() { networkId, resourceId }: StockMove, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => DecimalScalar, {
    description: 'How much, in the unit of the stock; below zero for what went out.',
  })
  amount(@Root() move: StockMove, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, move, move.amountMinor);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What was there afterwards.' })
  balanceAfter(@Root() move: StockMove, @Ctx() ctx: Context): Promise<string> {
    return inUnitOf(ctx, move, move.balanceAfterMinor);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who brought or took it; null for what spoiled and for corrections.',
  })
  async member(@Root() move: StockMove, @Ctx() ctx: Context): Promise<Membership | null> {
    return move.membershipId ? ctx.loaders.membership(move.networkId, move.membershipId) : null;
  }

  @FieldResolver(() => GroupType, {
    nullable: true,
    description: 'The household on whose quota it counts; null if it counts on none.',
  })
  async group(@Root() move: StockMove, @Ctx() ctx: Context): Promise<Group | null> {
    return move.groupId ? ctx.loaders.group(move.networkId, move.groupId) : null;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who wrote it down; null if the server did.',
  })
  async createdBy(@Root() move: StockMove, @Ctx() ctx: Context): Promise<Membership | null> {
    return move.byPersonId ? ctx.loaders.memberOf(move.networkId, move.byPersonId) : null;
  }

  @Mutation(() => StockContributePayload, {
    description: `Brings something into a stock, once for its key; for members, and stewards for others. Codes: MEMBERSHIP_STATE, ${TAKING_CODES}.`,
  })
  async stockContribute(
    @Input(() => StockContributeInput) input: StockContributeInput,
    @Ctx() ctx: Context,
  ): Promise<StockContributePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'stockContribute',
      input,
      work: (tx) => contributeToStock(tx, input),
      again: (tx, id) => repeatedMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => StockTakePayload, {
    description: `Takes something out of a stock, once for its key; for members within their quota, and stewards for others. Codes: STOCK_TOO_LOW, QUOTA_EXCEEDED, GROUP_CONFLICT, MEMBERSHIP_STATE, REQUIRED, INVALID_CHOICE, ${TAKING_CODES}.`,
  })
  async stockTake(
    @Input(() => StockTakeInput) input: StockTakeInput,
    @Ctx() ctx: Context,
  ): Promise<StockTakePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'stockTake',
      input,
      work: (tx) => takeFromStock(tx, input),
      again: (tx, id) => repeatedMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => StockSpoilPayload, {
    description: `Writes off what has spoiled, once for its key; for stewards and coordinators. Codes: STOCK_TOO_LOW, ${TAKING_CODES}.`,
  })
  async stockSpoil(
    @Input(() => StockSpoilInput) input: StockSpoilInput,
    @Ctx() ctx: Context,
  ): Promise<StockSpoilPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'stockSpoil',
      input,
      work: (tx) => spoilStock(tx, input),
      again: (tx, id) => repeatedMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => StockCorrectPayload, {
    description: `Brings what is written in line with what was counted, once for its key; for stewards and coordinators. Codes: STOCK_TOO_LOW, ${TAKING_CODES}.`,
  })
  async stockCorrect(
    @Input(() => StockCorrectInput) input: StockCorrectInput,
    @Ctx() ctx: Context,
  ): Promise<StockCorrectPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'stockCorrect',
      input,
      work: (tx) => correctStock(tx, input),
      again: (tx, id) => repeatedMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }
}

/** An amount of a stock as clients read it. */
export async function inUnitOf(
  ctx: Context,
  { networkId, resourceId }: { networkId: string; resourceId: string },
  minor: bigint,
): Promise<string> {
  const { stockScale } = await ctx.loaders.resource(networkId, resourceId);
  return formatAmount(minor, stockScale ?? 0);
}
