import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { Pool } from '../../entities/pool.ts';
import type { ResourceRecord } from '../../entities/resource-record.ts';
import type { FeePeriod, OwnerKind, Resource } from '../../entities/resource.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { placeOf, PlaceType } from '../../schema/common/place.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import {
  FreeStepType,
  ResourceFeeType,
  ResourceOwnerType,
  ResourceRateType,
  ResourceRecordConnection,
  ResourceRecordType,
  ResourceRulesType,
  ResourceType,
  ResourceViewerCanType,
} from '../../schema/pools/resource.ts';
import { decisionVerdict } from '../../services/access/decisions.ts';
import { authorize, may, type Verdict } from '../../services/access/may.ts';
import { availabilityOf, requireShortInterval } from '../../services/pools/availability.ts';
import { bookingRulesOf, type BookingRules } from '../../services/pools/booking-rules.ts';
import type { FreeStep } from '../../services/pools/free-quantity.ts';
import type { Keeping } from '../../services/pools/bookings/keepers.ts';
import { poolSubject } from '../../services/pools/pool-access.ts';
import { mayDescribe, ownsIt } from '../../services/pools/update-resource.ts';
import type { Context } from '../context.ts';
import { showsBooker } from './booking.resolver.ts';
import { NOT_IN_THIS_STATE } from './pool.resolver.ts';

type Money = ReturnType<typeof moneyOf>;

@Resolver(() => ResourceType)
export class ResourceResolver {
  @FieldResolver(() => PoolType, { description: 'The pool that it is in.' })
  pool(@Root() { networkId, poolId }: Resource, @Ctx() ctx: Context): Promise<Pool> {
    return ctx.loaders.pool(networkId, poolId);
  }

  @FieldResolver(() => PlaceType, { nullable: true, description: 'Where it is.' })
  place(@Root() resource: Resource): PlaceType | null {
    return placeOf(resource);
  }

  @FieldResolver(() => ResourceOwnerType, { description: 'Whose it is.' })
  owner(@Root() resource: Resource): Resource {
    return resource;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description:
      'Who has it now. Null while the pool has it, or if a booker has it whom the pool does not show to the viewer.',
  })
  custodian(
    @Root() { networkId, id, custodianMembershipId }: Resource,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return keeperNamed(ctx, { networkId, resourceId: id, membershipId: custodianMembershipId, at: null });
  }

  @FieldResolver(() => ResourceRulesType, { description: 'By which rules it is booked.' })
  async rules(@Root() resource: Resource, @Ctx() ctx: Context): Promise<BookingRules> {
    return bookingRulesOf(await ctx.loaders.pool(resource.networkId, resource.poolId), resource);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What it is worth; null if nobody said so.',
  })
  value(@Root() resource: Resource, @Ctx() ctx: Context): Promise<Money | null> {
    return costOf(ctx, resource, resource.valueMinor);
  }

  @FieldResolver(() => ResourceFeeType, { nullable: true, description: 'What it costs; null for nothing.' })
  fee(@Root() resource: Resource, @Ctx() ctx: Context): Promise<ResourceFeeType | null> {
    return feeOf(ctx, resource, { per: resource.feePer, minor: resource.feeMinor });
  }

  @FieldResolver(() => [ResourceRateType], {
    description: 'What members of some classes pay in place of the fee, at most 20.',
  })
  async rates(@Root() resource: Resource, @Ctx() ctx: Context): Promise<ResourceRateType[]> {
    const rates = await ctx.loaders.rates(resource);
    return Promise.all(
      rates.map(async ({ memberClass, feeMinor }) => ({
        memberClass,
        amount: (await costOf(ctx, resource, feeMinor)) as unknown as MoneyType,
      })),
    );
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What is held of the booker’s credit for each piece until it is back; null for nothing.',
  })
  deposit(@Root() resource: Resource, @Ctx() ctx: Context): Promise<Money | null> {
    return costOf(ctx, resource, resource.depositMinor === 0n ? null : resource.depositMinor);
  }

  @FieldResolver(() => ResourceFeeType, {
    nullable: true,
    description:
      'What it costs to bring it back late, begun hours and days counting whole; null for nothing.',
  })
  lateFee(@Root() resource: Resource, @Ctx() ctx: Context): Promise<ResourceFeeType | null> {
    return feeOf(ctx, resource, { per: resource.lateFeePer, minor: resource.lateFeeMinor });
  }

  @FieldResolver(() => [FreeStepType], {
    description:
      'How many pieces are free when, in steps that follow one another: up to two for each booking and for each time that it opens. Nothing is free in the past, after a loan, while maintenance is overdue, or outside hours in which all of a booking must lie.',
  })
  async availability(
    @Root() resource: Resource,
    @Arg('from', () => DateTimeScalar, { description: 'The beginning.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'The end, up to 62 days later.' }) to: Date,
    @Ctx() ctx: Context,
  ): Promise<FreeStep[]> {
    const interval = requireShortInterval({ from, until: to });
    const { networkId, poolId } = resource;
    const [network, pool, plans, occupancies] = await Promise.all([
      ctx.loaders.network(networkId),
      ctx.loaders.pool(networkId, poolId),
      ctx.loaders.maintenancePlans(resource),
      ctx.loaders.occupancies(resource, to),
    ]);
    const facts = { pool, plans, occupancies, timeZone: network.timeZone };
    return availabilityOf(resource, interval, { facts, now: ctx.now });
  }

  @FieldResolver(() => ResourceRecordConnection, {
    nullable: true,
    description: 'What happened to it, newest first.',
  })
  async records(
    @Root() resource: Resource,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ResourceRecord>> {
    authorize(await ctx.loaders.standing(resource.networkId), 'pool.read');
    return ctx.loaders.records(resource, pageRequest(page));
  }

  @FieldResolver(() => ResourceViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() resource: Resource,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof ResourceViewerCanType, Verdict>> {
    const { networkId, poolId, state } = resource;
    const pool = await ctx.loaders.pool(networkId, poolId);
    const standing = await ctx.loaders.standing(networkId);
    const isSteward = await ctx.loaders.isSteward(pool);
    const subject = poolSubject({ isSteward });
    const when = (fits: boolean, verdict: Verdict) =>
      verdict.allowed && (!fits || pool.archivedAt) ? NOT_IN_THIS_STATE : verdict;
    const manage = may(standing, 'resource.manage', subject);
    const ownOffer = state === 'OFFERED' && ownsIt({ standing, resource });
    return {
      manage: when(state !== 'RETIRED', manage),
      describe: when(state !== 'RETIRED', mayDescribe({ standing, resource, isSteward })),
      answer: when(state === 'OFFERED', manage),
      retire: when(
        state !== 'RETIRED',
        ownOffer
          ? may(standing, 'resource.own', { isOwn: true })
          : decisionVerdict(standing, 'resource.manage', { kind: 'resourceRetire', amount: null }, subject),
      ),
      book: when(state === 'ACTIVE' && resource.kind !== 'STOCK', may(standing, 'booking.request')),
    };
  }
}

@Resolver(() => ResourceOwnerType)
export class ResourceOwnerResolver {
  @FieldResolver()
  kind(@Root() resource: Resource): OwnerKind {
    return resource.ownerKind;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'The member who lends it; null for others.',
  })
  membership(@Root() resource: Resource, @Ctx() ctx: Context): Promise<Membership | null> {
    return memberNamed(ctx, resource.networkId, resource.ownerMembershipId);
  }
}

@Resolver(() => ResourceRecordType)
export class ResourceRecordResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'The member whose it was, if one owned it alone.',
  })
  owner(@Root() record: ResourceRecord, @Ctx() ctx: Context): Promise<Membership | null> {
    return memberNamed(ctx, record.networkId, record.ownerMembershipId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description:
      'Who had it. Null if the pool did, or if it is of a booking whose booker the pool does not show to the viewer.',
  })
  custodian(@Root() record: ResourceRecord, @Ctx() ctx: Context): Promise<Membership | null> {
    return memberOfRecord(ctx, record, record.custodianMembershipId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description:
      'Who said so. Null for the server, or if it is of a booking whose booker the pool does not show to the viewer.',
  })
  by(@Root() record: ResourceRecord, @Ctx() ctx: Context): Promise<Membership | null> {
    return memberOfRecord(ctx, record, record.byMembershipId);
  }
}

