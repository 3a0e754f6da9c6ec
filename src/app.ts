import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { entities } from './entities/index.ts';
import { DAY_MS, MINUTE_MS, type Clock } from './kernel/clock.ts';
import type { Config } from './kernel/config.ts';
import { openDatabase, type Database } from './kernel/database.ts';
import { DatabaseProbe } from './kernel/database-probe.ts';
import { DiskFileStore } from './kernel/disk-file-store.ts';
import { startEmbedded, type EmbeddedOptions } from './kernel/embedded-postgres.ts';
import type { FileStore } from './kernel/file-store.ts';
import { deleteExpired } from './kernel/housekeeping.ts';
import { idempotencyKeyExpiry } from './kernel/idempotency.ts';
import { failedJobExpiry, JobRunner, type JobHandlers, type RecurringJob } from './kernel/jobs.ts';
import { openLog, type Log } from './kernel/log.ts';
import { migrate } from './kernel/migrate.ts';
import { Outbox } from './kernel/outbox.ts';
import { S3FileStore } from './kernel/s3-file-store.ts';
import { unitOfWork, type Left, type Reactions } from './kernel/unit-of-work.ts';
import type { AppServices } from './resolvers/context.ts';
import { buildSchema } from './server/build-schema.ts';
import { makeHttpServer } from './server/http.ts';
import { Metrics } from './server/metrics.ts';
import { makeMetricsServer } from './server/operations.ts';
import { Pictures } from './services/content/pictures.ts';
import { fileJobs } from './services/content/unused-files.ts';
import { TransferBatcher } from './services/ledger/batcher.ts';
import { LedgerChanges } from './services/ledger/changes.ts';
import { settleDueRequests } from './services/ledger/due-requests.ts';
import { DUE_SCHEDULES, scheduleJobs } from './services/ledger/due-schedules.ts';
import { HOLD_EXPIRY, holdJobs } from './services/ledger/hold-expiry.ts';
import { ledgerActions } from './services/ledger/ledger-actions.ts';
import {
  awaitAllPayments,
  awaitPaymentsOf,
  closeMemberAccounts,
  openMemberAccounts,
  openTheBooks,
  settleMemberAccounts,
} from './services/ledger/reactions.ts';
import { networkActions } from './services/networks/network-actions.ts';
import { Mailer } from './services/notifications/mailer.ts';
import { peopleExpiries } from './services/people/expiries.ts';
import { peopleJobs } from './services/people/jobs.ts';
import { Passwords } from './services/people/passwords.ts';
import { openSecretBox } from './services/people/secret-box.ts';
import { Throttle } from './services/people/throttle.ts';
import { bookingJobs, DUE_BOOKINGS } from './services/pools/bookings/due-bookings.ts';
import {
  endBookingsOf,
  endBookingsOfLeaver,
  endBookingsOfThing,
  serveWaitingFor,
} from './services/pools/bookings/endings.ts';
import { revokeFeedsOf } from './services/pools/calendar/feeds.ts';
import { endOffersOf } from './services/pools/ownership/share-offers.ts';
import { poolActions } from './services/pools/pool-actions.ts';
import { endStewardshipsOf } from './services/pools/stewards.ts';
import { BallotBatcher } from './services/proposals/votes/ballot-box.ts';
import { ballotSaltExpiry } from './services/proposals/votes/cast-ballot.ts';
import { ACTION_EXPIRY, actionJobs } from './services/proposals/signatures/action-expiry.ts';
import type { DecisionDeps } from './services/proposals/life/carry-out.ts';
import { DecisionChanges } from './services/proposals/life/changes.ts';
import { DUE_PROPOSALS, PROMPT_JOBS, proposalJobs } from './services/proposals/life/due-proposals.ts';
import { endDelegationsOf } from './services/proposals/votes/delegations.ts';
import { reopenDues } from './services/treasury/collection.ts';
import { treasuryActions } from './services/treasury/dues-actions.ts';
import { chargeDaily, DAILY_CHARGES } from './services/treasury/jobs.ts';
import { migrations, privileges } from '../migrations/index.ts';

