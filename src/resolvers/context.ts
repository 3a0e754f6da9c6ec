import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import type { Db } from '../kernel/database.ts';
import type { Log } from '../kernel/log.ts';
import type { RunUnit, Tx } from '../kernel/unit-of-work.ts';
import type { FileDeps } from '../services/content/deps.ts';
import type { LedgerChanges } from '../services/ledger/changes.ts';
import type { LedgerDeps } from '../services/ledger/deps.ts';
import type { BallotDeps } from '../services/proposals/votes/cast-ballot.ts';
import type { PeopleDeps } from '../services/people/deps.ts';
import type { DecisionDeps } from '../services/proposals/life/carry-out.ts';
import type { DecisionChanges } from '../services/proposals/life/changes.ts';
import type { Loaders } from './loaders/loaders.ts';

/** What all requests share; made once by the composition root. */
export interface AppServices {
  config: Config;
  clock: Clock;
  db: Db;
  run: RunUnit;
  people: PeopleDeps;
  files: FileDeps;
  ledger: LedgerDeps;
  ballots: BallotDeps;
  decisions: DecisionDeps;
  changes: LedgerChanges;
  decisionChanges: DecisionChanges;
  log: Log;
}

/** What a resolver works with, made anew for each request. */
export interface Context {
  app: AppServices;
  actor: Actor;
  /** The instant of the request, for reads; a unit of work has its own. */
  now: Date;
  db: Db;
  loaders: Loaders;
  log: Log;
  requestId: string;
  userAgent: string | null;
  run: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Gives a browser its session as a cookie, or takes it away with null. */
  setSessionCookie: (token: string | null) => void;
}
