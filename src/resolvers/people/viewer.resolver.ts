import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AccessToken } from '../../entities/access-token.ts';
import type { Person } from '../../entities/person.ts';
import type { Session } from '../../entities/session.ts';
import { AccessTokenType } from '../../schema/people/access-token.ts';
import { PersonType } from '../../schema/people/person.ts';
import { SecondFactorType } from '../../schema/people/second-factor.ts';
import { SessionType } from '../../schema/people/session.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { accessTokensOf } from '../../services/people/access-tokens.ts';
import { requirePerson } from '../../services/people/authenticate.ts';
import { secondFactorOf } from '../../services/people/second-factor.ts';
import { sessionsOf } from '../../services/people/sessions.ts';
import type { Context } from '../context.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { description: 'The person who is signed in, with all that is theirs.' })
  viewer(@Ctx() ctx: Context): ViewerType {
    return { personId: requirePerson(ctx.actor).personId };
  }

  @FieldResolver(() => PersonType, { description: 'The person.' })
  person(@Root() viewer: ViewerType, @Ctx() ctx: Context): Promise<Person> {
    return ctx.loaders.person(viewer.personId);
  }

  @FieldResolver(() => [SessionType], {
    description: 'Sessions that have not ended, newest first; at most 50.',
  })
  sessions(@Ctx() ctx: Context): Promise<Session[]> {
    return sessionsOf({ db: ctx.db, actor: requirePerson(ctx.actor), now: ctx.now });
  }

  @FieldResolver(() => [AccessTokenType], {
    description: 'Access tokens that work now, newest first; a person can have 50.',
  })
  accessTokens(@Ctx() ctx: Context): Promise<AccessToken[]> {
    return accessTokensOf({ db: ctx.db, actor: requirePerson(ctx.actor), now: ctx.now });
  }

  @FieldResolver(() => SecondFactorType, { description: 'One-time codes and recovery codes.' })
  async secondFactor(@Root() viewer: ViewerType, @Ctx() ctx: Context): Promise<SecondFactorType> {
    return secondFactorOf(ctx.db, await ctx.loaders.person(viewer.personId));
  }
}
