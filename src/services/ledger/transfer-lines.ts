import { Account } from '../../entities/account.ts';
import { Transfer } from '../../entities/transfer.ts';
import { Unit } from '../../entities/unit.ts';
import { isDecimal, sumOfDecimals } from '../../governance/decimals.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, DomainError, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, standingIn, type Standing } from '../access/standing.ts';
import { authorizePayment, tiesTo } from './account-access.ts';
import { discreet } from './discretion.ts';
import { UnitMismatch } from './errors.ts';
import { postTransfers, type TransferDraft } from './posting.ts';
import type { Side } from './transfer-access.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';

export interface TransferLine {
  payerAccountId: string;
  payeeAccountId: string;
  /** A decimal number above zero, in the unit of the accounts. */
  amount: string;
  description: string;
}

export interface CreateTransfers {
  networkId: string;
  /** 1 to 100, all in one unit. */
  lines: readonly TransferLine[];
  /** Whether a coordinator writes down what others have agreed. */
  isRecorded?: boolean | null;
  /** What they come from, if it is not this batch. */
  causeId?: string;
}

/** Transfers that were posted together; the id of the batch is the cause of each. */
export interface TransferBatch {
  id: string;
  transfers: Transfer[];
}

const MAX_LINES = 100;

/**
 * Pays several transfers of one unit in their order: all of them, or none. The path of a refusal names the line, counted
 * from 0.
 *
 * @throws Forbidden unless one may sign for each payer, or records as a coordinator; DecisionRequired, NotFound, SameAccount, UnitMismatch,
 *   AccountNotOpen, NotTransferable, InsufficientCredit, CeilingExceeded, PaymentLimitExceeded, InvalidInput
 * @emits TransferPosted for each
 */
export async function createTransfers(
  tx: Tx,
  { networkId, lines, isRecorded, causeId }: CreateTransfers,
): Promise<TransferBatch> {
  const standing = await payingStanding(tx, networkId, isRecorded ?? false);
  if (lines.length < 1 || lines.length > MAX_LINES) {
    throw new InvalidInput('INVALID_RANGE', 'lines', { min: 1, max: MAX_LINES });
  }
  const accountIds = lines.flatMap((line, index) => inLine(index, () => accountIdsOf(line)));
  const sides = await sidesByAccount(tx.db, standing, accountIds);
  const unit = await unitOf(tx.db, sides.get(accountIds[0]!));
  const amount = commonAmount(lines.map((line) => ({ ...line, payer: sides.get(line.payerAccountId) })));
  const batch = { id: causeId ?? newId('transferBatch'), isRecorded: isRecorded ?? false };
  const drafts = lines.map((line, index) =>
    inLine(index, () => {
      const { payer, payee } = sidesOf(sides, line);
      authorizePayment(standing, { payer, payee }, { ...batch, amount });
      if (payer.account.unitId !== unit.id) throw new UnitMismatch('payerAccountId');
      return draftOf(line, unit, batch);
    }),
  );
  const transfers = await postTransfers(tx, unit, drafts, (refusal, index) =>
    refusalInLine(index, discreet(standing, sidesOf(sides, lines[index]!), refusal)),
  );
  return { id: batch.id, transfers };
}

/** What lines take from common accounts together: what is decided by amount is not split into lines. */
export function commonAmount(lines: readonly { amount: string; payer: Side | undefined }[]): string {
  const amounts = lines
    .filter(({ amount, payer }) => payer?.account.holderKind === 'NETWORK' && isDecimal(amount))
    .map(({ amount }) => amount);
  return sumOfDecimals(amounts);
}

function accountIdsOf({ payerAccountId, payeeAccountId }: TransferLine): string[] {
  return [
    requireId('account', payerAccountId, 'payerAccountId'),
    requireId('account', payeeAccountId, 'payeeAccountId'),
  ];
}

async function unitOf(db: Db, side: Side | undefined): Promise<Unit> {
  if (!side) throw refusalInLine(0, new NotFound('Account'));
  const { networkId, unitId } = side.account;
  const unit = await db.one(Unit, { networkId, id: unitId });
  assert(unit, 'an account has a unit');
  return unit;
}

function sidesOf(
  sides: Map<string, Side>,
  { payerAccountId, payeeAccountId }: TransferLine,
): { payer: Side; payee: Side } {
  const [payer, payee] = [sides.get(payerAccountId), sides.get(payeeAccountId)];
  if (!payer || !payee) throw new NotFound('Account');
  return { payer, payee };
}

/** A line as the engine takes it. */
function draftOf(
  { payerAccountId, payeeAccountId, amount, description }: TransferLine,
  unit: Unit,
  batch: { id: string; isRecorded: boolean },
): TransferDraft {
  return {
    kind: batch.isRecorded ? 'RECORDED' : 'PAYMENT',
    payerAccountId,
    payeeAccountId,
    amountMinor: positiveAmount(amount, unit, 'amount'),
    description: boundedText(description, 'description', DESCRIPTION_BOUNDS),
    causeId: batch.id,
  };
}

/**
 * How the actor stands who pays several transfers at once; the own membership is held.
 *
 * @throws Forbidden for who is no member, or records without being a coordinator
 */
export async function payingStanding(tx: Tx, networkId: string, isRecorded: boolean): Promise<Standing> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'account.list');
  if (isRecorded) authorize(standing, 'transfer.record');
  return standing;
}

/** Accounts of the standing's network with what its membership is to each; those that exist, in one look. */
export async function sidesByAccount(
  db: Db,
  standing: Standing,
  ids: readonly string[],
): Promise<Map<string, Side>> {
  const accounts = await db.all(Account, { networkId: standing.network.id, id: [...new Set(ids)] });
  const ties = await tiesTo(db, standing, accounts);
  return new Map(
    accounts.map((account, index) => [account.id, { account, tie: ties[index] ?? null }] as const),
  );
}

/** Does something for one line, whose refusals then name it. */
function inLine<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DomainError ? refusalInLine(index, error) : error;
  }
}

function refusalInLine(index: number, { code, message, fields, path }: DomainError): DomainError {
  return new DomainError(code, message, fields, path === null ? `lines.${index}` : `lines.${index}.${path}`);
}

/**
 * What an earlier request with the same key has posted, for who is a member still.
 *
 * @throws Forbidden
 */
export async function repeatedTransfers(tx: Tx, networkId: string, id: string): Promise<TransferBatch> {
  authorize(await standingIn(tx, networkId), 'account.pay', { isOwn: true });
  return { id, transfers: await tx.db.all(Transfer, { networkId, causeId: id }, 'order by id') };
}

/** The transfers of one cause, in the order in which they were made. */
export async function listByCause(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
  request: PageRequest,
): Promise<Page<Transfer>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Transfer,
    'where network_id = $1 and cause_id = $2 and ($3::text is null or id > $3) order by id limit $4',
    [networkId, id, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}
