import type { Expiry } from '../../kernel/housekeeping.ts';

const itself = (now: Date) => now;

/** What people leave behind when they sign in; access tokens stay, as a record of who had which. */
export const peopleExpiries: Expiry[] = [
  { table: 'session', column: 'expires_at', cutoff: itself },
  { table: 'mailed_secret', column: 'expires_at', cutoff: itself },
  { table: 'provider_sign_in', column: 'expires_at', cutoff: itself },
  // Written by the library that counts, in milliseconds since 1970.
  { table: 'throttle', column: 'expire', cutoff: (now) => now.getTime() },
];
