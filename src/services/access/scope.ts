import type { SignedIn } from '../../kernel/actor.ts';
import { Forbidden } from '../../kernel/errors.ts';
import type { TokenScope } from './permissions.ts';

/**
 * For what belongs to no network yet: an access token needs the scope, a session has them all.
 *
 * @throws Forbidden SCOPE_REQUIRED
 */
export function requireScope({ credential }: SignedIn, scope: TokenScope): void {
  if (credential.kind === 'token' && !credential.scopes.includes(scope))
    throw new Forbidden('SCOPE_REQUIRED');
}
