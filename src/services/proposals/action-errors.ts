import { DomainError } from '../../kernel/errors.ts';

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
