import type { DomainError } from '../../kernel/errors.ts';
import type { Standing } from '../access/standing.ts';
import { seesBalance } from './account-access.ts';
import { CeilingExceeded, InsufficientCredit, PaymentLimitExceeded } from './errors.ts';
import type { Side, TransferTies } from './transfer-access.ts';

/** What an account can still give or receive tells its balance: only who may see that learns it. */
export function discreet(
  standing: Standing,
  { payer, payee }: TransferTies,
  refusal: DomainError,
): DomainError {
  const sees = ({ account, tie }: Side) => seesBalance(standing, account, tie);
  if (refusal instanceof CeilingExceeded && !sees(payee)) {
    return new CeilingExceeded({ earnableMinor: null, scale: 0 });
  }
  if (refusal instanceof InsufficientCredit && !sees(payer)) {
    return new InsufficientCredit({ availableMinor: null, scale: 0 });
  }
  if (refusal instanceof PaymentLimitExceeded && !sees(payer)) return refusal.withoutRemaining();
  return refusal;
}

/** The same where the money goes back. */
export function discreetOnReturn(
  standing: Standing,
  { payer, payee }: TransferTies,
  refusal: DomainError,
): DomainError {
  return discreet(standing, { payer: payee, payee: payer }, refusal);
}
