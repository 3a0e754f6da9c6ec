import type { AccountState } from '../../entities/account.ts';
import { DomainError } from '../../kernel/errors.ts';
import { formatAmount } from '../../kernel/money.ts';

/**
 * The payer would pass its credit limit. `available` is what it can still spend, and null for who may not see its balance.
 */
export class InsufficientCredit extends DomainError {
  constructor({ availableMinor, scale }: { availableMinor: bigint | null; scale: number }) {
    super(
      'INSUFFICIENT_CREDIT',
      'The payer would pass its credit limit.',
      { available: availableMinor === null ? null : formatAmount(availableMinor, scale) },
      'amount',
    );
  }
}

/**
 * The payee would pass the most it may hold. `earnable` is what it can still receive, which gives its balance away and
 * is null for payers who may not see that.
 */
export class CeilingExceeded extends DomainError {
  constructor({ earnableMinor, scale }: { earnableMinor: bigint | null; scale: number }) {
    super(
      'CEILING_EXCEEDED',
      'The payee would hold more than its account may.',
      { earnable: earnableMinor === null ? null : formatAmount(earnableMinor, scale) },
      'amount',
    );
  }
}

export class SameAccount extends DomainError {
  constructor() {
    super('SAME_ACCOUNT', 'Payer and payee are the same account.', {}, 'payeeAccountId');
  }
}

/** Hours and credit never mix: a conversion is two transfers at a rate that the network has decided. */
export class UnitMismatch extends DomainError {
  constructor(path: string) {
    super('UNIT_MISMATCH', 'The two accounts hold different units.', {}, path);
  }
}

export class AccountNotOpen extends DomainError {
  constructor(
    readonly state: AccountState,
    path: string,
    /** Which one, where posting has found it; clients know it by the path. */
    readonly accountId: string | null = null,
  ) {
    super('ACCOUNT_NOT_OPEN', 'The account is frozen or closed.', { state }, path);
  }
}

/** Nothing is at fault with what was asked for: nobody can trade until the network opens the account or names another. */
export class LevyAccountNotOpen extends DomainError {
  constructor(state: AccountState) {
    super('LEVY_ACCOUNT_NOT_OPEN', 'The account that receives the levies is frozen or closed.', { state });
  }
}

export type PaymentPeriod = 'PAYMENT' | 'DAY' | 'WEEK' | 'MONTH';

/** The unit's policy limits what an account pays at once, in a day, in 7 days or in 30. */
export class PaymentLimitExceeded extends DomainError {
  constructor(private readonly of: { period: PaymentPeriod; remainingMinor: bigint | null; scale: number }) {
    super(
      'PAYMENT_LIMIT_EXCEEDED',
      'The unit’s policy limits what an account pays at once or within a time.',
      {
        period: of.period,
        remaining: of.remainingMinor === null ? null : formatAmount(of.remainingMinor, of.scale),
      },
      'amount',
    );
  }

  /** The same for who may not see what the payer has paid. */
  withoutRemaining(): PaymentLimitExceeded {
    return new PaymentLimitExceeded({ ...this.of, remainingMinor: null });
  }
}

/** Only what waits can be answered, and once. */
export class TransferNotPending extends DomainError {
  constructor() {
    super('TRANSFER_NOT_PENDING', 'The transfer does not wait for an answer any more.', {}, 'transferId');
  }
}

/** A posted transfer is reversed once; a reversal is not reversed. */
export class NotReversible extends DomainError {
  constructor() {
    super(
      'NOT_REVERSIBLE',
      'The transfer is not posted, is reversed already or is a reversal.',
      {},
      'transferId',
    );
  }
}

/** Requests of one account that wait for an answer at the same time. */
export class TooManyRequests extends DomainError {
  constructor(max: number) {
    super(
      'TOO_MANY_REQUESTS',
      'Too many requests of this account wait for an answer.',
      { max },
      'payeeAccountId',
    );
  }
}

export class TooManyRequestRules extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_REQUEST_RULES', 'An account has only so many rules for requests.', { max });
  }
}

