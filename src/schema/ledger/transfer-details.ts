import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { TransferKind, TransferState } from '../../entities/transfer.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { TransferKindEnum, TransferStateEnum } from './transfer.ts';

@InputType({ description: 'Which transfers.' })
export class TransferFilterInput {
  @Field(() => TransferStateEnum, {
    nullable: true,
    description: 'Only those that stand there; if absent those that are posted or were reversed later.',
  })
  state?: TransferState | null;

  @Field(() => TransferKindEnum, { nullable: true, description: 'Only those of this kind.' })
  kind?: TransferKind | null;

  @Field(() => ID, { nullable: true, description: 'Only those in this unit.' })
  unitId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this account.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those of accounts of this member.' })
  membershipId?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Only those posted, or for others started, from this instant on.',
  })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those before this instant.' })
  to?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only those whose description holds this text, up to 100 characters.',
  })
  text?: string | null;
}

@ObjectType('TransferLevies', { description: 'What a transfer gives to the community beside its amount.' })
export class TransferLeviesType {}

@ObjectType('TransferSeal', {
  description: 'The link of the network’s chain that seals a transfer with those posted at the same time.',
})
export class TransferSealType {
  @Field(() => String, { description: 'Its number in the chain, a whole number from 1 on.' })
  number: string;

  @Field(() => String, {
    description: 'SHA-256 of the link before it and of all it seals, 64 hexadecimal digits.',
  })
  hash: string;
}

@ObjectType('TransferViewerCan', { description: 'What the viewer may do with a transfer.' })
export class TransferViewerCanType {
  @Field(() => PermissionType, { description: 'Accept a request, and so pay it.' })
  accept: PermissionType;

  @Field(() => PermissionType, { description: 'Reject a request.' })
  reject: PermissionType;

  @Field(() => PermissionType, { description: 'Take a request back.' })
  cancel: PermissionType;

  @Field(() => PermissionType, { description: 'Undo it by giving everything back.' })
  reverse: PermissionType;

  @Field(() => PermissionType, { description: 'Dispute it.' })
  dispute: PermissionType;
}
