import { Field, ObjectType } from 'type-graphql';
import { MutationError } from './errors.ts';

/** What every mutation answers beside its object. */
@ObjectType({ description: 'What a mutation answers.' })
export abstract class MutationPayload {
  @Field(() => [MutationError], { description: 'Why nothing was changed; empty if it was done.' })
  errors: MutationError[];
}
