import { Membership } from '../../entities/membership.ts';
import { UnitPolicy } from '../../entities/unit-policy.ts';
import { Unit, type UnitKind } from '../../entities/unit.ts';
import { violates } from '../../kernel/database.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { parseAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { parseTranslations, type TranslationInput } from '../networks/translations.ts';
import { TooManyUnits, UnitCodeTaken } from './errors.ts';
import { accountFor, insertAccounts } from './new-account.ts';
import { firstPolicy } from './unit-policies.ts';

export interface CreateUnit {
  networkId: string;
  code: string;
  name: readonly TranslationInput[];
  symbol: string;
  kind: UnitKind;
  /** Decimals, 0 to 8. */
  scale: number;
  /** Zero or less; null for no lower limit. */
  defaultFloor?: string | null;
  /** Zero or more; null for no upper limit. */
  defaultCeiling?: string | null;
  opensMemberAccounts?: boolean | null;
}

const CODE = /^[A-Z][A-Z0-9]{0,11}$/;
const MAX_SCALE = 8;
// Each posting reads the policies of all units of its network.
const MAX_UNITS = 50;

export interface FixedLimits {
  floorMinor: bigint | null;
  ceilingMinor: bigint | null;
}

/**
 * Makes a unit. If it opens accounts for members, those who are members now get theirs at once.
 *
 * @throws Forbidden, UnitCodeTaken, InvalidInput
 * @emits UnitCreated, AccountOpened for each account
 */
export async function createUnit(tx: Tx, command: CreateUnit): Promise<Unit> {
  // Held, so that nobody becomes a member between the look at the members and the opening of their accounts.
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'unit.create');
  const { unit, limits } = newUnit(tx, command);
  await insertUnit(tx, unit, limits);
  if (unit.opensMemberAccounts) {
    const members = await tx.db.all(Membership, {
      networkId: unit.networkId,
      state: ['ACTIVE', 'SUSPENDED'],
    });
    const accounts = members.map((member) =>
      accountFor(tx, unit, { kind: 'MEMBERSHIP', membershipId: member.id }),
    );
    await insertAccounts(tx, accounts);
  }
  return unit;
}

function newUnit(tx: Tx, command: CreateUnit): { unit: Unit; limits: FixedLimits } {
  if (!CODE.test(command.code)) throw new InvalidInput('INVALID_CODE', 'code');
  if (command.scale < 0 || command.scale > MAX_SCALE) {
    throw new InvalidInput('INVALID_RANGE', 'scale', { min: 0, max: MAX_SCALE });
  }
  if (command.kind === 'GIFT' && (command.defaultFloor || command.defaultCeiling)) {
    throw new InvalidInput('INVALID_CHOICE', command.defaultFloor ? 'defaultFloor' : 'defaultCeiling');
  }
  if (command.name.length === 0) throw new InvalidInput('REQUIRED', 'name');
  const limits = parseLimits(
    { floor: command.defaultFloor ?? null, ceiling: command.defaultCeiling ?? null },
    command.scale,
    { floor: 'defaultFloor', ceiling: 'defaultCeiling' },
  );
  const unit: Unit = {
    networkId: command.networkId,
    id: newId('unit'),
    code: command.code,
    name: parseTranslations(command.name, 'name', { max: 60 }),
    symbol: boundedText(command.symbol, 'symbol', { max: 8 }),
    kind: command.kind,
    scale: command.scale,
    policyVersion: 1,
    opensMemberAccounts: command.opensMemberAccounts ?? false,
    createdAt: tx.now,
    archivedAt: null,
  };
  return { unit, limits };
}

/** @throws InvalidInput unless floor ≤ 0 ≤ ceiling */
export function parseLimits(
  limits: { floor: string | null; ceiling: string | null },
  scale: number,
  paths: { floor: string; ceiling: string },
): FixedLimits {
  const floorMinor = limits.floor === null ? null : parseAmount(limits.floor, scale, paths.floor);
  const ceilingMinor = limits.ceiling === null ? null : parseAmount(limits.ceiling, scale, paths.ceiling);
  if (floorMinor !== null && floorMinor > 0n)
    throw new InvalidInput('INVALID_RANGE', paths.floor, { max: 0 });
  if (ceilingMinor !== null && ceilingMinor < 0n)
    throw new InvalidInput('INVALID_RANGE', paths.ceiling, { min: 0 });
  return { floorMinor, ceilingMinor };
}

/**
 * A limit on what moves: up to 10¹⁸ minor units, as sums of many amounts are bounded by it.
 *
 * @throws InvalidInput INVALID_AMOUNT unless it is above zero, TOO_MANY_DECIMALS
 */
export function positiveLimit(limit: string, { scale }: Unit, path: string): bigint {
  const limitMinor = parseAmount(limit, scale, path);
  if (limitMinor <= 0n) throw new InvalidInput('INVALID_AMOUNT', path);
  return limitMinor;
}

/**
 * Stores a unit with the first version of its policy, which is no more than its limits.
 *
 * @throws UnitCodeTaken, TooManyUnits
 * @emits UnitCreated
 */
export async function insertUnit(tx: Tx, unit: Unit, limits: FixedLimits): Promise<void> {
  const { networkId } = unit;
  if ((await tx.db.all(Unit, { networkId })).length >= MAX_UNITS) throw new TooManyUnits(MAX_UNITS);
  if (await tx.db.exists(Unit, { networkId: unit.networkId, code: unit.code })) throw new UnitCodeTaken();
  try {
    await tx.db.insert(Unit, unit);
    await tx.db.insert(UnitPolicy, firstPolicy(tx, unit, limits));
  } catch (error) {
    if (violates(error, 'uq_unit_code')) throw new UnitCodeTaken();
    throw error;
  }
  tx.emit({ networkId: unit.networkId, kind: 'UnitCreated', subjectId: unit.id, data: { code: unit.code } });
}
