import type { Account } from '../../entities/account.ts';
import type { Deciding } from '../../governance/bylaws.ts';
import { isDecimal } from '../../governance/decimals.ts';
import type { Db } from '../../kernel/database.ts';
import { Forbidden } from '../../kernel/errors.ts';
import { authorizeDecision, decisionVerdict, requireOneDecides, ruleOfSeveral } from '../access/decisions.ts';
import { authorize, may, type Subject, type Verdict } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { OwnAccount } from './errors.ts';

/** What the standing's membership is to an account: it is theirs or their group's, they sign for it, or neither. */
export type Tie = 'HOLDER' | 'SIGNATORY' | null;

/** The ties to each of these accounts of the standing's network. */
export async function tiesTo(db: Db, standing: Standing, accounts: readonly Account[]): Promise<Tie[]> {
  const { membership, network } = standing;
  if (!membership) return accounts.map(() => null);
  const others = accounts.filter((account) => account.membershipId !== membership.id);
  const ties = others.length > 0 ? await lookUpTies(db, network.id, membership.id, others) : new Map();
  return accounts.map((account) =>
    account.membershipId === membership.id ? 'HOLDER' : (ties.get(account.id) ?? null),
  );
}

async function lookUpTies(
  db: Db,
  networkId: string,
  membershipId: string,
  accounts: readonly Account[],
): Promise<Map<string, Tie>> {
  const rows = await db.rows<{ id: string; tie: Tie }>(
    `select account_id as id, 'SIGNATORY' as tie from account_signatory
      where network_id = $1 and membership_id = $2 and account_id = any($3)
     union all
     select a.id, 'HOLDER' from account a
       join group_membership g on g.network_id = a.network_id and g.group_id = a.group_id
      where a.network_id = $1 and g.network_id = $1 and g.membership_id = $2 and g.is_coordinator and a.id = any($3)
      order by tie desc`,
    [networkId, membershipId, accounts.map((account) => account.id)],
  );
  // Holders come last, so that who is both is taken for the holder.
  return new Map(rows.map(({ id, tie }) => [id, tie]));
}

/**
 * The same in SQL for an account `a`, and for any of some members: a parameter or expression of type `text[]`.
 */
export const isTiedTo = (membershipIds: string) => `(a.membership_id = any(${membershipIds})
  or exists (select 1 from account_signatory s
              where s.network_id = a.network_id and s.account_id = a.id and s.membership_id = any(${membershipIds}))
  or exists (select 1 from group_membership g
              where g.network_id = a.network_id and g.group_id = a.group_id and g.membership_id = any(${membershipIds})
                and g.is_coordinator))`;

export async function tieTo(db: Db, standing: Standing, account: Account): Promise<Tie> {
  const [tie] = await tiesTo(db, standing, [account]);
  return tie ?? null;
}

/** What paying depends on: holders and signatories, and the treasurers for common property. */
export function payingSubject(account: Account, tie: Tie): Subject {
  return { isOwn: tie !== null, isOpenToTreasurers: account.holderKind === 'NETWORK' };
}

/**
 * Goes on only if the actor may pay from an account: who signs for it, or a coordinator who records what others have agreed.
 * Common property is not given away by recording: it keeps its keepers, and their second lock.
 *
 * @param amount a decimal number in the unit of the payer; what is paid together counts together
 * @throws Unauthenticated, NetworkArchived, DecisionRequired, or Forbidden with the reason
 */
export function authorizePayment(
  standing: Standing,
  { payer, payee }: Record<'payer' | 'payee', { account: Account; tie: Tie }>,
  { isRecorded, amount }: { isRecorded: boolean; amount: string | null },
): void {
  if (isRecorded) authorize(standing, 'transfer.record');
  // Nobody writes down by office what others pay to them.
  if (isRecorded && payee.tie !== null && payer.tie === null) throw new Forbidden('NOT_YOURS');
  if (isRecorded && payer.account.holderKind !== 'NETWORK') return;
  authorizePaying(standing, payer, amount);
}

/**
 * Goes on only if the actor may give so much from an account. For what is common the bylaws have tiers by amount.
 *
 * @param amount a decimal number in the unit of the account; null or no number for the smallest
 * @throws Unauthenticated, NetworkArchived, DecisionRequired, or Forbidden with the reason
 */
export function authorizePaying(
  standing: Standing,
  { account, tie }: { account: Account; tie: Tie },
  amount: string | null,
): void {
  const subject = payingSubject(account, tie);
  if (account.holderKind !== 'NETWORK') authorize(standing, 'account.pay', subject);
  else authorizeDecision(standing, 'account.pay', paymentOf(amount), subject);
}

/**
 * Goes on unless the bylaws have signatures or a vote decide on paying so much from an account of the network. For what takes
 * from it by another office than the treasurers’: undoing, refunding, writing off.
 *
 * @param amount a decimal number in the unit of the account
 * @throws DecisionRequired
 */
export function requireOutflow(standing: Standing, { holderKind }: Account, amount: string): void {
  if (holderKind === 'NETWORK') requireOneDecides(standing, paymentOf(amount));
}

