import type { Network } from '../../entities/network.ts';
import type { Role } from '../../entities/role-assignment.ts';
import {
  ruleFor,
  ruleInFull,
  type BylawRule,
  type Deciding,
  type StatedRule,
} from '../../governance/bylaws.ts';
import { DomainError } from '../../kernel/errors.ts';
import { authorize, may, type Subject, type Verdict } from './may.ts';
import type { Permission } from './permissions.ts';
import type { Standing } from './standing.ts';

/** The bylaws have others decide this: so many by signing, or the members by a vote. */
export class DecisionRequired extends DomainError {
  override readonly shown: { rule: StatedRule };

  constructor(rule: BylawRule, networkId: string) {
    super('DECISION_REQUIRED', 'The bylaws have others decide this: submit it as an action.');
    this.shown = { rule: ruleInFull(rule, networkId) };
  }
}

/**
 * Goes on only if the actor may do by themselves what bylaws can leave to others. What was decided is done by the server, which
 * may. A role that the bylaws name stands in place of those of the table of permissions; where they say nothing, that
 * table holds.
 *
 * @throws DecisionRequired for members, where signatures or a vote decide; otherwise as `authorize` does
 */
export function authorizeDecision(
  standing: Standing,
  permission: Permission,
  deciding: Deciding,
  subject: Subject = {},
): void {
  const { rule, asked } = underBylaws(standing, deciding, subject);
  authorize(standing, permission, asked);
  if (rule) throw new DecisionRequired(rule, standing.network.id);
}

/** The same as a verdict, for what clients may do. */
export function decisionVerdict(
  standing: Standing,
  permission: Permission,
  deciding: Deciding,
  subject: Subject = {},
): Verdict {
  const { rule, asked } = underBylaws(standing, deciding, subject);
  const verdict = may(standing, permission, asked);
  return verdict.allowed && rule ? { allowed: false, reason: 'DECISION_REQUIRED' } : verdict;
}

/**
 * Goes on unless the bylaws have signatures or a vote decide. Which office may is asked elsewhere, or was.
 *
 * @throws DecisionRequired for members
 */
export function requireOneDecides(standing: Standing, deciding: Deciding): void {
  const rule = ruleOfSeveral(standing, deciding);
  if (rule) throw new DecisionRequired(rule, standing.network.id);
}

/** The rule of the bylaws by which a member needs signatures or a vote; null where one alone decides. */
export function ruleOfSeveral({ actor, network }: Standing, deciding: Deciding): BylawRule | null {
  const rule = actor.kind === 'system' ? null : ruleFor(network.bylaws.rules, deciding);
  return rule?.decidedBy.by === 'ROLE' ? null : rule;
}

/** The roles whose holders decide alone, if the bylaws say so; null where the table of permissions holds. */
export function officesFor({ bylaws }: Network, deciding: Deciding): readonly string[] | null {
  const rule = ruleFor(bylaws.rules, deciding);
  if (!rule) return null;
  return rule.decidedBy.by === 'ROLE' ? [rule.decidedBy.role] : [];
}

/** What is asked of the table of permissions, and the rule if nobody may do it alone. */
function underBylaws(
  { actor, network }: Standing,
  deciding: Deciding,
  subject: Subject,
): { rule: BylawRule | null; asked: Subject } {
  const rule = actor.kind === 'system' ? null : ruleFor(network.bylaws.rules, deciding);
  if (!rule) return { rule, asked: subject };
  const { decidedBy } = rule;
  // Every member can propose what nobody may do alone.
  if (decidedBy.by !== 'ROLE') return { rule, asked: { isOpenToMembers: true } };
  // Who was named to sign for an account pays from it as the office does, and no more.
  return { rule: null, asked: { ...subject, decidedBy: decidedBy.role as Role } };
}
