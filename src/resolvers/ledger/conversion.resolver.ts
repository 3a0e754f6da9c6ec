import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Conversion } from '../../entities/conversion.ts';
import type { ConversionRate } from '../../entities/conversion-rate.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  ConversionCreateInput,
  ConversionCreatePayload,
  ConversionRateConnection,
  ConversionRateFilterInput,
  ConversionRateRetireInput,
  ConversionRateRetirePayload,
  ConversionRateSetInput,
  ConversionRateSetPayload,
  ConversionRateType,
  ConversionType,
  ConversionViewerCanType,
} from '../../schema/ledger/conversion.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import type { Verdict } from '../../services/access/may.ts';
import { listRates, retireRate, setRate } from '../../services/ledger/conversion-rates.ts';
import { createConversion, createdConversion } from '../../services/ledger/conversions.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';
import { viewersVerdicts } from './transfer-details.resolver.ts';

@Resolver(() => ConversionRateType)
export class ConversionRateResolver {
  @FieldResolver(() => UnitType, { description: 'The unit that is given.' })
  fromUnit(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<Unit> {
    return ctx.loaders.unit(rate.networkId, rate.fromUnitId);
  }

  @FieldResolver(() => UnitType, { description: 'The unit that is received.' })
  toUnit(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<Unit> {
    return ctx.loaders.unit(rate.networkId, rate.toUnitId);
  }

  @FieldResolver(() => AccountType, { description: 'The network’s account that receives what is given.' })
  fromAccount(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(rate.networkId, rate.fromAccountId);
  }

  @FieldResolver(() => AccountType, { description: 'The network’s account that pays what is received.' })
  toAccount(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(rate.networkId, rate.toAccountId);
  }

  @FieldResolver(() => Boolean, { description: 'Whether one can convert at it now.' })
  async isInForce(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<boolean> {
    return (await ctx.loaders.ratesInForce(rate.networkId)).has(rate.id);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who set it; null if the server did, or who did is a member no more.',
  })
  async setBy(@Root() rate: ConversionRate, @Ctx() ctx: Context): Promise<Membership | null> {
    return rate.setByPersonId ? ctx.loaders.memberOf(rate.networkId, rate.setByPersonId) : null;
  }

  @Mutation(() => ConversionRateSetPayload, {
    description:
      'Decides what one unit is worth in another, instead of what was decided before; for coordinators. The other direction has a rate of its own, or none. Codes: DECISION_REQUIRED, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, INVALID_CHOICE, INVALID_RANGE, NETWORK_ARCHIVED.',
  })
  conversionRateSet(
    @Input(() => ConversionRateSetInput) input: ConversionRateSetInput,
    @Ctx() ctx: Context,
  ): Promise<ConversionRateSetPayload> {
    return mutate(ctx, async (tx) => ({ conversionRate: await setRate(tx, input) }));
  }

  @Mutation(() => ConversionRateRetirePayload, {
    description:
      'Decides that one unit cannot be exchanged for another any more; for coordinators. Codes: DECISION_REQUIRED, CONVERSION_RATE_CHANGED, NETWORK_ARCHIVED.',
  })
  conversionRateRetire(
    @Input(() => ConversionRateRetireInput) input: ConversionRateRetireInput,
    @Ctx() ctx: Context,
  ): Promise<ConversionRateRetirePayload> {
    return mutate(ctx, async (tx) => ({ conversionRate: await retireRate(tx, input) }));
  }
}

@Resolver(() => ConversionType)
export class ConversionResolver {
  @FieldResolver(() => ConversionRateType, { description: 'The rate at which it was made.' })
  rate(@Root() conversion: Conversion, @Ctx() ctx: Context): Promise<ConversionRate> {
    return ctx.loaders.conversionRate(conversion.networkId, conversion.rateId);
  }

  @FieldResolver(() => TransferType, { description: 'What was given, from the holder to the network.' })
  from(@Root() conversion: Conversion, @Ctx() ctx: Context): Promise<Transfer> {
    return ctx.loaders.transfer(conversion.networkId, conversion.fromTransferId);
  }

  @FieldResolver(() => TransferType, { description: 'What was received, from the network to the holder.' })
  to(@Root() conversion: Conversion, @Ctx() ctx: Context): Promise<Transfer> {
    return ctx.loaders.transfer(conversion.networkId, conversion.toTransferId);
  }

  @FieldResolver(() => ConversionViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() { networkId, fromTransferId }: Conversion,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof ConversionViewerCanType, Verdict>> {
    const { reverse } = await viewersVerdicts(ctx, await ctx.loaders.transfer(networkId, fromTransferId));
    return { reverse };
  }

  @Mutation(() => ConversionCreatePayload, {
    description:
      'Exchanges an amount of one unit for another at the rate in force, rounded down, once for its key; for those who may sign for both accounts. Codes: DECISION_REQUIRED, CONVERSION_RATE_CHANGED, CONVERSION_TOO_SMALL, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, INVALID_CHOICE, INVALID_AMOUNT, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async conversionCreate(
    @Input(() => ConversionCreateInput) input: ConversionCreateInput,
    @Ctx() ctx: Context,
  ): Promise<ConversionCreatePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'conversionCreate',
      input,
      work: (tx) => createConversion(tx, input),
      again: (tx, id) => createdConversion(tx, input.networkId, id),
    });
    return { conversion: made, errors };
  }
}

@Resolver(() => NetworkType)
export class NetworkConversionRatesResolver {
  @FieldResolver(() => ConversionRateConnection, {
    nullable: true,
    description: 'Rates between its units, newest first, also those of before; for members.',
  })
  async conversionRates(
    @Root() network: Network,
    @Arg('filter', () => ConversionRateFilterInput, { nullable: true, description: 'Which rates.' })
    filter: ConversionRateFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<ConversionRate>> {
    return listRates(ctx.db, await ctx.loaders.standing(network.id), filter ?? {}, pageRequest(page));
  }
}

@Resolver(() => TransferType)
export class TransferConversionResolver {
  @FieldResolver(() => ConversionType, {
    nullable: true,
    description: 'The conversion of which it is one half; null for any other transfer.',
  })
  async conversion(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Conversion | null> {
    const { networkId, kind, causeId } = transfer;
    // Who reads one half reads the other: both lie in common accounts, which are open to members.
    return kind === 'CONVERSION' && causeId ? ctx.loaders.conversion(networkId, causeId) : null;
  }
}
