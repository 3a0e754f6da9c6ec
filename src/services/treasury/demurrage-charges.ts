import { Account } from '../../entities/account.ts';
import type { ChargeRun } from '../../entities/charge-run.ts';
import { DemurrageCharge } from '../../entities/demurrage-charge.ts';
import { UnitPolicy } from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { AccountNotOpen } from '../ledger/errors.ts';
import { lockForPosting } from '../ledger/lock-accounts.ts';
import { authorOf, post, type Outcome, type Posting } from '../ledger/posting.ts';
import { policyOf } from '../ledger/unit-policies.ts';
import { SLICE, type ChargeKind, type Occasion, type Slice } from './charge-kind.ts';
import { demurrageOf, type DemurrageTerms } from './demurrage.ts';
import { NoDemurrage, PeriodNotOver } from './errors.ts';
import { boundsOf, type CalendarPeriod } from './periods.ts';

/** What one account gives for a period, or would give if it were open. */
export interface DemurrageQuote {
  account: Account;
  amountMinor: bigint;
  /** It is frozen, and left out for now. */
  isLeftOut: boolean;
}

interface Terms extends DemurrageTerms {
  /** Where it goes. */
  accountId: string;
  endsAt: Date;
}

export const demurrageCharges: ChargeKind = {
  async isLeft(tx, occasion) {
    const { accountId } = await termsOf(tx.db, occasion, tx.now);
    const account = await tx.db.one(Account, { networkId: occasion.network.id, id: accountId });
    assert(account, 'demurrage goes to an account');
    if (account.state !== 'OPEN') throw new AccountNotOpen(account.state, 'unitId');
    const quotes = await demurrageDue(tx.db, occasion, tx.now);
    return quotes.some(({ isLeftOut }) => !isLeftOut);
  },
  charge,
};

/**
 * All accounts that are not charged for a period yet and opened before its end, with what each of them owes now, zero
 * included; in the order of their ids.
 *
 * @throws PeriodNotOver, NoDemurrage
 */
export async function demurrageDue(db: Db, occasion: Occasion, now: Date): Promise<DemurrageQuote[]> {
  const terms = await termsOf(db, occasion, now);
  const { id: unitId, networkId } = occasion.unit;
  const accounts = await db.select(
    Account,
    `where network_id = $1 and unit_id = $2 and holder_kind <> 'NETWORK' and state <> 'CLOSED' and opened_at < $3
      order by id`,
    [networkId, unitId, terms.endsAt],
  );
  return quote(db, accounts, { terms, period: occasion.period });
}

async function charge(tx: Tx, occasion: Occasion, run: ChargeRun): Promise<Slice | null> {
  const { unit, period } = occasion;
  const terms = await termsOf(tx.db, occasion, tx.now);
  const ids = await nextAccounts(tx.db, unit, { after: run.reachedId, openedBefore: terms.endsAt });
  const reachedId = ids.at(-1);
  if (!reachedId) return null;
  // With the receiving accounts in one go: two statements could meet a payment the other way round.
  const locked = await lockForPosting(tx, unit.networkId, [...ids, terms.accountId]);
  const accounts = ids.flatMap((id) => locked.get(id) ?? []).filter(({ state }) => state !== 'CLOSED');
  const quotes = await quote(tx.db, accounts, { terms, period });
  const leftOut = quotes.filter(({ isLeftOut, amountMinor }) => isLeftOut && amountMinor > 0n);
  const open = quotes.filter(({ isLeftOut }) => !isLeftOut);
  const { charged, refused } = await take(tx, open, { run, terms });
  return {
    reachedId,
    chargedMinor: charged.map(({ amountMinor }) => amountMinor).filter((minor) => minor > 0n),
    leftOutIds: [...leftOut, ...refused].map(({ account }) => account.id),
  };
}

/**
 * The rule that was in force when the period ended holds for it, whatever was decided since; only the account that
 * receives may be another by now.
 *
 * @throws PeriodNotOver, NoDemurrage
 */
