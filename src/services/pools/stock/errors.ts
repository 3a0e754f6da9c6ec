import { DomainError } from '../../../kernel/errors.ts';
import { formatAmount } from '../../../kernel/money.ts';

/** There is not so much of it any more. */
export class StockTooLow extends DomainError {
  constructor({ stockMinor, scale, unit }: { stockMinor: bigint; scale: number; unit: string }) {
    super(
      'STOCK_TOO_LOW',
      'There is not so much of it.',
      { available: formatAmount(stockMinor, scale), unit },
      'amount',
    );
  }
}

/** The member, or the household, has had what each may take in a period, or would pass it. */
export class QuotaExceeded extends DomainError {
  constructor({ leftMinor, scale, resetsAt }: { leftMinor: bigint; scale: number; resetsAt: Date }) {
    super(
      'QUOTA_EXCEEDED',
      'Each may take only so much within a period.',
      { left: formatAmount(leftMinor, scale), resetsAt: resetsAt.toISOString() },
      'amount',
    );
  }
}
