import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Group } from '../../entities/group.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { Unit } from '../../entities/unit.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import {
  AccountConnection,
  AccountHolderUnion,
  AccountType,
  AccountViewerCanType,
} from '../../schema/ledger/account.ts';
import { AccountFilterInput } from '../../schema/ledger/filters.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import { GroupType } from '../../schema/networks/group.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { authorize, type Verdict } from '../../services/access/may.ts';
import { accountVerdicts, seesBalance, seesLimits } from '../../services/ledger/account-access.ts';
import { availableMinor, earnableMinor } from '../../services/ledger/limits.ts';
import { listAccounts, readableAccount, signatoriesOf } from '../../services/ledger/read-accounts.ts';
import type { Context } from '../context.ts';

@Resolver(() => AccountType)
export class AccountResolver {
  @FieldResolver(() => NetworkType, { description: 'The network that it belongs to.' })
  network(@Root() account: Account, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(account.networkId);
  }

  @FieldResolver(() => UnitType, { description: 'What it counts.' })
  unit(@Root() account: Account, @Ctx() ctx: Context): Promise<Unit> {
    return ctx.loaders.unit(account.networkId, account.unitId);
  }

  @FieldResolver(() => AccountHolderUnion, { description: 'Whose it is.' })
  holder(@Root() account: Account, @Ctx() ctx: Context): Promise<Membership | Group | Network> {
    const { networkId, membershipId, groupId } = account;
    if (membershipId) return ctx.loaders.membership(networkId, membershipId);
    if (groupId) return ctx.loaders.group(networkId, groupId);
    return ctx.loaders.network(networkId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is called; null for a member’s usual account.',
  })
  name(@Root() account: Account): string | null {
    return account.name || null;
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Positive: has given more than received. Null if the viewer may not see it.',
  })
  balance(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return ifSeen(ctx, account, account.balanceMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Promised to others by open holds. Null if the viewer may not see it.',
  })
  reserved(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return ifSeen(ctx, account, account.reservedMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What it can still spend: balance − floor − reserved. Null without a floor, or if the viewer may not see it.',
  })
  async available(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const limits = await ctx.loaders.limits(account.networkId, account.id);
    return ifSeen(ctx, account, availableMinor(account, limits));
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What it can still receive: ceiling − balance. Null without a ceiling, or if the viewer may not see it.',
  })
  async earnable(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const limits = await ctx.loaders.limits(account.networkId, account.id);
    return ifSeen(ctx, account, earnableMinor(account, limits));
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Lowest balance. Null for no limit, or if the viewer may not see it.',
  })
  async floor(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const { floorMinor } = await ctx.loaders.limits(account.networkId, account.id);
    return ifSeen(ctx, account, floorMinor, seesLimits);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'Highest balance. Null for no limit, or if the viewer may not see it.',
  })
  async ceiling(@Root() account: Account, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const { ceilingMinor } = await ctx.loaders.limits(account.networkId, account.id);
    return ifSeen(ctx, account, ceilingMinor, seesLimits);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether its limits are those of its unit’s policy; false if it has its own. Null if the viewer may not see them.',
  })
  async followsPolicy(@Root() account: Account, @Ctx() ctx: Context): Promise<boolean | null> {
    const standing = await ctx.loaders.standing(account.networkId);
    return seesLimits(standing, account, await ctx.loaders.tieTo(account)) ? account.followsPolicy : null;
  }

  @FieldResolver(() => [MembershipType], {
    description: 'Members who may sign for it beside its holder, at most 50.',
  })
  async signatories(@Root() account: Account, @Ctx() ctx: Context): Promise<Membership[]> {
    const signatories = await signatoriesOf(ctx.db, account);
    return Promise.all(signatories.map((row) => ctx.loaders.membership(row.networkId, row.membershipId)));
  }

  @FieldResolver(() => AccountViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() account: Account,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof AccountViewerCanType, Verdict>> {
    return accountVerdicts(
      await ctx.loaders.standing(account.networkId),
      account,
      await ctx.loaders.tieTo(account),
    );
  }
}

/** An amount, for who sees it by the rule. */
async function ifSeen(
  ctx: Context,
  account: Account,
  minor: bigint | null,
  rule: typeof seesBalance = seesBalance,
): Promise<MoneyType | null> {
  if (minor === null) return null;
  const standing = await ctx.loaders.standing(account.networkId);
  if (!rule(standing, account, await ctx.loaders.tieTo(account))) return null;
  return moneyOf(minor, await ctx.loaders.unit(account.networkId, account.unitId));
}

@Resolver(() => NetworkType)
export class NetworkAccountsResolver {
  @FieldResolver(() => AccountConnection, {
    nullable: true,
    description: 'Accounts, oldest first; for members.',
  })
  async accounts(
    @Root() network: Network,
    @Arg('filter', () => AccountFilterInput, { nullable: true, description: 'Which accounts.' })
    filter: AccountFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Account>> {
    return listAccounts(ctx.db, await ctx.loaders.standing(network.id), filter ?? {}, pageRequest(page));
  }

  @FieldResolver(() => AccountType, { nullable: true, description: 'One account; for members.' })
  async account(
    @Root() network: Network,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Account | null> {
    return readableAccount(ctx.db, await ctx.loaders.standing(network.id), id);
  }
}

@Resolver(() => MembershipType)
export class MembershipAccountsResolver {
  @FieldResolver(() => AccountConnection, {
    nullable: true,
    description: 'The member’s accounts, oldest first; for members of the network and the member.',
  })
  async accounts(
    @Root() member: Membership,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Account>> {
    const standing = await ctx.loaders.standing(member.networkId);
    authorize(standing, 'account.list', { isOwn: member.id === standing.membership?.id });
    return ctx.loaders.accountsOf(member, pageRequest(page));
  }
}

@Resolver(() => GroupType)
export class GroupAccountsResolver {
  @FieldResolver(() => AccountConnection, {
    nullable: true,
    description: 'The group’s accounts, oldest first.',
  })
  async accounts(
    @Root() group: Group,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Account>> {
    const standing = await ctx.loaders.standing(group.networkId);
    return listAccounts(ctx.db, standing, { groupId: group.id }, pageRequest(page));
  }
}