export class DisputeConflict extends DomainError {
  constructor(reason: 'NOT_POSTED' | 'OPEN_ALREADY' | 'NOT_OPEN' | 'IS_PARTY') {
    super('DISPUTE_CONFLICT', 'The dispute, or its transfer, is not in a state for this.', { reason });
  }
}

export class HoldNotOpen extends DomainError {
  constructor() {
    super('HOLD_NOT_OPEN', 'The hold has been captured or released, or has expired.', {}, 'holdId');
  }
}

/** Its payee takes nothing by it any more; who signs for the account still can. */
export class HoldNotBacked extends DomainError {
  constructor() {
    super('HOLD_NOT_BACKED', 'Who placed the hold may not pay from its account any more.', {}, 'holdId');
  }
}

/** What it was placed for settles it, such as a booking: nobody takes or gives back by hand what that counts on. */
export class HoldBound extends DomainError {
  constructor() {
    super('HOLD_BOUND', 'The hold belongs to something else, which settles it.', {}, 'holdId');
  }
}

export class BeyondHold extends DomainError {
  constructor({ remainingMinor, scale }: { remainingMinor: bigint; scale: number }) {
    super(
      'BEYOND_HOLD',
      'A hold is captured at most whole.',
      { remaining: formatAmount(remainingMinor, scale) },
      'amount',
    );
  }
}

/** Nobody is given another rate than the one they saw. `currentRateId` is null if there is none any more. */
export class ConversionRateChanged extends DomainError {
  constructor(currentRateId: string | null) {
    super('CONVERSION_RATE_CHANGED', 'The rate is not in force any more.', { currentRateId }, 'rateId');
  }
}

export class ConversionTooSmall extends DomainError {
  constructor() {
    super('CONVERSION_TOO_SMALL', 'The amount is worth nothing in the other unit.', {}, 'amount');
  }
}

/**
 * An account closes only at zero, with nothing reserved. `BALANCE`: it is not at zero, and nobody has said that it is to be
 * settled; `POLICY`: that was said, and the unit's policy does not have it; `HOLDS`: something is reserved.
 */
export class AccountNotEmpty extends DomainError {
  constructor(accountId: string, state: 'BALANCE' | 'HOLDS' | 'POLICY') {
    super('ACCOUNT_NOT_EMPTY', 'Bring the account to zero first.', { accountId, state });
  }
}

/** The network has named the account for something that goes on without end. */
export class AccountInUse extends DomainError {
  constructor(use: 'LEVIES' | 'DEMURRAGE' | 'CLOSING' | 'CONVERSION' | 'DUES') {
    super('ACCOUNT_IN_USE', 'The network uses the account.', { use }, 'accountId');
  }
}

export class OwnAccount extends DomainError {
  constructor() {
    super(
      'OWN_ACCOUNT',
      'Nobody sets limits of an account that they hold or sign for, or stops and opens it.',
      {},
      'accountId',
    );
  }
}

export class OwnDebt extends DomainError {
  constructor() {
    super('OWN_DEBT', 'Nobody writes off a debt of their own.', {}, 'accountId');
  }
}

/** Somebody else has set the policy since the client read it. */
export class PolicyChanged extends DomainError {
  constructor(version: number) {
    super('POLICY_CHANGED', 'Another version of the policy is in force by now.', { version }, 'version');
  }
}

/** Reciprocity points are earned by saving and pass to nobody. */
export class NotTransferable extends DomainError {
  constructor(path = 'payerAccountId') {
    super('NOT_TRANSFERABLE', 'Amounts of this unit pass to nobody.', {}, path);
  }
}

export class UnitCodeTaken extends DomainError {
  constructor() {
    super('UNIT_CODE_TAKEN', 'The network has a unit with this code.', {}, 'code');
  }
}

export class TooManyUnits extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_UNITS', 'A network has only so many units.', { max });
  }
}

export class SignatoryConflict extends DomainError {
  constructor(reason: 'ALREADY_SIGNS' | 'DOES_NOT_SIGN' | 'IS_HOLDER' | 'TOO_MANY' | 'ONESELF') {
    super(
      'SIGNATORY_CONFLICT',
      'The member signs already, does not sign, or there is no room for one more.',
      { reason },
      'membershipId',
    );
  }
}
