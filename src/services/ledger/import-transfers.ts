import { Unit } from '../../entities/unit.ts';
import { assert, DomainError, NotFound } from '../../kernel/errors.ts';
import { kindOfId, newId, requireId } from '../../kernel/ids.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { authorizePayment } from './account-access.ts';
import { discreet } from './discretion.ts';
import { UnitMismatch } from './errors.ts';
import { readImport, type ImportColumn, type ImportFault, type ImportLine } from './import-csv.ts';
import { AccountUnknown, DecimalComma, faultOf, NameNotUnique } from './import-faults.ts';
import { lockForPosting } from './lock-accounts.ts';
import { authorOf, post, type Outcome, type TransferDraft } from './posting.ts';
import { refusalOf } from './refusals.ts';
import type { Side } from './transfer-access.ts';
import { commonAmount, payingStanding, sidesByAccount } from './transfer-lines.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';

export interface ImportTransfers {
  networkId: string;
  unitId: string;
  csv: string;
  isPreview: boolean;
  isRecorded?: boolean | null;
}

/** What the lines of one payer come to. */
export interface ImportPayer {
  networkId: string;
  accountId: string;
  lineCount: number;
  totalMinor: bigint;
  /** Whether they pass a limit: they are refused, or posted with a mark in a unit that only warns. */
  isBeyondLimit: boolean;
}

/** What comes of a file, or would come of it. */
export interface ImportReport {
  /** Of the batch: the cause of its transfers. */
  id: string;
  unit: Unit;
  isPosted: boolean;
  lineCount: number;
  payers: ImportPayer[];
  /** In the order of the lines; without any, everything was posted or can be. */
  faults: ImportFault[];
}

/** Ends a unit of work that leaves nothing behind, with what it found out. */
export class NothingImported extends Error {
  constructor(
    readonly report: ImportReport,
    readonly isPreview: boolean,
  ) {
    super('The import was a preview, or has faults');
  }
}

/** A line that can be posted, as far as one sees before it is. */
interface ReadyLine {
  line: number;
  draft: TransferDraft;
}

/**
 * Posts a list of payments in a file: all of them, or none. A preview does the same and takes it back, so that it says
 * what would come of it, limits included.
 *
 * @returns if everything was posted
 * @throws NothingImported with a report of each faulty line, or of what a preview found; TooManyLines, Forbidden, NotFound
 * @emits TransferPosted for each
 */
export async function importTransfers(tx: Tx, command: ImportTransfers): Promise<ImportReport> {
  const isRecorded = command.isRecorded ?? false;
  const standing = await payingStanding(tx, command.networkId, isRecorded);
  if (!isRecorded) authorize(standing, 'account.pay', { isOwn: true });
  const networkId = standing.network.id;
  const unit = await tx.db.one(Unit, { networkId, id: requireId('unit', command.unitId, 'unitId') });
  if (!unit) throw new NotFound('Unit');
  const file = readImport(command.csv);
  const batch = { id: newId('transferBatch'), isRecorded };
  const parties = await partiesOf(tx, { standing, unit }, file.lines);
  const common = file.lines.map((line) => ({
    amount: line.cells.amount,
    payer: payerIn(line, unit, parties),
  }));
  const context = { standing, unit, batch: { ...batch, amount: commonAmount(common) }, parties };
  const read = file.lines.map((line) => ({ line: line.line, ...readLine(line, context) }));
  const ready = read.flatMap(({ line, draft }) => (draft ? [{ line, draft }] : []));
  const outcomes = await postReady(tx, networkId, ready);
  const faults = [
    ...file.faults,
    ...read.flatMap(({ lineFaults }) => lineFaults),
    ...ready.flatMap((one, index) => refusedFault(one, outcomes[index]!, context) ?? []),
  ];
  const report: ImportReport = {
    id: batch.id,
    unit,
    isPosted: !command.isPreview && faults.length === 0,
    lineCount: file.lineCount,
    payers: payersOf(networkId, ready, outcomes),
    faults: faults.toSorted((a, b) => a.line - b.line),
  };
  if (!report.isPosted) throw new NothingImported(report, command.isPreview);
  return report;
}

