import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';

/** The unit of an account, of a transfer, of whatever else counts one. */
export async function unitOf(
  db: Db,
  { networkId, unitId }: { networkId: string; unitId: string },
): Promise<Unit> {
  const unit = await db.one(Unit, { networkId, id: unitId });
  assert(unit, 'what counts a unit has one');
  return unit;
}
