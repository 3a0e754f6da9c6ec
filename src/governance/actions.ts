/** What a community can decide to do. Each area that carries out a kind hands a handler for it to the composition root. */
export const ACTION_KINDS = [
  'membershipAdmit',
  'membershipSuspend',
  'membershipExpel',
  'roleAssign',
  'limitSet',
  'unitPolicySet',
  'transferPost',
  'conversionRateSet',
  'bylawsAmend',
  'networkUpdate',
  'statement',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** An action as it is kept: what its handler read from the input, as JSON. */
export interface ProposalAction {
  kind: ActionKind;
  data: Record<string, unknown>;
  /** What it does, in a sentence that voters read; made when it was proposed. */
  sentence: string;
}

export const MAX_ACTIONS = 20;
