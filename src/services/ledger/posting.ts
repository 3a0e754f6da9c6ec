import { Transfer, type TransferKind } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, type DomainError } from '../../kernel/errors.ts';
import type { KeyClaim } from '../../kernel/idempotency.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { refusalOf } from './refusals.ts';

/** A transfer between two accounts of one network that the caller has found to be permitted. */
export interface TransferDraft {
  kind: TransferKind;
  payerAccountId: string;
  payeeAccountId: string;
  /** Minor units of the accounts' unit, above zero. */
  amountMinor: bigint;
  description: string;
  /** Its unit, if it goes together with transfers in another one. */
  unit?: Unit;
  /** What it comes from. */
  causeId?: string | null;
  /** The transfer that waits in the table already. */
  pendingId?: string;
  /** The transfer that it undoes. */
  reversesId?: string;
  /** The hold that it captures; the rest of it stays unless it is released. */
  hold?: { id: string; releasesRest: boolean };
}

/** Who posts: a person, perhaps for a member, or the server itself. */
export interface Author {
  personId: string | null;
  actingForMembershipId: string | null;
  system: string | null;
}

/** A transfer on its way into the books. */
export interface Posting extends TransferDraft {
  id: string;
  author: Author;
  key: KeyClaim | null;
}

/** What came of one transfer. */
export interface Outcome {
  /** `POSTED`, `REPEATED` if the key came before, or why not. */
  verdict: string;
  /** The account at fault. */
  atAccountId: string | null;
  /** How much would have been possible, in minor units. */
  roomMinor: bigint | null;
  /** The transfer posted now or, for a repetition, then. */
  transferId: string;
  postedAt: Date | null;
  createdAt: Date;
  payerLevyMinor: bigint;
  payeeLevyMinor: bigint;
  levyAccountId: string | null;
  isBeyondLimit: boolean;
  /** The numbers of its two entries, each in its account. */
  payerSeq: bigint | null;
  payeeSeq: bigint | null;
}

export function authorOf(actor: Actor): Author {
  assert(actor.kind !== 'visitor', 'whoever posts is known');
  return actor.kind === 'person'
    ? { personId: actor.personId, actingForMembershipId: actor.actingForMembershipId, system: null }
    : { personId: null, actingForMembershipId: null, system: actor.name };
}

const COLUMNS: [type: string, of: (posting: Posting) => unknown][] = [
  ['text[]', (posting) => posting.id],
  ['text[]', (posting) => (posting.pendingId ? newId('event') : null)],
  ['text[]', (posting) => posting.payerAccountId],
  ['text[]', (posting) => posting.payeeAccountId],
  ['bigint[]', (posting) => posting.amountMinor],
  ['text[]', (posting) => posting.kind],
  ['text[]', (posting) => posting.description],
  ['text[]', (posting) => posting.author.personId],
  ['text[]', (posting) => posting.author.actingForMembershipId],
  ['text[]', (posting) => posting.author.system],
  ['text[]', (posting) => posting.causeId ?? null],
  ['boolean[]', (posting) => (posting.pendingId ? true : null)],
  ['text[]', (posting) => posting.reversesId ?? null],
  ['text[]', (posting) => posting.hold?.id ?? null],
  ['boolean[]', (posting) => posting.hold?.releasesRest ?? null],
  ['text[]', (posting) => posting.key?.owner ?? null],
  ['text[]', (posting) => posting.key?.key ?? null],
  ['bytea[]', (posting) => posting.key?.hash ?? null],
];

const POST = `select * from ledger_post($1, $2, $3, ${COLUMNS.map(([type], index) => `$${index + 4}::${type}`).join(', ')})`;

// What no transfer of the call has is not sent at all.
function columnOf(postings: readonly Posting[], of: (posting: Posting) => unknown): unknown[] | null {
  const column = postings.map(of);
  return column.every((value) => value === null) ? null : column;
}

/**
 * Posts transfers of one network in their order by the one function of the database that may write entries: it locks the
 * accounts in id order, checks limits on the net effect of each transfer, writes transfers, entries, balances and
 * keys, and seals them as a link of the chain.
 *
 * @param isAtomic all of them or none; otherwise a refusal does not hinder the others
 * @returns what came of each; with `isAtomic` the list ends with the first refusal
 */
export function post(
  db: Db,
  networkId: string,
  { postings, now, isAtomic }: { postings: readonly Posting[]; now: Date; isAtomic: boolean },
): Promise<Outcome[]> {
  const columns = COLUMNS.map(([, of]) => columnOf(postings, of));
  return db.rows<Outcome>(POST, [networkId, now, isAtomic, ...columns]);
}

/**
 * Posts transfers as a part of a unit of work: all of them, or none.
 *
 * @param unit that of the transfers which do not name another
 * @param refusalAt makes of a refusal what is thrown, from the place of the draft in the list
 * @throws what `refusalOf` says of the first that is refused
 * @emits TransferPosted for each
 */
export async function postTransfers(
  tx: Tx,
  unit: Unit,
  drafts: readonly TransferDraft[],
  refusalAt: (refusal: DomainError, index: number) => DomainError = (refusal) => refusal,
): Promise<Transfer[]> {
  const { networkId } = unit;
  const author = authorOf(tx.actor);
  const postings = drafts.map((draft) => ({
    ...draft,
    id: draft.pendingId ?? newId('transfer'),
    author,
    key: null,
  }));
  const outcomes = await post(tx.db, networkId, { postings, now: tx.now, isAtomic: true });
  const refused = outcomes.findIndex(({ verdict }) => verdict !== 'POSTED');
  if (refused >= 0) {
    const { payeeAccountId, unit: own = unit } = postings[refused]!;
    throw refusalAt(refusalOf(outcomes[refused]!, { payeeAccountId, scale: own.scale }), refused);
  }
  const transfers = await tx.db.all(Transfer, { networkId, id: postings.map(({ id }) => id) });
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  return postings.map(({ id }) => {
    const transfer = byId.get(id);
    assert(transfer, 'what was posted is there');
    return transfer;
  });
}

/** The same for one transfer. */
export async function postTransfer(
  tx: Tx,
  unit: Unit,
  draft: TransferDraft,
  refusalAs?: (refusal: DomainError) => DomainError,
): Promise<Transfer> {
  const [transfer] = await postTransfers(tx, unit, [draft], refusalAs);
  assert(transfer, 'one draft gives one transfer');
  return transfer;
}
