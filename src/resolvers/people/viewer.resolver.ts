import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Person } from '../../entities/person.ts';
import type { Session } from '../../entities/session.ts';
import { PersonType } from '../../schema/people/person.ts';
import { SessionType } from '../../schema/people/session.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { requirePerson } from '../../services/people/authenticate.ts';
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
}
