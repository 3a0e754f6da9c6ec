import { Ctx, Mutation, Resolver } from 'type-graphql';
import type { Resource } from '../../entities/resource.ts';
import { Resource as ResourceRow } from '../../entities/resource.ts';
import { assert } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import {
  ResourceAcceptInput,
  ResourceAcceptPayload,
  ResourceAcquireInput,
  ResourceAcquirePayload,
  ResourceAddInput,
  ResourceAddPayload,
  ResourceDeclineInput,
  ResourceDeclinePayload,
  ResourceRetireInput,
  ResourceRetirePayload,
  ResourceUpdateInput,
  ResourceUpdatePayload,
} from '../../schema/pools/resource-mutations.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import { acquireResource } from '../../services/pools/acquire.ts';
import { acceptResource, addResource, declineResource } from '../../services/pools/resources.ts';
import { retireResource } from '../../services/pools/retire.ts';
import { updateResource } from '../../services/pools/update-resource.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver(() => ResourceType)
export class ResourceMutationsResolver {
  @Mutation(() => ResourceAddPayload, {
    description:
      'Adds a thing to a pool, for its stewards and coordinators; or lends one’s own to it, which a steward accepts. Codes: POOL_ARCHIVED, POOL_CONFLICT, RESOURCE_KIND_MISMATCH, INVALID_RANGE, INVALID_AMOUNT, INVALID_CHOICE, INVALID_COORDINATES, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  resourceAdd(
    @Input(() => ResourceAddInput) input: ResourceAddInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceAddPayload> {
    return mutate(ctx, async (tx) => ({ resource: await addResource(tx, input) }));
  }

  @Mutation(() => ResourceAcceptPayload, {
    description:
      'Takes an offered thing into its pool; for stewards and coordinators. Codes: RESOURCE_CONFLICT, LENT_ONLY_UNTIL, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  resourceAccept(
    @Input(() => ResourceAcceptInput) input: ResourceAcceptInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceAcceptPayload> {
    return mutate(ctx, async (tx) => ({ resource: await acceptResource(tx, input) }));
  }

  @Mutation(() => ResourceDeclinePayload, {
    description:
      'Declines an offered thing; for stewards and coordinators. Codes: RESOURCE_CONFLICT, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  resourceDecline(
    @Input(() => ResourceDeclineInput) input: ResourceDeclineInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceDeclinePayload> {
    return mutate(ctx, async (tx) => ({ resource: await declineResource(tx, input) }));
  }

  @Mutation(() => ResourceUpdatePayload, {
    description:
      'Changes a thing; for stewards and coordinators. Who lends it changes its wording, its place and its condition. What is booked keeps its price and its times. Codes: RESOURCE_NOT_ACTIVE, RESOURCE_CONFLICT, RESOURCE_KIND_MISMATCH, POOL_ARCHIVED, POOL_CONFLICT, INVALID_RANGE, INVALID_AMOUNT, INVALID_CHOICE, INVALID_COORDINATES, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  resourceUpdate(
    @Input(() => ResourceUpdateInput) input: ResourceUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'name', 'condition', 'quantity', 'rules', 'rates');
      return { resource: await updateResource(tx, input) };
    });
  }

  @Mutation(() => ResourceRetirePayload, {
    description:
      'Takes a thing out of its pool for good: its bookings are cancelled free of charge. For stewards and coordinators; who offers a thing takes the offer back. Codes: DECISION_REQUIRED, RESOURCE_NOT_ACTIVE, RESOURCE_CONFLICT, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  resourceRetire(
    @Input(() => ResourceRetireInput) input: ResourceRetireInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceRetirePayload> {
    return mutate(ctx, async (tx) => ({ resource: await retireResource(tx, input) }));
  }

  @Mutation(() => ResourceAcquirePayload, {
    description:
      'Buys a thing for a pool from an account of the network, once for its key; for stewards and coordinators who may pay from the account. Codes: DECISION_REQUIRED, POOL_ARCHIVED, POOL_CONFLICT, RESOURCE_KIND_MISMATCH, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, PAYMENT_LIMIT_EXCEEDED, ACCOUNT_NOT_OPEN, SAME_ACCOUNT, UNIT_MISMATCH, INVALID_RANGE, INVALID_AMOUNT, INVALID_CHOICE, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async resourceAcquire(
    @Input(() => ResourceAcquireInput) input: ResourceAcquireInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceAcquirePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'resourceAcquire',
      input,
      work: (tx) => acquireResource(tx, input),
      again: (tx, id) => acquired(tx, input.networkId, id),
    });
    return made ? { resource: made, errors } : { errors };
  }
}

async function acquired(tx: Tx, networkId: string, id: string): Promise<Resource> {
  const resource = await tx.db.one(ResourceRow, { networkId, id });
  assert(resource, 'a thing is never deleted');
  return resource;
}
