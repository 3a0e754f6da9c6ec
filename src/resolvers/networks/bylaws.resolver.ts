import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { BylawsVersion } from '../../entities/bylaws-version.ts';
import type { Network } from '../../entities/network.ts';
import { ruleInFull, type RegisteredFacts, type StatedRule } from '../../governance/bylaws.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { NodeType } from '../../schema/common/node.ts';
import {
  BylawRuleType,
  BylawsConnection,
  BylawsType,
  RegisteredFactsType,
} from '../../schema/networks/bylaws.ts';
import { MemberClassType, NetworkType } from '../../schema/networks/network.ts';
import { bylawsOf, listBylaws } from '../../services/networks/bylaws.ts';
import type { Context } from '../context.ts';
import { findNode, type Found } from '../node.resolver.ts';

@Resolver(() => BylawsType)
export class BylawsResolver {
  @FieldResolver(() => String, { description: 'Legal form, such as COOPERATIVE.' })
  legalForm(@Root() { bylaws }: BylawsVersion): string {
    return bylaws.legalForm;
  }

  @FieldResolver(() => NodeType, {
    nullable: true,
    description:
      'The proposal or signed action that decided it; null for those of the template, and for who may not know of it.',
  })
  async decision(@Root() { decisionId }: BylawsVersion, @Ctx() ctx: Context): Promise<Found> {
    return decisionId === null ? null : findNode(ctx, decisionId);
  }

  @FieldResolver(() => RegisteredFactsType, { description: 'What a public register knows of the network.' })
  facts(@Root() { bylaws }: BylawsVersion): RegisteredFacts {
    return bylaws.facts;
  }

  @FieldResolver(() => [MemberClassType], {
    description: 'Kinds of members, at most 20; the first is the usual one.',
  })
  memberClasses(@Root() { memberClasses }: BylawsVersion): MemberClassType[] {
    return memberClasses;
  }

  @FieldResolver(() => [BylawRuleType], {
    description: 'Who decides what, at most 100; kinds without a rule are left to their offices.',
  })
  rules(@Root() { networkId, bylaws }: BylawsVersion): StatedRule[] {
    return bylaws.rules.map((rule) => ruleInFull(rule, networkId));
  }
}

@Resolver(() => NetworkType)
export class NetworkBylawsResolver {
  @FieldResolver(() => BylawsType, { description: 'How it decides: the bylaws in force.' })
  bylaws(@Root() network: Network, @Ctx() ctx: Context): Promise<BylawsVersion> {
    return bylawsOf(ctx.db, network);
  }

  @FieldResolver(() => BylawsConnection, {
    nullable: true,
    description: 'All versions of the bylaws, newest first; for members.',
  })
  async bylawsVersions(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<BylawsVersion>> {
    return listBylaws(ctx.db, await ctx.loaders.standing(network.id), pageRequest(page));
  }
}
