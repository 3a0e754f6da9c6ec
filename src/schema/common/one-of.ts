import { Extensions } from 'type-graphql';

/** What an input type carries of which exactly one field is given; the built schema then says `@oneOf`. */
export const ONE_OF = 'isOneOf';

/** Marks an input type of which exactly one field is given. */
export function OneOf(): ClassDecorator {
  return Extensions({ [ONE_OF]: true });
}
