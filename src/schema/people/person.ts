import { Field, ObjectType } from 'type-graphql';
import type { Person } from '../../entities/person.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { NodeType } from '../common/node.ts';

@ObjectType('Person', {
  implements: NodeType,
  description: 'Somebody who can sign in. What others see of a person is the profile of each membership.',
})
export class PersonType
  extends NodeType
  implements Pick<Person, 'id' | 'name' | 'email' | 'locale' | 'createdAt'>
{
  @Field(() => String, { description: 'The name that the person gave, up to 100 characters.' })
  name: string;

  @Field(() => String, { description: 'The e-mail address, visible to the person alone.' })
  email: string;

  @Field(() => String, { description: 'Preferred language as a BCP 47 tag, such as `pt-BR`.' })
  locale: string;

  @Field(() => DateTimeScalar, { description: 'When the person registered.' })
  createdAt: Date;
}
