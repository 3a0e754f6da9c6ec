/** What a community can decide to do. Each area that carries out a kind hands a handler for it to the composition root. */
export const ACTION_KINDS = [
  'membershipAdmit',
  'membershipSuspend',
  'membershipReinstate',
  'membershipExpel',
  'roleAssign',
  'roleRevoke',
  'limitSet',
  'unitPolicySet',
  'duesSet',
  'duesRetire',
  'transferPost',
  'conversionRateSet',
  'conversionRateRetire',
  'bylawsAmend',
  'networkUpdate',
  'poolRuleSet',
  'resourceAcquire',
  'resourceRetire',
  'sharesIssue',
  'statement',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** An action as it is kept: what its handler read from the input, as JSON. */
export interface ProposalAction {
  kind: ActionKind;
  data: Record<string, unknown>;
  /** What it does, in a sentence that voters read; made when it was proposed. */
  sentence: string;
  /** The value that it moves, a decimal number of its unit, by which the bylaws find who decides; null if it moves none. */
  amount: string | null;
  /** The unit of the amount; null without one. What was proposed before units were kept has none. */
  unitId?: string | null;
  /** How many the vote elects to carry out the action with; null if it names everybody itself. */
  seats: number | null;
}

export const MAX_ACTIONS = 20;

/** The kinds for which bylaws have tiers by amount. */
export const VALUE_KINDS: readonly ActionKind[] = ['transferPost', 'resourceAcquire'];

// What undoes a decision is decided by whom the decision is left to.
const COUNTERPARTS: Partial<Record<ActionKind, ActionKind>> = {
  membershipReinstate: 'membershipSuspend',
  roleRevoke: 'roleAssign',
  duesRetire: 'duesSet',
  conversionRateRetire: 'conversionRateSet',
};

// Who buys a thing pays: bylaws that do not speak of buying have it decided as other payments.
const STAND_INS: Partial<Record<ActionKind, ActionKind>> = { resourceAcquire: 'transferPost' };

/** The kinds for which bylaws can have a rule; the others follow the rule of one of these. */
export const RULED_KINDS: readonly ActionKind[] = ACTION_KINDS.filter((kind) => !COUNTERPARTS[kind]);

/** The kind whose rule says who decides. */
export function ruledKind(kind: ActionKind): ActionKind {
  return COUNTERPARTS[kind] ?? kind;
}

/** The kind whose rules hold for another where bylaws have none for that; null if none does. */
export function standInKind(kind: ActionKind): ActionKind | null {
  return STAND_INS[kind] ?? null;
}