// So many are within the time of a statement on a slow machine too. More calls would only keep others waiting longer for
// the chain, which the first one locks.
const AT_ONCE = 500;

async function postReady(tx: Tx, networkId: string, ready: readonly ReadyLine[]): Promise<Outcome[]> {
  const author = authorOf(tx.actor);
  const postings = ready.map(({ draft }) => ({ ...draft, id: newId('transfer'), author, key: null }));
  await lockForPosting(
    tx,
    networkId,
    postings.flatMap(({ payerAccountId, payeeAccountId }) => [payerAccountId, payeeAccountId]),
  );
  const outcomes: Outcome[] = [];
  for (let first = 0; first < postings.length; first += AT_ONCE) {
    const some = postings.slice(first, first + AT_ONCE);
    outcomes.push(...(await post(tx.db, networkId, { postings: some, now: tx.now, isAtomic: false })));
  }
  return outcomes;
}

interface Place {
  standing: Standing;
  unit: Unit;
}

/** The accounts that a file names, and those of the members that it names. */
interface Parties {
  sides: Map<string, Side>;
  members: Map<string, { count: number; accountId: string | null }>;
}

async function partiesOf(tx: Tx, { standing, unit }: Place, lines: readonly ImportLine[]): Promise<Parties> {
  const named = [...new Set(lines.flatMap(({ cells }) => [cells.payer, cells.payee]))];
  const ids = named.filter((name) => kindOfId(name) === 'account');
  const rows = await tx.db.rows<{ name: string; count: number; accountId: string | null }>(
    `select m.display_name as name, count(distinct m.id)::integer as count, min(a.id)::text as account_id
       from membership m
       left join account a on a.network_id = m.network_id and a.membership_id = m.id and a.unit_id = $3
        and a.state <> 'CLOSED'
      where m.network_id = $1 and m.state = 'ACTIVE' and m.display_name = any($2)
      group by m.display_name`,
    [unit.networkId, named, unit.id],
  );
  const found = rows.flatMap(({ accountId }) => accountId ?? []);
  return {
    sides: await sidesByAccount(tx.db, standing, [...ids, ...found]),
    members: new Map(rows.map(({ name, ...member }) => [name, member])),
  };
}

