import type { Resource } from '../../../entities/resource.ts';
import { decisionVerdict } from '../../access/decisions.ts';
import { may, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { DECIDING_SHARES } from './assign-shares.ts';

const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };

/** What the viewer may do about whose a thing is, and who has it, as it stands. */
export function ownershipVerdicts(
  standing: Standing,
  resource: Resource,
  { isSteward, ownShares }: { isSteward: boolean; ownShares: number },
): Record<'own' | 'moveShares' | 'issueShares' | 'splitCost' | 'moveCustody', Verdict> {
  const { state, ownerKind, ownerMembershipId, shareCount } = resource;
  const isOwner = ownerMembershipId !== null && ownerMembershipId === standing.membership?.id;
  const isActive = state === 'ACTIVE';
  const isShared = ownerKind === 'CO_OWNERS';
  const steward = { isOwn: isSteward };
  const where = (isPossible: boolean, verdict: Verdict) =>
    verdict.allowed && !isPossible ? NOT_IN_THIS_STATE : verdict;
  return {
    own: where(
      state !== 'RETIRED',
      may(standing, 'resource.own', { isOwn: isOwner || (isShared && ownShares === shareCount) }),
    ),
    moveShares: where(isActive, may(standing, 'share.move', { isOwn: ownShares > 0 })),
    issueShares: where(
      isActive && ownerKind !== 'MEMBER',
      decisionVerdict(standing, 'share.issue', DECIDING_SHARES, steward),
    ),
    splitCost: where(isActive && isShared, may(standing, 'share.issue', steward)),
    moveCustody: where(isActive, may(standing, 'resource.manage', steward)),
  };
}