/** Whether that is so for the smallest amount. */
export function isOutflowOpen(standing: Standing, { holderKind }: Account): boolean {
  return holderKind !== 'NETWORK' || ruleOfSeveral(standing, paymentOf(null)) === null;
}

// What is no number is refused by who reads it.
function paymentOf(amount: string | null): Deciding {
  return { kind: 'transferPost', amount: amount !== null && isDecimal(amount) ? amount : null };
}

/** What changing the account itself depends on: signatories pay from it, and that is all. */
export function holdingSubject(account: Account, tie: Tie): Subject {
  return { isOwn: tie === 'HOLDER', isOpenToTreasurers: account.holderKind === 'NETWORK' };
}

/** What reading a statement depends on. Common property is open to the members. */
export function readingSubject(account: Account, tie: Tie): Subject {
  return { isOwn: tie !== null, isOpenToMembers: account.holderKind !== 'MEMBERSHIP' };
}

/** What seeing a balance depends on: the network may show all of them to its members. */
export function balanceSubject(account: Account, tie: Tie, { network }: Standing): Subject {
  const { isOwn = false, isOpenToMembers = false } = readingSubject(account, tie);
  return { isOwn, isOpenToMembers: isOpenToMembers || network.balancesVisibleTo === 'NETWORK' };
}

/** Whether the viewer sees balance, reservation and what is available. */
export function seesBalance(standing: Standing, account: Account, tie: Tie): boolean {
  return may(standing, 'account.readBalance', balanceSubject(account, tie, standing)).allowed;
}

/** Whether the viewer sees all balances, one by one. */
export function seesAllBalances(standing: Standing): boolean {
  const isOpenToMembers = standing.network.balancesVisibleTo === 'NETWORK';
  return may(standing, 'account.readBalance', { isOpenToMembers }).allowed;
}

/**
 * Whether the viewer sees what each account gave as demurrage, which is a part of its balance. Who runs charges is shown it
 * beforehand.
 */
export function seesAllDemurrage(standing: Standing): boolean {
  return seesAllBalances(standing) || may(standing, 'ledger.run').allowed;
}

/** The same of one account. */
export function seesDemurrage(standing: Standing, account: Account, tie: Tie): boolean {
  return seesBalance(standing, account, tie) || seesAllDemurrage(standing);
}

/** Whether the viewer sees the limits: who sees the balance does, and who sets them. */
export function seesLimits(standing: Standing, account: Account, tie: Tie): boolean {
  return seesBalance(standing, account, tie) || may(standing, 'account.setLimits').allowed;
}

export function seesEntries(standing: Standing, account: Account, tie: Tie): boolean {
  return may(standing, 'account.readEntries', readingSubject(account, tie)).allowed;
}

/**
 * Whether the viewer may set limits, stop an account and open it again: not for one that they hold or sign for, whosever it
 * is, since they would decide how far they may go themselves.
 */
function overseeingVerdict(standing: Standing, tie: Tie): Verdict {
  const byOffice = may(standing, 'account.setLimits');
  return byOffice.allowed && tie !== null ? NOT_YOURS : byOffice;
}

/** @throws Unauthenticated, NetworkArchived, Forbidden with the reason, OwnAccount */
export function authorizeOverseeing(standing: Standing, tie: Tie): void {
  authorize(standing, 'account.setLimits');
  if (!overseeingVerdict(standing, tie).allowed) throw new OwnAccount();
}

/**
 * The same where bylaws have a say: limits are set as they have it.
 *
 * @throws Unauthenticated, NetworkArchived, DecisionRequired, Forbidden with the reason, OwnAccount
 */
export function authorizeLimits(standing: Standing, tie: Tie): void {
  authorizeDecision(standing, 'account.setLimits', LIMITS);
  if (tie !== null) throw new OwnAccount();
}

const LIMITS: Deciding = { kind: 'limitSet', amount: null };

function limitsVerdict(standing: Standing, tie: Tie): Verdict {
  const verdict = decisionVerdict(standing, 'account.setLimits', LIMITS);
  return verdict.allowed && tie !== null ? NOT_YOURS : verdict;
}

/** The verdict on the smallest payment: for larger ones bylaws may have others decide. */
function payVerdict(standing: Standing, account: Account, tie: Tie): Verdict {
  const subject = payingSubject(account, tie);
  if (account.holderKind !== 'NETWORK') return may(standing, 'account.pay', subject);
  return decisionVerdict(standing, 'account.pay', paymentOf(null), subject);
}

/** What the viewer may do with an account as it stands. */
export function accountVerdicts(standing: Standing, account: Account, tie: Tie) {
  const holding = holdingSubject(account, tie);
  const pay = payVerdict(standing, account, tie);
  return {
    pay: pay.allowed && account.state !== 'OPEN' ? NOT_OPEN : pay,
    readBalance: may(standing, 'account.readBalance', balanceSubject(account, tie, standing)),
    readEntries: may(standing, 'account.readEntries', readingSubject(account, tie)),
    update: may(standing, 'account.update', holding),
    setLimits: limitsVerdict(standing, tie),
    manageSignatories: may(standing, 'account.sign', holding),
    close: may(standing, 'account.close', holding),
  };
}

const NOT_YOURS: Verdict = { allowed: false, reason: 'NOT_YOURS' };
const NOT_OPEN: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
