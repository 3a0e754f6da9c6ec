import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DomainError } from './errors.ts';

// The server restarts or ends a session, or the way to it is cut.
const LOST_CODE = /^(57P0.|25P03|08.{3}|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/;
// What the driver says without a code.
const LOST_MESSAGE = /^(Connection terminated( unexpectedly)?|Query read timeout)$|is not queryable$/;
// Serialisation failures and deadlocks; locks that took too long; the server out of connections.
const RETRYABLE_CODE = /^(40001|40P01|55P03|53300)$/;
// Statements that took too long; names and networks that are away for a while.
const UNAVAILABLE_CODE = /^(57014|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const UNAVAILABLE_MESSAGE = /^timeout exceeded when trying to connect$|due to connection timeout$/;

/** Whether the connection to the database is gone, or no use any more: it must not go back to the pool. */
export function isLostConnection(error: unknown): boolean {
  return LOST_CODE.test(codeOf(error)) || LOST_MESSAGE.test(messageOf(error));
}

/** Whether the same work may well succeed at once: what is waited for in vain is not waited for again. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE_CODE.test(codeOf(error)) || isLostConnection(error);
}

/** Whether it is the database's condition that is at fault, not the work: the same succeeds a little later. */
export function isTransient(error: unknown): boolean {
  return (
    isRetryable(error) || UNAVAILABLE_CODE.test(codeOf(error)) || UNAVAILABLE_MESSAGE.test(messageOf(error))
  );
}

const MAX_TRIES = 3;

/** Tries work again that the database asks to try again, or that a lost connection broke off: three times at most. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= MAX_TRIES || error instanceof DomainError || !isRetryable(error)) throw error;
      await sleep(Math.random() * 50 * 2 ** tries);
    }
  }
}

/** Whether PostgreSQL itself refused, and so nothing was done. */
export function isRefusedByDatabase(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isLostConnection(error);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
