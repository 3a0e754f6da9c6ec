import { AccessToken, type TokenScope } from '../../entities/access-token.ts';
import { Person } from '../../entities/person.ts';
import type { SignedIn } from '../../kernel/actor.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { DomainError, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireSession } from './authenticate.ts';
import { ACCESS_TOKEN_PREFIX, hashSecret, newSecret } from './secrets.ts';

export const MAX_ACCESS_TOKENS = 50;
export const MAX_TOKEN_LIFETIME_MS = 366 * DAY_MS;

/** So many programs of one person are a sign that tokens are made and forgotten. */
export class TooManyAccessTokens extends DomainError {
  constructor() {
    super('TOO_MANY_ACCESS_TOKENS', 'Revoke a token that is not in use first.', { max: MAX_ACCESS_TOKENS });
  }
}

export interface CreateAccessToken {
  name: string;
  /** None at all makes a token that reads only. */
  scopes: TokenScope[];
  expiresAt: Date;
}

export interface CreatedAccessToken {
  accessToken: AccessToken;
  /** Shown once; the server keeps only its hash. */
  token: string;
}

/**
 * Makes a key with which a program acts for the person, within its scopes. Only a session may: a token that could
 * make others would never end.
 *
 * @throws InvalidInput for the name; INVALID_RANGE unless it expires within a year; TooManyAccessTokens
 */
export async function createAccessToken(tx: Tx, command: CreateAccessToken): Promise<CreatedAccessToken> {
  const { personId } = requireSession(tx.actor);
  const name = boundedText(command.name, 'name', { max: 100 });
  const { expiresAt } = command;
  const latest = after(tx.now, MAX_TOKEN_LIFETIME_MS);
  if (expiresAt <= tx.now || expiresAt > latest) {
    throw new InvalidInput('INVALID_RANGE', 'expiresAt', { max: latest.toISOString() });
  }
  // Tokens that are made at the same time wait for one another, so that they are counted right.
  await tx.db.lock(Person, { id: personId });
  if ((await tokensInForce(tx.db, personId, tx.now)).length >= MAX_ACCESS_TOKENS) {
    throw new TooManyAccessTokens();
  }
  const token = ACCESS_TOKEN_PREFIX + newSecret();
  const accessToken: AccessToken = {
    id: newId('accessToken'),
    personId,
    name,
    tokenHash: hashSecret(token),
    scopes: [...new Set(command.scopes)],
    createdAt: tx.now,
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  };
  await tx.db.insert(AccessToken, accessToken);
  return { accessToken, token };
}

/** @throws NotFound if the person has no such token in force, InvalidInput INVALID_ID */
export async function revokeAccessToken(tx: Tx, accessTokenId: string): Promise<string> {
  const { personId } = requireSession(tx.actor);
  const id = requireId('accessToken', accessTokenId, 'accessTokenId');
  const revoked = await tx.db.update(AccessToken, { id, personId, revokedAt: null }, { revokedAt: tx.now });
  if (revoked === 0) throw new NotFound('AccessToken');
  return id;
}

/** The tokens that work now, newest first. */
export function accessTokensOf({
  db,
  actor,
  now,
}: {
  db: Db;
  actor: SignedIn;
  now: Date;
}): Promise<AccessToken[]> {
  return tokensInForce(db, actor.personId, now);
}

function tokensInForce(db: Db, personId: string, now: Date): Promise<AccessToken[]> {
  return db.select(
    AccessToken,
    'where person_id = $1 and expires_at > $2 and revoked_at is null order by created_at desc, id desc',
    [personId, now],
  );
}
