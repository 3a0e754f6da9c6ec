import { AccessTokenResolver } from './people/access-token.resolver.ts';
import { EmailResolver } from './people/email.resolver.ts';
import { PasswordResolver } from './people/password.resolver.ts';
import { PersonResolver } from './people/person.resolver.ts';
import { SecondFactorResolver } from './people/second-factor.resolver.ts';
import { SessionResolver } from './people/session.resolver.ts';
import { ViewerResolver } from './people/viewer.resolver.ts';

/** Every resolver class of the API. */
export const resolvers = [
  AccessTokenResolver,
  EmailResolver,
  PasswordResolver,
  PersonResolver,
  SecondFactorResolver,
  SessionResolver,
  ViewerResolver,
];
