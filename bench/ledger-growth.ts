import path from 'node:path';
import type { App } from '../src/app.ts';
import { Account } from '../src/entities/account.ts';
import { startEmbedded, type EmbeddedPostgres } from '../src/kernel/embedded-postgres.ts';
import { encodeCursor } from '../src/kernel/page.ts';
import { listEntries } from '../src/services/ledger/statements.ts';
import { givenCommunity, openApp, withClient, type Community, type Urls } from './community.ts';
import { proveBooks } from './ledger-check.ts';
import { fillLedger } from './ledger-fill.ts';
import { postByEngine, randomPayment } from './ledger-modes.ts';
import type { Options, Report } from './main.ts';
import { load, median, rounded } from './samples.ts';
import { inTemporaryDirectory } from './server-process.ts';

const ROUNDS = 5;
const SECONDS = 2;
const ACCOUNTS = 10_000;
const CLIENTS = 64;
const SMALL = 10_000;
const MIDDLE = 100_000;
const LARGE = 10_000_000;
const PAGE = 20;

// A year's books must not be felt.
const LEAST_ENGINE = 0.8;
const MOST_READ = 1.5;

/** Posts and reads where there is little and where there is much, in turns: databases of different size in one PostgreSQL. */
export function benchGrowth(options: Options): Promise<Report> {
  return inTemporaryDirectory(async (directory) => {
    const postgres = await startEmbedded({ dataDir: path.join(directory, 'postgres') });
    try {
      const community = await prepare(postgres, options.entries ?? LARGE);
      const large = await openApp(urlsOf(postgres, 'large'));
      try {
        const engine = await playEngine(postgres, large, community, options);
        const reads = await playReads(postgres, large, community, options);
        return await reportOf(postgres, { ...engine, ...reads });
      } finally {
        await large.close();
      }
    } finally {
      await postgres.stop();
    }
  });
}

function urlsOf(postgres: EmbeddedPostgres, database?: string): Urls {
  return { appUrl: postgres.url('app', database), ownerUrl: postgres.url('owner', database) };
}

/** The same community in databases with more and more behind it. */
async function prepare(postgres: EmbeddedPostgres, entries: number): Promise<Community> {
  const urls = urlsOf(postgres);
  const app = await openApp(urls);
  const community = await givenCommunity(app, urls.ownerUrl, { accounts: ACCOUNTS, sessions: 1 });
  await app.close();
  for (const [database, count] of Object.entries({ small: SMALL, middle: MIDDLE, large: entries })) {
    console.error(`Writing ${count} entries …`);
    await copyDatabase(postgres, 'mutuality', database);
    await fillLedger(postgres.url('owner', database), community, count);
  }
  return community;
}

function copyDatabase(postgres: EmbeddedPostgres, from: string, to: string): Promise<void> {
  return withClient(postgres.url('superuser', 'postgres'), async (client) => {
    await client.query(`drop database if exists ${to} with (force)`);
    await client.query(`create database ${to} template ${from} owner mutuality_owner strategy file_copy`);
  });
}

/** The small books are small anew in each round. */
async function playEngine(
  postgres: EmbeddedPostgres,
  large: App,
  community: Community,
  { rounds = ROUNDS, seconds = SECONDS }: Options,
) {
  const play = async (app: App): Promise<number> => {
    const one = () => postByEngine(app, community, randomPayment(community, { isHot: false }));
    await load({ clients: CLIENTS, seconds: 0.3 }, one);
    return (await load({ clients: CLIENTS, seconds }, one)).perSecond;
  };
  const rates: { small: number; large: number }[] = [];
  for (let round = 1; round <= rounds; round++) {
    console.error(`Posting: round ${round} of ${rounds} …`);
    await copyDatabase(postgres, 'small', 'fresh');
    const app = await openApp(urlsOf(postgres, 'fresh'));
    const small = await play(app);
    await app.close();
    rates.push({ small, large: await play(large) });
  }
  return {
    enginePerSecondSmall: Math.round(median(rates.map(({ small }) => small))),
    enginePerSecondLarge: Math.round(median(rates.map((rate) => rate.large))),
    engineRatio: rounded(median(rates.map((rate) => rate.large / rate.small))),
  };
}

