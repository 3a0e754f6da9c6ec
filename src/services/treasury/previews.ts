import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import type { Occasion } from './charge-kind.ts';
import { demurrageDue, type DemurrageQuote } from './demurrage-charges.ts';
import { duesDue, type DuesQuote } from './dues-charges.ts';
import { parsePeriod } from './periods.ts';

/** What a run would come to at this moment. */
export interface Preview<Quote> {
  unit: Unit;
  period: string;
  /** How many would be charged. */
  count: number;
  totalMinor: bigint;
  /** All who owe, in the order of their ids. */
  quotes: Quote[];
}

export interface PreviewOf {
  unit: Unit;
  period: string;
  now: Date;
}

/** @throws Forbidden, PeriodNotOver, NoDemurrage, InvalidInput INVALID_PERIOD */
export async function previewDemurrage(
  db: Db,
  standing: Standing,
  { unit, period, now }: PreviewOf,
): Promise<Preview<DemurrageQuote>> {
  const quotes = (await demurrageDue(db, occasionOf(standing, unit, period), now)).filter(
    ({ amountMinor }) => amountMinor > 0n,
  );
  const charged = quotes.filter(({ isLeftOut }) => !isLeftOut);
  return { unit, period, count: charged.length, totalMinor: totalOf(charged), quotes };
}

/** @throws Forbidden, PeriodNotBegun, NoDues, InvalidInput INVALID_PERIOD */
export async function previewDues(
  db: Db,
  standing: Standing,
  { unit, period, now }: PreviewOf,
): Promise<Preview<DuesQuote>> {
  const quotes = await duesDue(db, occasionOf(standing, unit, period), now);
  return { unit, period, count: quotes.length, totalMinor: totalOf(quotes), quotes };
}

/** For who may run it. */
function occasionOf(standing: Standing, unit: Unit, period: string): Occasion {
  authorize(standing, 'ledger.run');
  return { network: standing.network, unit, period: parsePeriod(period, 'period') };
}

function totalOf(quotes: readonly { amountMinor: bigint }[]): bigint {
  return quotes.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

/** One page of the quotes, which were all worked out for the total. */
export function pageOfQuotes<Quote>(
  { quotes }: Preview<Quote>,
  request: PageRequest,
  idOf: (quote: Quote) => string,
): Page<Quote> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rest = quotes.filter((quote) => !after || idOf(quote) > after);
  return pageOf(rest.slice(0, request.first + 1), request, (quote) => [idOf(quote)]);
}
