import { randomBytes } from 'node:crypto';
import { NETWORK_TEMPLATES, type NetworkTemplateCode } from '../entities/network-template.ts';
import { Person } from '../entities/person.ts';
import type { App } from '../app.ts';
import { CannotStart } from '../kernel/cannot-start.ts';
import { createNetwork } from '../services/networks/create-network.ts';
import { parseEmail } from '../services/people/email.ts';
import { registerPerson } from '../services/people/register.ts';
import { personActor, withApp, WITHOUT_LIMIT } from './with-app.ts';

interface Options {
  name: string;
  template: string;
  email: string;
  slug?: string;
  locale?: string;
  timeZone?: string;
}

/** Makes a network and says how to sign in. */
export async function networkCreateCommand(options: Options): Promise<void> {
  const template = requireTemplate(options.template);
  await withApp(async (app) => {
    const { personId, password } = await founderFor(app, options);
    const network = await app.services.run(personActor(personId), (tx) =>
      createNetwork(tx, { ...options, template, slug: options.slug ?? slugOf(options.name) }, WITHOUT_LIMIT),
    );
    const lines = [`Made ${options.name}: ${network.id}, short name ${network.slug}`];
    if (password)
      lines.push(
        `Sign in as ${options.email} with the password ${password}, and change it with the mutation passwordChange`,
      );
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

function requireTemplate(text: string): NetworkTemplateCode {
  const template = NETWORK_TEMPLATES.find((code) => code === text.toUpperCase().replaceAll('-', '_'));
  if (!template)
    throw new CannotStart(`There is no template ${text}. Choose one of ${NETWORK_TEMPLATES.join(', ')}.`);
  return template;
}

/** The registered person with this address, or a new one with a password that is shown once. */
async function founderFor(
  app: App,
  { email, locale }: Options,
): Promise<{ personId: string; password: string | null }> {
  const { emailKey } = parseEmail(email, 'email');
  const existing = await app.database.db.one(Person, { emailKey });
  if (existing) return { personId: existing.id, password: null };
  const password = randomBytes(12).toString('base64url');
  const name = email.split('@', 1)[0] ?? email;
  const command = { name, email, password, locale: locale ?? null };
  const person = await registerPerson(app.services.people, { kind: 'system', name: 'command line' }, command);
  return { personId: person.id, password };
}

/** A short name made of a name: `Río Abajo!` becomes `rio-abajo`. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '');
}
