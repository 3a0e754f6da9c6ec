import type { SignedActionState } from '../../../entities/signed-action.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** An action that could not be carried out as things stand, and why. */
export class ActionRefused extends DomainError {
  constructor(
    /** Which of the actions, counted from 0. */
    readonly action: number,
    readonly refusal: DomainError,
  ) {
    super(
      'ACTION_REFUSED',
      'As things stand, this could not be carried out.',
      { action, reason: refusal.code, why: refusal.message },
      `actions.${action}`,
    );
  }
}

/** It was executed or declined, or has run out: what is to change is submitted anew. */
export class SignedActionEnded extends DomainError {
  constructor(state: SignedActionState) {
    super('ACTION_STATE', 'The action waits for no signature any more.', { state });
  }
}

/** One signs once, whatever roles one holds. */
export class AlreadySigned extends DomainError {
  constructor() {
    super('ALREADY_SIGNED', 'You have signed this.');
  }
}

/** Nobody signs for what they gain by. */
export class OwnBenefit extends DomainError {
  constructor() {
    super('OWN_BENEFIT', 'Nobody signs or declines what concerns themselves.');
  }
}

/** The bylaws by which it was submitted are not in force any more: it is submitted anew. */
export class RuleChanged extends DomainError {
  constructor() {
    super('RULE_CHANGED', 'The bylaws have others decide this by now: submit it anew.');
  }
}
