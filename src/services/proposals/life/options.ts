import { Membership } from '../../../entities/membership.ts';
import type { ProposalOption } from '../../../entities/proposal.ts';
import { Unit } from '../../../entities/unit.ts';
import { BUDGET_METHODS, MOTION_METHODS } from '../../../governance/bylaw-faults.ts';
import type { VotingRule } from '../../../governance/voting-rule.ts';
import { assert, InvalidInput } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { formatAmount, parseAmount } from '../../../kernel/money.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';

export const OPTION_BOUNDS = { max: 200 };
export const MAX_OPTIONS = 100;

export interface OptionInput {
  name: string;
  /** A decimal number; for the budget methods. */
  cost?: string | null;
}

/** What can be voted for: options in words, or members who stand for election. */
export interface ChoiceInput {
  options?: readonly OptionInput[] | null;
  candidateIds?: readonly string[] | null;
}

export interface Ballot {
  rule: VotingRule;
  /** Whether what is decided needs members who were elected. */
  isElection: boolean;
}

/**
 * Reads what can be voted for. A motion has nothing but yes and no.
 *
 * @throws InvalidInput for options that do not fit the rule, that come twice, or are fewer than the seats
 */
export async function readOptions(
  tx: Tx,
  networkId: string,
  given: ChoiceInput,
  { rule, isElection }: Ballot,
): Promise<ProposalOption[]> {
  const options = given.options ?? [];
  const candidateIds = given.candidateIds ?? [];
  const path = isElection || candidateIds.length > 0 ? 'candidateIds' : 'options';
  const isMotion = MOTION_METHODS.includes(rule.method);
  if (isMotion && options.length + candidateIds.length > 0) throw new InvalidInput('INVALID_CHOICE', path);
  if (isMotion) return [];
  if (options.length > 0 && path === 'candidateIds') throw new InvalidInput('INVALID_CHOICE', 'options');
  const count = options.length + candidateIds.length;
  if (count < rule.seats || count > MAX_OPTIONS) {
    throw new InvalidInput('INVALID_RANGE', path, { min: rule.seats, max: MAX_OPTIONS });
  }
  if (path === 'options') return namedOptions(options, await costUnit(tx, networkId, rule));
  if (BUDGET_METHODS.includes(rule.method)) throw new InvalidInput('INVALID_CHOICE', path);
  return candidates(tx, networkId, candidateIds);
}

/** What stands on the ballot, as it was given: who has withdrawn stands for nothing anew. */
export function choiceOf(options: readonly ProposalOption[]): ChoiceInput {
  const standing = standingOptions(options);
  return {
    options: standing.filter(({ membershipId }) => membershipId === null),
    candidateIds: standing.flatMap(({ membershipId }) => membershipId ?? []),
  };
}

/** Options that can be voted for. */
export function standingOptions(options: readonly ProposalOption[]): ProposalOption[] {
  return options.filter(({ isWithdrawn }) => !isWithdrawn);
}

/** The unit in which projects cost something; null where nothing is bought. */
async function costUnit({ db }: Tx, networkId: string, { budgetUnitId }: VotingRule): Promise<Unit | null> {
  if (budgetUnitId === null) return null;
  const unit = await db.one(Unit, { networkId, id: budgetUnitId });
  assert(unit, 'a budget has a unit');
  return unit;
}

function namedOptions(given: readonly OptionInput[], unit: Unit | null): ProposalOption[] {
  const names = new Set<string>();
  return given.map((option, index) => {
    const name = boundedText(option.name, `options.${index}.name`, OPTION_BOUNDS);
    if (names.has(name)) throw new InvalidInput('INVALID_CHOICE', `options.${index}.name`);
    names.add(name);
    const cost = costOf(option, unit, `options.${index}.cost`);
    const costUnitId = unit && unit.id;
    return { id: String(index + 1), name, membershipId: null, cost, costUnitId, isWithdrawn: false };
  });
}

function costOf({ cost = null }: OptionInput, unit: Unit | null, path: string): string | null {
  if (!unit && cost !== null) throw new InvalidInput('INVALID_CHOICE', path);
  if (!unit) return null;
  if (cost === null) throw new InvalidInput('REQUIRED', path);
  const minor = parseAmount(cost, unit.scale, path);
  if (minor <= 0n) throw new InvalidInput('INVALID_AMOUNT', path);
  return formatAmount(minor, unit.scale);
}

/** Active members who let the others know their name. */
async function candidates(tx: Tx, networkId: string, ids: readonly string[]): Promise<ProposalOption[]> {
  ids.forEach((id, index) => requireId('membership', id, `candidateIds.${index}`));
  const members = await tx.db.all(Membership, { networkId, id: ids, state: 'ACTIVE' });
  const byId = new Map(members.map((member) => [member.id, member]));
  return ids.map((id, index) => {
    const member = byId.get(id);
    const isKnown = member && member.visibility.displayName !== 'NOBODY';
    if (!isKnown || ids.indexOf(id) !== index) {
      throw new InvalidInput('INVALID_CHOICE', `candidateIds.${index}`);
    }
    return {
      id: String(index + 1),
      name: member.displayName,
      membershipId: id,
      cost: null,
      costUnitId: null,
      isWithdrawn: false,
    };
  });
}
