import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type pg from 'pg';
import { DomainError } from '../../kernel/errors.ts';

/** Too many tries; the fields say when the next one is heard. */
export class TooManyAttempts extends DomainError {
  constructor(retryAfterSeconds: number) {
    super('TOO_MANY_ATTEMPTS', 'Too many tries. Wait a while before the next one.', { retryAfterSeconds });
  }
}

interface Limit {
  points: number;
  duration: number;
}

const MINUTES = 60;

// Generous for a person who mistypes, hopeless for a program that guesses.
const LIMITS = {
  signInByAccount: { points: 10, duration: 15 * MINUTES },
  signInByAddress: { points: 100, duration: 15 * MINUTES },
  passwordInSession: { points: 10, duration: 15 * MINUTES },
  oneTimeCode: { points: 5, duration: 5 * MINUTES },
  registerByAddress: { points: 30, duration: 60 * MINUTES },
  providerByAddress: { points: 60, duration: 15 * MINUTES },
  letterByAccount: { points: 5, duration: 60 * MINUTES },
  invitationByPerson: { points: 100, duration: 24 * 60 * MINUTES },
  calendarByFeed: { points: 60, duration: 60 * MINUTES },
  calendarMissByAddress: { points: 60, duration: 15 * MINUTES },
  uploadByPerson: { points: 200, duration: 60 * MINUTES },
  letterByAddress: { points: 30, duration: 60 * MINUTES },
} satisfies Record<string, Limit>;

export type ThrottleName = keyof typeof LIMITS;

/** Counts tries in the database, so that all processes of a server share the count. */
export class Throttle {
  private readonly limiters: Record<ThrottleName, RateLimiterPostgres>;

  constructor(pool: pg.Pool) {
    const storeClient = { query: (statement: pg.QueryConfig) => queryWithNumbers(pool, statement) };
    const limiter = ([name, limit]: [string, Limit]) => [
      name,
      new RateLimiterPostgres({
        storeClient,
        storeType: 'client',
        tableName: 'throttle',
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix: name,
        ...limit,
      }),
    ];
    this.limiters = Object.fromEntries(Object.entries(LIMITS).map(limiter)) as typeof this.limiters;
  }

  /** @throws TooManyAttempts */
  async count(name: ThrottleName, key: string): Promise<void> {
    try {
      await this.limiters[name].consume(key);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes)
        throw new TooManyAttempts(Math.ceil(refusal.msBeforeNext / 1000));
      throw refusal;
    }
  }

  /** Forgets the tries, after one that was right. */
  async forget(name: ThrottleName, key: string): Promise<void> {
    await this.limiters[name].delete(key);
  }
}

// The library subtracts from `expire`, which this server reads as a bigint everywhere else.
async function queryWithNumbers(pool: pg.Pool, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  const result = await pool.query<{ expire?: bigint | null }>(statement);
  const rows = result.rows.map((row) => (row.expire ? { ...row, expire: Number(row.expire) } : row));
  return { ...result, rows };
}
