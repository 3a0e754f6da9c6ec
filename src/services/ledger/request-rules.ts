import { Account } from '../../entities/account.ts';
import { Membership } from '../../entities/membership.ts';
import { RequestRule } from '../../entities/request-rule.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, Forbidden, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { holdingSubject, tieTo } from './account-access.ts';
import { AccountNotOpen, TooManyRequestRules } from './errors.ts';
import { lockAccounts } from './lock-accounts.ts';
import { positiveLimit } from './units.ts';

export interface SetRequestRule {
  networkId: string;
  accountId: string;
  /** Whose requests; everybody's who has no rule of their own if absent. */
  fromMembershipId?: string | null;
  /** The largest amount, in the unit of the account; any if absent. */
  upTo?: string | null;
  /** After how many days without an answer; 0 for at once. */
  afterDays: number;
}

const MAX_RULES = 100;
const MAX_DAYS = 366;

/**
 * Lets requests to an account be accepted at once, or when nobody has answered for some days. There is one rule for each
 * member and one for everybody else; a later one takes its place.
 *
 * @throws Forbidden unless it is one's own account, NotFound, AccountNotOpen, TooManyRequestRules, InvalidInput
 * @emits RequestRuleSet
 */
export async function setRequestRule(tx: Tx, command: SetRequestRule): Promise<RequestRule> {
  const account = await ownAccount(tx, command);
  // What is common, or a group's, is paid by those in office, with what that takes each time: no rule outlives the office.
  if (account.holderKind !== 'MEMBERSHIP') throw new Forbidden('NOT_YOURS');
  if (account.state === 'CLOSED') throw new AccountNotOpen('CLOSED', 'accountId');
  const { networkId } = account;
  const { afterDays } = command;
  if (afterDays < 0 || afterDays > MAX_DAYS) {
    throw new InvalidInput('INVALID_RANGE', 'afterDays', { min: 0, max: MAX_DAYS });
  }
  const fromMembershipId = command.fromMembershipId ?? null;
  if (fromMembershipId !== null) {
    const id = requireId('membership', fromMembershipId, 'fromMembershipId');
    if (!(await tx.db.exists(Membership, { networkId, id }))) throw new NotFound('Membership');
  }
  const unit = await tx.db.one(Unit, { networkId, id: account.unitId });
  assert(unit, 'an account has a unit');
  const rule: RequestRule = {
    networkId,
    id: newId('requestRule'),
    accountId: account.id,
    fromMembershipId,
    upToMinor: command.upTo == null ? null : positiveLimit(command.upTo, unit, 'upTo'),
    afterDays,
    madeAt: tx.now,
  };
  const others = await tx.db.all(RequestRule, { networkId, accountId: account.id });
  const former = others.find((other) => other.fromMembershipId === fromMembershipId);
  if (former) await tx.db.delete(RequestRule, { networkId, id: former.id });
  else if (others.length >= MAX_RULES) throw new TooManyRequestRules(MAX_RULES);
  await tx.db.insert(RequestRule, rule);
  tx.emit({
    networkId,
    kind: 'RequestRuleSet',
    subjectId: account.id,
    data: { fromMembershipId, afterDays },
  });
  return rule;
}

/**
 * Takes a rule back: requests wait again for an answer. What waits already is accepted as it was said.
 *
 * @throws Forbidden, NotFound
 * @emits RequestRuleRemoved
 */
export async function removeRequestRule(
  tx: Tx,
  command: { networkId: string; accountId: string; requestRuleId: string },
): Promise<Account> {
  const account = await ownAccount(tx, command);
  const { networkId } = account;
  const id = requireId('requestRule', command.requestRuleId, 'requestRuleId');
  if ((await tx.db.delete(RequestRule, { networkId, id, accountId: account.id })) === 0) {
    throw new NotFound('RequestRule');
  }
  tx.emit({ networkId, kind: 'RequestRuleRemoved', subjectId: account.id });
  return account;
}

/** Rules of an account, that for everybody last. */
export function requestRulesOf(db: Db, { networkId, id }: Account): Promise<RequestRule[]> {
  return db.all(RequestRule, { networkId, accountId: id }, 'order by from_membership_id nulls last');
}

async function ownAccount(tx: Tx, command: { networkId: string; accountId: string }): Promise<Account> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const id = requireId('account', command.accountId, 'accountId');
  const account = (await lockAccounts(tx, standing.network.id, [id])).get(id);
  if (!account) throw new NotFound('Account');
  // Lets others pay themselves from it: as much as naming who signs.
  authorize(standing, 'account.sign', holdingSubject(account, await tieTo(tx.db, standing, account)));
  return account;
}
