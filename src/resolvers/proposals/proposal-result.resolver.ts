import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { Resolution, VoteSummary } from '../../entities/resolution.ts';
import type { VoteOutcome } from '../../governance/outcome.ts';
import type { PairFigure, Round } from '../../governance/tally/method.ts';
import { assert } from '../../kernel/errors.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { CURSOR_INTEGER, afterKey, pageOf, pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType, RoleEnum } from '../../schema/networks/membership.ts';
import {
  PairFigureType,
  ProposalResultType,
  ResolutionCountType,
  ResolutionType,
  RoundConnection,
  RoundTotalType,
  RoundType,
} from '../../schema/proposals/proposal-result.ts';
import { ProposalOptionType, ProposalType } from '../../schema/proposals/proposal.ts';
import type { Context } from '../context.ts';
import type { OptionInNetwork } from './proposal.resolver.ts';

/** What a result is shown from. */
export interface Result extends VoteOutcome {
  invalidBallots: number;
  proposal: Proposal;
  eligible: number;
  eligibleWeight: string;
  seed: string;
}

@Resolver(() => ProposalType)
export class ProposalOutcomeResolver {
  @FieldResolver(() => ProposalResultType, {
    nullable: true,
    description: 'What came of the vote; null until it is closed. Of a running vote nothing is told.',
  })
  result(@Root() proposal: Proposal): Result | null {
    const { outcome, seed, eligibleCount, eligibleWeight } = proposal;
    if (!outcome) return null;
    assert(seed !== null && eligibleCount !== null, 'a vote that was counted had electors and a seed');
    return {
      ...outcome,
      invalidBallots: outcome.invalidBallots ?? 0,
      proposal,
      seed,
      eligible: eligibleCount,
      eligibleWeight: String(eligibleWeight),
    };
  }
}

@Resolver(() => ProposalResultType)
export class ProposalResultResolver {
  @FieldResolver(() => [ProposalOptionType], {
    description: 'The options that were chosen, at most 100, in their order; none where one says yes or no.',
  })
  winners(@Root() { proposal, winners }: Result): OptionInNetwork[] {
    const { networkId, options } = proposal;
    return winners.flatMap((id) => {
      const option = options.find((each) => each.id === id);
      return option ? [{ ...option, networkId }] : [];
    });
  }

  @FieldResolver(() => RoundConnection, { description: 'The steps of the count, in their order.' })
  rounds(@Root() { rounds }: Result, @Args(() => PageArgs) page: PageArgs): Page<Round> {
    const request = pageRequest(page);
    const [after] = afterKey(request, [CURSOR_INTEGER]);
    const rest = rounds.filter(({ number }) => number > Number(after ?? 0));
    return pageOf(rest.slice(0, request.first + 1), request, ({ number }) => [number]);
  }
}

@Resolver(() => RoundType)
export class RoundResolver {
  @FieldResolver(() => [RoundTotalType], {
    description: 'Other numbers of the step, up to ten, such as `quota` or `nonTransferable`.',
  })
  totals(@Root() { totals }: Round): RoundTotalType[] {
    return Object.entries(totals).map(([name, value]) => ({ name, value }));
  }

  @FieldResolver(() => [PairFigureType], {
    description: 'Each option against each other, up to two for every pair; for SCHULZE, else none.',
  })
  pairs(@Root() { pairs }: Round): PairFigure[] {
    return pairs ?? [];
  }
}

@Resolver(() => ResolutionType)
export class ResolutionResolver {
  @FieldResolver(() => ProposalType, {
    nullable: true,
    description: 'The proposal that was voted on; null unless the members voted.',
  })
  async proposal(@Root() { networkId, sourceId }: Resolution, @Ctx() ctx: Context): Promise<Proposal | null> {
    return kindOfId(sourceId) === 'proposal' ? ctx.loaders.proposal(networkId, sourceId) : null;
  }

  @FieldResolver(() => ResolutionCountType, {
    nullable: true,
    description: 'The numbers of the vote; null unless this says what came of one.',
  })
  count(@Root() { summary }: Resolution): VoteSummary | null {
    return summary.participants === undefined ? null : (summary as VoteSummary);
  }

  @FieldResolver(() => [MembershipType], {
    description: 'Who signed, at most 20, in their order; nobody where members voted.',
  })
  signers(@Root() { networkId, summary }: Resolution, @Ctx() ctx: Context): Promise<Membership[]> {
    return Promise.all((summary.signers ?? []).map((id) => ctx.loaders.membership(networkId, id)));
  }

  @FieldResolver(() => MembershipType, { nullable: true, description: 'Who declined it; null for nobody.' })
  async declinedBy(
    @Root() { networkId, summary }: Resolution,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return summary.declinedBy ? ctx.loaders.membership(networkId, summary.declinedBy) : null;
  }

  @FieldResolver(() => RoleEnum, {
    nullable: true,
    description: 'The role by which it was stopped; null unless it was.',
  })
  vetoRole(@Root() { summary }: Resolution): string | null {
    return summary.role ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why somebody stopped or declined it; null if nobody did.',
  })
  reason(@Root() { outcome, summary }: Resolution): string | null {
    return outcome === 'VETOED' || outcome === 'DECLINED' ? (summary.reason ?? null) : null;
  }
}
