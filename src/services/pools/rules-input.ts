import type { Pool } from '../../entities/pool.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { parseRate } from '../../kernel/rates.ts';
import { LONGEST_MINUTES } from './may-book.ts';
import { parseOpening, type OpeningGiven } from './opening-input.ts';

/** The rules of a pool as clients give them: absent leaves what was, null takes a bound away. */
export interface PoolRulesGiven {
  needsApproval?: boolean;
  leadMinutes?: number;
  aheadDays?: number;
  longestMinutes?: number | null;
  memberBookings?: number | null;
  bufferBeforeMinutes?: number;
  bufferAfterMinutes?: number;
  cancelFreeMinutes?: number;
  /** A part of the fee between 0 and 1. */
  cancelFee?: string;
  lateGraceMinutes?: number;
  opening?: OpeningGiven;
}

export type PoolRules = Pick<
  Pool,
  | 'needsApproval'
  | 'leadMinutes'
  | 'aheadDays'
  | 'longestMinutes'
  | 'memberBookings'
  | 'bufferBeforeMinutes'
  | 'bufferAfterMinutes'
  | 'cancelFreeMinutes'
  | 'cancelFeePpm'
  | 'lateGraceMinutes'
  | 'opening'
>;

/** What holds in a new pool that says nothing else. */
export const DEFAULT_RULES: PoolRules = {
  needsApproval: false,
  leadMinutes: 0,
  aheadDays: 90,
  longestMinutes: null,
  memberBookings: null,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  cancelFreeMinutes: 0,
  cancelFeePpm: 0,
  lateGraceMinutes: 0,
  opening: { weekly: null, closures: [] },
};

const YEAR_MINUTES = 366 * 24 * 60;
const MONTH_MINUTES = 31 * 24 * 60;

// Only a bound can be taken away.
const NEVER_EMPTY = [
  'needsApproval',
  'leadMinutes',
  'aheadDays',
  'bufferBeforeMinutes',
  'bufferAfterMinutes',
  'cancelFreeMinutes',
  'cancelFee',
  'lateGraceMinutes',
  'opening',
] as const;

/** Between what bounds a number of a rule lies. */
export const RULE_BOUNDS = {
  leadMinutes: { min: 0, max: YEAR_MINUTES },
  aheadDays: { min: 1, max: 732 },
  longestMinutes: { min: 1, max: LONGEST_MINUTES },
  memberBookings: { min: 1, max: 1_000 },
  bufferBeforeMinutes: { min: 0, max: MONTH_MINUTES },
  bufferAfterMinutes: { min: 0, max: MONTH_MINUTES },
  cancelFreeMinutes: { min: 0, max: YEAR_MINUTES },
  lateGraceMinutes: { min: 0, max: MONTH_MINUTES },
} as const;

/**
 * What changes in the rules.
 *
 * @param path the field that holds them, with a point behind it
 * @throws InvalidInput REQUIRED, INVALID_RANGE, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_TEXT, TEXT_TOO_LONG
 */
export function parseRules(given: PoolRulesGiven, path = 'rules.'): Partial<PoolRules> {
  refuseEmpty(given, NEVER_EMPTY, path);
  const { opening, cancelFee, ...plain } = given;
  requireInBounds(plain, path);
  return {
    ...definedOf(plain),
    ...(opening !== undefined && { opening: parseOpening(opening, `${path}opening`) }),
    ...(cancelFee !== undefined && { cancelFeePpm: parseRate(cancelFee, `${path}cancelFee`) }),
  };
}

/**
 * Goes on only if none of these fields is null.
 *
 * @param path what stands before their names
 * @throws InvalidInput REQUIRED
 */
export function refuseEmpty<T extends object>(
  given: T,
  fields: readonly (keyof T & string)[],
  path = '',
): void {
  for (const field of fields) {
    if (given[field] === null) throw new InvalidInput('REQUIRED', `${path}${field}`);
  }
}

/** @throws InvalidInput INVALID_RANGE with the bounds of the first number that is beyond them */
export function requireInBounds(
  rules: { [K in keyof typeof RULE_BOUNDS]?: number | null },
  path: string,
): void {
  for (const [name, { min, max }] of Object.entries(RULE_BOUNDS)) {
    const value = rules[name as keyof typeof RULE_BOUNDS];
    if (value === undefined || value === null) continue;
    if (value < min || value > max) throw new InvalidInput('INVALID_RANGE', `${path}${name}`, { min, max });
  }
}

/** The fields of an update that are to change. */
export function definedOf<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
