import { Field, ID, InputType } from 'type-graphql';

/** What every input of a change in a network begins with. */
@InputType({ description: 'A change in a network.' })
export abstract class NetworkInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

/** The same for what moves value and must not be done twice. */
@InputType({ description: 'A change in a network that is made once for its key.' })
export abstract class OnceInput extends NetworkInput {
  @Field(() => ID, {
    description:
      'Chosen by the client, 1 to 128 printable characters. The same key with the same content executes once.',
  })
  idempotencyKey: string;
}
