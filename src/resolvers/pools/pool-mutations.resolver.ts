import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  PoolArchiveInput,
  PoolArchivePayload,
  PoolCreateInput,
  PoolCreatePayload,
  PoolRuleSetInput,
  PoolRuleSetPayload,
  PoolStewardAddInput,
  PoolStewardAddPayload,
  PoolStewardRemoveInput,
  PoolStewardRemovePayload,
  PoolUpdateInput,
  PoolUpdatePayload,
} from '../../schema/pools/pool-mutations.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { archivePool, createPool, setPoolRules, updatePool } from '../../services/pools/pools.ts';
import { addSteward, removeSteward } from '../../services/pools/stewards.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate } from '../mutate.ts';

const FLAGS = ['takesOffers', 'isSelfService', 'showsBookers'] as const;

@Resolver(() => PoolType)
export class PoolMutationsResolver {
  @Mutation(() => PoolCreatePayload, {
    description:
      'Makes a pool of shared things; for coordinators. Codes: ACCOUNT_NOT_OPEN, INVALID_CHOICE, INVALID_RANGE, INVALID_AMOUNT, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  poolCreate(
    @Input(() => PoolCreateInput) input: PoolCreateInput,
    @Ctx() ctx: Context,
  ): Promise<PoolCreatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, ...FLAGS);
      return { pool: await createPool(tx, input) };
    });
  }

  @Mutation(() => PoolUpdatePayload, {
    description:
      'Changes what a pool is called and how it works; for its stewards and coordinators. Codes: POOL_ARCHIVED, POOL_CONFLICT, ACCOUNT_NOT_OPEN, INVALID_CHOICE, NETWORK_ARCHIVED.',
  })
  poolUpdate(
    @Input(() => PoolUpdateInput) input: PoolUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<PoolUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'name', 'accountId', ...FLAGS);
      return { pool: await updatePool(tx, input) };
    });
  }

  @Mutation(() => PoolRuleSetPayload, {
    description:
      'Changes by which rules the things of a pool are booked; what is booked stays as it is. For its stewards and coordinators. Codes: DECISION_REQUIRED, POOL_ARCHIVED, INVALID_RANGE, INVALID_AMOUNT, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  poolRuleSet(
    @Input(() => PoolRuleSetInput) input: PoolRuleSetInput,
    @Ctx() ctx: Context,
  ): Promise<PoolRuleSetPayload> {
    return mutate(ctx, async (tx) => ({ pool: await setPoolRules(tx, input) }));
  }

  @Mutation(() => PoolArchivePayload, {
    description:
      'Puts a pool out of use for good, once nothing of it is booked; for its stewards and coordinators. Codes: POOL_ARCHIVED, POOL_CONFLICT, NETWORK_ARCHIVED.',
  })
  poolArchive(
    @Input(() => PoolArchiveInput) input: PoolArchiveInput,
    @Ctx() ctx: Context,
  ): Promise<PoolArchivePayload> {
    return mutate(ctx, async (tx) => ({ pool: await archivePool(tx, input) }));
  }

  @Mutation(() => PoolStewardAddPayload, {
    description:
      'Has a member look after a pool; for its stewards and coordinators. Codes: STEWARD_CONFLICT, MEMBERSHIP_STATE, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  poolStewardAdd(
    @Input(() => PoolStewardAddInput) input: PoolStewardAddInput,
    @Ctx() ctx: Context,
  ): Promise<PoolStewardAddPayload> {
    return mutate(ctx, async (tx) => ({ pool: await addSteward(tx, input) }));
  }

  @Mutation(() => PoolStewardRemovePayload, {
    description:
      'Has a member look after a pool no longer; for its stewards and coordinators. Codes: STEWARD_CONFLICT, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  poolStewardRemove(
    @Input(() => PoolStewardRemoveInput) input: PoolStewardRemoveInput,
    @Ctx() ctx: Context,
  ): Promise<PoolStewardRemovePayload> {
    return mutate(ctx, async (tx) => ({ pool: await removeSteward(tx, input) }));
  }
}
