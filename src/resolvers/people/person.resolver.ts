import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Person } from '../../entities/person.ts';
import { PersonType } from '../../schema/people/person.ts';
import { PersonRegisterInput, PersonRegisterPayload } from '../../schema/people/register.ts';
import { PersonUpdateInput, PersonUpdatePayload } from '../../schema/people/update.ts';
import { registerPerson } from '../../services/people/register.ts';
import { updatePerson } from '../../services/people/update-person.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering, mutate } from '../mutate.ts';

@Resolver(() => PersonType)
export class PersonResolver {
  @Mutation(() => PersonRegisterPayload, {
    description:
      'Registers a person. Codes: INVALID_EMAIL, TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_LOCALE, EMAIL_TAKEN, TOO_MANY_ATTEMPTS.',
  })
  personRegister(
    @Input(() => PersonRegisterInput) input: PersonRegisterInput,
    @Ctx() ctx: Context,
  ): Promise<PersonRegisterPayload> {
    return answering(async () => ({ person: await registerPerson(ctx.app.people, ctx.actor, input) }));
  }

  @Mutation(() => PersonUpdatePayload, {
    description:
      'Changes the name or language of the person who is signed in. Needs a session. Codes: REQUIRED, TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_TEXT, INVALID_LOCALE.',
  })
  personUpdate(
    @Input(() => PersonUpdateInput) input: PersonUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<PersonUpdatePayload> {
    return mutate(ctx, async (tx) => ({ person: await updatePerson(tx, input) }));
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the person has proved to read mail at this address.',
  })
  isEmailVerified(@Root() person: Person): boolean {
    return person.emailVerifiedAt !== null;
  }
}
