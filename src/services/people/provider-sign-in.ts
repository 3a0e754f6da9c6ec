import { Person } from '../../entities/person.ts';
import { PersonIdentity } from '../../entities/person-identity.ts';
import { ProviderSignIn } from '../../entities/provider-sign-in.ts';
import { after, MINUTE_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { requireLocale } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { EmailNotVerified } from './addresses.ts';
import { parseEmail } from './email.ts';
import { addPerson } from './register.ts';
import { hashSecret, newSecret } from './secrets.ts';
import { createSession, type StartedSession } from './sessions.ts';

/** The sign-in was never begun in this browser, took too long, or came back before. */
export class SignInExpired extends DomainError {
  constructor() {
    super('SIGN_IN_EXPIRED', 'This sign-in took too long. Begin again.');
  }
}

/** The provider does not vouch for the address, so that it cannot tell us who this is. */
export class ProviderEmailNotVerified extends DomainError {
  constructor() {
    super('PROVIDER_EMAIL_NOT_VERIFIED', 'Your provider has not confirmed your e-mail address.');
  }
}

export const PROVIDER_SIGN_IN_LIFETIME_MS = 10 * MINUTE_MS;

/** What ties the provider's answer to this sign-in (RFC 7636, OpenID Connect Core section 3.1.2.1). */
export interface SignInChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export function newSignInChecks(): SignInChecks {
  return { state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() };
}

/** Remembers a sign-in while the person is at the provider. */
export async function beginProviderSignIn(tx: Tx, checks: SignInChecks, returnTo: string): Promise<void> {
  await tx.db.insert(ProviderSignIn, {
    stateHash: hashSecret(checks.state),
    nonce: checks.nonce,
    codeVerifier: checks.codeVerifier,
    returnTo,
    expiresAt: after(tx.now, PROVIDER_SIGN_IN_LIFETIME_MS),
  });
}

/**
 * Takes a sign-in up again, once.
 *
 * @throws SignInExpired
 */
export async function takeProviderSignIn(tx: Tx, state: string): Promise<ProviderSignIn> {
  const stateHash = hashSecret(state);
  const begun = await tx.db.lock(ProviderSignIn, { stateHash });
  await tx.db.delete(ProviderSignIn, { stateHash });
  if (!begun || begun.expiresAt <= tx.now) throw new SignInExpired();
  return begun;
}

/** Who somebody is, as the provider says. */
export interface ProviderIdentity {
  issuer: string;
  subject: string;
  email: string | null;
  isEmailVerified: boolean;
  name: string | null;
  locale: string | null;
}

export interface ProviderSignInOptions {
  userAgent: string | null;
  defaultLocale: string;
}

/**
 * Signs in whom the provider vouches for: the person known by this identity; else the one with this address, if
 * both sides have proved it; else somebody new. The provider does not stand in for one-time codes: a person who has
 * them gets a session that is held.
 *
 * @throws ProviderEmailNotVerified, InvalidInput INVALID_EMAIL
 * @throws EmailNotVerified if somebody is registered with the address who has not proved it
 */
export async function signInByProvider(
  tx: Tx,
  identity: ProviderIdentity,
  { userAgent, defaultLocale }: ProviderSignInOptions,
): Promise<StartedSession> {
  const person = (await knownPerson(tx, identity)) ?? (await linkedPerson(tx, identity, defaultLocale));
  return createSession(tx, person, { userAgent, secondFactorAt: null });
}

async function knownPerson(tx: Tx, { issuer, subject }: ProviderIdentity): Promise<Person | undefined> {
  const known = await tx.db.one(PersonIdentity, { issuer, subject });
  return known && tx.db.lock(Person, { id: known.personId });
}

async function linkedPerson(tx: Tx, identity: ProviderIdentity, defaultLocale: string): Promise<Person> {
  if (!identity.email || !identity.isEmailVerified) throw new ProviderEmailNotVerified();
  const { email, emailKey } = parseEmail(identity.email, 'email');
  const found = await tx.db.lock(Person, { emailKey });
  // Whoever registered an address without proving it must not be handed to its owner, with a password they chose.
  if (found && !found.emailVerifiedAt) throw new EmailNotVerified();
  const person =
    found ??
    (await addPerson(tx, {
      name: nameOf(identity.name ?? email),
      email,
      emailKey,
      emailVerifiedAt: tx.now,
      locale: localeOf(identity.locale, defaultLocale),
      passwordHash: null,
    }));
  const { issuer, subject } = identity;
  // Two first sign-ins at once: the other one may have joined them while this one waited for the person's row.
  if (!(await tx.db.exists(PersonIdentity, { issuer, subject }))) {
    await tx.db.insert(PersonIdentity, { issuer, subject, personId: person.id, linkedAt: tx.now });
  }
  return person;
}

// What a provider calls somebody is cut to fit rather than refused: the person can change it afterwards.
function nameOf(name: string): string {
  return [...name.replaceAll('\0', '').toWellFormed().trim()].slice(0, 100).join('') || '–';
}

function localeOf(tag: string | null, defaultLocale: string): string {
  try {
    return tag ? requireLocale(tag.replaceAll('_', '-'), 'locale') : defaultLocale;
  } catch (error) {
    if (error instanceof DomainError) return defaultLocale;
    throw error;
  }
}
