import type { RuleFault } from '../../governance/bylaw-faults.ts';
import type { ProposalState } from '../../governance/proposal.ts';
import { DomainError } from '../../kernel/errors.ts';

/** The proposal is in a state from which this is not possible. */
export class ProposalStateConflict extends DomainError {
  constructor(state: ProposalState) {
    super('PROPOSAL_STATE', 'The proposal is in a state in which this is not possible.', { state });
  }
}

/** As many or fewer stand as are to be elected: nobody could vote against any of them. */
export class NoChoice extends DomainError {
  constructor(candidates: number, seats: number) {
    super(
      'NO_CHOICE',
      'All who stand would be elected, whatever the votes.',
      { candidates, seats },
      'candidateIds',
    );
  }
}

/** Classes of members without votes, or nobody active: a vote would be nobody's. */
export class NoElectors extends DomainError {
  constructor() {
    super('NO_ELECTORS', 'Nobody may vote on this.');
  }
}

/** The vote ends later: the rule has it so, or somebody may still vote. */
export class CloseTooEarly extends DomainError {
  constructor(reason: 'NOT_ALLOWED' | 'NOT_ALL_VOTED', closesAt: Date) {
    super('CLOSE_TOO_EARLY', 'The vote ends later.', { reason, closesAt: closesAt.toISOString() });
  }
}

/** What was decided is carried out now, or has been. */
export class DelayOver extends DomainError {
  constructor() {
    super('DELAY_OVER', 'The time in which it could be stopped is over.');
  }
}

/** What is written anew would have to be decided by another rule than the one that is being voted by. */
export class RuleFrozen extends DomainError {
  constructor() {
    super('RULE_FROZEN', 'The rule of a vote is fixed when it opens, and this asks for another one.');
  }
}

/** Nobody reads what one member piles up. */
export class TooManyDrafts extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_DRAFTS', 'Open or withdraw another draft first.', { max });
  }
}

/** Nobody votes on what one member piles up. */
export class TooManyOpen extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_OPEN', 'Wait for the end of another vote, or withdraw its proposal first.', { max });
  }
}

/** No vote can be held by this rule, or not on these actions. */
export class VotingRuleFaulty extends DomainError {
  override readonly shown: { faults: readonly RuleFault[] };

  constructor(faults: readonly RuleFault[]) {
    super('VOTING_RULE', 'No vote can be held like this.', {}, faults[0]?.path ?? null);
    this.shown = { faults };
  }
}
