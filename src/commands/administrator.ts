import { CannotStart } from '../kernel/cannot-start.ts';
import { NotFound } from '../kernel/errors.ts';
import { setAdministrator } from '../services/people/administrators.ts';
import { withApp } from './with-app.ts';

export async function administratorCommand(email: string, isAdministrator: boolean): Promise<void> {
  await withApp(async (app) => {
    const actor = { kind: 'system', name: 'command line' } as const;
    const person = await app.services
      .run(actor, (tx) => setAdministrator(tx, email, isAdministrator))
      .catch((error: unknown) => {
        throw error instanceof NotFound
          ? new CannotStart(`Nobody is registered with the address ${email}.`)
          : error;
      });
    const now = isAdministrator ? 'is an administrator' : 'is no administrator';
    process.stdout.write(`${person.email} ${now} of this server\n`);
  });
}
