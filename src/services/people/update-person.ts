import { Person } from '../../entities/person.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { boundedText, requireLocale } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireSession } from './authenticate.ts';

/** Absent leaves a value as it is; none of them can be cleared. */
export interface UpdatePerson {
  name?: string | null;
  locale?: string | null;
}

/**
 * Changes what a person is called and in which language letters to them are written.
 *
 * @throws InvalidInput REQUIRED for null, TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_TEXT, INVALID_LOCALE
 */
export async function updatePerson(tx: Tx, { name, locale }: UpdatePerson): Promise<Person> {
  const { personId } = requireSession(tx.actor);
  if (name === null) throw new InvalidInput('REQUIRED', 'name');
  if (locale === null) throw new InvalidInput('REQUIRED', 'locale');
  const changes: Partial<Person> = {
    ...(name !== undefined && { name: boundedText(name, 'name', { max: 100 }) }),
    ...(locale !== undefined && { locale: requireLocale(locale, 'locale') }),
  };
  if (Object.keys(changes).length > 0) await tx.db.update(Person, { id: personId }, changes);
  return existingPerson(tx, personId);
}

/** The row of a person who is signed in, and so exists; people are never deleted. */
export async function existingPerson({ db }: Pick<Tx, 'db'>, personId: string): Promise<Person> {
  const person = await db.one(Person, { id: personId });
  if (!person) throw new Error(`A row that must exist is missing: ${personId}`);
  return person;
}
