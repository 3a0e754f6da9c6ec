import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql';
import type { ResourceKind, ResourceState } from '../../entities/resource.ts';
import { PageArgs } from '../common/connection.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ResourceKindEnum, ResourceStateEnum } from './resource.ts';

@InputType({ description: 'Which things of a pool.' })
export class ResourceFilterInput {
  @Field(() => ResourceKindEnum, { nullable: true, description: 'Of one sort only.' })
  kind?: ResourceKind | null;

  @Field(() => ResourceStateEnum, { nullable: true, description: 'In this state; ACTIVE if absent.' })
  state?: ResourceState | null;

  @Field(() => ID, { nullable: true, description: 'Those that a member lends.' })
  ownerMembershipId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Those that a member has now, as far as the viewer sees who has booked them.',
  })
  custodianMembershipId?: string | null;
}

@InputType({ description: 'A circle around a place.' })
export class NearInput {
  @Field(() => Float, { description: 'Degrees north, -90 to 90.' })
  latitude: number;

  @Field(() => Float, { description: 'Degrees east, -180 to 180.' })
  longitude: number;

  @Field(() => Float, { description: 'How far around it, above 0 up to 1,000 kilometres.' })
  radiusKm: number;
}

@ArgsType()
export class ResourceSearchArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Words of the name or the description, or their beginnings, all of which must occur; up to 200 characters, of which the first ten words count.',
  })
  text?: string | null;

  @Field(() => ResourceKindEnum, { nullable: true, description: 'Of one sort only.' })
  kind?: ResourceKind | null;

  @Field(() => NearInput, { nullable: true, description: 'Only things within a circle, nearest first.' })
  near?: NearInput | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Only what could be booked from then, with `freeTo`.',
  })
  freeFrom?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Only what could be booked until then, with `freeFrom`.',
  })
  freeTo?: Date | null;

  @Field(() => Int, { nullable: true, description: 'So many pieces of it, 1 to 100,000; 1 if absent.' })
  quantity?: number | null;
}
