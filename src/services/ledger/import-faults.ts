import { DomainError, type ErrorFields } from '../../kernel/errors.ts';
import type { ImportColumn, ImportFault } from './import-csv.ts';

/** A cell names no account: it is no id of one, and no member's name. */
export class AccountUnknown extends DomainError {
  /** @param unit the code of the unit in which a member of that name has no account; null if there is no such member */
  constructor(unit: string | null) {
    super('ACCOUNT_UNKNOWN', 'This names no account.', { unit });
  }
}

export class NameNotUnique extends DomainError {
  constructor() {
    super('NAME_NOT_UNIQUE', 'Several members have this name: give the id of an account.');
  }
}

export class DecimalComma extends DomainError {
  constructor() {
    super('DECIMAL_COMMA', 'Amounts are written with a decimal point.', {}, 'amount');
  }
}

/** Nothing of a file was posted, since some of its lines are faulty. */
export class ImportFaulty extends DomainError {
  constructor(faults: number) {
    super('IMPORT_FAULTY', 'Some lines are faulty, so nothing was posted.', { faults }, 'csv');
  }
}

const COLUMN_BY_PATH: Record<string, ImportColumn> = {
  payerAccountId: 'payer',
  payeeAccountId: 'payee',
  amount: 'amount',
  description: 'description',
};

const EXPECTED: Record<string, (fields: ErrorFields) => string | null> = {
  ACCOUNT_UNKNOWN: ({ unit }) =>
    unit
      ? `an account of this member in ${String(unit)}`
      : 'the id of an account, or the exact name of an active member',
  NAME_NOT_UNIQUE: () => 'the id of an account',
  DECIMAL_COMMA: () => '12.50 instead of 12,50',
  INVALID_AMOUNT: ({ max }) =>
    atMost(max) ?? 'a number above zero such as 12.50, without separators of thousands',
  TOO_MANY_DECIMALS: ({ decimals }) => `at most ${String(decimals)} decimals`,
  TEXT_TOO_SHORT: ({ min }) => `at least ${String(min)} character`,
  TEXT_TOO_LONG: ({ max }) => `at most ${String(max)} characters`,
  UNIT_MISMATCH: () => 'an account in the unit of the import',
  SAME_ACCOUNT: () => 'another account than that of the payer',
  ACCOUNT_NOT_OPEN: () => 'an account that is open',
  FORBIDDEN: () => 'an account for which you may sign',
  INSUFFICIENT_CREDIT: ({ available }) => atMost(available),
  CEILING_EXCEEDED: ({ earnable }) => atMost(earnable),
  PAYMENT_LIMIT_EXCEEDED: ({ remaining }) => atMost(remaining),
};

// What tells the balance of others is left out.
function atMost(amount: unknown): string | null {
  return typeof amount === 'string' ? `at most ${amount}` : null;
}

/** A refusal as a fault of a line, in the column that it names or in that which was being read. */
export function faultOf(
  line: number,
  { code, message, fields, path }: DomainError,
  column: ImportColumn | null = null,
): ImportFault {
  return {
    line,
    column: COLUMN_BY_PATH[path ?? ''] ?? column,
    code,
    message,
    expected: EXPECTED[code]?.(fields) ?? null,
  };
}
