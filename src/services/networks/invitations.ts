import { Invitation } from '../../entities/invitation.ts';
import { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { Person } from '../../entities/person.ts';
import { Sponsorship } from '../../entities/sponsorship.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { kindOfId, newId, requireId } from '../../kernel/ids.ts';
import {
  CURSOR_INSTANT,
  CURSOR_TEXT,
  afterKey,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import { requireLocale } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { officesFor } from '../access/decisions.ts';
import { authorize, may, requireOpen } from '../access/may.ts';
import { PERMISSIONS } from '../access/permissions.ts';
import { requireScope } from '../access/scope.ts';
import { holdNetwork, rolesHeld, standingIn, type Standing } from '../access/standing.ts';
import { requirePerson } from '../people/authenticate.ts';
import { parseEmail } from '../people/email.ts';
import { hashSecret, newSecret } from '../people/secrets.ts';
import { InvitationInvalid, TooManyInvitations } from './errors.ts';
import { addSponsor } from './admission.ts';
import { activate, joinOrRejoin, lockMembership, requireTerms } from './memberships.ts';
import { textIn } from './translations.ts';
import { ADMISSION, admitsUnasked } from './ways-in.ts';

export interface InviteMember {
  networkId: string;
  email: string;
  /** Language of the letter; the network's own if absent. */
  locale?: string | null;
  /** 1 to 90; 14 if absent. */
  validDays?: number | null;
}

const DEFAULT_VALID_DAYS = 14;
const MAX_VALID_DAYS = 90;

// In a day. A whole neighbourhood takes a coordinator a few days.
const MOST_BY_MEMBER = 20;
const MOST_BY_COORDINATOR = 100;

/**
 * Sends an invitation by e-mail. It works once, for whoever holds the secret in it, until it expires.
 *
 * @throws Forbidden, InvalidInput INVALID_EMAIL or INVALID_RANGE
 * @emits MemberInvited
 */
export async function inviteMember(tx: Tx, command: InviteMember): Promise<Invitation> {
  const standing = await standingIn(tx, command.networkId, 'shared');
  authorize(standing, 'member.invite');
  const { network, membership: inviter } = standing;
  assert(inviter, 'who may invite is a member');
  const mayAdmit = may(standing, 'member.admit').allowed;
  // Locked, so that letters sent at once are counted one after the other.
  await lockMembership(tx, network.id, inviter.id);
  await requireFewInvitations(tx, inviter, mayAdmit ? MOST_BY_COORDINATOR : MOST_BY_MEMBER);
  const { email, emailKey } = parseEmail(command.email, 'email');
  const validDays = command.validDays ?? DEFAULT_VALID_DAYS;
  if (validDays < 1 || validDays > MAX_VALID_DAYS) {
    throw new InvalidInput('INVALID_RANGE', 'validDays', { min: 1, max: MAX_VALID_DAYS });
  }
  const locale = command.locale ? requireLocale(command.locale, 'locale') : network.defaultLocale;
  const secret = newSecret();
  const invitation: Invitation = {
    networkId: network.id,
    id: newId('invitation'),
    email,
    emailKey,
    secretHash: hashSecret(secret),
    invitedByMembershipId: inviter.id,
    admits: mayAdmit && isAdmittingByLetter(network),
    createdAt: tx.now,
    expiresAt: after(tx.now, validDays * DAY_MS),
    revokedAt: null,
    acceptedAt: null,
    acceptedMembershipId: null,
  };
  await tx.db.insert(Invitation, invitation);
  tx.emit({ networkId: network.id, kind: 'MemberInvited', subjectId: invitation.id });
  tx.enqueue({
    kind: 'letter',
    payload: {
      letter: 'INVITATION',
      to: email,
      locale,
      values: {
        network: textIn(network.name, locale, network.defaultLocale) ?? network.slug,
        inviter: inviter.displayName,
        expires: invitation.expiresAt.toISOString().slice(0, 10),
        // The network's id leads to the row without searching every network.
        secret: `${network.id}.${secret}`,
      },
    },
  });
  return invitation;
}

export interface AcceptInvitation {
  secret: string;
  acceptedTermsVersion?: number | null;
}

/**
 * Joins by invitation. Who was invited by somebody who may admit is a member at once, as anybody is in an open
 * network; others are applicants whom the inviter has vouched for, and so is everybody where the bylaws have several decide. Holding the secret proves the address that it was
 * sent to.
 *
 * @throws InvitationInvalid if it was used, revoked, has expired or never existed; TermsNotAccepted
 * @emits InvitationAccepted, MembershipActivated or MembershipSponsored
 */
export async function acceptInvitation(tx: Tx, command: AcceptInvitation): Promise<Membership> {
  const actor = requirePerson(tx.actor);
  requireScope(actor, 'MANAGE');
  const [networkId = '', secret = ''] = command.secret.split('.');
  if (kindOfId(networkId) !== 'network') throw new InvitationInvalid();
  const network = await knownNetwork(tx, networkId);
  const invitation = await tx.db.lock(Invitation, { networkId, secretHash: hashSecret(secret) });
  const isGood =
    invitation && !invitation.revokedAt && !invitation.acceptedAt && invitation.expiresAt > tx.now;
  if (!isGood) throw new InvitationInvalid();
  requireOpen(network);
  requireTerms(network, command.acceptedTermsVersion ?? null);
  const applicant = await applicantFor(tx, network, actor.personId);
  const membership = await welcome(tx, network, applicant, invitation);
  await tx.db.update(
    Invitation,
    { networkId, id: invitation.id },
    { acceptedAt: tx.now, acceptedMembershipId: membership.id },
  );
  await tx.db.update(
    Person,
    { id: actor.personId, emailKey: invitation.emailKey, emailVerifiedAt: null },
    { emailVerifiedAt: tx.now },
  );
  tx.emit({ networkId, kind: 'InvitationAccepted', subjectId: invitation.id });
  return membership;
}

/** @throws InvitationInvalid if there is no such network */
async function knownNetwork(tx: Tx, networkId: string): Promise<Network> {
  try {
    return await holdNetwork(tx, networkId, 'shared');
  } catch (error) {
    if (error instanceof NotFound) throw new InvitationInvalid();
    throw error;
  }
}

/** The application that waits already, or a new one. */
async function applicantFor(tx: Tx, network: Network, personId: string): Promise<Membership> {
  const waiting = await tx.db.lock(Membership, { networkId: network.id, personId, state: 'APPLIED' });
  return waiting ?? joinOrRejoin(tx, network, personId, null);
}

async function welcome(
  tx: Tx,
  network: Network,
  applicant: Membership,
  invitation: Invitation,
): Promise<Membership> {
  if (applicant.needsReadmission) return applicant;
  const admitsAll = network.joinMode === 'OPEN' && admitsUnasked(network, applicant);
  const inviter = await tx.db.one(Membership, {
    networkId: network.id,
    id: invitation.invitedByMembershipId,
  });
  assert(inviter, 'an invitation has an inviter');
  const admits = invitation.admits && (await stillAdmits(tx, network, inviter));
  if (admits || admitsAll) return activate(tx, network, applicant);
  const key = { networkId: network.id, membershipId: applicant.id, sponsorMembershipId: inviter.id };
  const vouches = inviter.state === 'ACTIVE' && inviter.id !== applicant.id;
  if (!vouches || (await tx.db.exists(Sponsorship, key))) return applicant;
  return addSponsor(tx, network, applicant, inviter.id);
}

/** A letter admits for as long as its sender could: the rules and the office may have changed since. */
async function stillAdmits(tx: Tx, network: Network, inviter: Membership): Promise<boolean> {
  if (inviter.state !== 'ACTIVE' || !isAdmittingByLetter(network)) return false;
  const admitting: readonly string[] = officesFor(network, ADMISSION) ?? PERMISSIONS['member.admit'].roles;
  const roles = await rolesHeld(tx.db, network.id, inviter.id, tx.now);
  return roles.some(({ role }) => admitting.includes(role));
}

// Votes and shares admit nobody by letter.
function isAdmittingByLetter({ joinMode }: Network): boolean {
  return joinMode === 'APPROVAL' || joinMode === 'SPONSORED';
}

/** @throws TooManyInvitations: the server is nobody's means to write to strangers */
async function requireFewInvitations(tx: Tx, inviter: Membership, most: number): Promise<void> {
  const sent = await tx.db.rows(
    'select 1 from invitation where network_id = $1 and invited_by_membership_id = $2 and created_at > $3 limit $4',
    [inviter.networkId, inviter.id, after(tx.now, -DAY_MS), most],
  );
  if (sent.length >= most) throw new TooManyInvitations(most);
}

/**
 * Takes an invitation back: the inviter or who may admit.
 *
 * @emits InvitationRevoked
 */
export async function revokeInvitation(
  tx: Tx,
  command: { networkId: string; invitationId: string },
): Promise<Invitation> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'member.invite');
  const id = requireId('invitation', command.invitationId, 'invitationId');
  const invitation = await tx.db.lock(Invitation, { networkId: standing.network.id, id });
  if (!invitation) throw new NotFound('Invitation');
  if (invitation.invitedByMembershipId !== standing.membership?.id) authorize(standing, 'member.admit');
  if (invitation.acceptedAt || invitation.revokedAt) throw new InvitationInvalid();
  await tx.db.update(Invitation, { networkId: invitation.networkId, id }, { revokedAt: tx.now });
  tx.emit({ networkId: invitation.networkId, kind: 'InvitationRevoked', subjectId: id });
  return { ...invitation, revokedAt: tx.now };
}

/**
 * Invitations of a network, newest first, for those who admit.
 *
 * @throws Forbidden
 */
export async function listInvitations(
  db: Db,
  standing: Standing,
  request: PageRequest,
): Promise<Page<Invitation>> {
  authorize(standing, 'member.readApplications');
  const [at, id] = afterKey(request, [CURSOR_INSTANT, CURSOR_TEXT]);
  const rows = await db.select(
    Invitation,
    `where network_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::text))
      order by created_at desc, id desc limit $4`,
    [standing.network.id, at, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.createdAt, row.id]);
}
