import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeApp, migrateDatabase, openDatabaseAccess, type App } from '../src/app.ts';
import { personActor, WITHOUT_LIMIT } from '../src/commands/with-app.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { readConfig } from '../src/kernel/config.ts';
import { openLog } from '../src/kernel/log.ts';
import { createNetwork } from '../src/services/networks/create-network.ts';
import { applyForMembership } from '../src/services/networks/admission.ts';
import { registerPerson } from '../src/services/people/register.ts';
import { startSession } from '../src/services/people/sessions.ts';
import type { Report } from './main.ts';

const FEW = 5;
const MANY = 300;
const ROUNDS = 60;
// What a viewer waits for must not grow with how many other communities the server holds.
const MAX_RATIO = 2;

const QUERIES: Record<string, string> = {
  members:
    '{ network(slug: "bench-0") { name memberCount members(first: 20) { nodes { displayName skills } } } }',
  viewer:
    '{ viewer { memberships(first: 5) { nodes { network { name } accounts { nodes { balance { value } } } } } } }',
  node: '{ node(id: "ACCOUNT") { id ... on Account { balance { value } } } }',
};

/** One person in five networks, then in three hundred on the same server: do the same questions take the same time? */
export async function benchNetworks(): Promise<Report> {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-bench-'));
  await fs.chmod(dataDir, 0o755);
  const config = { ...readConfig({ LOG_LEVEL: 'error', DATA_DIR: dataDir }), host: '127.0.0.1', port: 0 };
  const access = await openDatabaseAccess(config, openLog(config));
  try {
    await migrateDatabase(access);
    const app = await makeApp({ config, clock: systemClock, databaseUrl: access.appUrl });
    try {
      return await measure(app);
    } finally {
      await app.close();
    }
  } finally {
    await access.close();
    await fs.rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(app: App): Promise<Report> {
  const { people, run } = app.services;
  const system = { kind: 'system', name: 'bench' } as const;
  const sign = { email: 'ana@demo.invalid', password: 'in many networks' };
  const ana = personActor((await registerPerson(people, system, { name: 'Ana', ...sign })).id);
  const ben = personActor(
    (await registerPerson(people, system, { name: 'Ben', ...sign, email: 'ben@demo.invalid' })).id,
  );
  const { token } = await startSession(people, system, sign);
  await app.server.listen({ host: '127.0.0.1', port: 0 });

  const grow = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index++) {
      const command = { slug: `bench-${index}`, name: `Bench ${index}`, template: 'MUTUAL_AID' } as const;
      const network = await run(ana, (tx) => createNetwork(tx, command, WITHOUT_LIMIT));
      await run(ben, (tx) => applyForMembership(tx, { networkId: network.id, acceptedTermsVersion: 1 }));
    }
  };
  await grow(0, FEW);
  const few = await medians(app, token);
  await grow(FEW, MANY);
  const many = await medians(app, token);

  const figures: Record<string, number> = { fewNetworks: FEW, manyNetworks: MANY };
  for (const name of Object.keys(QUERIES)) {
    figures[`${name}MsFew`] = rounded(few[name]);
    figures[`${name}MsMany`] = rounded(many[name]);
    figures[`${name}Ratio`] = rounded((many[name] ?? NaN) / (few[name] ?? NaN));
  }
  const broken = Object.keys(QUERIES)
    .filter((name) => !((figures[`${name}Ratio`] ?? NaN) <= MAX_RATIO))
    .map((name) => `${name} takes at most ${MAX_RATIO} times as long among many networks`);
  return { figures, broken };
}

async function medians(app: App, token: string): Promise<Record<string, number>> {
  const account = await app.database.db.row<{ id: string }>(
    `select a.id from account a join network n on n.id = a.network_id
      where n.slug = 'bench-0' and a.membership_id is not null order by a.id limit 1`,
  );
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, query] of Object.entries(QUERIES)) {
      const startedAt = performance.now();
      await ask(app, token, query.replace('ACCOUNT', account?.id ?? ''));
      (times[name] ??= []).push(performance.now() - startedAt);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

async function ask(app: App, token: string, query: string): Promise<void> {
  const response = await app.server.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query },
  });
  if (response.body.includes('"errors"')) throw new Error(response.body);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function rounded(value: number | undefined): number {
  return Math.round((value ?? NaN) * 100) / 100;
}
