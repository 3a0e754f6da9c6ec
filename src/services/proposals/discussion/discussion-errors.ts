import { DomainError } from '../../../kernel/errors.ts';

/** The proposal is voted on, and not decided by consent; `ballotCast` is for that. */
export class NotByConsent extends DomainError {
  constructor() {
    super('NOT_BY_CONSENT', 'This proposal is not decided by consent. Cast a ballot.', {}, 'proposalId');
  }
}

/** The proposal is decided by consent: what one says to it is a stance or an objection, and no ballot. */
export class ByConsent extends DomainError {
  constructor() {
    super('BY_CONSENT', 'This proposal is decided by consent. Take a stance.', {}, 'proposalId');
  }
}

/** The proposal has been written anew since it was read: nobody consents to what they have not read. */
export class ProposalWasAmended extends DomainError {
  constructor(version: number) {
    super('PROPOSAL_AMENDED', 'The proposal has been amended since.', { version }, 'version');
  }
}

/**
 * What stands against raising or settling an objection: one is open already, it is settled, the proposal has not been
 * amended since, it is the facilitator's own, or the author would choose who rules on it.
 */
export class ObjectionConflict extends DomainError {
  constructor(reason: 'OPEN_ALREADY' | 'NOT_OPEN' | 'NOT_AMENDED' | 'IS_OWN' | 'BY_AUTHOR') {
    super('OBJECTION_CONFLICT', 'The objection does not allow this.', { reason });
  }
}

/** Who proposes cannot say which objections are valid. */
export class FacilitatorIsAuthor extends DomainError {
  constructor() {
    super('FACILITATOR_IS_AUTHOR', 'Who proposes cannot facilitate.', {}, 'membershipId');
  }
}

/** What stands against writing, changing or hiding a comment. */
export class CommentConflict extends DomainError {
  constructor(reason: 'TOO_DEEP' | 'TOO_LATE' | 'HIDDEN' | 'NOT_HIDDEN') {
    super('COMMENT_CONFLICT', 'The comment does not allow this.', { reason });
  }
}

/** Nobody reads what one member writes all day. */
export class TooManyComments extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_COMMENTS', 'So many comments in a day are enough. Go on tomorrow.', { max });
  }
}

/** The delegation would lead back to who gives it, and nobody would vote. */
export class DelegationCircle extends DomainError {
  constructor() {
    super(
      'DELEGATION_CIRCLE',
      'This delegation would lead back to who gives it.',
      {},
      'delegateMembershipId',
    );
  }
}

/** One for everything and some for topics are enough. */
export class TooManyDelegations extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_DELEGATIONS', 'Revoke another delegation first.', { max });
  }
}
