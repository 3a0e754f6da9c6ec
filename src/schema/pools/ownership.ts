import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { NetworkInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ResourceType } from './resource.ts';

@ObjectType('OwnershipViewerCan', {
  description: 'What the viewer may do about whose a thing is, and who has it.',
})
export class OwnershipViewerCanType {
  @Field(() => PermissionType, {
    description: 'Lend it for another time, give it to the pool, or take it back.',
  })
  own: PermissionType;

  @Field(() => PermissionType, { description: 'Give or offer shares of it to others.' })
  moveShares: PermissionType;

  @Field(() => PermissionType, { description: 'Divide it into shares, and make further ones.' })
  issueShares: PermissionType;

  @Field(() => PermissionType, { description: 'Split what it has cost over those who own it.' })
  splitCost: PermissionType;

  @Field(() => PermissionType, { description: 'Write down who has it now.' })
  moveCustody: PermissionType;
}

@InputType({ description: 'Until when a thing of the viewer’s own is lent.' })
export class ResourceLendInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'In the future; for as long as nothing else is said if absent.',
  })
  until?: Date | null;
}

@InputType({ description: 'Which thing of the viewer’s own.' })
export abstract class OwnResourceInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => String, { nullable: true, description: 'What is to be said about it, up to 500 characters.' })
  note?: string | null;
}

@InputType({ description: 'Which thing is given to the pool for good.' })
export class ResourceGiveInput extends OwnResourceInput {}

@InputType({ description: 'Which thing is taken back from the pool.' })
export class ResourceTakeBackInput extends OwnResourceInput {}

@InputType({ description: 'Who has a thing from now on.' })
export class CustodyMoveInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { nullable: true, description: 'The member who keeps it; the pool if absent.' })
  membershipId?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be said about it, up to 500 characters.' })
  note?: string | null;
}

@ObjectType({ description: 'The thing, or why nothing changed.' })
export class ResourceLendPayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing as it is now.' })
  resource?: ResourceType;
}

@ObjectType({ description: 'The thing, or why nothing changed.' })
export class ResourceGivePayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing as it is now.' })
  resource?: ResourceType;
}

@ObjectType({ description: 'The thing, or why nothing changed.' })
export class ResourceTakeBackPayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing as it is now.' })
  resource?: ResourceType;
}

@ObjectType({ description: 'The thing, or why nothing changed.' })
export class CustodyMovePayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing as it is now.' })
  resource?: ResourceType;
}
