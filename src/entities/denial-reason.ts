/** Why something is not allowed; clients show a sentence for each. */
export const DENIAL_REASONS = [
  'SIGN_IN_REQUIRED',
  'NOT_A_MEMBER',
  'MEMBERSHIP_NOT_ACTIVE',
  'ROLE_REQUIRED',
  'NOT_YOURS',
  'SECOND_FACTOR_REQUIRED',
  'SCOPE_REQUIRED',
  'NETWORK_ARCHIVED',
  'NOT_IN_THIS_STATE',
  'DECISION_REQUIRED',
  'NOT_AN_ELECTOR',
  'ALREADY_VOTED',
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];
