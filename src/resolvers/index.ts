import { EmailResolver } from './people/email.resolver.ts';
import { PasswordResolver } from './people/password.resolver.ts';
import { PersonResolver } from './people/person.resolver.ts';
import { SessionResolver } from './people/session.resolver.ts';
import { ViewerResolver } from './people/viewer.resolver.ts';

/** Every resolver class of the API. */
export const resolvers = [EmailResolver, PasswordResolver, PersonResolver, SessionResolver, ViewerResolver];
