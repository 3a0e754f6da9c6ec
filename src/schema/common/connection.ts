import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import type { Edge, Page } from '../../kernel/page.ts';

@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows after this page.' })
  hasNextPage: boolean;

  @Field(() => Boolean, {
    description: 'Whether something comes before this page. Lists are read forwards only.',
  })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last item, to be given as `after`.' })
  endCursor: string | null;
}

/** Makes the connection type of a list, as the Relay cursor connection specification shapes it. */
export function connectionOf<Node extends object>(
  name: string,
  nodeType: () => ClassType,
): ClassType<Page<Node>> {
  @ObjectType(`${name}Edge`, { description: `One item of a list of ${name}.` })
  class EdgeType implements Edge<Node> {
    @Field(() => String, { description: 'Opaque; give it as `after` to read on behind this item.' })
    cursor: string;

    @Field(nodeType, { description: 'The item.' })
    node: Node;
  }

  @ObjectType(`${name}Connection`, { description: `One page of a list of ${name}.` })
  class ConnectionType implements Page<Node> {
    @Field(() => [EdgeType], { description: 'The items of this page with their cursors.' })
    edges: EdgeType[];

    @Field(() => PageInfo, { description: 'Whether and where the list goes on.' })
    pageInfo: PageInfo;

    @Field(() => [nodeType()], { description: 'The items of this page without their cursors.' })
    nodes: Node[];
  }
  return ConnectionType;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many items, 1 to 100; 20 if absent.' })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the item behind which to read on; absent for the beginning.',
  })
  after?: string | null;
}
