import { Person } from '../../entities/person.ts';
import { NotFound } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { parseEmail } from './email.ts';

/**
 * Makes somebody an administrator of the server, or no longer. Only the command line does this: whoever has the
 * machine has the server anyhow.
 *
 * @throws NotFound if nobody is registered with the address
 */
export async function setAdministrator(tx: Tx, email: string, isAdministrator: boolean): Promise<Person> {
  const person = await tx.db.lock(Person, { emailKey: parseEmail(email, 'email').emailKey });
  if (!person) throw new NotFound('Person');
  await tx.db.update(Person, { id: person.id }, { isAdministrator });
  return { ...person, isAdministrator };
}
