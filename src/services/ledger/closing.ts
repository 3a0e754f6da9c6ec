import { AccountSignatory } from '../../entities/account-signatory.ts';
import { Account } from '../../entities/account.ts';
import { DuesRule } from '../../entities/dues-rule.ts';
import type { UnitPolicy } from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { formatAmount } from '../../kernel/money.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireOneDecides } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { authorizePaying, holdingSubject, tieTo, type Tie } from './account-access.ts';
import { changeAccount } from './accounts.ts';
import { ratesInForce } from './conversion-rates.ts';
import { AccountInUse, AccountNotEmpty, AccountNotOpen, OwnDebt } from './errors.ts';
import { lockForPosting } from './lock-accounts.ts';
import { postTransfer } from './posting.ts';
import { endRequestsOf } from './requests.ts';
import { unitOf } from './unit-of.ts';
import { policyOf } from './unit-policies.ts';

export interface CloseAccount {
  networkId: string;
  accountId: string;
  /** Whether a balance is settled by the unit's policy, as the client has been told that it will be. */
  settlesBalance?: boolean | null;
}

/**
 * Closes an account. Requests that wait on it are rejected or cancelled. A balance is settled only if that is asked for and
 * the policy of the unit has it: the closing account receives a surplus, which who may pay from the account gives away; it
 * makes up for a deficit, which coordinators write off, but nobody for themselves. What leaves a common account by this is a
 * payment from it to the bylaws.
 *
 * @throws Forbidden, DecisionRequired, NotFound, AccountNotEmpty with the reason, AccountNotOpen, AccountInUse, OwnDebt, and what posting
 *   refuses if the closing account has limits
 * @emits AccountClosed, TransferPosted for a balance that is settled, TransferRejected, TransferCancelled
 */
export async function closeAccount(tx: Tx, command: CloseAccount): Promise<Account> {
  const { standing, account: named, tie } = await namedAccount(tx, command);
  authorize(standing, 'account.close', holdingSubject(named, tie));
  // Transfers are locked before accounts everywhere.
  await endRequestsOf(tx, named);
  const { account, unit, policy } = await lockedForClosing(tx, named);
  if (account.state === 'CLOSED') throw new AccountNotOpen('CLOSED', 'accountId');
  await requireUnused(tx, account, policy);
  if (command.settlesBalance && account.balanceMinor !== 0n) {
    requireClosable(account);
    const isSurplus = account.balanceMinor > 0n;
    const amount = formatAmount(isSurplus ? account.balanceMinor : -account.balanceMinor, unit.scale);
    if (isSurplus) authorizePaying(standing, { account, tie }, amount);
    else requireWriteOff(standing, { account, tie }, amount);
    await settle(tx, { account, unit, policy });
  }
  // Who asked while this waited for the account is answered as well.
  await endRequestsOf(tx, account);
  return closeIfEmpty(tx, await reread(tx, account));
}

async function namedAccount(
  tx: Tx,
  { networkId, accountId }: CloseAccount,
): Promise<{ standing: Standing; account: Account; tie: Tie }> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'account.list');
  const id = requireId('account', accountId, 'accountId');
  const account = await tx.db.one(Account, { networkId: standing.network.id, id });
  if (!account) throw new NotFound('Account');
  return { standing, account, tie: await tieTo(tx.db, standing, account) };
}

interface Closing {
  account: Account;
  unit: Unit;
  /** The policy in force once the account is locked. */
  policy: UnitPolicy;
}

async function lockedForClosing(tx: Tx, named: Account): Promise<Closing> {
  const { networkId, id } = named;
  const { closingAccountId } = (await rulesOf(tx, named)).policy;
  const accounts = await lockForPosting(tx, networkId, closingAccountId ? [id, closingAccountId] : [id]);
  const account = accounts.get(id);
  assert(account, 'an account is never deleted');
  return { account, ...(await rulesOf(tx, account)) };
}

async function rulesOf(tx: Tx, account: Account): Promise<{ unit: Unit; policy: UnitPolicy }> {
  const unit = await unitOf(tx.db, account);
  return { unit, policy: await policyOf(tx.db, unit) };
}

