import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Unit } from '../../entities/unit.ts';
import type { ProposalAction } from '../../governance/actions.ts';
import type { RuleInNetwork } from '../../governance/bylaws.ts';
import { scaleOf } from '../../governance/contest.ts';
import { minorOf } from '../../governance/decimals.ts';
import { formatAmount } from '../../kernel/money.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { ProposalResultType } from '../../schema/proposals/proposal-result.ts';
import { ProposalActionType, ProposalOptionType } from '../../schema/proposals/proposal.ts';
import { VotingRuleType } from '../../schema/proposals/voting-rule.ts';
import type { Context } from '../context.ts';
import type { Result } from './proposal-result.resolver.ts';
import type { OptionInNetwork } from './proposal.resolver.ts';

/** An action with the network that decides it. */
export type ActionInNetwork = ProposalAction & { networkId: string };

// What was proposed before units were kept beside amounts is shown without: the texts name them.

@Resolver(() => ProposalActionType)
export class ProposalActionResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'The value that it moves; null if it moves none.',
  })
  amount(
    @Root() { networkId, amount, unitId }: ActionInNetwork,
    @Ctx() ctx: Context,
  ): Promise<MoneyType | null> {
    return moneyIn(ctx, networkId, { amount, unitId });
  }
}

@Resolver(() => ProposalOptionType)
export class ProposalOptionCostResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What the project costs; null unless it is about a budget.',
  })
  cost(
    @Root() { networkId, cost, costUnitId }: OptionInNetwork,
    @Ctx() ctx: Context,
  ): Promise<MoneyType | null> {
    return moneyIn(ctx, networkId, { amount: cost, unitId: costUnitId });
  }
}

@Resolver(() => VotingRuleType)
export class VotingRuleResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What the chosen projects may cost together; null unless it is about a budget.',
  })
  budget(
    @Root() { networkId, budget, budgetUnitId }: RuleInNetwork,
    @Ctx() ctx: Context,
  ): Promise<MoneyType | null> {
    return moneyIn(ctx, networkId, { amount: budget, unitId: budgetUnitId });
  }
}

@Resolver(() => ProposalResultType)
export class ProposalSpentResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What the chosen projects cost together; null unless it was about a budget.',
  })
  spent(@Root() { proposal, spent }: Result, @Ctx() ctx: Context): Promise<MoneyType | null> {
    const amount = spent && formatAmount(BigInt(spent), scaleOf(proposal));
    return moneyIn(ctx, proposal.networkId, { amount, unitId: proposal.rule.budgetUnitId });
  }
}

async function moneyIn(
  ctx: Context,
  networkId: string,
  { amount, unitId }: { amount: string | null; unitId: string | null | undefined },
): Promise<{ value: string; unit: Unit } | null> {
  if (amount === null || !unitId) return null;
  const unit = await ctx.loaders.unit(networkId, unitId);
  return moneyOf(minorOf(amount, unit.scale), unit);
}
