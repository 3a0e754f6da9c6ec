import { RoleAssignment, type Role } from '../../entities/role-assignment.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { optionalText } from '../../kernel/text.ts';
import type { ActionHandler } from '../access/action-handler.ts';
import { memberNamed, movesNothing } from './membership-actions.ts';
import { REASON_BOUNDS } from './memberships.ts';
import { assignElected, assignRole, revokeRole } from './roles.ts';

export interface RoleAction {
  role: Role;
  /** The member who gets it; null if the vote elects who does. */
  membershipId: string | null;
  /** Instants as ISO 8601 writes them; the role begins no sooner than it was decided. */
  startsAt: string | null;
  endsAt: string | null;
  seats: number | null;
}

export interface RoleActionInput {
  role: Role;
  membershipId?: string | null;
  startsAt?: Date | null;
  endsAt?: Date | null;
  /** How many the vote elects, in place of a member. */
  seats?: number | null;
}

const MAX_SEATS = 100;

/** Gives an office to a member, or to those whom the vote elects. Helpers are named by coordinators and by nobody else. */
export const roleAssign: ActionHandler<RoleAction> = {
  kind: 'roleAssign',
  async read({ db }, networkId, input: RoleActionInput) {
    const data: RoleAction = {
      role: input.role,
      membershipId: input.membershipId ?? null,
      startsAt: input.startsAt?.toISOString() ?? null,
      endsAt: input.endsAt?.toISOString() ?? null,
      seats: input.seats ?? null,
    };
    requireHolder(data);
    const who =
      data.membershipId === null ? electedInWords(data) : await named(db, networkId, data.membershipId);
    const sentence = `${who} the role ${data.role}${termInWords(data)}.`;
    return data.seats === null ? { data, sentence } : { data, sentence, seats: data.seats };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => (membershipId === null ? [] : [membershipId]),
  async execute(tx, { role, membershipId, ...term }, { networkId, electedIds }) {
    const startsAt = term.startsAt && new Date(term.startsAt) > tx.now ? new Date(term.startsAt) : tx.now;
    const endsAt = term.endsAt === null ? null : new Date(term.endsAt);
    if (membershipId === null) {
      await assignElected(tx, { networkId, role, membershipIds: electedIds, startsAt, endsAt });
    } else {
      await assignRole(tx, { networkId, role, membershipId, startsAt, endsAt });
    }
  },
};

/** @throws InvalidInput INVALID_CHOICE unless a member is named or so many are to be elected, INVALID_RANGE */
function requireHolder({ role, membershipId, seats }: RoleAction): void {
  // Whom a member trusts as a helper is not for others to choose.
  if (role === 'HELPER') throw new InvalidInput('INVALID_CHOICE', 'role');
  if ((membershipId === null) === (seats === null)) throw new InvalidInput('INVALID_CHOICE', 'membershipId');
  if (seats !== null && (seats < 1 || seats > MAX_SEATS)) {
    throw new InvalidInput('INVALID_RANGE', 'seats', { min: 1, max: MAX_SEATS });
  }
}

async function named(db: Db, networkId: string, membershipId: string): Promise<string> {
  const { displayName } = await memberNamed(db, networkId, membershipId);
  return `${displayName} gets`;
}

function electedInWords({ seats }: RoleAction): string {
  return seats === 1 ? 'Who is elected gets' : `The ${seats} who are elected get`;
}

function termInWords({ startsAt, endsAt }: RoleAction): string {
  const from = startsAt === null ? '' : ` from ${instantInWords(startsAt)} on`;
  return endsAt === null ? from : `${from} until ${instantInWords(endsAt)}`;
}

/** `2027-03-01 18:30 UTC`; to the second, if it is not a whole minute. */
function instantInWords(instant: string): string {
  const [day, time = ''] = instant.replace(/(:00)?\.\d+Z$/, '').split('T');
  return `${day} ${time} UTC`;
}

export interface RevokeAction {
  roleAssignmentId: string;
  reason: string | null;
}

/** Ends an office before its term. */
export const roleRevoke: ActionHandler<RevokeAction> = {
  kind: 'roleRevoke',
  async read({ db }, networkId, input: { roleAssignmentId: string; reason?: string | null }) {
    const data = {
      roleAssignmentId: requireId('roleAssignment', input.roleAssignmentId, 'roleAssignmentId'),
      reason: optionalText(input.reason, 'reason', REASON_BOUNDS),
    };
    const { membershipId, role } = await assignmentNamed(db, networkId, data);
    const { displayName } = await memberNamed(db, networkId, membershipId);
    const reason = data.reason === null ? '.' : `: ${data.reason}`;
    return { data, sentence: `${displayName} holds the role ${role} no longer${reason}` };
  },
  amountOf: movesNothing,
  beneficiaries: async (db, networkId, data) => [(await assignmentNamed(db, networkId, data)).membershipId],
  async execute(tx, data, { networkId }) {
    await revokeRole(tx, { networkId, ...data });
  },
};

async function assignmentNamed(
  db: Db,
  networkId: string,
  { roleAssignmentId }: Pick<RevokeAction, 'roleAssignmentId'>,
): Promise<RoleAssignment> {
  const assignment = await db.one(RoleAssignment, { networkId, id: roleAssignmentId, revokedAt: null });
  if (!assignment) throw new NotFound('RoleAssignment');
  if (assignment.role === 'HELPER') throw new InvalidInput('INVALID_CHOICE', 'roleAssignmentId');
  return assignment;
}
