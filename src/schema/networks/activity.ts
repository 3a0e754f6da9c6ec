import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../common/node.ts';
import { DateTimeScalar } from '../common/scalars.ts';

@ObjectType('NetworkActivity', {
  description: 'Something that has happened in a network, as far as the viewer may know of it.',
})
export class NetworkActivityType {
  @Field(() => String, { description: 'What has happened, such as `ProposalOpened`.' })
  kind: string;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at: Date;

  @Field(() => NodeType, { description: 'What it happened to, as it is now.' })
  subject: NodeType;
}
