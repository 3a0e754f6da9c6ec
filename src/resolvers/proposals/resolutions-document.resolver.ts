import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Network } from '../../entities/network.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { resolutionsDocument } from '../../services/proposals/register/resolutions-document.ts';
import type { Context } from '../context.ts';

@Resolver(() => NetworkType)
export class NetworkResolutionsDocumentResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The register of what was decided as a page in HTML, which a browser prints or saves as PDF: in the order of its numbers, at most 1,000 resolutions. For active members.',
  })
  async resolutionsDocument(
    @Root() network: Network,
    @Arg('locale', () => String, {
      nullable: true,
      description: 'Language of the network’s name and of dates; the network’s own if absent.',
    })
    locale: string | null,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'Where it begins.' }) from: Date | null,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'Where it ends; what was decided then is not in it.',
    })
    to: Date | null,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return resolutionsDocument(ctx.db, await ctx.loaders.standing(network.id), { locale, from, to });
  }
}
