import { UnitPolicy } from '../../entities/unit-policy.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { afterKey, CURSOR_INTEGER, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision, decisionVerdict } from '../access/decisions.ts';
import { authorize, may, type Verdict } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { requireCommonAccounts } from './common-accounts.ts';
import { PolicyChanged } from './errors.ts';
import { policyChanges, type PolicyInput } from './policy-input.ts';
import { authorOf } from './posting.ts';
import { policyOf } from './unit-policies.ts';

export interface SetPolicy extends PolicyInput {
  networkId: string;
  unitId: string;
  /** The version that the client has seen. */
  version: number;
}

/**
 * Puts a new version of a unit's policy in force. Parts that are absent stay as they were. Payments that are being posted
 * at this moment may still follow the former one.
 *
 * @throws Forbidden, DecisionRequired, NotFound, PolicyChanged if another version is in force, AccountNotOpen, UnitMismatch, InvalidInput
 * @emits UnitPolicySet
 */
export async function setPolicy(tx: Tx, command: SetPolicy): Promise<Unit> {
  // Held, so that of two at the same time the second sees what the first has set.
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorizeDecision(standing, 'unit.setPolicy', { kind: 'unitPolicySet', amount: null });
  const networkId = standing.network.id;
  const unit = await unitIn(tx.db, networkId, command.unitId);
  if (unit.policyVersion !== command.version) throw new PolicyChanged(unit.policyVersion);
  const set = policyChanges(unit, command);
  await requireCommonAccounts(tx, unit, [
    { id: set.levyAccountId, path: 'levies.accountId' },
    { id: set.demurrageAccountId, path: 'demurrage.accountId' },
    { id: set.closingAccountId, path: 'closing.accountId' },
  ]);
  const version = unit.policyVersion + 1;
  await tx.db.insert(UnitPolicy, {
    ...(await policyOf(tx.db, unit)),
    ...set,
    version,
    setByPersonId: authorOf(tx.actor).personId,
    setAt: tx.now,
  });
  await tx.db.update(Unit, { networkId, id: unit.id }, { policyVersion: version });
  tx.emit({ networkId, kind: 'UnitPolicySet', subjectId: unit.id, data: { version } });
  return { ...unit, policyVersion: version };
}

/** @throws NotFound, InvalidInput INVALID_ID */
export async function unitIn(db: Db, networkId: string, unitId: string): Promise<Unit> {
  const unit = await db.one(Unit, { networkId, id: requireId('unit', unitId, 'unitId') });
  if (!unit) throw new NotFound('Unit');
  return unit;
}

/**
 * All versions of a unit's policy, newest first.
 *
 * @throws Forbidden
 */
export async function listPolicies(
  db: Db,
  standing: Standing,
  unit: Unit,
  request: PageRequest,
): Promise<Page<UnitPolicy>> {
  authorize(standing, 'network.read');
  const [version] = afterKey(request, [CURSOR_INTEGER]);
  const rows = await db.select(
    UnitPolicy,
    `where network_id = $1 and unit_id = $2 and ($3::bigint is null or version < $3)
      order by version desc limit $4`,
    [unit.networkId, unit.id, version, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.version]);
}

/** What the viewer may do with a unit. */
export function unitVerdicts(standing: Standing): Record<'setPolicy' | 'setDues' | 'runCharges', Verdict> {
  return {
    setPolicy: decisionVerdict(standing, 'unit.setPolicy', { kind: 'unitPolicySet', amount: null }),
    setDues: decisionVerdict(standing, 'dues.set', { kind: 'duesSet', amount: null }),
    runCharges: may(standing, 'ledger.run'),
  };
}
