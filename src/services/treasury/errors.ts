import { DomainError } from '../../kernel/errors.ts';

/** Demurrage is taken when a period is over, where the network is. */
export class PeriodNotOver extends DomainError {
  constructor(endsAt: Date) {
    super('PERIOD_NOT_OVER', 'The period is not over.', { endsAt: endsAt.toISOString() }, 'period');
  }
}

/** Dues are charged once their period has begun, where the network is. */
export class PeriodNotBegun extends DomainError {
  constructor(startsAt: Date) {
    super('PERIOD_NOT_BEGUN', 'The period has not begun.', { startsAt: startsAt.toISOString() }, 'period');
  }
}

/** The policy in force when the period ended knows no demurrage, or counts it by other periods. */
export class NoDemurrage extends DomainError {
  constructor() {
    super('NO_DEMURRAGE', 'At the end of this period no demurrage was in force for it.', {}, 'period');
  }
}

/** No rule was in force for this period. */
export class NoDues extends DomainError {
  constructor() {
    super('NO_DUES', 'No dues are set for this period.', {}, 'period');
  }
}

export class NothingToCharge extends DomainError {
  constructor() {
    super('NOTHING_TO_CHARGE', 'Everybody has been charged for this period.', {}, 'period');
  }
}

export class DuesPaid extends DomainError {
  constructor() {
    super('DUES_PAID', 'These dues are paid.', {}, 'chargeId');
  }
}

/** Dues are paid from the member's first account in their unit. */
export class NoAccountInUnit extends DomainError {
  constructor() {
    super('NO_ACCOUNT_IN_UNIT', 'The member has no account in the unit of the dues.');
  }
}

export class DuesRuleEnded extends DomainError {
  constructor() {
    super('DUES_RULE_ENDED', 'The rule has an end already.', {}, 'duesRuleId');
  }
}
