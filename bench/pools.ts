import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { makeApp, migrateDatabase, openDatabaseAccess, type App } from '../src/app.ts';
import { personActor, WITHOUT_LIMIT } from '../src/commands/with-app.ts';
import { Membership } from '../src/entities/membership.ts';
import { DAY_MS, systemClock } from '../src/kernel/clock.ts';
import { readConfig } from '../src/kernel/config.ts';
import { newId } from '../src/kernel/ids.ts';
import { openLog } from '../src/kernel/log.ts';
import { createNetwork } from '../src/services/networks/create-network.ts';
import { registerPerson } from '../src/services/people/register.ts';
import { startSession } from '../src/services/people/sessions.ts';
import { createPool } from '../src/services/pools/pools.ts';
import { addResource } from '../src/services/pools/resources.ts';
import type { Options, Report } from './main.ts';
import { rounded } from './samples.ts';

const BOOKINGS = 1_000;
const THINGS = 10_000;
const ROUNDS = 60;
// What the answer takes beside the SQL that it needs: permissions, rules, and words for the client.
const MAX_RATIO = 3;

/** The library that is asked: a thing that is booked all month, among many. */
interface Library {
  networkId: string;
  poolId: string;
  thingId: string;
  token: string;
}

/** How long do availability and search take, against the plain SQL that answers the same? */
export async function benchPools({ rounds = ROUNDS }: Options): Promise<Report> {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-bench-'));
  await fs.chmod(dataDir, 0o755);
  const config = { ...readConfig({ LOG_LEVEL: 'error', DATA_DIR: dataDir }), host: '127.0.0.1', port: 0 };
  const access = await openDatabaseAccess(config, openLog(config));
  try {
    await migrateDatabase(access);
    const app = await makeApp({ config, clock: systemClock, databaseUrl: access.appUrl });
    const plain = new pg.Client(access.ownerUrl);
    await plain.connect();
    try {
      const library = await givenLibrary(app, plain);
      return await measure(app, plain, { library, rounds });
    } finally {
      await plain.end();
      await app.close();
    }
  } finally {
    await access.close();
    await fs.rm(dataDir, { recursive: true, force: true });
  }
}

async function givenLibrary(app: App, plain: pg.Client): Promise<Library> {
  const { people, run, db } = app.services;
  const system = { kind: 'system', name: 'bench' } as const;
  const sign = { email: 'ana@demo.invalid', password: 'looks after the tools' };
  const { id: personId } = await registerPerson(people, system, { name: 'Ana', ...sign });
  const ana = personActor(personId);
  const { token } = await startSession(people, system, sign);
  const command = { slug: 'tools', name: 'Tools', template: 'TIMEBANK' } as const;
  const { id: networkId } = await run(ana, (tx) => createNetwork(tx, command, WITHOUT_LIMIT));
  const pool = await run(ana, (tx) => createPool(tx, { networkId, name: 'Tools' }));
  const thing = { networkId, poolId: pool.id, kind: 'ITEM', name: 'Chairs', quantity: 100 } as const;
  const { id: thingId } = await run(ana, (tx) => addResource(tx, thing));
  const member = await db.one(Membership, { networkId, personId });
  await copyThings(plain, { networkId, thingId });
  await fillMonth(plain, { networkId, poolId: pool.id, thingId, membershipId: member?.id ?? '', personId });
  await plain.query('analyze');
  return { networkId, poolId: pool.id, thingId, token };
}