/** @throws AccountInUse if the network has named the account for something that goes on */
async function requireUnused(
  tx: Tx,
  { networkId, id, holderKind }: Account,
  policy: UnitPolicy,
): Promise<void> {
  if (holderKind !== 'NETWORK') return;
  if (policy.levyAccountId === id) throw new AccountInUse('LEVIES');
  if (policy.demurrageAccountId === id) throw new AccountInUse('DEMURRAGE');
  if (policy.closingAccountId === id) throw new AccountInUse('CLOSING');
  const rates = await ratesInForce(tx.db, networkId);
  if (rates.some(({ fromAccountId, toAccountId }) => fromAccountId === id || toAccountId === id)) {
    throw new AccountInUse('CONVERSION');
  }
  const dues = await tx.db.all(DuesRule, { networkId, accountId: id });
  const today = tx.now.toISOString().slice(0, 10);
  if (dues.some(({ endsOn }) => endsOn === null || endsOn >= today)) throw new AccountInUse('DUES');
}

/**
 * What a community forgives is its decision: it takes a coordinator who does not sign for the account, and where the bylaws
 * have others decide on payments of that amount, their decision.
 */
function requireWriteOff(
  standing: Standing,
  { account, tie }: { account: Account; tie: Tie },
  amount: string,
): void {
  authorize(standing, 'account.writeOff');
  if (tie !== null && account.holderKind !== 'NETWORK') throw new OwnDebt();
  requireOneDecides(standing, { kind: 'transferPost', amount });
}

/** @throws AccountNotEmpty if the policy does not have it, or the closing account is stopped */
async function settle(tx: Tx, { account, unit, policy }: Closing): Promise<void> {
  const { networkId, id, balanceMinor } = account;
  const isSurplus = balanceMinor > 0n;
  const { closingAccountId, takesSurplus, coversDeficit } = policy;
  const isForeseen = unit.kind !== 'POINTS' && (isSurplus ? takesSurplus : coversDeficit);
  const closing = closingAccountId && (await tx.db.one(Account, { networkId, id: closingAccountId }));
  if (!isForeseen || !closing || closing.state !== 'OPEN') throw new AccountNotEmpty(id, 'POLICY');
  await postTransfer(tx, unit, {
    kind: 'CLOSING',
    payerAccountId: isSurplus ? id : closing.id,
    payeeAccountId: isSurplus ? closing.id : id,
    amountMinor: isSurplus ? balanceMinor : -balanceMinor,
    description: '',
  });
}

async function reread(tx: Tx, { networkId, id }: Account): Promise<Account> {
  const account = await tx.db.one(Account, { networkId, id });
  assert(account, 'an account is never deleted');
  return account;
}

/**
 * Closes an account that is locked.
 *
 * @throws AccountNotEmpty with the reason, AccountNotOpen if it is frozen
 * @emits AccountClosed
 */
export async function closeIfEmpty(tx: Tx, account: Account): Promise<Account> {
  requireClosable(account);
  if (account.balanceMinor !== 0n) throw new AccountNotEmpty(account.id, 'BALANCE');
  await tx.db.delete(AccountSignatory, { networkId: account.networkId, accountId: account.id });
  return changeAccount(tx, account, { state: 'CLOSED', closedAt: tx.now }, 'AccountClosed');
}

function requireClosable({ id, state, reservedMinor }: Account): void {
  // Who could close a frozen account could open it again by leaving and coming back.
  if (state === 'FROZEN') throw new AccountNotOpen('FROZEN', 'accountId');
  if (reservedMinor !== 0n) throw new AccountNotEmpty(id, 'HOLDS');
}

/**
 * What was closed for a key before, as it is now, for who is still a member.
 *
 * @throws Forbidden
 */
export async function closedAccount(tx: Tx, networkId: string, id: string): Promise<Account> {
  authorize(await heldStandingIn(tx, networkId), 'account.list');
  const account = await tx.db.one(Account, { networkId, id });
  assert(account, 'an account is never deleted');
  return account;
}

/** Whether the network made up for what an account owed when it was closed last. */
export async function wasWrittenOff(db: Db, { networkId, id, entryCount }: Account): Promise<boolean> {
  const row = await db.row(
    `select 1 from entry e join transfer t on t.network_id = e.network_id and t.id = e.transfer_id
      where e.network_id = $1 and e.account_id = $2 and e.seq = $3 and e.amount_minor > 0
        and t.kind = 'CLOSING' and t.state = 'POSTED'`,
    [networkId, id, entryCount],
  );
  return row !== undefined;
}
