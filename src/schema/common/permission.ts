import { Field, ObjectType } from 'type-graphql';

@ObjectType('Permission', { description: 'Whether the viewer may do something, and if not, why.' })
export class PermissionType {
  @Field(() => Boolean, { description: 'Whether it is allowed at this moment.' })
  allowed: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why not: SIGN_IN_REQUIRED, NOT_A_MEMBER, MEMBERSHIP_NOT_ACTIVE, ROLE_REQUIRED, NOT_YOURS, SECOND_FACTOR_REQUIRED, SCOPE_REQUIRED, NETWORK_ARCHIVED or NOT_IN_THIS_STATE. Null if allowed.',
  })
  reason: string | null;
}
