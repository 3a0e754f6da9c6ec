import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import type { MaintenanceRecord } from '../../entities/maintenance-record.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Resource } from '../../entities/resource.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  MaintenanceDueType,
  MaintenancePlanEndInput,
  MaintenancePlanEndPayload,
  MaintenancePlanSetInput,
  MaintenancePlanSetPayload,
  MaintenancePlanType,
  MaintenanceRecordConnection,
  MaintenanceRecordInput,
  MaintenanceRecordPayload,
  MaintenanceRecordType,
  MaintenanceType,
} from '../../schema/pools/maintenance.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import { authorize } from '../../services/access/may.ts';
import {
  isMaintenanceOverdue,
  isPlanOverdue,
  nextDue,
  type NextDue,
} from '../../services/pools/maintenance-due.ts';
import {
  endMaintenancePlan,
  recordMaintenance,
  setMaintenancePlan,
} from '../../services/pools/maintenance.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';
import { memberNamed } from './resource.resolver.ts';

@Resolver(() => ResourceType)
export class ResourceMaintenanceResolver {
  @FieldResolver(() => MaintenanceType, { description: 'How it is looked after.' })
  maintenance(@Root() resource: Resource): Resource {
    return resource;
  }

  @Mutation(() => MaintenancePlanSetPayload, {
    description:
      'Plans how often a thing is looked after; for stewards and coordinators. Codes: RESOURCE_NOT_ACTIVE, RESOURCE_KIND_MISMATCH, RESOURCE_CONFLICT, POOL_ARCHIVED, REQUIRED, INVALID_RANGE, NETWORK_ARCHIVED.',
  })
  maintenancePlanSet(
    @Input(() => MaintenancePlanSetInput) input: MaintenancePlanSetInput,
    @Ctx() ctx: Context,
  ): Promise<MaintenancePlanSetPayload> {
    return mutate(ctx, async (tx) => ({ resource: await setMaintenancePlan(tx, input) }));
  }

  @Mutation(() => MaintenancePlanEndPayload, {
    description:
      'Ends a plan; for stewards and coordinators. Codes: RESOURCE_NOT_ACTIVE, RESOURCE_CONFLICT, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  maintenancePlanEnd(
    @Input(() => MaintenancePlanEndInput) input: MaintenancePlanEndInput,
    @Ctx() ctx: Context,
  ): Promise<MaintenancePlanEndPayload> {
    return mutate(ctx, async (tx) => ({ resource: await endMaintenancePlan(tx, input) }));
  }

  @Mutation(() => MaintenanceRecordPayload, {
    description:
      'Writes down that a thing was looked after; for stewards and coordinators. Codes: RESOURCE_NOT_ACTIVE, RESOURCE_CONFLICT, POOL_ARCHIVED, NETWORK_ARCHIVED.',
  })
  maintenanceRecord(
    @Input(() => MaintenanceRecordInput) input: MaintenanceRecordInput,
    @Ctx() ctx: Context,
  ): Promise<MaintenanceRecordPayload> {
    return mutate(ctx, async (tx) => ({ resource: await recordMaintenance(tx, input) }));
  }
}

@Resolver(() => MaintenanceType)
export class MaintenanceResolver {
  @FieldResolver()
  plans(@Root() resource: Resource, @Ctx() ctx: Context): Promise<MaintenancePlan[]> {
    return ctx.loaders.maintenancePlans(resource);
  }

  @FieldResolver()
  async isOverdue(@Root() resource: Resource, @Ctx() ctx: Context): Promise<boolean> {
    return isMaintenanceOverdue(await ctx.loaders.maintenancePlans(resource), resource.useCount, ctx.now);
  }

  @FieldResolver(() => MaintenanceRecordConnection, {
    nullable: true,
    description: 'What was done, newest first.',
  })
  async records(
    @Root() resource: Resource,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<MaintenanceRecord>> {
    authorize(await ctx.loaders.standing(resource.networkId), 'pool.read');
    return ctx.loaders.maintenanceRecords(resource, pageRequest(page));
  }
}

@Resolver(() => MaintenancePlanType)
export class MaintenancePlanResolver {
  @FieldResolver(() => MaintenanceDueType, { description: 'When it is due again.' })
  async nextDue(@Root() plan: MaintenancePlan, @Ctx() ctx: Context): Promise<NextDue> {
    const { useCount } = await ctx.loaders.resource(plan.networkId, plan.resourceId);
    return nextDue(plan, useCount);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is overdue: the thing is not handed out.' })
  async isOverdue(@Root() plan: MaintenancePlan, @Ctx() ctx: Context): Promise<boolean> {
    const { useCount } = await ctx.loaders.resource(plan.networkId, plan.resourceId);
    return isPlanOverdue(plan, useCount, ctx.now);
  }
}

@Resolver(() => MaintenanceRecordType)
export class MaintenanceRecordResolver {
  @FieldResolver(() => MaintenancePlanType, {
    nullable: true,
    description: 'The plan that it fulfilled, if any.',
  })
  async plan(
    @Root() { networkId, planId }: MaintenanceRecord,
    @Ctx() ctx: Context,
  ): Promise<MaintenancePlan | null> {
    return planId === null ? null : ctx.loaders.maintenancePlan(networkId, planId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who wrote it down; null for the server.',
  })
  by(@Root() record: MaintenanceRecord, @Ctx() ctx: Context): Promise<Membership | null> {
    return memberNamed(ctx, record.networkId, record.byMembershipId);
  }
}
