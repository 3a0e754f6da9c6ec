import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import type { LimitMode, UnitPolicy } from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  ClosingRuleType,
  closingOfPolicy,
  demurrageOfPolicy,
  DemurrageType,
  leviesOfPolicy,
  LeviesType,
  LimitModeEnum,
  limitsOfPolicy,
  PaymentLimitsType,
  paymentsOfPolicy,
  UnitLimitsType,
  UnitPolicyConnection,
  UnitPolicySetInput,
  UnitPolicySetPayload,
  UnitPolicyType,
  UnitViewerCanType,
} from '../../schema/ledger/unit-policy.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import { listPolicies, setPolicy, unitVerdicts } from '../../services/ledger/set-policy.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => UnitType)
export class UnitPoliciesResolver {
  @FieldResolver(() => UnitPolicyType, { description: 'The rules in force.' })
  policy(@Root() unit: Unit, @Ctx() ctx: Context): Promise<UnitPolicy> {
    return ctx.loaders.policy(unit);
  }

  @FieldResolver(() => UnitPolicyConnection, {
    nullable: true,
    description: 'All versions of the rules, newest first; for members.',
  })
  async policies(
    @Root() unit: Unit,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<UnitPolicy>> {
    return listPolicies(ctx.db, await ctx.loaders.standing(unit.networkId), unit, pageRequest(page));
  }

  @FieldResolver(() => UnitViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() unit: Unit,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof UnitViewerCanType, Verdict>> {
    return unitVerdicts(await ctx.loaders.standing(unit.networkId));
  }

  @Mutation(() => UnitPolicySetPayload, {
    description:
      'Sets limits, levies, demurrage and the other rules of a unit as a new version; for coordinators. Codes: DECISION_REQUIRED, POLICY_CHANGED, ACCOUNT_NOT_OPEN, UNIT_MISMATCH, REQUIRED, INVALID_CHOICE, INVALID_RANGE, INVALID_AMOUNT, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  unitPolicySet(
    @Input(() => UnitPolicySetInput) input: UnitPolicySetInput,
    @Ctx() ctx: Context,
  ): Promise<UnitPolicySetPayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'mode', 'requestDays');
      return { unit: await setPolicy(tx, input) };
    });
  }
}

@Resolver(() => UnitPolicyType)
export class UnitPolicyResolver {
  @FieldResolver(() => UnitLimitsType, { description: 'Limits of accounts that have none of their own.' })
  async limits(@Root() policy: UnitPolicy, @Ctx() ctx: Context): Promise<UnitLimitsType> {
    return limitsOfPolicy(policy, await unitOf(ctx, policy));
  }

  @FieldResolver(() => LimitModeEnum, { description: 'What a limit does.' })
  mode(@Root() policy: UnitPolicy): LimitMode {
    return policy.limitMode;
  }

  @FieldResolver(() => LeviesType, { nullable: true, description: 'Levies; null for none.' })
  levies(@Root() policy: UnitPolicy): OfNetwork<LeviesType> | null {
    return inNetwork(policy, leviesOfPolicy(policy));
  }

  @FieldResolver(() => PaymentLimitsType, {
    nullable: true,
    description: 'Limits on payments; null for none.',
  })
  async payments(@Root() policy: UnitPolicy, @Ctx() ctx: Context): Promise<PaymentLimitsType | null> {
    return paymentsOfPolicy(policy, await unitOf(ctx, policy));
  }

  @FieldResolver(() => DemurrageType, { nullable: true, description: 'Demurrage; null for none.' })
  async demurrage(@Root() policy: UnitPolicy, @Ctx() ctx: Context): Promise<OfNetwork<DemurrageType> | null> {
    return inNetwork(policy, demurrageOfPolicy(policy, await unitOf(ctx, policy)));
  }

  @FieldResolver(() => ClosingRuleType, {
    nullable: true,
    description: 'What becomes of the balance of an account that closes; null if it must be zero.',
  })
  closing(@Root() policy: UnitPolicy): OfNetwork<ClosingRuleType> | null {
    return inNetwork(policy, closingOfPolicy(policy));
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who set it; null for the first version of a template, and for who is no member.',
  })
  async setBy(@Root() policy: UnitPolicy, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, setByPersonId } = policy;
    const standing = await ctx.loaders.standing(networkId);
    if (!setByPersonId || !may(standing, 'member.list').allowed) return null;
    return ctx.loaders.memberOf(networkId, setByPersonId);
  }
}

type OfNetwork<T> = T & { networkId: string };
type NamesAccount = OfNetwork<{ accountId: string | null }>;

function inNetwork<T>({ networkId }: UnitPolicy, part: T | null): OfNetwork<T> | null {
  return part && { ...part, networkId };
}

function unitOf(ctx: Context, { networkId, unitId }: UnitPolicy): Promise<Unit> {
  return ctx.loaders.unit(networkId, unitId);
}

/** The rules are open to everybody, the accounts of the community to its members. */
export async function accountForMembers(
  ctx: Context,
  { networkId, accountId }: NamesAccount,
): Promise<Account | null> {
  const standing = await ctx.loaders.standing(networkId);
  const isSeen = accountId !== null && may(standing, 'account.list').allowed;
  return isSeen ? ctx.loaders.account(networkId, accountId) : null;
}

const ACCOUNT = { nullable: true, description: 'Where it goes or comes from; null for who is no member.' };

@Resolver(() => LeviesType)
export class LeviesResolver {
  @FieldResolver(() => AccountType, ACCOUNT)
  account(@Root() levies: NamesAccount, @Ctx() ctx: Context): Promise<Account | null> {
    return accountForMembers(ctx, levies);
  }
}

@Resolver(() => DemurrageType)
export class DemurrageResolver {
  @FieldResolver(() => AccountType, ACCOUNT)
  account(@Root() demurrage: NamesAccount, @Ctx() ctx: Context): Promise<Account | null> {
    return accountForMembers(ctx, demurrage);
  }
}

@Resolver(() => ClosingRuleType)
export class ClosingRuleResolver {
  @FieldResolver(() => AccountType, ACCOUNT)
  account(@Root() closing: NamesAccount, @Ctx() ctx: Context): Promise<Account | null> {
    return accountForMembers(ctx, closing);
  }
}
