import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { makeApp, migrateDatabase, type App } from '../src/app.ts';
import { personActor, WITHOUT_LIMIT } from '../src/commands/with-app.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { readConfig } from '../src/kernel/config.ts';
import { newId, type IdKind } from '../src/kernel/ids.ts';
import { createNetwork } from '../src/services/networks/create-network.ts';
import { registerPerson } from '../src/services/people/register.ts';
import { hashSecret, newSecret, SESSION_TOKEN_PREFIX } from '../src/services/people/secrets.ts';
import { startSession } from '../src/services/people/sessions.ts';

/** Where a database is, for those who serve and for its owner. */
export interface Urls {
  appUrl: string;
  ownerUrl: string;
}

/** Somebody with an account. */
export interface Holder {
  personId: string;
  accountId: string;
  /** Empty for those who never sign in. */
  token: string;
}

/** One network with a common account and many members who have an account each. */
export interface Community {
  networkId: string;
  unitId: string;
  /** The common account with which everybody deals. */
  hotAccountId: string;
  holders: Holder[];
}

/** All parts of the server in this process, on a database that is migrated before. */
export async function openApp(urls: Urls): Promise<App> {
  await migrateDatabase({ ...urls, close: async () => {} });
  const config = readConfig({ LOG_LEVEL: 'error', PASSWORD_MEMORY_KIB: '8' });
  return makeApp({ config, clock: systemClock, databaseUrl: urls.appUrl });
}

/**
 * Makes a network through the services, then members after the image of its founder by SQL: ten thousand who apply and are
 * admitted would take longer than the measurement. The limits are looked at as always and are so wide that nobody meets them.
 */
export async function givenCommunity(
  app: App,
  ownerUrl: string,
  { accounts, sessions }: { accounts: number; sessions: number },
): Promise<Community> {
  const { people, run } = app.services;
  const system = { kind: 'system', name: 'bench' } as const;
  const sign = { email: 'founder@demo.invalid', password: randomBytes(12).toString('hex') };
  const founder = await registerPerson(people, system, { name: 'Fay', ...sign });
  await startSession(people, system, sign);
  const command = { slug: 'bench', name: 'Bench', template: 'TIMEBANK' } as const;
  const network = await run(personActor(founder.id), (tx) => createNetwork(tx, command, WITHOUT_LIMIT));
  const holders = newHolders(accounts, sessions);
  return withClient(ownerUrl, async (client) => {
    await copyFounder(client, holders);
    await client.query(
      `update unit_policy set limit_kind = 'FIXED', floor_minor = -1e15, ceiling_minor = 1e15`,
    );
    const { rows } = await client.query<{ id: string; unit_id: string }>(
      `update account set floor_minor = null, ceiling_minor = null where holder_kind = 'NETWORK' returning id, unit_id`,
    );
    await client.query('vacuum analyze');
    const [common] = rows;
    if (!common) throw new Error('The template has no common account');
    return { networkId: network.id, unitId: common.unit_id, hotAccountId: common.id, holders };
  });
}

/** Lets more join who never sign in. */
export async function addMembers(ownerUrl: string, count: number): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    await copyFounder(client, newHolders(count, 0));
    await client.query('vacuum analyze');
  });
}

function newHolders(accounts: number, sessions: number): Holder[] {
  return Array.from({ length: accounts }, (_, index) => ({
    personId: newId('person'),
    accountId: newId('account'),
    token: index < sessions ? SESSION_TOKEN_PREFIX + newSecret() : '',
  }));
}

/** Whatever columns there are, the copies differ from the founder's rows only where they must. */
async function copyFounder(client: pg.Client, holders: readonly Holder[]): Promise<void> {
  const ids = (kind: IdKind, of: readonly unknown[] = holders) => of.map(() => newId(kind));
  const people = holders.map(({ personId }) => personId);
  const memberships = ids('membership');
  await copyRows(client, 'person', {
    id: people,
    email: people.map((id) => `${id}@demo.invalid`),
    email_key: people.map((id) => `${id}@demo.invalid`),
  });
  await copyRows(client, 'membership', { id: memberships, person_id: people });
  await copyRows(client, 'account', {
    id: holders.map(({ accountId }) => accountId),
    membership_id: memberships,
  });
  const signedIn = holders.filter(({ token }) => token);
  await copyRows(client, 'session', {
    id: ids('session', signedIn),
    person_id: signedIn.map(({ personId }) => personId),
    token_hash: signedIn.map(({ token }) => `\\x${hashSecret(token).toString('hex')}`),
  });
}

async function copyRows(client: pg.Client, table: string, columns: Record<string, string[]>): Promise<void> {
  const names = Object.keys(columns);
  const original = `select ctid from ${table} ${table === 'account' ? 'where membership_id is not null' : ''} limit 1`;
  await client.query(
    `with copy as materialized (
       select jsonb_populate_record(t, to_jsonb(n)) as row
         from ${table} as t,
              unnest(${names.map((_, index) => `$${index + 1}::text[]`).join(', ')}) as n (${names.join(', ')})
        where t.ctid = (${original}))
     insert into ${table} select (row).* from copy`,
    Object.values(columns),
  );
}

/** A connection of its own for as long as the work takes. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
