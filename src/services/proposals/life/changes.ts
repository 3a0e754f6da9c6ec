import type { ChangeQueue } from '../../../kernel/change-queue.ts';
import { Followers, type Follower } from '../../../kernel/followers.ts';
import type { Outbox, OutboxEvent } from '../../../kernel/outbox.ts';

/** What somebody follows: one proposal, or all that goes on in a network. */
export interface FollowedDecisions {
  networkId: string;
  /** Null for all that goes on. */
  proposalId: string | null;
}

// While a secret vote goes on, nothing may tell that somebody has voted, nor when.
const OF_SECRET_VOTES: ReadonlySet<string> = new Set(['BallotBoxSealed']);

/** What members may learn of as it happens, if they may see what it is about. Arrears are nobody else's affair, and ballots are counted at the end. */
const ACTIVITY: ReadonlySet<string> = new Set([
  'ProposalDrafted',
  'ProposalAmended',
  'ProposalOpened',
  'ProposalOptionWithdrawn',
  'ProposalWithdrawn',
  'ProposalClosed',
  'ProposalVetoed',
  'ProposalExecuted',
  'ProposalExecutionFailed',
  'ObjectionRaised',
  'ObjectionResolved',
  'CommentWritten',
  'FacilitatorSet',
  'ActionSubmitted',
  'ActionSigned',
  'ActionDeclined',
  'ActionExpired',
  'ActionExecuted',
  'ActionFailed',
  'MembershipApplied',
  'MembershipActivated',
  'MembershipLeft',
  'MembershipExpelled',
  'RoleAssigned',
  'RoleRevoked',
  'GroupCreated',
  'GroupUpdated',
  'NetworkUpdated',
  'BylawsAmended',
  'TermsPublished',
  'UnitCreated',
  'UnitPolicySet',
  'DuesSet',
  'TransferPosted',
  'TransferReversed',
  'BookingRequested',
  'BookingServed',
  'BookingApproved',
  'BookingDeclined',
  'BookingCancelled',
  'BookingLapsed',
  'BookingExtended',
  'BookingShortened',
  'BookingCheckedOut',
  'BookingReturned',
  'KitSet',
  'KitEnded',
]);

/**
 * Tells those who follow decisions what has changed: of one proposal its id, of all that goes on the id of each event. What
 * they stand for is read, and who may see it decided, when it is delivered.
 */
export class DecisionChanges {
  private readonly followers: Followers<FollowedDecisions>;

  constructor(outbox: Pick<Outbox, 'listen' | 'revision'>) {
    this.followers = new Followers(outbox, (events, followersIn) => {
      for (const event of events) {
        for (const follower of followersIn(event.networkId)) pass(follower, event);
      }
    });
  }

  /** Follows from the moment in which the promise is kept; the caller has found that it is permitted. */
  follow(followed: FollowedDecisions): Promise<ChangeQueue> {
    return this.followers.follow(followed);
  }
}

function pass(
  { proposalId, queue }: Follower<FollowedDecisions>,
  { id, kind, subjectId, data }: OutboxEvent,
): void {
  if (proposalId === null) {
    if (ACTIVITY.has(kind)) queue.push(id);
  } else if ((subjectId === proposalId || data['proposalId'] === proposalId) && !OF_SECRET_VOTES.has(kind)) {
    queue.push(proposalId);
  }
}
