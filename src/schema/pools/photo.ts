import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ResourcePhoto } from '../../entities/resource-photo.ts';
import type { Condition, Resource } from '../../entities/resource.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ConditionEnum, ResourceType } from './resource.ts';

@ObjectType('ResourcePhoto', { description: 'A picture of a thing, for whoever sees the thing.' })
export class ResourcePhotoType implements Pick<ResourcePhoto, 'caption' | 'addedAt'> {
  @Field(() => String, { description: 'What it shows; may be empty.' })
  caption: string;

  @Field(() => DateTimeScalar, { description: 'When it was added.' })
  addedAt: Date;
}

@InputType({ description: 'A picture to be shown of a thing.' })
export class ResourcePhotoAddInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'A thing that is in use or offered.' })
  resourceId: string;

  @Field(() => ID, { description: 'A picture that the viewer has uploaded and that nothing uses yet.' })
  fileId: string;

  @Field(() => String, { nullable: true, description: 'What it shows, up to 200 characters.' })
  caption?: string | null;
}

@ObjectType({ description: 'The thing with its new picture, or why there is none.' })
export class ResourcePhotoAddPayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing.' })
  resource?: Resource;
}

@InputType({ description: 'Which picture of a thing goes.' })
export class ResourcePhotoRemoveInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { description: 'The file of the picture.' })
  fileId: string;
}

@ObjectType({ description: 'The thing without the picture, or why it stays.' })
export class ResourcePhotoRemovePayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing.' })
  resource?: Resource;
}

@InputType({ description: 'In which condition a thing was seen.' })
export class ResourceConditionReportInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'A thing that is in use.' })
  resourceId: string;

  @Field(() => ConditionEnum, { description: 'Its condition.' })
  condition: Condition;

  @Field(() => String, { nullable: true, description: 'What was seen, up to 1,000 characters.' })
  note?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'A picture that shows it, which the viewer has uploaded and that nothing uses yet.',
  })
  fileId?: string | null;
}

@ObjectType({ description: 'The thing in its condition, or why nothing was written down.' })
export class ResourceConditionReportPayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing.' })
  resource?: Resource;
}
