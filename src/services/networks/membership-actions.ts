import { Membership } from '../../entities/membership.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { ActionHandler } from '../access/action-handler.ts';
import { admitMember } from './admission.ts';
import { expelMember, reinstateMember, suspendMember } from './membership-changes.ts';
import { REASON_BOUNDS } from './memberships.ts';

export interface AdmitAction {
  membershipId: string;
  memberClass: string | null;
  reason: string | null;
}

/** Admits an applicant. */
export const membershipAdmit: ActionHandler<AdmitAction> = {
  kind: 'membershipAdmit',
  async read({ db }, networkId, input: Partial<AdmitAction> & { membershipId: string }) {
    const applicant = await memberNamed(db, networkId, input.membershipId);
    const data = {
      membershipId: applicant.id,
      memberClass: input.memberClass ?? null,
      reason: optionalText(input.reason, 'reason', REASON_BOUNDS),
    };
    const ofClass = data.memberClass === null ? '' : ` of the class ${data.memberClass}`;
    const reason = data.reason === null ? '.' : `: ${data.reason}`;
    return { data, sentence: `${applicant.displayName} becomes a member${ofClass}${reason}` };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => [membershipId],
  async execute(tx, { reason, ...data }, { networkId, decisionId }) {
    await admitMember(tx, { networkId, ...data, reason: reason ?? `Decision ${decisionId}` });
  },
};

export interface EndMemberAction {
  membershipId: string;
  reason: string;
}

type EndMemberInput = { membershipId: string; reason?: string | null };

/** Suspends a member. */
export const membershipSuspend: ActionHandler<EndMemberAction> = {
  kind: 'membershipSuspend',
  async read({ db }, networkId, input: EndMemberInput) {
    const { member, data } = await readEnd(db, networkId, input);
    return { data, sentence: `${member.displayName} is suspended: ${data.reason}` };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => [membershipId],
  async execute(tx, data, { networkId }) {
    await suspendMember(tx, { networkId, ...data });
  },
};

export interface ReinstateAction {
  membershipId: string;
  reason: string | null;
}

/** Ends a suspension. */
export const membershipReinstate: ActionHandler<ReinstateAction> = {
  kind: 'membershipReinstate',
  async read({ db }, networkId, input: EndMemberInput) {
    const member = await memberNamed(db, networkId, input.membershipId);
    const reason = optionalText(input.reason, 'reason', REASON_BOUNDS);
    const data = { membershipId: member.id, reason };
    return { data, sentence: `The suspension of ${member.displayName} ends${reason ? `: ${reason}` : '.'}` };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => [membershipId],
  async execute(tx, data, { networkId }) {
    await reinstateMember(tx, { networkId, ...data });
  },
};

/** Ends a membership against the member’s will. */
export const membershipExpel: ActionHandler<EndMemberAction> = {
  kind: 'membershipExpel',
  async read({ db }, networkId, input: EndMemberInput) {
    const { member, data } = await readEnd(db, networkId, input);
    return { data, sentence: `${member.displayName} is expelled: ${data.reason}` };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => [membershipId],
  async execute(tx, data, { networkId }) {
    await expelMember(tx, { networkId, ...data });
  },
};

async function readEnd(db: Db, networkId: string, { membershipId, reason }: EndMemberInput) {
  const member = await memberNamed(db, networkId, membershipId);
  if (!reason) throw new InvalidInput('REQUIRED', 'reason');
  const data = { membershipId: member.id, reason: boundedText(reason, 'reason', REASON_BOUNDS) };
  return { member, data };
}

/**
 * A member of the network whom an action names.
 *
 * @throws NotFound, InvalidInput INVALID_ID
 */
export async function memberNamed(
  db: Db,
  networkId: string,
  membershipId: string,
  path = 'membershipId',
): Promise<Membership> {
  const member = await db.one(Membership, { networkId, id: requireId('membership', membershipId, path) });
  if (!member) throw new NotFound('Membership');
  return member;
}

/** For actions that move no value: bylaws have no tiers for them. */
export function movesNothing(): Promise<null> {
  return Promise.resolve(null);
}
