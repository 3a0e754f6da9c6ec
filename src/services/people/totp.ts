import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const CODE = /^\d{6}$/;
// Clocks differ and people type slowly: one step before and one after count too.
const WINDOW = 1;

/** 160 bits in base 32, as authenticator apps expect them (RFC 4226 section 4, R6). */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address that authenticator apps read from a picture. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totp(secret, issuer, label).toString();
}

/** The time step that a code belongs to (RFC 6238), or null if it is not a code of now. */
export function stepOfCode(secret: string, code: string, now: Date): bigint | null {
  const token = code.replaceAll(/\s/g, '');
  // The library throws for characters that take more than one byte.
  if (!CODE.test(token)) return null;
  const delta = totp(secret).validate({ token, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return null;
  return BigInt(Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta);
}

function totp(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({
    issuer,
    label,
    digits: DIGITS,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}
