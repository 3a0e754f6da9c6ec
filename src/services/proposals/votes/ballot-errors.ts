import type { BallotFault } from '../../../governance/tally/method.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** The ballot cannot be counted; each fault is a code and its place, such as `ranking.2.0`. */
export class InvalidBallot extends DomainError {
  override readonly shown: { faults: readonly BallotFault[] };

  constructor(faults: readonly BallotFault[]) {
    super('INVALID_BALLOT', 'The ballot cannot be counted by this method.', {}, 'ballot');
    this.shown = { faults };
  }
}

/** The vote has not begun, or it is over. */
export class VoteClosed extends DomainError {
  constructor() {
    super('VOTE_CLOSED', 'No ballots are taken for this proposal.', {}, 'proposalId');
  }
}

/** The member was not among those who may vote when the vote began. */
export class NotAnElector extends DomainError {
  constructor() {
    super('NOT_AN_ELECTOR', 'This member may not vote on this proposal.', {}, 'proposalId');
  }
}

/** A secret ballot cannot be found again to be changed. */
export class AlreadyVoted extends DomainError {
  constructor() {
    super('ALREADY_VOTED', 'This member has voted. A secret ballot cannot be changed.', {}, 'proposalId');
  }
}
