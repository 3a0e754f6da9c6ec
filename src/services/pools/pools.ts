import type { Account } from '../../entities/account.ts';
import { Pool } from '../../entities/pool.ts';
import type { Unit } from '../../entities/unit.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { holdNetwork, standingIn } from '../access/standing.ts';
import { accountNamed } from '../ledger/accounts-in-words.ts';
import { requireCommonAccounts } from '../ledger/common-accounts.ts';
import { unitOf } from '../ledger/unit-of.ts';
import { OPEN_STATES } from './bookings/booking-steps.ts';
import { PoolConflict } from './errors.ts';
import { poolFor, poolSubject } from './pool-access.ts';
import { DEFAULT_RULES, definedOf, parseRules, type PoolRulesGiven } from './rules-input.ts';

const NAME_BOUNDS = { max: 120 };
const DESCRIPTION_BOUNDS = { max: 5_000 };

export interface PoolSettings {
  takesOffers?: boolean;
  isSelfService?: boolean;
  showsBookers?: boolean;
}

export interface CreatePool extends PoolSettings {
  networkId: string;
  name: string;
  description?: string | null;
  /** An account of the network, whose unit fees and deposits are counted in; absent or null for none. */
  accountId?: string | null;
  rules?: PoolRulesGiven | null;
}

/**
 * Makes a pool, with nothing in it yet.
 *
 * @throws Forbidden, NetworkArchived, NotFound, AccountNotOpen, InvalidInput
 * @emits PoolCreated
 */
export async function createPool(tx: Tx, command: CreatePool): Promise<Pool> {
  const standing = await standingIn(tx, command.networkId, 'shared');
  authorize(standing, 'pool.create');
  const networkId = standing.network.id;
  const account = command.accountId ? await feeAccount(tx, networkId, command.accountId) : null;
  const pool: Pool = {
    networkId,
    id: newId('pool'),
    name: boundedText(command.name, 'name', NAME_BOUNDS),
    description: optionalText(command.description, 'description', DESCRIPTION_BOUNDS) ?? '',
    unitId: account?.unitId ?? null,
    accountId: account?.id ?? null,
    takesOffers: command.takesOffers ?? false,
    isSelfService: command.isSelfService ?? false,
    showsBookers: command.showsBookers ?? false,
    ...DEFAULT_RULES,
    ...parseRules(command.rules ?? {}),
    ruleVersion: 1,
    createdAt: tx.now,
    archivedAt: null,
  };
  await tx.db.insert(Pool, pool);
  tx.emit({ networkId, kind: 'PoolCreated', subjectId: pool.id });
  return pool;
}

/** An account of the network that is open and can receive fees, held as it is. */
async function feeAccount(tx: Tx, networkId: string, accountId: string): Promise<Account> {
  const path = 'accountId';
  const account = await accountNamed(tx.db, networkId, { id: accountId, path });
  const unit: Unit = await unitOf(tx.db, account);
  // Points pass to nobody.
  if (unit.kind === 'POINTS') throw new InvalidInput('INVALID_CHOICE', path);
  await requireCommonAccounts(tx, unit, [{ id: accountId, path }]);
  return account;
}

export interface UpdatePool extends PoolSettings {
  networkId: string;
  poolId: string;
  name?: string;
  description?: string | null;
  accountId?: string;
}

/**
 * Changes what a pool is called and how it works, but not its rules. Fees can go to another account of the same unit: what
 * things cost is counted in it.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, PoolConflict OTHER_UNIT, AccountNotOpen, InvalidInput
 * @emits PoolUpdated
 */
export async function updatePool(tx: Tx, command: UpdatePool): Promise<Pool> {
  const { pool, ...standing } = await poolFor(tx, command, 'exclusive');
  authorize(standing.standing, 'pool.manage', poolSubject(standing));
  const { name, description, accountId, takesOffers, isSelfService, showsBookers } = command;
  const set: Partial<Pool> = definedOf({ takesOffers, isSelfService, showsBookers });
  if (name !== undefined) set.name = boundedText(name, 'name', NAME_BOUNDS);
  if (description !== undefined) {
    set.description = optionalText(description, 'description', DESCRIPTION_BOUNDS) ?? '';
  }
  if (accountId !== undefined) {
    const account = await feeAccount(tx, pool.networkId, accountId);
    if (pool.unitId !== null && account.unitId !== pool.unitId) throw new PoolConflict('OTHER_UNIT');
    Object.assign(set, { accountId: account.id, unitId: account.unitId });
  }
  return changePool(tx, pool, { set, kind: 'PoolUpdated' });
}

export interface SetPoolRules {
  networkId: string;
  poolId: string;
  rules: PoolRulesGiven;
}

/**
 * Changes by which rules the things of a pool are booked. What has been asked for or approved stays as it is.
 *
 * @throws Forbidden, DecisionRequired, NetworkArchived, NotFound, PoolArchived, InvalidInput
 * @emits PoolRulesSet
 */
export async function setPoolRules(tx: Tx, command: SetPoolRules): Promise<Pool> {
  // The bylaws say who decides: they stay as they are meanwhile.
  await holdNetwork(tx, command.networkId, 'shared');
  const { pool, ...standing } = await poolFor(tx, command, 'exclusive');
  const deciding = { kind: 'poolRuleSet', amount: null } as const;
  authorizeDecision(standing.standing, 'pool.manage', deciding, poolSubject(standing));
  const rules = parseRules(command.rules);
  if (Object.keys(rules).length === 0) return pool;
  const ruleVersion = pool.ruleVersion + 1;
  return changePool(tx, pool, {
    set: { ...rules, ruleVersion },
    kind: 'PoolRulesSet',
    data: { version: ruleVersion, fields: Object.keys(rules).join(',') },
  });
}

/**
 * Puts a pool out of use for good: it can be read, and nothing in it changes any more.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, PoolConflict HAS_OPEN_BOOKINGS
 * @emits PoolArchived
 */
export async function archivePool(tx: Tx, command: { networkId: string; poolId: string }): Promise<Pool> {
  const { pool, ...standing } = await poolFor(tx, command, 'exclusive');
  authorize(standing.standing, 'pool.manage', poolSubject(standing));
  const open = await tx.db.rows(
    'select 1 from booking where network_id = $1 and pool_id = $2 and state = any($3) limit 1',
    [pool.networkId, pool.id, OPEN_STATES],
  );
  if (open.length > 0) throw new PoolConflict('HAS_OPEN_BOOKINGS');
  return changePool(tx, pool, { set: { archivedAt: tx.now }, kind: 'PoolArchived' });
}

async function changePool(
  tx: Tx,
  pool: Pool,
  { set, kind, data = {} }: { set: Partial<Pool>; kind: string; data?: Record<string, string | number> },
): Promise<Pool> {
  if (Object.keys(set).length === 0) return pool;
  await tx.db.update(Pool, { networkId: pool.networkId, id: pool.id }, set);
  tx.emit({ networkId: pool.networkId, kind, subjectId: pool.id, data });
  return { ...pool, ...set };
}