/** Everything that a process of Mutuality consists of, joined and not yet listening. */
export interface App {
  services: AppServices;
  database: Database;
  jobs: JobRunner;
  outbox: Outbox;
  server: FastifyInstance;
  /** Listens on a port of its own, if the configuration names one. */
  metricsServer: FastifyInstance | null;
  close(): Promise<void>;
}

/** The addresses of the database by role, and how to let go of it. */
export interface DatabaseAccess {
  appUrl: string;
  ownerUrl: string;
  close(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL, or takes the one that the configuration names. A command may join the one of a
 * running server; a server that did would lose it when the other ends.
 */
export async function openDatabaseAccess(
  config: Config,
  log: Log,
  options: Pick<EmbeddedOptions, 'mayJoin' | 'onLost'> = { mayJoin: true },
): Promise<DatabaseAccess> {
  const { url, ownerUrl } = config.database;
  if (url) {
    if (!ownerUrl || ownerUrl === url) {
      log.warn(
        'DATABASE_OWNER_URL is not set: the server could rewrite its own books. See docs/operations.md',
      );
    }
    return { appUrl: url, ownerUrl: ownerUrl ?? url, close: async () => {} };
  }
  const embedded = await startEmbedded({
    ...options,
    dataDir: path.join(config.dataDir, 'postgres'),
    log: (line) => log.debug({ postgres: line }),
  });
  log.info({ directory: embedded.dataDir }, 'PostgreSQL runs');
  return { appUrl: embedded.url('app'), ownerUrl: embedded.url('owner'), close: () => embedded.stop() };
}

/** Brings the tables up to date and grants the serving role what it needs. */
export function migrateDatabase({ appUrl, ownerUrl }: DatabaseAccess): Promise<string[]> {
  const appRole = appUrl === ownerUrl ? null : roleOf(appUrl);
  return migrate({ ownerUrl, appRole, migrations, privileges });
}

function roleOf(url: string): string {
  const { user } = new pg.Client(url);
  if (!user) throw new Error('DATABASE_URL names no user');
  return user;
}

// Areas that do not know each other meet here.
const reactions: Reactions = {
  NetworkCreated: [openTheBooks],
  NetworkArchived: [awaitAllPayments],
  MembershipActivated: [openMemberAccounts],
  MembershipSuspended: [awaitPaymentsOf],
  // What bookings hold is given back before accounts are closed.
  MembershipLeft: [
    endBookingsOfLeaver,
    closeMemberAccounts,
    endDelegationsOf,
    revokeFeedsOf,
    endStewardshipsOf,
    endOffersOf,
  ],
  MembershipExpelled: [
    endBookingsOf,
    settleMemberAccounts,
    endDelegationsOf,
    revokeFeedsOf,
    endStewardshipsOf,
    endOffersOf,
  ],
  ResourceRetired: [endBookingsOfThing],
  ResourceUpdated: [serveWaitingFor],
  ResourceConditionReported: [serveWaitingFor],
  MaintenanceRecorded: [serveWaitingFor],
  MaintenancePlanEnded: [serveWaitingFor],
  TransferReversed: [reopenDues],
};

// What a community can decide to do, and who does it.
const decisions: DecisionDeps = {
  handlers: new Map([...networkActions, ...ledgerActions, ...treasuryActions, ...poolActions]),
  reactions,
};

const recurringJobs: RecurringJob[] = [
  { kind: 'housekeeping', everyMs: DAY_MS },
  DAILY_CHARGES,
  { kind: 'dueRequests', everyMs: MINUTE_MS },
  HOLD_EXPIRY,
  DUE_SCHEDULES,
  DUE_PROPOSALS,
  ACTION_EXPIRY,
  DUE_BOOKINGS,
];

export interface AppOptions {
  config: Config;
  clock: Clock;
  databaseUrl: string;
  log?: Log;
}

/** Builds all parts and joins them: the one place that knows every part. */
export async function makeApp({
  config,
  clock,
  databaseUrl,
  log = openLog(config),
}: AppOptions): Promise<App> {
  const database = await openDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    entities,
    // Not the error itself: pg hangs the whole client on it.
    onConnectionError: ({ name, message }) => log.warn({ name, message }, 'a database connection broke'),
  });
  const mailer = new Mailer(config, log);
  const outbox = new Outbox({ db: database.db, url: databaseUrl, log });
  const onCommit = ({ hasJobs, hasEvents }: Left) => {
    if (hasJobs) jobs.wake();
    if (hasEvents) outbox.hint();
  };
  const run = unitOfWork({ database, clock, reactions, onCommit });
  const secretBox = await openSecretBox(config);
  const throttle = new Throttle(database.pool);
  const services: AppServices = {
    config,
    clock,
    db: database.db,
    run,
    log,
    ledger: {
      db: database.db,
      clock,
      batcher: new TransferBatcher(database.db, clock, () => outbox.hint()),
    },
    decisions,
    ballots: {
      db: database.db,
      clock,
      batcher: new BallotBatcher(database.db, clock, () => outbox.hint()),
      secretBox,
    },
    changes: new LedgerChanges(database.db, outbox),
    decisionChanges: new DecisionChanges(outbox),
    people: {
      config,
      clock,
      db: database.db,
      run,
      secretBox,
      passwords: new Passwords(config.passwordMemoryKib),
      throttle,
    },
    files: {
      config,
      clock,
      db: database.db,
      run,
      store: await openFileStore(config),
      pictures: new Pictures(),
      secretBox,
      throttle,
    },
  };
  const handlers: JobHandlers = {
    letter: (job: never) => mailer.send(job),
    housekeeping: async (_, now) => {
      const expiries = [...peopleExpiries, idempotencyKeyExpiry, ballotSaltExpiry, failedJobExpiry];
      const deleted = await deleteExpired(database.db, expiries, now);
      log.info({ deleted }, 'housekeeping is done');
    },
    dueRequests: async () => {
      await settleDueRequests({ db: database.db, run, clock });
    },
    ...holdJobs({ db: database.db, run }),
    ...scheduleJobs({ db: database.db, run }),
    [DAILY_CHARGES.kind]: async (_, now) => {
      const charges = await chargeDaily({ db: database.db, run }, now);
      log.info(charges, 'unfinished runs and unpaid dues were looked at');
    },
    ...actionJobs({ db: database.db, run }),
    ...bookingJobs({ db: database.db, run }),
    ...proposalJobs({ db: database.db, run, decisions: services.decisions }),
    ...peopleJobs(services.people),
    ...fileJobs(services.files),
  };
  const jobs = new JobRunner(database.db, clock, log, handlers, recurringJobs, PROMPT_JOBS);
  const probe = new DatabaseProbe(databaseUrl);
  await probe.start();
  const metrics = new Metrics({ pool: database.pool, probe, clock });
  const server = await makeHttpServer(services, buildSchema(), { config, probe, metrics });
  const metricsServer = config.metrics.port === null ? null : makeMetricsServer(metrics);
  return {
    services,
    database,
    jobs,
    outbox,
    server,
    metricsServer,
    async close() {
      await drain(server);
      await metricsServer?.close();
      probe.stop();
      await jobs.stop();
      await outbox.stop();
      mailer.close();
      await database.close();
    },
  };
}

/** The bucket that the configuration names, or a folder of the data directory. */
async function openFileStore({ s3, dataDir }: Config): Promise<FileStore> {
  return s3 ? new S3FileStore(s3) : DiskFileStore.open(path.join(dataDir, 'files'));
}

const DRAIN_MS = 10_000;

/** Answers the requests under way and takes no new ones; who is not done after ten seconds is cut off. */
async function drain(server: FastifyInstance): Promise<void> {
  const timeout = setTimeout(() => server.server.closeAllConnections(), DRAIN_MS);
  await server.close();
  clearTimeout(timeout);
}
