import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', {
  description: 'Anything with an id of its own. The first letters of the id say of which kind it is.',
})
export abstract class NodeType {
  @Field(() => ID, {
    description: 'Type-prefixed and time-ordered, such as `acc_01h455vb4pex5vsknk084sn02q`.',
  })
  id: string;
}