async function termsOf(db: Db, { network, unit, period }: Occasion, now: Date): Promise<Terms> {
  const { endsAt } = boundsOf(period, network.timeZone);
  if (now < endsAt) throw new PeriodNotOver(endsAt);
  const [then] = await db.select(
    UnitPolicy,
    'where network_id = $1 and unit_id = $2 and set_at < $3 order by version desc limit 1',
    [unit.networkId, unit.id, endsAt],
  );
  if (!then || then.demurragePpm === 0 || then.demurragePeriod !== period.kind) throw new NoDemurrage();
  const accountId = (await policyOf(db, unit)).demurrageAccountId ?? then.demurrageAccountId;
  assert(accountId, 'demurrage goes to an account');
  return { ppm: then.demurragePpm, exemptMinor: then.demurrageExemptMinor, accountId, endsAt };
}

async function nextAccounts(
  db: Db,
  { networkId, id }: Unit,
  { after, openedBefore }: { after: string | null; openedBefore: Date },
): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(
    `select id from account
      where network_id = $1 and unit_id = $2 and holder_kind <> 'NETWORK' and opened_at < $3
        and ($4::text is null or id > $4)
      order by id limit ${SLICE}`,
    [networkId, id, openedBefore, after],
  );
  return rows.map((row) => row.id);
}

/** What those of the accounts owe that were not charged for the period; the accounts are locked, or it is a preview. */
async function quote(
  db: Db,
  accounts: readonly Account[],
  { terms, period }: { terms: Terms; period: CalendarPeriod },
): Promise<DemurrageQuote[]> {
  const [first] = accounts;
  if (!first) return [];
  const ids = accounts.map(({ id }) => id);
  const rows = await db.rows<{ accountId: string; isCharged: boolean; given: string }>(
    `select c.account_id, bool_or(c.period = $3) as is_charged,
            coalesce(sum(c.amount_minor) filter (where t.state = 'POSTED'), 0)::text as given
       from demurrage_charge c
       left join transfer t on t.network_id = c.network_id and t.id = c.transfer_id
      where c.network_id = $1 and c.account_id = any($2) and left(c.period, 4) = $4
      group by c.account_id`,
    [first.networkId, ids, period.text, String(period.year)],
  );
  const before = new Map(
    rows.map(({ given, ...row }) => [row.accountId, { ...row, givenMinor: BigInt(given) }]),
  );
  return accounts.flatMap((account) => {
    const { isCharged, givenMinor } = before.get(account.id) ?? { isCharged: false, givenMinor: 0n };
    if (isCharged) return [];
    const amountMinor = demurrageOf({ balanceMinor: account.balanceMinor, givenMinor }, terms);
    return [{ account, amountMinor, isLeftOut: account.state !== 'OPEN' }];
  });
}

/** Posts what is due and notes who was charged, those too who owe nothing. */
async function take(
  tx: Tx,
  quotes: readonly DemurrageQuote[],
  { run, terms }: { run: ChargeRun; terms: Terms },
): Promise<{ charged: DemurrageQuote[]; refused: DemurrageQuote[] }> {
  const { networkId } = run;
  const due = quotes.filter(({ amountMinor }) => amountMinor > 0n);
  const postings = due.map((one) => demurragePosting(tx, one, { run, terms }));
  const outcomes =
    postings.length > 0 ? await post(tx.db, networkId, { postings, now: tx.now, isAtomic: false }) : [];
  const transfers = new Map<string, Outcome>();
  outcomes.forEach((outcome, index) => {
    // What is reserved for others is not taken; the account stands among those left out.
    if (outcome.verdict === 'POSTED') transfers.set(due[index]?.account.id ?? '', outcome);
  });
  const isRefused = ({ account, amountMinor }: DemurrageQuote) =>
    amountMinor > 0n && !transfers.has(account.id);
  const charged = quotes.filter((one) => !isRefused(one));
  const rows = charged.map(({ account, amountMinor }): DemurrageCharge => ({
    networkId,
    accountId: account.id,
    period: run.period,
    runId: run.id,
    amountMinor,
    transferId: transfers.get(account.id)?.transferId ?? null,
    chargedAt: tx.now,
  }));
  if (rows.length > 0) await tx.db.insert(DemurrageCharge, rows);
  return { charged, refused: quotes.filter(isRefused) };
}

function demurragePosting(
  tx: Tx,
  { account, amountMinor }: DemurrageQuote,
  { run, terms }: { run: ChargeRun; terms: Terms },
): Posting {
  return {
    id: newId('transfer'),
    kind: 'DEMURRAGE',
    payerAccountId: account.id,
    payeeAccountId: terms.accountId,
    amountMinor,
    description: run.period,
    causeId: run.id,
    author: authorOf(tx.actor),
    key: null,
  };
}
