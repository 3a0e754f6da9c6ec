import { createHash } from 'node:crypto';
import { after, DAY_MS } from './clock.ts';
import type { Actor } from './actor.ts';
import { assert, DomainError, InvalidInput } from './errors.ts';
import type { Expiry } from './housekeeping.ts';
import type { Tx } from './unit-of-work.ts';

/** The same key came with other content: the client has a fault, and neither request may be guessed at. */
export class IdempotencyKeyReused extends DomainError {
  constructor() {
    super('IDEMPOTENCY_KEY_REUSED', 'This key was used for something else.', {}, 'idempotencyKey');
  }
}

/** How long a key is remembered; the same request after that counts as a new one. */
export const IDEMPOTENCY_KEY_DAYS = 90;

export const idempotencyKeyExpiry: Expiry = {
  table: 'idempotency_key',
  column: 'created_at',
  cutoff: (now) => after(now, -IDEMPOTENCY_KEY_DAYS * DAY_MS),
};

/** A key with whose it is and what it stands for. */
export interface KeyClaim {
  owner: string;
  key: string;
  hash: Buffer;
}

export interface Once<T> {
  networkId: string;
  /** Chosen by the client, 1 to 128 printable characters; it belongs to the person who sends it. */
  key: string;
  operation: string;
  /** The whole input: the same key with other content is refused. */
  content: object;
  /** Does the work and says which row it made. */
  work: () => Promise<{ id: string; result: T }>;
  /** Answers a repetition from the row that the first one made. */
  again: (id: string) => Promise<T>;
}

/**
 * Does the work once for a key, also when the same request arrives many times at once: the others wait for the
 * first one's transaction. A refusal stores nothing, so that a later, rightful repetition is not blocked.
 *
 * @throws IdempotencyKeyReused if the key came before with another operation or other content
 */
export async function once<T>(
  tx: Tx,
  { networkId, key, operation, content, work, again }: Once<T>,
): Promise<T> {
  const { owner, hash } = keyClaim(tx.actor, { key, operation, content });
  const claimed = await tx.db.execute(
    `insert into idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
     values ($1, $2, $3, $4, null, $5) on conflict do nothing`,
    [networkId, owner, key, hash, tx.now],
  );
  if (claimed === 0) {
    const stored = await tx.db.row<{ contentHash: Buffer; resultId: string }>(
      'select content_hash, result_id from idempotency_key where network_id = $1 and owner = $2 and key = $3',
      [networkId, owner, key],
    );
    if (!stored?.contentHash.equals(hash)) throw new IdempotencyKeyReused();
    return again(stored.resultId);
  }
  const { id, result } = await work();
  await tx.db.execute(
    'update idempotency_key set result_id = $4 where network_id = $1 and owner = $2 and key = $3',
    [networkId, owner, key, id],
  );
  return result;
}

/**
 * What a key claims for who sends it.
 *
 * @throws InvalidInput INVALID_KEY
 */
export function keyClaim(
  actor: Actor,
  { key, operation, content }: Pick<Once<unknown>, 'key' | 'operation' | 'content'>,
): KeyClaim {
  // What a helper sends for one member is another request than the same for another.
  const actingFor = actor.kind === 'person' ? actor.actingForMembershipId : null;
  return {
    owner: ownerOf(actor),
    key: requireKey(key),
    hash: contentHash(operation, { ...content, actingFor }),
  };
}

function ownerOf(actor: Actor): string {
  assert(actor.kind !== 'visitor', 'whoever sends a key has signed in');
  return actor.kind === 'person' ? actor.personId : `system:${actor.name}`;
}

/** @throws InvalidInput INVALID_KEY */
export function requireKey(key: string): string {
  const isPrintable = key.isWellFormed() && !/[\p{Cc}\p{Cs}]/u.test(key);
  if (key.length < 1 || key.length > 128 || !isPrintable)
    throw new InvalidInput('INVALID_KEY', 'idempotencyKey');
  return key;
}

function contentHash(operation: string, content: object): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([operation, normalised(content)]))
    .digest();
}

// The same content in another order of fields, or with an absent field spelled as null, is the same request.
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([name, item]) => name !== 'idempotencyKey' && item !== null && item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, normalised(item)]);
}
