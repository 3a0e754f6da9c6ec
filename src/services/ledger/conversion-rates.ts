import { ConversionRate } from '../../entities/conversion-rate.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { requireCommonAccounts } from './common-accounts.ts';
import { ConversionRateChanged } from './errors.ts';
import { lockAccounts } from './lock-accounts.ts';
import { authorOf } from './posting.ts';

const MAX_TERM = 1_000_000_000;

export interface SetRate {
  networkId: string;
  fromUnitId: string;
  toUnitId: string;
  /** So many whole units of the one that is received, 1 to 10⁹… */
  numerator: number;
  /** …for so many whole units of the one that is given, 1 to 10⁹. */
  denominator: number;
  /** The common account that receives what is given. */
  fromAccountId: string;
  /** The common account that pays what is received. */
  toAccountId: string;
}

/**
 * Decides what an amount of one unit is worth in another. It replaces the rate in force between the two in this direction;
 * the other direction has a rate of its own, or none.
 *
 * @throws Forbidden, DecisionRequired, NotFound, UnitMismatch, AccountNotOpen, InvalidInput
 * @emits ConversionRateSet
 */
export async function setRate(tx: Tx, command: SetRate): Promise<ConversionRate> {
  const standing = await rateStanding(tx, command.networkId);
  const networkId = standing.network.id;
  requireTerm(command.numerator, 'numerator');
  requireTerm(command.denominator, 'denominator');
  const from = await convertibleUnit(tx.db, networkId, { id: command.fromUnitId, path: 'fromUnitId' });
  const to = await convertibleUnit(tx.db, networkId, { id: command.toUnitId, path: 'toUnitId' });
  if (from.id === to.id) throw new InvalidInput('INVALID_CHOICE', 'toUnitId');
  const fromAccountId = requireId('account', command.fromAccountId, 'fromAccountId');
  const toAccountId = requireId('account', command.toAccountId, 'toAccountId');
  // Both at once, in id order; each is then looked at by its unit.
  await lockAccounts(tx, networkId, [fromAccountId, toAccountId]);
  await requireCommonAccounts(tx, from, [{ id: fromAccountId, path: 'fromAccountId' }]);
  await requireCommonAccounts(tx, to, [{ id: toAccountId, path: 'toAccountId' }]);
  const { numerator, denominator } = command;
  const terms = { numerator, denominator, fromAccountId, toAccountId };
  return appendRate(tx, { networkId, fromUnitId: from.id, toUnitId: to.id, ...terms, isActive: true });
}

/**
 * Decides that there is no rate any more between two units in this direction.
 *
 * @throws Forbidden, DecisionRequired, NotFound, ConversionRateChanged if it is not in force
 * @emits ConversionRateRetired
 */
export async function retireRate(
  tx: Tx,
  command: { networkId: string; rateId: string },
): Promise<ConversionRate> {
  const standing = await rateStanding(tx, command.networkId);
  const rateId = requireId('conversionRate', command.rateId, 'rateId');
  const rate = await rateOf(tx.db, standing.network.id, rateId);
  await requireInForce(tx.db, rate);
  return appendRate(tx, { ...rate, isActive: false });
}

async function rateStanding(tx: Tx, networkId: string): Promise<Standing> {
  // Held, so that versions are counted one after the other.
  const standing = await standingIn(tx, networkId, 'exclusive');
  authorizeDecision(standing, 'conversion.setRate', { kind: 'conversionRateSet', amount: null });
  return standing;
}

function requireTerm(term: number, path: string): void {
  if (term < 1 || term > MAX_TERM) throw new InvalidInput('INVALID_RANGE', path, { min: 1, max: MAX_TERM });
}

async function convertibleUnit(
  db: Db,
  networkId: string,
  { id, path }: { id: string; path: string },
): Promise<Unit> {
  const unit = await db.one(Unit, { networkId, id: requireId('unit', id, path), archivedAt: null });
  if (!unit) throw new NotFound('Unit');
  // Points are earned and pass to nobody, the network included.
  if (unit.kind === 'POINTS') throw new InvalidInput('INVALID_CHOICE', path);
  return unit;
}

type RateTerms = Omit<ConversionRate, 'id' | 'version' | 'setByPersonId' | 'setAt'>;

async function appendRate(tx: Tx, terms: RateTerms): Promise<ConversionRate> {
  const { networkId, fromUnitId, toUnitId, isActive } = terms;
  const former = await latestRate(tx.db, { networkId, fromUnitId, toUnitId });
  const rate: ConversionRate = {
    ...terms,
    id: newId('conversionRate'),
    version: (former?.version ?? 0) + 1,
    setByPersonId: authorOf(tx.actor).personId,
    setAt: tx.now,
  };
  await tx.db.insert(ConversionRate, rate);
  const kind = isActive ? 'ConversionRateSet' : 'ConversionRateRetired';
  tx.emit({ networkId, kind, subjectId: rate.id, data: { fromUnitId, toUnitId, version: rate.version } });
  return rate;
}

/** @throws NotFound */
export async function rateOf(db: Db, networkId: string, id: string): Promise<ConversionRate> {
  const rate = await db.one(ConversionRate, { networkId, id });
  if (!rate) throw new NotFound('ConversionRate');
  return rate;
}

/** @throws ConversionRateChanged with the rate that is in force instead, if there is one */
export async function requireInForce(db: Db, rate: ConversionRate): Promise<void> {
  const latest = await latestRate(db, rate);
  if (rate.isActive && latest?.id === rate.id) return;
  throw new ConversionRateChanged(latest?.isActive ? latest.id : null);
}

async function latestRate(
  db: Db,
  { networkId, fromUnitId, toUnitId }: Pick<ConversionRate, 'networkId' | 'fromUnitId' | 'toUnitId'>,
): Promise<ConversionRate | undefined> {
  const rates = await db.select(
    ConversionRate,
    'where network_id = $1 and from_unit_id = $2 and to_unit_id = $3 order by version desc limit 1',
    [networkId, fromUnitId, toUnitId],
  );
  return rates[0];
}

const IN_FORCE = `is_active and not exists (
  select 1 from conversion_rate later
   where later.network_id = conversion_rate.network_id and later.from_unit_id = conversion_rate.from_unit_id
     and later.to_unit_id = conversion_rate.to_unit_id and later.version > conversion_rate.version)`;

/** The rates in force of a network: at most one for each two units in each direction. */
export function ratesInForce(db: Db, networkId: string): Promise<ConversionRate[]> {
  return db.select(ConversionRate, `where network_id = $1 and ${IN_FORCE} order by id`, [networkId]);
}

export interface RateFilter {
  fromUnitId?: string | null;
  toUnitId?: string | null;
  /** Whether the rates in force are wanted alone. */
  isInForce?: boolean | null;
}

/**
 * Rates of a network, newest first, with all that were in force before.
 *
 * @throws Forbidden
 */
export async function listRates(
  db: Db,
  standing: Standing,
  filter: RateFilter,
  request: PageRequest,
): Promise<Page<ConversionRate>> {
  authorize(standing, 'network.read');
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    ConversionRate,
    `where network_id = $1 and ($2::text is null or from_unit_id = $2) and ($3::text is null or to_unit_id = $3)
        and (not $4 or ${IN_FORCE}) and ($5::text is null or id < $5)
      order by id desc limit $6`,
    [
      standing.network.id,
      filter.fromUnitId ?? null,
      filter.toUnitId ?? null,
      filter.isInForce ?? false,
      before,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}
