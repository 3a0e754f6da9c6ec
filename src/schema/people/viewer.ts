import { ObjectType } from 'type-graphql';

@ObjectType('Viewer', { description: 'Everything that belongs to the person who is signed in.' })
export class ViewerType {
  /** The person whose request it is. */
  personId: string;
}