/** A member that the record of a thing names, unless that told who has booked it. */
async function memberOfRecord(
  ctx: Context,
  { networkId, resourceId, bookingId, at }: ResourceRecord,
  membershipId: string | null,
): Promise<Membership | null> {
  const booking = bookingId && (await ctx.loaders.booking(networkId, bookingId));
  if (booking && !(await showsBooker(ctx, booking))) return null;
  return keeperNamed(ctx, { networkId, resourceId, membershipId, at });
}

/** A member who has or had a thing, unless they have it by a booking and the viewer does not see whose that is. */
async function keeperNamed(
  ctx: Context,
  keeping: Omit<Keeping, 'membershipId'> & { membershipId: string | null },
): Promise<Membership | null> {
  const { networkId, membershipId } = keeping;
  if (membershipId === null) return null;
  const booking = await ctx.loaders.bookingBehind({ ...keeping, membershipId });
  const isShown = !booking || (await showsBooker(ctx, booking));
  return isShown ? ctx.loaders.membership(networkId, membershipId) : null;
}

/** A member that a row names, if it names one. */
export async function memberNamed(
  ctx: Context,
  networkId: string,
  id: string | null,
): Promise<Membership | null> {
  return id === null ? null : ctx.loaders.membership(networkId, id);
}

/** An amount of a thing in the unit of its pool. */
async function costOf(
  ctx: Context,
  { networkId, poolId }: Resource,
  minor: bigint | null,
): Promise<Money | null> {
  const { unitId } = await ctx.loaders.pool(networkId, poolId);
  return minor === null || unitId === null ? null : moneyOf(minor, await ctx.loaders.unit(networkId, unitId));
}

async function feeOf(
  ctx: Context,
  resource: Resource,
  { per, minor }: { per: FeePeriod | null; minor: bigint },
): Promise<ResourceFeeType | null> {
  const amount = per && (await costOf(ctx, resource, minor));
  return per && amount ? { per, amount } : null;
}
