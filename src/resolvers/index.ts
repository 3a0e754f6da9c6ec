import { PersonResolver } from './people/person.resolver.ts';
import { SessionResolver } from './people/session.resolver.ts';
import { ViewerResolver } from './people/viewer.resolver.ts';

/** Every resolver class of the API. */
export const resolvers = [PersonResolver, SessionResolver, ViewerResolver];
