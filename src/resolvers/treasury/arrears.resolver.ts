import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { DuesCharge } from '../../entities/dues-charge.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { ArrearsConnection, ArrearsType } from '../../schema/treasury/dues.ts';
import {
  inArrearsSince,
  listArrears,
  seesArrears,
  unpaidTotals,
  type Arrears,
} from '../../services/treasury/arrears.ts';
import type { Context } from '../context.ts';

const SHOWN = 100;

@Resolver(() => MembershipType)
export class MembershipArrearsResolver {
  @FieldResolver(() => ArrearsType, {
    nullable: true,
    description:
      'What the member owes and has not paid. Null for all but the member, coordinators, treasurers and auditors.',
  })
  async arrears(@Root() member: Membership, @Ctx() ctx: Context): Promise<Arrears | null> {
    const standing = await ctx.loaders.standing(member.networkId);
    if (!seesArrears(standing, member)) return null;
    return { member, charges: await ctx.loaders.unpaidDues(member.networkId, member.id) };
  }
}

@Resolver(() => NetworkType)
export class NetworkArrearsResolver {
  @FieldResolver(() => ArrearsConnection, {
    nullable: true,
    description:
      'Members whose dues are unpaid after the grace, in the order in which they joined; for coordinators, treasurers and auditors.',
  })
  async arrears(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Arrears>> {
    const standing = await ctx.loaders.standing(network.id);
    return listArrears(ctx.db, standing, pageRequest(page), ctx.now);
  }
}

@Resolver(() => ArrearsType)
export class ArrearsResolver {
  @FieldResolver(() => MembershipType, { description: 'Who owes it.' })
  membership(@Root() { member }: Arrears): Membership {
    return member;
  }

  @FieldResolver()
  charges(@Root() { charges }: Arrears): DuesCharge[] {
    return charges.slice(0, SHOWN);
  }

  @FieldResolver(() => [MoneyType], { description: 'All that is unpaid, an amount for each unit, up to 50.' })
  async totals(@Root() arrears: Arrears, @Ctx() ctx: Context): Promise<ReturnType<typeof moneyOf>[]> {
    const totals = [...unpaidTotals(arrears)];
    return Promise.all(
      totals.map(async ([unitId, minor]) =>
        moneyOf(minor, await ctx.loaders.unit(arrears.member.networkId, unitId)),
      ),
    );
  }

  @FieldResolver(() => Boolean, { description: 'Whether dues are unpaid after their grace.' })
  isInArrears(@Root() arrears: Arrears, @Ctx() ctx: Context): boolean {
    return inArrearsSince(arrears, ctx.now) !== null;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when dues are unpaid after their grace; null if none are.',
  })
  since(@Root() arrears: Arrears, @Ctx() ctx: Context): Date | null {
    return inArrearsSince(arrears, ctx.now);
  }
}
