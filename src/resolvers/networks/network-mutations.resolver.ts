import { Ctx, Mutation, Resolver } from 'type-graphql';
import { NetworkType } from '../../schema/networks/network.ts';
import {
  NetworkArchiveInput,
  NetworkArchivePayload,
  NetworkChildAcceptInput,
  NetworkChildAcceptPayload,
  NetworkCreateInput,
  NetworkCreatePayload,
  NetworkParentLeaveInput,
  NetworkParentLeavePayload,
  NetworkParentRequestInput,
  NetworkParentRequestPayload,
  NetworkUpdateInput,
  NetworkUpdatePayload,
  TermsAcceptInput,
  TermsAcceptPayload,
  TermsPublishInput,
  TermsPublishPayload,
} from '../../schema/networks/network-mutations.ts';
import { createNetwork, MOST_NETWORKS_PER_DAY } from '../../services/networks/create-network.ts';
import { acceptChild, leaveParent, requestParent } from '../../services/networks/federation.ts';
import {
  acceptTerms,
  archiveNetwork,
  publishTerms,
  updateNetwork,
} from '../../services/networks/update-network.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => NetworkType)
export class NetworkMutationsResolver {
  @Mutation(() => NetworkCreatePayload, {
    description:
      'Makes a network from a template; the viewer becomes its first member. Codes: SLUG_TAKEN, INVALID_SLUG, TOO_MANY_NETWORKS.',
  })
  networkCreate(
    @Input(() => NetworkCreateInput) input: NetworkCreateInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkCreatePayload> {
    const creation = { by: ctx.app.config.networkCreation, mostPerDay: MOST_NETWORKS_PER_DAY };
    return mutate(ctx, async (tx) => ({ network: await createNetwork(tx, input, creation) }));
  }

  @Mutation(() => NetworkUpdatePayload, {
    description: 'Changes the settings of a network. Codes: DECISION_REQUIRED, SLUG_TAKEN, NETWORK_ARCHIVED.',
  })
  networkUpdate(
    @Input(() => NetworkUpdateInput) input: NetworkUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(
        input,
        'slug',
        'name',
        'defaultLocale',
        'timeZone',
        'joinMode',
        'sponsorsNeeded',
        'isListed',
      );
      refuseNulls(input, 'balancesVisibleTo', 'treasurersNeedOneTimeCode');
      return { network: await updateNetwork(tx, input) };
    });
  }

  @Mutation(() => NetworkArchivePayload, {
    description:
      'Archives a network: it stays readable, and nothing in it changes any more. Codes: NETWORK_ARCHIVED.',
  })
  networkArchive(
    @Input(() => NetworkArchiveInput) input: NetworkArchiveInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkArchivePayload> {
    return mutate(ctx, async (tx) => ({ network: await archiveNetwork(tx, input) }));
  }

  @Mutation(() => NetworkParentRequestPayload, {
    description: 'Asks an umbrella to take the network in. Codes: FEDERATION_CONFLICT, NETWORK_ARCHIVED.',
  })
  networkParentRequest(
    @Input(() => NetworkParentRequestInput) input: NetworkParentRequestInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkParentRequestPayload> {
    return mutate(ctx, async (tx) => ({ network: await requestParent(tx, input) }));
  }

  @Mutation(() => NetworkChildAcceptPayload, {
    description: 'Takes a network in that has asked for it. Codes: FEDERATION_CONFLICT, NETWORK_ARCHIVED.',
  })
  networkChildAccept(
    @Input(() => NetworkChildAcceptInput) input: NetworkChildAcceptInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkChildAcceptPayload> {
    return mutate(ctx, async (tx) => ({ network: await acceptChild(tx, input) }));
  }

  @Mutation(() => NetworkParentLeavePayload, {
    description:
      'Leaves the umbrella, or takes the request to it back. Codes: FEDERATION_CONFLICT, NETWORK_ARCHIVED.',
  })
  networkParentLeave(
    @Input(() => NetworkParentLeaveInput) input: NetworkParentLeaveInput,
    @Ctx() ctx: Context,
  ): Promise<NetworkParentLeavePayload> {
    return mutate(ctx, async (tx) => ({ network: await leaveParent(tx, input) }));
  }

  @Mutation(() => TermsPublishPayload, {
    description: 'Publishes a new version of the terms. Codes: NETWORK_ARCHIVED.',
  })
  termsPublish(
    @Input(() => TermsPublishInput) input: TermsPublishInput,
    @Ctx() ctx: Context,
  ): Promise<TermsPublishPayload> {
    return mutate(ctx, async (tx) => ({ terms: await publishTerms(tx, input) }));
  }

  @Mutation(() => TermsAcceptPayload, {
    description:
      'Accepts the terms in force for the own membership. Codes: TERMS_NOT_ACCEPTED, NETWORK_ARCHIVED.',
  })
  termsAccept(
    @Input(() => TermsAcceptInput) input: TermsAcceptInput,
    @Ctx() ctx: Context,
  ): Promise<TermsAcceptPayload> {
    return mutate(ctx, async (tx) => ({ membership: await acceptTerms(tx, input) }));
  }
}
