import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Network } from '../../entities/network.ts';
import type { Unit } from '../../entities/unit.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { TranslationType, translationsOf } from '../../schema/common/translation.ts';
import { UnitCreateInput, UnitCreatePayload, UnitType } from '../../schema/ledger/unit.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { createUnit } from '../../services/ledger/units.ts';
import { textIn } from '../../services/networks/translations.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => UnitType)
export class UnitResolver {
  @FieldResolver(() => String, { description: 'Its name.' })
  async name(
    @Root() unit: Unit,
    @Arg('locale', () => String, {
      nullable: true,
      description: 'Preferred language; the network’s own if there is no such text.',
    })
    locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string> {
    const network = await ctx.loaders.network(unit.networkId);
    return textIn(unit.name, locale, network.defaultLocale) ?? unit.code;
  }

  @FieldResolver(() => [TranslationType], { description: 'Its name in all its languages, at most 100.' })
  nameTranslations(@Root() unit: Unit): TranslationType[] {
    return translationsOf(unit.name);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Lowest balance of new accounts; null for none.',
  })
  async defaultFloor(@Root() unit: Unit, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const { floorMinor } = await ctx.loaders.policy(unit);
    return floorMinor === null ? null : moneyOf(floorMinor, unit);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Highest balance of new accounts; null for none.',
  })
  async defaultCeiling(@Root() unit: Unit, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const { ceilingMinor } = await ctx.loaders.policy(unit);
    return ceilingMinor === null ? null : moneyOf(ceilingMinor, unit);
  }

  @Mutation(() => UnitCreatePayload, {
    description: 'Makes a unit. Codes: UNIT_CODE_TAKEN, INVALID_CODE, NETWORK_ARCHIVED.',
  })
  unitCreate(
    @Input(() => UnitCreateInput) input: UnitCreateInput,
    @Ctx() ctx: Context,
  ): Promise<UnitCreatePayload> {
    return mutate(ctx, async (tx) => ({ unit: await createUnit(tx, input) }));
  }
}

@Resolver(() => NetworkType)
export class NetworkUnitsResolver {
  @FieldResolver(() => [UnitType], { description: 'What its accounts count, by code.' })
  units(@Root() network: Network, @Ctx() ctx: Context): Promise<Unit[]> {
    return ctx.loaders.units(network.id);
  }
}