/** The payer that a line names, if it names one. */
function payerIn({ cells }: ImportLine, unit: Unit, parties: Parties): Side | undefined {
  try {
    return partyOf(cells.payer, unit, parties);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

interface LineContext extends Place {
  /** With what common accounts pay in all lines together. */
  batch: { id: string; isRecorded: boolean; amount: string };
  parties: Parties;
}

/** What a line asks for, or all that is wrong with it. */
function readLine(
  { line, cells }: ImportLine,
  { standing, unit, batch, parties }: LineContext,
): { draft: TransferDraft | null; lineFaults: ImportFault[] } {
  const lineFaults: ImportFault[] = [];
  const attempt = <T>(column: ImportColumn, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      lineFaults.push(faultOf(line, error, column));
      return null;
    }
  };
  const payer = attempt('payer', () => partyOf(cells.payer, unit, parties));
  const payee = attempt('payee', () => partyOf(cells.payee, unit, parties));
  const isPermitted = attempt('payer', () => {
    if (payer) authorizePayment(standing, { payer, payee: payee ?? payer }, batch);
    return true;
  });
  const amountMinor = attempt('amount', () => amountOf(cells.amount, unit));
  const description = attempt('description', () =>
    boundedText(cells.description, 'description', DESCRIPTION_BOUNDS),
  );
  if (!isPermitted || !payer || !payee || amountMinor === null || description === null)
    return { draft: null, lineFaults };
  const draft: TransferDraft = {
    kind: batch.isRecorded ? 'RECORDED' : 'PAYMENT',
    payerAccountId: payer.account.id,
    payeeAccountId: payee.account.id,
    amountMinor,
    description,
    causeId: batch.id,
  };
  return { draft, lineFaults };
}

// A file may come from anywhere: a comma is never guessed to be a decimal point.
function amountOf(amount: string, unit: Unit): bigint {
  if (/^-?[\d\s.']*,\d{1,2}$/.test(amount)) throw new DecimalComma();
  return positiveAmount(amount, unit, 'amount');
}

/** What the engine found wrong with a line; null if it was posted. */
function refusedFault(
  { line, draft: { payerAccountId, payeeAccountId } }: ReadyLine,
  outcome: Outcome,
  { standing, unit, parties }: LineContext,
): ImportFault | null {
  if (outcome.verdict === 'POSTED') return null;
  const payer = parties.sides.get(payerAccountId);
  const payee = parties.sides.get(payeeAccountId);
  assert(payer && payee, 'a line that is ready has a payer and a payee');
  const refusal = refusalOf(outcome, { payeeAccountId, scale: unit.scale });
  return faultOf(line, discreet(standing, { payer, payee }, refusal));
}

/** @throws AccountUnknown, NameNotUnique, UnitMismatch */
function partyOf(name: string, unit: Unit, { sides, members }: Parties): Side {
  const isId = kindOfId(name) === 'account';
  const member = members.get(name);
  if (!isId && member && member.count > 1) throw new NameNotUnique();
  const side = sides.get(isId ? name : (member?.accountId ?? ''));
  if (!side) throw new AccountUnknown(isId || !member ? null : unit.code);
  if (side.account.unitId !== unit.id) throw new UnitMismatch('csv');
  return side;
}

function payersOf(
  networkId: string,
  ready: readonly ReadyLine[],
  outcomes: readonly Outcome[],
): ImportPayer[] {
  const payers = new Map<string, ImportPayer>();
  ready.forEach(({ draft: { payerAccountId: accountId, amountMinor } }, index) => {
    const { verdict, isBeyondLimit } = outcomes[index]!;
    const payer = payers.get(accountId) ?? {
      networkId,
      accountId,
      lineCount: 0,
      totalMinor: 0n,
      isBeyondLimit: false,
    };
    payers.set(accountId, {
      ...payer,
      lineCount: payer.lineCount + 1,
      totalMinor: payer.totalMinor + amountMinor,
      isBeyondLimit: payer.isBeyondLimit || isBeyondLimit || isLimit(verdict),
    });
  });
  return [...payers.values()];
}

function isLimit(verdict: string): boolean {
  return ['BELOW_FLOOR', 'ABOVE_CEILING'].includes(verdict) || verdict.startsWith('PAYMENT_LIMIT');
}

/**
 * What an earlier import with the same key has posted, for who is a member still.
 *
 * @throws Forbidden
 */
export async function repeatedImport(
  tx: Tx,
  { networkId, unitId }: ImportTransfers,
  id: string,
): Promise<ImportReport> {
  authorize(await standingIn(tx, networkId), 'account.pay', { isOwn: true });
  const unit = await tx.db.one(Unit, { networkId, id: unitId });
  if (!unit) throw new NotFound('Unit');
  const rows = await tx.db.rows<Omit<ImportPayer, 'totalMinor'> & { total: string }>(
    `select network_id, payer_account_id as account_id, count(*)::integer as line_count,
            sum(amount_minor)::text as total, bool_or(is_beyond_limit) as is_beyond_limit
       from transfer where network_id = $1 and cause_id = $2
      group by network_id, payer_account_id order by min(id)`,
    [networkId, id],
  );
  const payers = rows.map(({ total, ...payer }) => ({ ...payer, totalMinor: BigInt(total) }));
  const lineCount = payers.reduce((sum, payer) => sum + payer.lineCount, 0);
  return { id, unit, isPosted: true, lineCount, payers, faults: [] };
}
