import { Field, InputType, ObjectType } from 'type-graphql';
import { MutationPayload } from '../common/payload.ts';

@ObjectType({ description: 'Where the letter goes, or why none is sent.' })
export class EmailVerificationRequestPayload extends MutationPayload {
  @Field(() => String, { nullable: true, description: 'The address that a letter is on its way to.' })
  email?: string;
}

@InputType({ description: 'The proof that somebody reads mail at an address.' })
export class EmailVerifyInput {
  @Field(() => String, { description: 'The secret from the letter. It works once.' })
  secret: string;
}

@ObjectType({ description: 'The address that is proved, or why none is.' })
export class EmailVerifyPayload extends MutationPayload {
  @Field(() => String, { nullable: true, description: 'The person’s address, proved now.' })
  email?: string;
}

@InputType({ description: 'The address that is to be the person’s.' })
export class EmailChangeInput {
  @Field(() => String, { description: 'An address that nobody else is registered with.' })
  newEmail: string;

  @Field(() => String, { description: 'The person’s password.' })
  password: string;
}

@ObjectType({ description: 'Where the letter goes, or why none is sent.' })
export class EmailChangePayload extends MutationPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The new address, to which a letter is on its way. It is the person’s once its secret was given to `emailVerify`.',
  })
  pendingEmail?: string;
}
