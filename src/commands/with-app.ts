import { makeApp, migrateDatabase, openDatabaseAccess, type App } from '../app.ts';
import type { Actor } from '../kernel/actor.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { readConfig } from '../kernel/config.ts';
import { openLog } from '../kernel/log.ts';

/**
 * Runs a command on the same parts as the server, without listening. Works beside a running server too: it joins
 * that one's database.
 */
export async function withApp<T>(work: (app: App) => Promise<T>, clock: Clock = systemClock): Promise<T> {
  const config = readConfig();
  const log = openLog({ logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const access = await openDatabaseAccess(config, log);
  try {
    await migrateDatabase(access);
    const app = await makeApp({ config, clock, databaseUrl: access.appUrl, log });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  } finally {
    await access.close();
  }
}

/** A person for whom whoever has access to the machine acts: as in a session with a one-time code, and no more. */
export function personActor(personId: string): Actor {
  return {
    kind: 'person',
    personId,
    address: 'command line',
    isAdministrator: false,
    actingForMembershipId: null,
    credential: { kind: 'session', sessionId: 'command line', hasSecondFactor: true },
  };
}

/** Whoever has the machine makes networks as they like. */
export const WITHOUT_LIMIT = { by: 'ANYONE', mostPerDay: Infinity } as const;
