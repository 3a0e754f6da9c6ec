import { Field, InputType, ObjectType } from 'type-graphql';
import { MutationPayload } from '../common/payload.ts';
import { PersonType } from './person.ts';

@InputType({ description: 'Who registers.' })
export class PersonRegisterInput {
  @Field(() => String, { description: 'What the person is called, 1 to 100 characters.' })
  name: string;

  @Field(() => String, {
    description: 'An e-mail address, unique whatever its case. A letter is sent to prove it.',
  })
  email: string;

  @Field(() => String, { description: 'A password of 10 to 200 characters.' })
  password: string;

  @Field(() => String, {
    nullable: true,
    description: 'Preferred language as a BCP 47 tag; the server’s own if absent.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The registered person, or why there is none.' })
export class PersonRegisterPayload extends MutationPayload {
  @Field(() => PersonType, { nullable: true, description: 'The new person, not yet signed in.' })
  person?: PersonType;
}
