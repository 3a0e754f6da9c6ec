import { Resource } from '../../../entities/resource.ts';
import { StockMove, type StockMoveKind } from '../../../entities/stock-move.ts';
import { assert, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { formatAmount, MAX_AMOUNT_MINOR, parseAmount } from '../../../kernel/money.ts';
import { boundedText, optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn } from '../../access/standing.ts';
import { authorOf } from '../../ledger/posting.ts';
import { ResourceKindMismatch } from '../errors.ts';
import { poolSubject, resourceFor, type ResourceStanding } from '../pool-access.ts';
import { QuotaExceeded, StockTooLow } from './errors.ts';
import { quotaOf, quotaSpanAt, takenWithin } from './stock-quota.ts';
import { giverOf, takerOf, type NamedGiver, type NamedTaker, type Taker } from './stock-takers.ts';

export interface MoveStock {
  networkId: string;
  resourceId: string;
  /** A decimal number above zero, in the unit of the stock. */
  amount: string;
  note?: string | null;
}

const NOTE_BOUNDS = { max: 500 };

/** A stock that is locked, with what its unit is. */
interface StockInHand extends ResourceStanding {
  unit: { scale: number; unit: string; stockMinor: bigint; stockCount: bigint };
}

/**
 * Brings something into a stock; a steward writes it down for others.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, ResourceKindMismatch, MembershipStateConflict, InvalidInput
 * @emits StockContributed
 */
export async function contributeToStock(tx: Tx, command: MoveStock & NamedGiver): Promise<StockMove> {
  const taker = await giverOf(tx, command);
  const stock = await stockFor(tx, command, taker);
  const amountMinor = stockAmount(stock, command.amount);
  return move(tx, stock, { kind: 'CONTRIBUTION', amountMinor, taker, note: noteOf(command.note) });
}

/**
 * Takes something out of a stock, within the quota of the member or of their household; a steward writes it down for others.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, ResourceKindMismatch, StockTooLow, QuotaExceeded, GroupConflict
 *   for a household that is none of theirs, MembershipStateConflict, InvalidInput REQUIRED if they belong to several
 * @emits StockTaken
 */
export async function takeFromStock(tx: Tx, command: MoveStock & NamedTaker): Promise<StockMove> {
  const taker = await takerOf(tx, command);
  const stock = await stockFor(tx, command, taker);
  const amountMinor = stockAmount(stock, command.amount);
  const quota = quotaOf(stock.resource);
  const isPerGroup = quota?.per === 'GROUP';
  if (isPerGroup && taker.groupId === null) throw new InvalidInput('REQUIRED', 'groupId');
  if (!isPerGroup && command.groupId) throw new InvalidInput('INVALID_CHOICE', 'groupId');
  const counted = { ...taker, groupId: isPerGroup ? taker.groupId : null };
  requireStock(stock, amountMinor);
  await requireQuota(tx, stock, { amountMinor, taker: counted });
  const note = noteOf(command.note);
  return move(tx, stock, { kind: 'TAKING', amountMinor: -amountMinor, taker: counted, note });
}

/**
 * Writes off what has spoiled: a steward.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, ResourceKindMismatch, StockTooLow, InvalidInput
 * @emits StockSpoiled
 */
export async function spoilStock(tx: Tx, command: MoveStock): Promise<StockMove> {
  const stock = await stockForSteward(tx, command);
  const amountMinor = stockAmount(stock, command.amount);
  requireStock(stock, amountMinor);
  return move(tx, stock, { kind: 'SPOILAGE', amountMinor: -amountMinor, note: noteOf(command.note) });
}

export interface CorrectStock {
  networkId: string;
  resourceId: string;
  /** A decimal number other than zero: what was found too much, or with a minus too little. */
  change: string;
  reason: string;
}

/**
 * Brings what is written in line with what was counted: a steward, who says why.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, ResourceKindMismatch, StockTooLow, InvalidInput
 * @emits StockCorrected
 */
export async function correctStock(tx: Tx, command: CorrectStock): Promise<StockMove> {
  const stock = await stockForSteward(tx, command);
  const amountMinor = parseAmount(command.change, stock.unit.scale, 'change');
  if (amountMinor === 0n) throw new InvalidInput('INVALID_AMOUNT', 'change');
  requireBound(stock, amountMinor < 0n ? -amountMinor : amountMinor, 'change');
  const note = boundedText(command.reason, 'reason', NOTE_BOUNDS);
  if (amountMinor < 0n) requireStock(stock, -amountMinor);
  return move(tx, stock, { kind: 'CORRECTION', amountMinor, note });
}

/**
 * What an earlier request with the same key has written down, for who is a member still.
 *
 * @throws Forbidden, NotFound
 */
export async function repeatedMove(tx: Tx, networkId: string, id: string): Promise<StockMove> {
  authorize(await heldStandingIn(tx, networkId), 'stock.move');
  const made = await tx.db.one(StockMove, { networkId, id });
  if (!made) throw new NotFound('StockMove');
  return made;
}

async function stockFor(tx: Tx, command: MoveStock, taker: Taker): Promise<StockInHand> {
  const stock = await lockedStock(tx, command);
  // Stewards write down what others bring and take.
  if (taker.isAnother) authorize(stock.standing, 'stock.correct', poolSubject(stock));
  return stock;
}

async function stockForSteward(
  tx: Tx,
  command: { networkId: string; resourceId: string },
): Promise<StockInHand> {
  // Before anything is looked up: who is no member does not learn what exists.
  authorize(await heldStandingIn(tx, command.networkId), 'stock.move');
  const stock = await lockedStock(tx, command);
  authorize(stock.standing, 'stock.correct', poolSubject(stock));
  return stock;
}

async function lockedStock(tx: Tx, command: { networkId: string; resourceId: string }): Promise<StockInHand> {
  const found = await resourceFor(tx, command);
  if (found.resource.kind !== 'STOCK') throw new ResourceKindMismatch();
  const { stockScale: scale, stockUnit: unit, stockMinor, stockCount } = found.resource;
  assert(
    scale !== null && unit !== null && stockMinor !== null && stockCount !== null,
    'a stock is counted in a unit',
  );
  return { ...found, unit: { scale, unit, stockMinor, stockCount } };
}

/** @throws InvalidInput INVALID_AMOUNT unless it is above zero and at most 10¹⁵ minor units, TOO_MANY_DECIMALS */
function stockAmount(stock: StockInHand, amount: string): bigint {
  const amountMinor = parseAmount(amount, stock.unit.scale, 'amount');
  if (amountMinor <= 0n) throw new InvalidInput('INVALID_AMOUNT', 'amount');
  requireBound(stock, amountMinor, 'amount');
  return amountMinor;
}

function requireBound({ unit }: StockInHand, amountMinor: bigint, path: string): void {
  if (amountMinor <= MAX_AMOUNT_MINOR) return;
  throw new InvalidInput('INVALID_AMOUNT', path, { max: formatAmount(MAX_AMOUNT_MINOR, unit.scale) });
}

function requireStock({ unit }: StockInHand, amountMinor: bigint): void {
  if (amountMinor > unit.stockMinor) throw new StockTooLow(unit);
}

/** @throws QuotaExceeded */
async function requireQuota(
  tx: Tx,
  { resource, standing, unit }: StockInHand,
  { amountMinor, taker }: { amountMinor: bigint; taker: Taker },
): Promise<void> {
  const quota = quotaOf(resource);
  if (!quota) return;
  const span = quotaSpanAt(tx.now, quota.period, standing.network.timeZone);
  const { membershipId, groupId } = taker;
  const uses = [{ resourceId: resource.id, membershipId, groupId }];
  const [takenMinor = 0n] = await takenWithin(tx.db, resource.networkId, { ...span, uses });
  const leftMinor = quota.limitMinor > takenMinor ? quota.limitMinor - takenMinor : 0n;
  if (amountMinor > leftMinor) {
    throw new QuotaExceeded({ leftMinor, scale: unit.scale, resetsAt: span.endsAt });
  }
}

const EVENTS: Record<StockMoveKind, string> = {
  CONTRIBUTION: 'StockContributed',
  TAKING: 'StockTaken',
  SPOILAGE: 'StockSpoiled',
  CORRECTION: 'StockCorrected',
};

interface MoveDraft {
  kind: StockMoveKind;
  /** Below zero for what goes out. */
  amountMinor: bigint;
  taker?: Taker;
  note: string;
}

/** Writes a move down with the next number of its stock, whose row is locked. */
async function move(tx: Tx, { resource, unit }: StockInHand, draft: MoveDraft): Promise<StockMove> {
  const { networkId, id: resourceId } = resource;
  const { personId, actingForMembershipId } = authorOf(tx.actor);
  const { kind, amountMinor, taker, note } = draft;
  const balanceAfterMinor = unit.stockMinor + amountMinor;
  // The whole stock stays as countable as one move.
  if (balanceAfterMinor > MAX_AMOUNT_MINOR) {
    const max = formatAmount(MAX_AMOUNT_MINOR - unit.stockMinor, unit.scale);
    throw new InvalidInput('INVALID_AMOUNT', kind === 'CORRECTION' ? 'change' : 'amount', { max });
  }
  const made: StockMove = {
    networkId,
    resourceId,
    seq: unit.stockCount + 1n,
    id: newId('stockMove'),
    kind,
    amountMinor,
    balanceAfterMinor,
    membershipId: taker?.membershipId ?? null,
    groupId: taker?.groupId ?? null,
    note,
    byPersonId: personId,
    actingForMembershipId,
    at: tx.now,
  };
  await tx.db.insert(StockMove, made);
  const counted = { stockMinor: balanceAfterMinor, stockCount: made.seq };
  await tx.db.update(Resource, { networkId, id: resourceId }, counted);
  tx.emit({ networkId, kind: EVENTS[kind], subjectId: made.id, data: { resourceId } });
  return made;
}

function noteOf(note: string | null | undefined): string {
  return optionalText(note, 'note', NOTE_BOUNDS) ?? '';
}
