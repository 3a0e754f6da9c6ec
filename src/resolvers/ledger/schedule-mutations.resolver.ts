import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  TransferScheduleCancelInput,
  TransferScheduleCancelPayload,
  TransferScheduleInput,
  TransferSchedulePauseInput,
  TransferSchedulePausePayload,
  TransferSchedulePayload,
  TransferScheduleResumeInput,
  TransferScheduleResumePayload,
} from '../../schema/ledger/schedule.ts';
import {
  cancelSchedule,
  pauseSchedule,
  plannedSchedule,
  resumeSchedule,
  scheduleTransfer,
} from '../../services/ledger/schedules.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver()
export class ScheduleMutationsResolver {
  @Mutation(() => TransferSchedulePayload, {
    description:
      'Plans a payment on many days, or in instalments, once for its key; for those who may sign for the payer. Codes: DECISION_REQUIRED, SCHEDULE_TOO_LONG, TOO_MANY_SCHEDULES, REQUIRED, INVALID_CHOICE, INVALID_RANGE, SAME_ACCOUNT, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, NOT_TRANSFERABLE, INVALID_AMOUNT, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async transferSchedule(
    @Input(() => TransferScheduleInput) input: TransferScheduleInput,
    @Ctx() ctx: Context,
  ): Promise<TransferSchedulePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'transferSchedule',
      input,
      work: (tx) => scheduleTransfer(tx, input),
      again: (tx, id) => plannedSchedule(tx, input.networkId, id),
    });
    return { transferSchedule: made, errors };
  }

  @Mutation(() => TransferScheduleCancelPayload, {
    description:
      'Ends a schedule; for those who may sign for the payer. Codes: SCHEDULE_CONFLICT, NETWORK_ARCHIVED.',
  })
  transferScheduleCancel(
    @Input(() => TransferScheduleCancelInput) input: TransferScheduleCancelInput,
    @Ctx() ctx: Context,
  ): Promise<TransferScheduleCancelPayload> {
    return mutate(ctx, async (tx) => ({ transferSchedule: await cancelSchedule(tx, input) }));
  }

  @Mutation(() => TransferSchedulePausePayload, {
    description:
      'Lets a schedule rest; for those who may sign for the payer. A date that waits to be tried again is skipped. Codes: SCHEDULE_CONFLICT, NETWORK_ARCHIVED.',
  })
  transferSchedulePause(
    @Input(() => TransferSchedulePauseInput) input: TransferSchedulePauseInput,
    @Ctx() ctx: Context,
  ): Promise<TransferSchedulePausePayload> {
    return mutate(ctx, async (tx) => ({ transferSchedule: await pauseSchedule(tx, input) }));
  }

  @Mutation(() => TransferScheduleResumePayload, {
    description:
      'Lets a schedule go on; for those who may sign for the payer. Codes: SCHEDULE_CONFLICT, NETWORK_ARCHIVED.',
  })
  transferScheduleResume(
    @Input(() => TransferScheduleResumeInput) input: TransferScheduleResumeInput,
    @Ctx() ctx: Context,
  ): Promise<TransferScheduleResumePayload> {
    return mutate(ctx, async (tx) => ({ transferSchedule: await resumeSchedule(tx, input) }));
  }
}
