import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  AccountCloseInput,
  AccountClosePayload,
  AccountOpenInput,
  AccountOpenPayload,
  AccountUpdateInput,
  AccountUpdatePayload,
  LimitSetInput,
  LimitSetPayload,
  SignatoryAddInput,
  SignatoryAddPayload,
  SignatoryRemoveInput,
  SignatoryRemovePayload,
} from '../../schema/ledger/account-mutations.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  addSignatory,
  openAccount,
  removeSignatory,
  setLimits,
  updateAccount,
} from '../../services/ledger/accounts.ts';
import { closeAccount, closedAccount } from '../../services/ledger/closing.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver(() => AccountType)
export class AccountMutationsResolver {
  @Mutation(() => AccountOpenPayload, {
    description:
      'Opens a further account: members their own, coordinators any. Codes: MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  accountOpen(
    @Input(() => AccountOpenInput) input: AccountOpenInput,
    @Ctx() ctx: Context,
  ): Promise<AccountOpenPayload> {
    return mutate(ctx, async (tx) => ({ account: await openAccount(tx, input) }));
  }

  @Mutation(() => AccountUpdatePayload, {
    description:
      'Changes an account: its holder the name, coordinators also whether it is frozen, unless they hold it or sign for it. Codes: OWN_ACCOUNT, ACCOUNT_NOT_OPEN, NETWORK_ARCHIVED.',
  })
  accountUpdate(
    @Input(() => AccountUpdateInput) input: AccountUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<AccountUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'name', 'isFrozen');
      return { account: await updateAccount(tx, input) };
    });
  }

  @Mutation(() => LimitSetPayload, {
    description:
      'Gives an account limits of its own, or lets it follow its unit again; for coordinators who neither hold it nor sign for it. Codes: DECISION_REQUIRED, OWN_ACCOUNT, ACCOUNT_NOT_OPEN, INVALID_CHOICE, INVALID_RANGE, NETWORK_ARCHIVED.',
  })
  limitSet(@Input(() => LimitSetInput) input: LimitSetInput, @Ctx() ctx: Context): Promise<LimitSetPayload> {
    return mutate(ctx, async (tx) => ({ account: await setLimits(tx, input) }));
  }

  @Mutation(() => AccountClosePayload, {
    description:
      'Closes an account, once for its key, and ends the requests that wait on it. A balance is settled only if the input says so and the unit’s policy has it: who may pay from the account gives a surplus away, coordinators write off what others owe. Codes: ACCOUNT_NOT_EMPTY, ACCOUNT_NOT_OPEN, ACCOUNT_IN_USE, OWN_DEBT, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async accountClose(
    @Input(() => AccountCloseInput) input: AccountCloseInput,
    @Ctx() ctx: Context,
  ): Promise<AccountClosePayload> {
    const { made: account, errors } = await mutateOnce(ctx, {
      operation: 'accountClose',
      input,
      work: (tx) => closeAccount(tx, input),
      again: (tx, id) => closedAccount(tx, input.networkId, id),
    });
    return { account, errors };
  }

  @Mutation(() => SignatoryAddPayload, {
    description:
      'Lets another member sign for an account. Codes: SIGNATORY_CONFLICT, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  signatoryAdd(
    @Input(() => SignatoryAddInput) input: SignatoryAddInput,
    @Ctx() ctx: Context,
  ): Promise<SignatoryAddPayload> {
    return mutate(ctx, async (tx) => ({ account: await addSignatory(tx, input) }));
  }

  @Mutation(() => SignatoryRemovePayload, {
    description: 'Ends a member’s right to sign for an account. Codes: SIGNATORY_CONFLICT, NETWORK_ARCHIVED.',
  })
  signatoryRemove(
    @Input(() => SignatoryRemoveInput) input: SignatoryRemoveInput,
    @Ctx() ctx: Context,
  ): Promise<SignatoryRemovePayload> {
    return mutate(ctx, async (tx) => ({ account: await removeSignatory(tx, input) }));
  }
}
