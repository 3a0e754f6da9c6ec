import { Field, InputType, ObjectType } from 'type-graphql';
import { MutationPayload } from '../common/payload.ts';
import { PersonType } from './person.ts';

@InputType({ description: 'What changes about the person who is signed in; absent fields stay as they are.' })
export class PersonUpdateInput {
  @Field(() => String, { nullable: true, description: 'What the person is called, 1 to 100 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Preferred language as a BCP 47 tag, such as `pt-BR`.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The person as they are now, or why nothing changed.' })
export class PersonUpdatePayload extends MutationPayload {
  @Field(() => PersonType, { nullable: true, description: 'The person with the changes.' })
  person?: PersonType;
}
