import type { OwnerKind } from '../../../entities/resource.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** Somebody has booked the thing for later, or has it. */
export class ResourceBooked extends DomainError {
  constructor({ bookings, untilAt }: { bookings: number; untilAt: Date }) {
    super(
      'RESOURCE_BOOKED',
      'Bookings are in the way.',
      { bookings, until: untilAt.toISOString() },
      'resourceId',
    );
  }
}

/** The thing belongs to somebody else than this needs: to the pool, to a member or to several together. */
export class OwnershipConflict extends DomainError {
  constructor(ownerKind: OwnerKind) {
    super('OWNERSHIP_CONFLICT', 'The thing belongs to others than this needs.', { ownerKind }, 'resourceId');
  }
}

export class SharesDoNotSum extends DomainError {
  constructor({ sum, shareCount }: { sum: number; shareCount: number }) {
    super('SHARES_DO_NOT_SUM', 'The shares do not sum to the whole.', { sum, shareCount }, 'shares');
  }
}

export class InsufficientShares extends DomainError {
  constructor(available: number) {
    super('INSUFFICIENT_SHARES', 'Nobody gives more shares than they have.', { available }, 'shareCount');
  }
}

export class TooManyCoOwners extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_CO_OWNERS', 'Only so many own a thing together.', { max });
  }
}

/** It was accepted, declined or withdrawn before. */
export class ShareOfferNotOpen extends DomainError {
  constructor() {
    super('SHARE_OFFER_NOT_OPEN', 'The offer was answered or withdrawn.', {}, 'shareOfferId');
  }
}

/** One offers shares of a thing to a member once at a time. */
export class ShareOfferOpen extends DomainError {
  constructor() {
    super('SHARE_OFFER_OPEN', 'An offer of yours to this member waits already.', {}, 'toMembershipId');
  }
}

/** A part of the cost cannot be paid, so nobody pays. */
export class CoOwnerCannotPay extends DomainError {
  /** @param cause the code of the refusal, which says no more than others may know of the account */
  constructor({ membershipId, cause }: { membershipId: string; cause: string }) {
    super('CO_OWNER_CANNOT_PAY', 'A co-owner cannot pay their part.', { membershipId, cause });
  }
}

/** Nobody else owns a part for which they could pay. */
export class NothingToSplit extends DomainError {
  constructor() {
    super('NOTHING_TO_SPLIT', 'Nobody else has a part to pay.', {}, 'amount');
  }
}