/** Asks about the account with most entries: a quarter of all are its. */
async function playReads(
  postgres: EmbeddedPostgres,
  large: App,
  community: Community,
  { rounds = ROUNDS, seconds = SECONDS }: Options,
) {
  const middle = await openApp(urlsOf(postgres, 'middle'));
  const reads = { page: readPage, balance: readBalance };
  const figures: Record<string, number> = {};
  try {
    for (const [name, read] of Object.entries(reads)) {
      console.error(`Reading: ${name} …`);
      const times: { middle: number; large: number }[] = [];
      for (let round = 0; round <= rounds; round++) {
        const one = {
          middle: await timeOf(middle, community, seconds, read),
          large: await timeOf(large, community, seconds, read),
        };
        if (round > 0) times.push(one);
      }
      figures[`${name}MsMiddle`] = rounded(median(times.map((time) => time.middle)));
      figures[`${name}MsLarge`] = rounded(median(times.map((time) => time.large)));
      figures[`${name}Ratio`] = rounded(median(times.map((time) => time.large / time.middle)));
    }
  } finally {
    await middle.close();
  }
  return figures;
}

type Read = (app: App, account: Account) => Promise<boolean>;

async function timeOf(app: App, community: Community, seconds: number, read: Read): Promise<number> {
  const { networkId, hotAccountId } = community;
  const account = await app.database.db.one(Account, { networkId, id: hotAccountId });
  if (!account) throw new Error('The common account is gone');
  const sample = await load({ clients: 1, seconds: seconds / 2 }, () => read(app, account));
  if (sample.failed > 0) throw new Error('A read found nothing');
  return sample.p50;
}

/** A page of a statement, from anywhere in it. */
async function readPage({ database }: App, account: Account): Promise<boolean> {
  const count = Number(account.entryCount);
  const after = encodeCursor([BigInt(2 + Math.floor(Math.random() * count))]);
  const { nodes } = await listEntries(database.db, account, {}, { first: PAGE, after });
  return nodes.length > 0;
}

const BALANCE_AT = `
  select balance_after_minor from entry
   where network_id = $1 and account_id = $2 and seq = (select ledger_seq_at($1, $2, $3, $4))`;

/** What was in an account at some time of the year. */
async function readBalance({ database }: App, account: Account): Promise<boolean> {
  const at = new Date(Date.now() - Math.random() * 300 * 86_400_000);
  const rows = await database.db.rows(BALANCE_AT, [account.networkId, account.id, account.entryCount, at]);
  return rows.length === 1;
}

async function reportOf(postgres: EmbeddedPostgres, figures: Record<string, number>): Promise<Report> {
  const { engineRatio = NaN, pageRatio = NaN, balanceRatio = NaN } = figures;
  const bounds: [holds: boolean, sentence: string][] = [
    [engineRatio >= LEAST_ENGINE, `the engine keeps ${LEAST_ENGINE} of its rate when the books are large`],
    [pageRatio <= MOST_READ, `a page of a statement takes at most ${MOST_READ} times as long in large books`],
    [balanceRatio <= MOST_READ, `a past balance takes at most ${MOST_READ} times as long in large books`],
  ];
  const broken = bounds.filter(([holds]) => !holds).map(([, sentence]) => sentence);
  console.error('Proving the large books …');
  const begunAt = performance.now();
  const faults = await proveBooks(postgres.url('app', 'large'));
  const checkSeconds = Math.round((performance.now() - begunAt) / 1000);
  return { figures: { ...figures, checkSeconds }, broken: [...broken, ...faults] };
}
