import type { Dispute } from '../../entities/dispute.ts';
import { authorize, may, type Subject, type Verdict } from '../access/may.ts';
import type { Permission } from '../access/permissions.ts';
import type { Standing } from '../access/standing.ts';
import { payingSubject } from './account-access.ts';
import type { TransferTies } from './transfer-access.ts';

/** What can be done with a dispute: name who mediates it, settle it, take it back. */
export type DisputeAction = 'mediate' | 'resolve' | 'withdraw';

type DisputeStanding = Pick<Dispute, 'state' | 'openedByMembershipId' | 'mediatorMembershipId'>;

const PERMISSION: Record<DisputeAction, Permission> = {
  mediate: 'dispute.mediate',
  resolve: 'dispute.resolve',
  withdraw: 'transfer.dispute',
};

// Whose it is: nobody's, the mediator's, of who opened it.
const OWNER: Record<DisputeAction, (dispute: DisputeStanding) => string | null> = {
  mediate: () => null,
  resolve: ({ mediatorMembershipId }) => mediatorMembershipId,
  withdraw: ({ openedByMembershipId }) => openedByMembershipId,
};

function subjectOf(standing: Standing, dispute: DisputeStanding, action: DisputeAction): Subject {
  const owner = OWNER[action](dispute);
  return { isOwn: owner !== null && owner === standing.membership?.id };
}

/**
 * Goes on only if the actor may do it, whatever the state of the dispute, and whether or not it is about an account of theirs.
 *
 * @throws Unauthenticated, NetworkArchived, or Forbidden with the reason
 */
export function authorizeOnDispute(
  standing: Standing,
  dispute: DisputeStanding,
  action: Exclude<DisputeAction, 'mediate'>,
): void {
  authorize(standing, PERMISSION[action], subjectOf(standing, dispute, action));
}

/**
 * What the viewer may do with a dispute as it stands.
 *
 * @param isParty whether it is about an account of theirs, or of somebody they help
 */
export function disputeVerdicts(
  standing: Standing,
  dispute: DisputeStanding,
  isParty: boolean,
): Record<DisputeAction, Verdict> {
  const verdict = (action: DisputeAction): Verdict => {
    const byPerson = may(standing, PERMISSION[action], subjectOf(standing, dispute, action));
    if (!byPerson.allowed) return byPerson;
    if (action === 'resolve' && isParty) return NOT_YOURS;
    return dispute.state === 'OPEN' ? byPerson : NOT_IN_THIS_STATE;
  };
  return { mediate: verdict('mediate'), resolve: verdict('resolve'), withdraw: verdict('withdraw') };
}

/** Whether the viewer may know of a dispute: both sides, who opened or mediates it, and who looks after disputes. */
export function seesDispute(
  standing: Standing,
  { openedByMembershipId, mediatorMembershipId }: DisputeStanding,
  { payer, payee }: TransferTies,
): boolean {
  const own = standing.membership?.id;
  const isOwn = own !== undefined && [openedByMembershipId, mediatorMembershipId].includes(own);
  const subjects = [{ isOwn }, ...[payer, payee].map(({ account, tie }) => payingSubject(account, tie))];
  return subjects.some((subject) => may(standing, 'dispute.read', subject).allowed);
}

const NOT_YOURS: Verdict = { allowed: false, reason: 'NOT_YOURS' };
const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
