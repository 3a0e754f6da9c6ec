import { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { Sponsorship } from '../../entities/sponsorship.ts';
import { assert, InvalidInput } from '../../kernel/errors.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, requireOpen } from '../access/may.ts';
import { requireScope } from '../access/scope.ts';
import { holdNetwork, standingIn } from '../access/standing.ts';
import { requirePerson } from '../people/authenticate.ts';
import { AlreadySponsored, MembershipStateConflict } from './errors.ts';
import {
  activate,
  changeMembership,
  joinOrRejoin,
  lockMembership,
  memberForDecision,
  REASON_BOUNDS,
  requireTerms,
} from './memberships.ts';
import { admitsUnasked } from './ways-in.ts';

export interface ApplyForMembership {
  networkId: string;
  /** Why the person would like to join, for those who decide. */
  application?: string | null;
  /** The version of the terms that the person has read and accepts. */
  acceptedTermsVersion?: number | null;
}

const APPLICATION_BOUNDS = { max: 5_000 };

/**
 * Applies for membership. In an open network the person is a member at once; elsewhere those who decide admit, and everywhere if the
 * bylaws have several decide. Somebody who left or was declined may apply again; who left while suspended waits for a decision.
 *
 * @throws NotFound, NetworkArchived, TermsNotAccepted, MembershipStateConflict
 * @emits MembershipApplied, and MembershipActivated in an open network
 */
export async function applyForMembership(tx: Tx, command: ApplyForMembership): Promise<Membership> {
  const actor = requirePerson(tx.actor);
  requireScope(actor, 'MANAGE');
  const network = await holdNetwork(tx, command.networkId, 'shared');
  requireOpen(network);
  requireTerms(network, command.acceptedTermsVersion ?? null);
  const application = optionalText(command.application, 'application', APPLICATION_BOUNDS);
  const membership = await joinOrRejoin(tx, network, actor.personId, application);
  tx.emit({ networkId: network.id, kind: 'MembershipApplied', subjectId: membership.id });
  if (network.joinMode !== 'OPEN' || !admitsUnasked(network, membership)) return membership;
  return activate(tx, network, membership);
}

export interface DecideOnApplication {
  networkId: string;
  membershipId: string;
  memberClass?: string | null;
  /** What the decision rests on. Needed where a vote or paid shares decide: the minute or the receipt. */
  reason?: string | null;
}

/**
 * Admits an applicant.
 *
 * @throws Forbidden, DecisionRequired, NotFound, MembershipStateConflict, InvalidInput
 * @emits MembershipActivated
 */
export async function admitMember(tx: Tx, command: DecideOnApplication): Promise<Membership> {
  const decision = { permission: 'member.admit', kind: 'membershipAdmit', step: 'admit' } as const;
  const { network, member: applicant } = await memberForDecision(tx, command, decision);
  const stateReason = optionalText(command.reason, 'reason', REASON_BOUNDS);
  if (!stateReason && (network.joinMode === 'VOTE' || network.joinMode === 'SHARES')) {
    throw new InvalidInput('REQUIRED', 'reason');
  }
  const memberClass = requireMemberClass(network, command.memberClass ?? applicant.memberClass);
  return activate(tx, network, applicant, { stateReason, memberClass });
}

/** @throws InvalidInput INVALID_CHOICE */
function requireMemberClass(network: Network, code: string): string {
  const choices = network.memberClasses.map((memberClass) => memberClass.code);
  if (!choices.includes(code)) throw new InvalidInput('INVALID_CHOICE', 'memberClass', { choices });
  return code;
}

/**
 * Declines an application.
 *
 * @emits MembershipDeclined
 */
export async function declineApplication(tx: Tx, command: DecideOnApplication): Promise<Membership> {
  const decision = { permission: 'member.admit', step: 'decline' } as const;
  const { member: applicant } = await memberForDecision(tx, command, decision);
  const declined = await changeMembership(tx, applicant, {
    state: 'DECLINED',
    stateReason: optionalText(command.reason, 'reason', REASON_BOUNDS),
    stateChangedAt: tx.now,
  });
  tx.emit({ networkId: declined.networkId, kind: 'MembershipDeclined', subjectId: declined.id });
  return declined;
}

/**
 * Vouches for an applicant. Where the network admits by sponsors, the last one needed makes the applicant a member, unless the
 * bylaws have several decide.
 *
 * @throws AlreadySponsored, MembershipStateConflict
 * @emits MembershipSponsored, and MembershipActivated with the last sponsor needed
 */
export async function sponsorApplicant(
  tx: Tx,
  command: { networkId: string; membershipId: string },
): Promise<Membership> {
  const standing = await standingIn(tx, command.networkId, 'shared');
  authorize(standing, 'member.sponsor');
  const { network, membership: sponsor } = standing;
  assert(sponsor, 'who may sponsor is a member');
  const applicant = await lockMembership(tx, network.id, command.membershipId);
  if (applicant.id === sponsor.id || applicant.state !== 'APPLIED') {
    throw new MembershipStateConflict(applicant.state);
  }
  return addSponsor(tx, network, applicant, sponsor.id);
}

/**
 * Adds a sponsor to an applicant whose row is locked, so that nobody else counts at the same time.
 *
 * @throws AlreadySponsored
 */
export async function addSponsor(
  tx: Tx,
  network: Network,
  applicant: Membership,
  sponsorMembershipId: string,
): Promise<Membership> {
  const key = { networkId: network.id, membershipId: applicant.id, sponsorMembershipId };
  if (await tx.db.exists(Sponsorship, key)) throw new AlreadySponsored();
  await tx.db.insert(Sponsorship, { ...key, at: tx.now });
  tx.emit({
    networkId: network.id,
    kind: 'MembershipSponsored',
    subjectId: applicant.id,
    data: { sponsorId: sponsorMembershipId },
  });
  const hasEnough = (await countSponsors(tx, applicant)) >= network.sponsorsNeeded;
  const admits = network.joinMode === 'SPONSORED' && hasEnough && admitsUnasked(network, applicant);
  return admits ? activate(tx, network, applicant) : applicant;
}

/** Sponsors who are members still. */
async function countSponsors(tx: Tx, { networkId, id }: Membership): Promise<number> {
  const sponsors = await tx.db.rows(
    `select 1 from sponsorship s
       join membership m on m.network_id = s.network_id and m.id = s.sponsor_membership_id
      where s.network_id = $1 and s.membership_id = $2 and m.state = 'ACTIVE'`,
    [networkId, id],
  );
  return sponsors.length;
}
