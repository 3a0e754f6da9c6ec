import type { AccountState } from '../../entities/account.ts';
import { assert, InvalidInput, NotFound, type DomainError } from '../../kernel/errors.ts';
import { IdempotencyKeyReused } from '../../kernel/idempotency.ts';
import { NetworkArchived } from '../access/may.ts';
import {
  AccountNotOpen,
  BeyondHold,
  CeilingExceeded,
  HoldNotOpen,
  InsufficientCredit,
  LevyAccountNotOpen,
  NotReversible,
  NotTransferable,
  PaymentLimitExceeded,
  SameAccount,
  TransferNotPending,
  UnitMismatch,
  type PaymentPeriod,
} from './errors.ts';

/** A verdict of the ledger's functions that is no success. */
export interface RefusedVerdict {
  /** A name, and after a colon what varies. */
  verdict: string;
  /** The account at fault. */
  atAccountId?: string | null;
  /** Where the levies of the transfer would go. */
  levyAccountId?: string | null;
  /** How much would have been possible, in minor units. */
  roomMinor: bigint | null;
}

interface Situation {
  roomMinor: bigint;
  /** Decimals of the unit. */
  scale: number;
  detail: string;
  accountId: string | null;
  /** Whether the account at fault is neither side, but the one that receives the levies. */
  isOfLevies: boolean;
  /** The input field of the account at fault. */
  path: string;
}

const REFUSALS: Record<string, (of: Situation) => DomainError> = {
  BELOW_FLOOR: ({ roomMinor, scale }) => new InsufficientCredit({ availableMinor: roomMinor, scale }),
  ABOVE_CEILING: ({ roomMinor, scale }) => new CeilingExceeded({ earnableMinor: roomMinor, scale }),
  PAYMENT_LIMIT: ({ roomMinor, scale, detail }) =>
    new PaymentLimitExceeded({ period: detail as PaymentPeriod, remainingMinor: roomMinor, scale }),
  NOT_OPEN: ({ detail, path, accountId, isOfLevies }) =>
    isOfLevies
      ? new LevyAccountNotOpen(detail as AccountState)
      : new AccountNotOpen(detail as AccountState, path, accountId),
  NO_ACCOUNT: () => new NotFound('Account'),
  ARCHIVED: () => new NetworkArchived(),
  SAME_ACCOUNT: () => new SameAccount(),
  OTHER_UNIT: () => new UnitMismatch('payeeAccountId'),
  NOT_TRANSFERABLE: () => new NotTransferable(),
  OUT_OF_RANGE: () => new InvalidInput('INVALID_AMOUNT', 'amount'),
  NOT_PENDING: () => new TransferNotPending(),
  NOT_REVERSIBLE: () => new NotReversible(),
  HOLD_NOT_OPEN: () => new HoldNotOpen(),
  BEYOND_HOLD: ({ roomMinor, scale }) => new BeyondHold({ remainingMinor: roomMinor, scale }),
  KEY_REUSED: () => new IdempotencyKeyReused(),
};

/** What was asked for, as far as a refusal speaks of it. */
interface RefusedRequest {
  payeeAccountId: string | null;
  /** The input field that names the payer, if it has another name. */
  payerPath?: string;
  /** Decimals of the unit. */
  scale: number;
}

/** The refusal that a verdict stands for. */
export function refusalOf(
  { verdict, atAccountId: accountId = null, levyAccountId, roomMinor }: RefusedVerdict,
  { payeeAccountId, payerPath = 'payerAccountId', scale }: RefusedRequest,
): DomainError {
  const [kind = '', detail = ''] = verdict.split(':');
  const refusal = REFUSALS[kind];
  assert(refusal, `a verdict is known: ${verdict}`);
  const isPayee = payeeAccountId !== null && accountId === payeeAccountId;
  const isOfLevies = !isPayee && accountId !== null && accountId === levyAccountId;
  const path = isPayee ? 'payeeAccountId' : payerPath;
  return refusal({ roomMinor: roomMinor ?? 0n, scale, detail, accountId, isOfLevies, path });
}
