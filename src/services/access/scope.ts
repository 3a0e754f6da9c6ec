import type { SignedIn } from '../../kernel/actor.ts';
import { Forbidden } from '../../kernel/errors.ts';
import type { TokenScope } from './permissions.ts';

/**
 * For what a person does before being in a network, such as joining one: for oneself only, and with the scope if it
 * comes with an access token.
 *
 * @throws Forbidden NOT_YOURS for a helper who acts for somebody, SCOPE_REQUIRED
 */
export function requireScope({ credential, actingForMembershipId }: SignedIn, scope: TokenScope): void {
  if (actingForMembershipId) throw new Forbidden('NOT_YOURS');
  if (credential.kind === 'token' && !credential.scopes.includes(scope))
    throw new Forbidden('SCOPE_REQUIRED');
}
