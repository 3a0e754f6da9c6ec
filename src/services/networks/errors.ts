import type { MembershipState } from '../../entities/membership.ts';
import type { RuleFault } from '../../governance/bylaw-faults.ts';
import { DomainError } from '../../kernel/errors.ts';

/** The short name belongs to another network. */
export class SlugTaken extends DomainError {
  constructor() {
    super('SLUG_TAKEN', 'Another network has this short name.', {}, 'slug');
  }
}

/** The membership is in a state from which this is not possible. */
export class MembershipStateConflict extends DomainError {
  constructor(state: MembershipState) {
    super('MEMBERSHIP_STATE', 'The membership is in a state in which this is not possible.', { state });
  }
}

/** Whoever joins accepts the terms in force; these are not they, or none were accepted. */
export class TermsNotAccepted extends DomainError {
  constructor(currentVersion: number) {
    super(
      'TERMS_NOT_ACCEPTED',
      'Accept the terms of the network as they stand now.',
      { currentVersion },
      'acceptedTermsVersion',
    );
  }
}

/** Never sent, used, revoked or expired. */
export class InvitationInvalid extends DomainError {
  constructor() {
    super('INVITATION_INVALID', 'This invitation does not work any more.', {}, 'secret');
  }
}

/** A network always has somebody who can admit members and give roles. */
export class LastCoordinator extends DomainError {
  constructor() {
    super('LAST_COORDINATOR', 'A network needs a coordinator: give the role to somebody else first.');
  }
}

/** The member holds this role for this term already. */
export class RoleHeld extends DomainError {
  constructor() {
    super('ROLE_HELD', 'The member holds this role already.', {}, 'role');
  }
}

/** One vouches once, for somebody else. */
export class AlreadySponsored extends DomainError {
  constructor() {
    super('ALREADY_SPONSORED', 'You have vouched for this applicant already.');
  }
}

/** The link between two networks is not in the state that this needs, or would close a circle. */
export class FederationConflict extends DomainError {
  constructor(reason: 'NO_REQUEST' | 'HAS_PARENT' | 'WOULD_BE_CIRCLE' | 'NOT_AN_UMBRELLA') {
    super('FEDERATION_CONFLICT', 'The two networks cannot be joined like this.', { reason });
  }
}

/** The group cannot be joined by oneself, is archived, or the member is in it already or not in it. */
export class GroupConflict extends DomainError {
  constructor(reason: 'ARCHIVED' | 'ALREADY_IN' | 'NOT_IN' | 'BY_COORDINATOR') {
    super('GROUP_CONFLICT', 'The group is not in a state in which this is possible.', { reason });
  }
}

/** The member has sent so many letters since this time yesterday. */
export class TooManyInvitations extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_INVITATIONS', 'So many invitations in a day are enough. Go on tomorrow.', { max });
  }
}

/** The person has made so many networks since this time yesterday. */
export class TooManyNetworks extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_NETWORKS', 'So many networks in a day are enough. Go on tomorrow.', { max });
  }
}

/** Somebody has changed the bylaws since the client read them. */
export class BylawsChanged extends DomainError {
  constructor(version: number) {
    super('BYLAWS_CHANGED', 'Another version of the bylaws is in force by now.', { version }, 'version');
  }
}

/** Bylaws under which something could never be decided; `faults` names each with its place. */
export class BylawsFaulty extends DomainError {
  override readonly shown: { faults: readonly RuleFault[] };

  constructor(faults: readonly RuleFault[]) {
    const message = 'Under these bylaws something could never be decided.';
    super('BYLAWS_FAULTY', message, {}, faults[0]?.path ?? null);
    this.shown = { faults };
  }
}