/** Things that differ in name and place, and of which every tenth is a drill. */
async function copyThings(
  plain: pg.Client,
  { networkId, thingId }: Pick<Library, 'networkId' | 'thingId'>,
): Promise<void> {
  const columns = await plain.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = 'resource' and is_generated = 'NEVER'`,
  );
  const own: Record<string, string> = {
    id: 'ids.id',
    name: `(array['Drill', 'Saw', 'Ladder', 'Tent', 'Pot', 'Bench', 'Cart', 'Rake', 'Axe', 'Lamp'])[1 + n % 10] || ' ' || n`,
    quantity: '1',
    latitude: '43 + (n % 100) / 100.0',
    longitude: '-3 + (n / 100) / 100.0',
  };
  const names = columns.rows.map(({ name }) => name);
  await plain.query(
    `insert into resource (${names.join(', ')})
     select ${names.map((name) => own[name] ?? `thing.${name}`).join(', ')}
       from resource thing, unnest($3::text[]) with ordinality as ids(id, n)
      where thing.network_id = $1 and thing.id = $2`,
    [networkId, thingId, Array.from({ length: THINGS }, () => newId('resource'))],
  );
}

/** Bookings of an hour to a day, all over the month; of the thing itself, and as many of all the others. */
async function fillMonth(
  plain: pg.Client,
  of: Omit<Library, 'token'> & { membershipId: string; personId: string },
): Promise<void> {
  const ids = Array.from({ length: 2 * BOOKINGS }, () => newId('booking'));
  await plain.query(
    `insert into booking (network_id, id, pool_id, membership_id, state, from_at, until_at, purpose, waits, fee_minor,
            deposit_minor, late_fee_minor, damage_minor, unpaid_minor, cancel_free_minutes, cancel_fee_ppm,
            late_grace_minutes, extension_count, created_by_person_id, created_at)
     select $1, id, $2, $3, 'APPROVED', at, at + (1 + n % 24) * interval '1 hour', '', false, 0, 0, 0, 0, 0, 0, 0, 0, 0, $4, now()
       from (select id, n, now() + interval '1 day' + (n * 7919 % 40320) * interval '1 minute' as at
               from unnest($5::text[]) with ordinality as ids(id, n)) spread`,
    [of.networkId, of.poolId, of.membershipId, of.personId, ids],
  );
  await plain.query(
    `insert into booking_item (network_id, booking_id, resource_id, quantity, occupied_from, occupied_until, is_taken,
            is_single, fee_minor, deposit_minor, late_fee_minor)
     select $1, booking.id, coalesce(others.id, $2), 1, from_at, until_at, true, false, 0, 0, 0
       from unnest($3::text[]) with ordinality as ids(id, n)
       join booking on booking.network_id = $1 and booking.id = ids.id
       left join (select id, row_number() over (order by id) as n from resource where network_id = $1 and id <> $2) others
              on others.n = ids.n - $4`,
    [of.networkId, of.thingId, ids, BOOKINGS],
  );
}

/** The same answers by one statement each, as somebody would write it who asks for nothing else. */
const PLAIN_AVAILABILITY = `
  with taken as (
    select greatest(occupied_from, $3) as from_at, least(occupied_until, $4) as until_at, quantity
      from booking_item
     where network_id = $1 and resource_id = $2 and is_taken
       and tstzrange(occupied_from, occupied_until) && tstzrange($3, $4)
  ), changes as (
    select at, sum(by) as by
      from (select from_at as at, -quantity as by from taken union all select until_at, quantity from taken
            union all select $3, quantity from resource where network_id = $1 and id = $2) each
     group by at
  )
  select at, sum(by) over (order by at) as free from changes order by at`;

const PLAIN_SEARCH = `
  select thing.* from resource thing
   where network_id = $1 and pool_id = $2 and state = 'ACTIVE' and search @@ to_tsquery('simple', $3)
     and latitude between $4 - 0.45 and $4 + 0.45 and longitude between $5 - 0.65 and $5 + 0.65
     and 12742 * asin(sqrt(power(sin(radians(latitude - $4) / 2), 2)
       + cos(radians($4)) * cos(radians(latitude)) * power(sin(radians(longitude - $5) / 2), 2))) <= 50
     and quantity > coalesce((
       select sum(item.quantity) from booking_item item
        where item.network_id = $1 and item.resource_id = thing.id and item.is_taken
          and tstzrange(item.occupied_from, item.occupied_until) && tstzrange($6, $7)), 0)
     and not exists (
       select 1 from maintenance_plan plan
        where plan.network_id = $1 and plan.resource_id = thing.id and plan.ended_at is null
          and (plan.last_done_at + plan.every_days * interval '24 hours' <= now()
               or thing.use_count - plan.last_done_uses >= plan.every_uses))
   order by 12742 * asin(sqrt(power(sin(radians(latitude - $4) / 2), 2)
       + cos(radians($4)) * cos(radians(latitude)) * power(sin(radians(longitude - $5) / 2), 2)))
   limit 20`;

async function measure(
  app: App,
  plain: pg.Client,
  { library, rounds }: { library: Library; rounds: number },
): Promise<Report> {
  const { networkId, poolId, thingId, token } = library;
  const from = new Date();
  const until = new Date(from.getTime() + 31 * DAY_MS);
  const [free, freeTo] = [new Date(from.getTime() + 5 * DAY_MS), new Date(from.getTime() + 6 * DAY_MS)];
  const place = { latitude: 43.5, longitude: -2.5 };
  const variables = {
    thing: thingId,
    pool: poolId,
    from,
    until,
    free,
    freeTo,
    near: { ...place, radiusKm: 50 },
  };
  const questions: Record<string, { query: string; plainly: () => Promise<unknown> }> = {
    availability: {
      query: `query($thing: ID!, $from: DateTime!, $until: DateTime!) {
        node(id: $thing) { ... on Resource { availability(from: $from, to: $until) { from free } } } }`,
      plainly: () => plain.query(PLAIN_AVAILABILITY, [networkId, thingId, from, until]),
    },
    search: {
      query: `query($pool: ID!, $near: NearInput!, $free: DateTime!, $freeTo: DateTime!) {
        node(id: $pool) { ... on Pool {
          search(text: "drill", near: $near, freeFrom: $free, freeTo: $freeTo) { nodes { name } } } } }`,
      plainly: () =>
        plain.query(PLAIN_SEARCH, [
          networkId,
          poolId,
          `'drill':*`,
          place.latitude,
          place.longitude,
          free,
          freeTo,
        ]),
    },
  };
  const figures: Record<string, number> = { bookings: BOOKINGS, things: THINGS };
  for (const [name, { query, plainly }] of Object.entries(questions)) {
    const asked = () => ask(app, token, { query, variables });
    const { answerMs, plainMs } = await inTurns(rounds, asked, plainly);
    figures[`${name}Ms`] = rounded(answerMs);
    figures[`${name}PlainMs`] = rounded(plainMs);
    figures[`${name}Ratio`] = rounded(answerMs / plainMs);
  }
  const broken = Object.keys(questions)
    .filter((name) => !((figures[`${name}Ratio`] ?? NaN) <= MAX_RATIO))
    .map((name) => `${name} takes at most ${MAX_RATIO} times as long as the plain SQL that it needs`);
  return { figures, broken };
}

async function inTurns(
  rounds: number,
  answer: () => Promise<unknown>,
  plainly: () => Promise<unknown>,
): Promise<{ answerMs: number; plainMs: number }> {
  const times = { answer: [] as number[], plain: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.answer.push(await timeOf(answer));
    times.plain.push(await timeOf(plainly));
  }
  return { answerMs: quiet(times.answer), plainMs: quiet(times.plain) };
}

/** What it takes when nothing else goes on: only one round in ten was faster. */
function quiet(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)] ?? NaN;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function ask(app: App, token: string, payload: object): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await app.server.inject({ method: 'POST', url: '/graphql', headers, payload });
  if (response.body.includes('"errors"')) throw new Error(response.body.slice(0, 500));
}
