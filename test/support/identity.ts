import { Secret, TOTP } from 'otpauth';
import { startSession } from '../../src/services/people/sessions.ts';
import { givenPerson, mutate, PASSWORD, tryMutate, type Caller } from './api.ts';
import { mailedSecret } from './mail.ts';
import type { TestServer } from './server.ts';

const system = { kind: 'system', name: 'test' } as const;

/** Whether the server takes the caller for signed in. */
export async function isSignedIn(server: TestServer, who: Caller): Promise<boolean> {
  const { errors } = await tryMutate(server, who, 'personUpdate', {}, 'person { id }');
  return errors.length === 0;
}

/** The same person on another device. */
export async function onSecondDevice(
  server: TestServer,
  who: Caller,
  { password = PASSWORD, oneTimeCode = null }: { password?: string; oneTimeCode?: string | null } = {},
): Promise<Caller> {
  const command = { email: who.email, password, oneTimeCode };
  const { token } = await startSession(server.app.services.people, system, command);
  return { ...who, token };
}

/** Somebody whose address is proved. */
export async function givenVerifiedPerson(server: TestServer, name = 'Ana'): Promise<Caller> {
  const person = await givenPerson(server, name);
  const secret = await mailedSecret(server, person.email);
  await mutate(server, null, 'emailVerify', { secret }, 'email');
  return person;
}

export interface WithDevice extends Caller {
  secret: string;
  recoveryCodes: string[];
}

/** Somebody who has set up one-time codes; the step of the code that did it is over. */
export async function givenPersonWithDevice(server: TestServer, name = 'Ana'): Promise<WithDevice> {
  const person = await givenVerifiedPerson(server, name);
  const { secret } = await mutate(server, person, 'oneTimeCodeEnrol', { password: PASSWORD }, 'secret');
  const code = codeOf(server, secret);
  const { recoveryCodes } = await mutate(server, person, 'oneTimeCodeConfirm', { code }, 'recoveryCodes');
  server.clock.advance(STEP_MS);
  return { ...person, secret, recoveryCodes };
}

export const STEP_MS = 30_000;

/** What an authenticator app shows at the server's instant, or so many steps away from it. */
export function codeOf(server: TestServer, secret: string, steps = 0): string {
  const timestamp = server.clock.now().getTime() + steps * STEP_MS;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}
