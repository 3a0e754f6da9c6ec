import type { DomainError } from '../../kernel/errors.ts';
import type { Standing } from '../access/standing.ts';
import { seesBalance } from './account-access.ts';
import { CeilingExceeded } from './errors.ts';
import type { Side, TransferTies } from './transfer-access.ts';

/** How much a payee can still earn tells its balance: only who may see that learns it. */
export function discreet(standing: Standing, { account, tie }: Side, refusal: DomainError): DomainError {
  if (!(refusal instanceof CeilingExceeded) || seesBalance(standing, account, tie)) return refusal;
  return new CeilingExceeded({ earnableMinor: null, scale: 0 });
}

/** The same where it may be either side that is refused: of a conversion both halves are undone. */
export function discreetOfBoth(
  standing: Standing,
  { payer, payee }: TransferTies,
  refusal: DomainError,
): DomainError {
  return discreet(standing, payee, discreet(standing, payer, refusal));
}
