import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import type { RequestRule } from '../../entities/request-rule.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import {
  RequestRuleRemoveInput,
  RequestRuleRemovePayload,
  RequestRuleSetInput,
  RequestRuleSetPayload,
  RequestRuleType,
} from '../../schema/ledger/request-rule.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { accountVerdicts } from '../../services/ledger/account-access.ts';
import { removeRequestRule, requestRulesOf, setRequestRule } from '../../services/ledger/request-rules.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => RequestRuleType)
export class RequestRuleResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Whose requests; null for everybody who has no rule of their own.',
  })
  async from(@Root() rule: RequestRule, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, fromMembershipId } = rule;
    return fromMembershipId ? ctx.loaders.membership(networkId, fromMembershipId) : null;
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'The largest amount; null for any.' })
  async upTo(@Root() rule: RequestRule, @Ctx() ctx: Context): Promise<MoneyType | null> {
    if (rule.upToMinor === null) return null;
    const account = await ctx.loaders.account(rule.networkId, rule.accountId);
    return moneyOf(rule.upToMinor, await ctx.loaders.unit(rule.networkId, account.unitId));
  }

  @Mutation(() => RequestRuleSetPayload, {
    description:
      'Lets requests to one’s own account be accepted at once or after some days; accounts of groups and of the network have no such rules. Codes: ACCOUNT_NOT_OPEN, TOO_MANY_REQUEST_RULES, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_RANGE, NETWORK_ARCHIVED.',
  })
  requestRuleSet(
    @Input(() => RequestRuleSetInput) input: RequestRuleSetInput,
    @Ctx() ctx: Context,
  ): Promise<RequestRuleSetPayload> {
    return mutate(ctx, async (tx) => ({ requestRule: await setRequestRule(tx, input) }));
  }

  @Mutation(() => RequestRuleRemovePayload, {
    description: 'Lets requests wait for an answer again. Codes: NETWORK_ARCHIVED.',
  })
  requestRuleRemove(
    @Input(() => RequestRuleRemoveInput) input: RequestRuleRemoveInput,
    @Ctx() ctx: Context,
  ): Promise<RequestRuleRemovePayload> {
    return mutate(ctx, async (tx) => ({ account: await removeRequestRule(tx, input) }));
  }
}

@Resolver(() => AccountType)
export class AccountRequestRulesResolver {
  @FieldResolver(() => [RequestRuleType], {
    nullable: true,
    description:
      'Whose requests it accepts without a word, at most 100; for who may choose its signatories, null for others.',
  })
  async requestRules(@Root() account: Account, @Ctx() ctx: Context): Promise<RequestRule[] | null> {
    const standing = await ctx.loaders.standing(account.networkId);
    const { manageSignatories } = accountVerdicts(standing, account, await ctx.loaders.tieTo(account));
    return manageSignatories.allowed ? requestRulesOf(ctx.db, account) : null;
  }
}
