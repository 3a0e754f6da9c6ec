/** What a refusal may carry for the client: plain values only, since they travel as JSON. */
export type ErrorFields = Record<string, string | number | boolean | null | string[]>;

/**
 * An expected refusal. The code is stable and documented in docs/errors.md, the message is constant, and what
 * varies stands in the fields.
 */
export class DomainError extends Error {
  /** What a refusal with a type of its own shows beside its fields. */
  readonly shown: object = {};

  constructor(
    readonly code: string,
    message: string,
    readonly fields: ErrorFields = {},
    /** The input field that is at fault, such as `amount` or `lines.3.amount`; null if no single one is. */
    readonly path: string | null = null,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

const INVALID_MESSAGES = {
  INVALID_ID: 'This is not an id of the expected kind.',
  INVALID_TEXT: 'The text holds characters that cannot be stored.',
  TEXT_TOO_SHORT: 'The text is too short.',
  TEXT_TOO_LONG: 'The text is too long.',
  INVALID_AMOUNT: 'The amount is not a decimal number within bounds.',
  TOO_MANY_DECIMALS: 'The amount has more decimals than its unit.',
  INVALID_PERIOD: 'A period is a year, a quarter or a month, such as 2026, 2026-Q1 or 2026-03.',
  INVALID_CURSOR: 'This cursor was not given out by this list.',
  INVALID_PAGE_SIZE: 'The page size is out of range.',
  INVALID_EMAIL: 'This is not an e-mail address.',
  INVALID_LOCALE: 'This is not a language tag as BCP 47 writes them.',
  INVALID_TIME_ZONE: 'This is not a time zone of the IANA database.',
  INVALID_SLUG: 'A short name has 3 to 40 lower-case letters, digits and single hyphens.',
  INVALID_CODE: 'A code has 1 to 12 upper-case letters and digits.',
  INVALID_KEY: 'An idempotency key has 1 to 128 printable characters.',
  INVALID_RANGE: 'The value is out of range.',
  INVALID_COORDINATES: 'Latitude or longitude is out of range.',
  INVALID_CHOICE: 'These values do not go together.',
  REQUIRED: 'A value is needed here.',
} as const;

export type InvalidCode = keyof typeof INVALID_MESSAGES;

/** One input field is not acceptable, whatever the state of the data. */
export class InvalidInput extends DomainError {
  constructor(code: InvalidCode, path: string, fields: ErrorFields = {}) {
    super(code, INVALID_MESSAGES[code], fields, path);
  }
}

/** The request needs a signed-in person. */
export class Unauthenticated extends DomainError {
  /** @param reason `ONE_TIME_CODE_NEEDED` if there is a session that only waits for a code */
  constructor(reason: 'ONE_TIME_CODE_NEEDED' | null = null) {
    super('UNAUTHENTICATED', 'Sign in first.', reason ? { reason } : {});
  }
}

/** The person is known and may not do this; the reason says why. */
export class Forbidden extends DomainError {
  constructor(readonly reason: string) {
    super('FORBIDDEN', 'You may not do this.', { reason });
  }
}

/** There is no such thing, or the person may not know of it. */
export class NotFound extends DomainError {
  constructor(kind: string) {
    super('NOT_FOUND', 'There is no such thing here.', { kind });
  }
}

/** The outcome is unknown because the connection broke at the commit; repeating with the same key is safe. */
export class OutcomeUnknown extends DomainError {
  constructor(options?: ErrorOptions) {
    super('OUTCOME_UNKNOWN', 'The connection to the database broke. Repeat the request with the same key.');
    this.cause = options?.cause;
  }
}

/** More is asked than can be done soon. Nothing was done; the same request may succeed a little later. */
export class Overloaded extends DomainError {
  constructor() {
    super('OVERLOADED', 'The server has more to do than it can do soon. Try again in a moment.');
  }
}

/** A broken invariant is a bug, not a refusal: the client sees INTERNAL and an id to report. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${invariant}`);
}

/** A handler for the one system error that is expected; any other is passed on. */
export function ignore(code: string): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== code) throw error;
  };
}
