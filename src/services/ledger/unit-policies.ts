import { UnitPolicy } from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorOf } from './posting.ts';
import type { FixedLimits } from './units.ts';

const REQUEST_DAYS = 30;

/** The policy with which a unit begins: fixed limits, or none, and nothing else. */
export function firstPolicy(tx: Tx, unit: Unit, { floorMinor, ceilingMinor }: FixedLimits): UnitPolicy {
  return {
    networkId: unit.networkId,
    unitId: unit.id,
    version: 1,
    limitKind: floorMinor === null && ceilingMinor === null ? 'NONE' : 'FIXED',
    limitMode: 'BLOCK',
    floorMinor,
    ceilingMinor,
    turnoverPpm: null,
    turnoverDays: null,
    hardFloorMinor: null,
    payerLevyPpm: 0,
    payeeLevyPpm: 0,
    levyAccountId: null,
    paymentMaxMinor: null,
    dayMaxMinor: null,
    dayMaxCount: null,
    weekMaxMinor: null,
    weekMaxCount: null,
    monthMaxMinor: null,
    monthMaxCount: null,
    demurragePpm: 0,
    demurrageExemptMinor: 0n,
    demurragePeriod: null,
    demurrageAccountId: null,
    closingAccountId: null,
    takesSurplus: false,
    coversDeficit: false,
    requestDays: REQUEST_DAYS,
    setByPersonId: authorOf(tx.actor).personId,
    setAt: tx.now,
  };
}

/** The policy in force. */
export async function policyOf(db: Db, { networkId, id, policyVersion }: Unit): Promise<UnitPolicy> {
  const policy = await db.one(UnitPolicy, { networkId, unitId: id, version: policyVersion });
  assert(policy, 'a unit has a policy');
  return policy;
}
