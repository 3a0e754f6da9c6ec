import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { ruleFor, type Deciding } from '../../governance/bylaws.ts';

/** What admitting somebody is to the bylaws. */
export const ADMISSION: Deciding = { kind: 'membershipAdmit', amount: null };

/**
 * Whether open doors, sponsors and letters make somebody a member without being asked. Where the bylaws have several decide on
 * admissions, by signing or by a vote, all ways in lead to that decision; who was expelled or left while suspended waits everywhere.
 */
export function admitsUnasked({ bylaws }: Network, { needsReadmission }: Membership): boolean {
  const rule = ruleFor(bylaws.rules, ADMISSION);
  return !needsReadmission && (rule === null || rule.decidedBy.by === 'ROLE');
}

/** Whether members vote on who is admitted: they read what applicants say. */
export function membersAdmit({ bylaws }: Network): boolean {
  return ruleFor(bylaws.rules, ADMISSION)?.decidedBy.by === 'VOTE';
}

/** Whether members know who applies: they vouch for applicants, or vote on them. */
export function membersKnowApplicants(network: Network): boolean {
  return network.joinMode === 'SPONSORED' || membersAdmit(network);
}
