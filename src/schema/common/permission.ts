import { Field, ObjectType } from 'type-graphql';
import { DENIAL_REASONS, type DenialReason } from '../../entities/denial-reason.ts';
import { enumOf } from './enum.ts';

export const DenialReasonEnum = enumOf(
  'DenialReason',
  DENIAL_REASONS,
  'Why the viewer may not do something.',
  {
    SIGN_IN_REQUIRED: 'Nobody is signed in.',
    NOT_A_MEMBER: 'The viewer is no member of the network.',
    MEMBERSHIP_NOT_ACTIVE: 'The viewer waits for admission or is suspended.',
    ROLE_REQUIRED: 'It takes a role that the viewer does not hold.',
    NOT_YOURS: 'It belongs to somebody else.',
    SECOND_FACTOR_REQUIRED: 'It takes a session with a one-time code.',
    SCOPE_REQUIRED: 'It takes a session, or an access token with more scopes.',
    NETWORK_ARCHIVED: 'Nothing in the network changes any more.',
    DECISION_REQUIRED: 'The bylaws have signatures or a vote decide it: submit it as an action.',
    NOT_AN_ELECTOR: 'The viewer is not among those who may vote on it.',
    ALREADY_VOTED: 'The viewer has voted, and a secret ballot cannot be changed.',
    NOT_IN_THIS_STATE: 'Not as things stand: what it is about is in another state.',
  },
);

@ObjectType('Permission', { description: 'Whether the viewer may do something, and if not, why.' })
export class PermissionType {
  @Field(() => Boolean, { description: 'Whether it is allowed at this moment.' })
  allowed: boolean;

  @Field(() => DenialReasonEnum, { nullable: true, description: 'Why not; null if it is allowed.' })
  reason: DenialReason | null;
}
