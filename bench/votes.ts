import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { App } from '../src/app.ts';
import { Proposal } from '../src/entities/proposal.ts';
import { after, SECOND_MS } from '../src/kernel/clock.ts';
import { startEmbedded } from '../src/kernel/embedded-postgres.ts';
import { packageRoot } from '../src/kernel/package-root.ts';
import { closeDueProposal } from '../src/services/proposals/life/close.ts';
import { executeDueProposal } from '../src/services/proposals/life/execute.ts';
import { givenCommunity, openApp, type Community, type Urls } from './community.ts';
import type { Options, Report } from './main.ts';
import { median, rounded, type Sample } from './samples.ts';
import { inTemporaryDirectory, startServer, stopServer } from './server-process.ts';
import { benchLastMinute } from './votes-crash.ts';
import { MUTATIONS, type MutationName, type Round, type RoundDone, type Target } from './votes-load.ts';
import { endNow, givenVote } from './votes-made.ts';
import { measureOpening } from './votes-open.ts';

const VOTERS = 5_000;
const OPENING_FOR = 10_000;
const ROUNDS = 3;
const SECONDS = 2;
const CLIENTS = 64;

// What is promised of one run on one machine, whatever the machine.
const MAX_COUNT_MS = 2_000;
const MAX_OPEN_MS = 2_000;
const LEAST_OF_CHEAPEST = 0.5;

/**
 * Lets five thousand members vote: how fast ballots are cast beside the cheapest mutation of the same server, how long it takes until
 * their vote is counted and carried out, what becomes of the ballots of the last minute when the server is killed in it, and how
 * long a vote of ten thousand takes to open.
 */
export function benchVotes({ rounds = ROUNDS, seconds = SECONDS }: Options): Promise<Report> {
  return inTemporaryDirectory(async (directory) => {
    const postgres = await startEmbedded({ dataDir: path.join(directory, 'postgres') });
    const urls = { appUrl: postgres.url('app'), ownerUrl: postgres.url('owner') };
    const app = await openApp(urls);
    try {
      const community = await givenCommunity(app, urls.ownerUrl, { accounts: VOTERS, sessions: VOTERS });
      const settings = serverSettings(urls, directory);
      const rates = await measureRates(app, community, { settings, rounds, seconds });
      const last = await benchLastMinute(app, community, settings);
      const counts = await measureCounts(app, community, urls.ownerUrl);
      const opening = { ownerUrl: urls.ownerUrl, members: OPENING_FOR };
      const openings = await measureOpening(app, community, opening);
      return reportOf({ ...rates, ...last.figures, ...counts, ...openings }, last.broken);
    } finally {
      await app.close();
      await postgres.stop();
    }
  });
}

function serverSettings({ appUrl, ownerUrl }: Urls, directory: string): Record<string, string> {
  // A directory of its own keeps the secret key from one start to the next.
  return { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: path.join(directory, 'data') };
}

interface RateOptions {
  settings: Record<string, string>;
  rounds: number;
  seconds: number;
}

async function measureRates(
  app: App,
  community: Community,
  { settings, rounds, seconds }: RateOptions,
): Promise<Record<string, number>> {
  const server = await startServer(settings);
  const child = fork(path.join(packageRoot(), 'dist/bench/votes-load.js'));
  try {
    const { networkId, holders: members } = community;
    const openProposalId = await givenVote(app, community, { isSecret: false });
    child.send({ url: server.url, networkId, members, openProposalId } satisfies Target);
    const samples = new Map<MutationName, Sample[]>(MUTATIONS.map((name) => [name, []]));
    // The first round makes connections, plans and compiled code; it is not counted.
    for (let round = 0; round <= rounds; round++) {
      for (const mutation of MUTATIONS) {
        const secretProposalIds =
          mutation === 'ballotSecret' ? await givenSecretVotes(app, community, seconds) : [];
        const sample = await play(child, { mutation, clients: CLIENTS, seconds, secretProposalIds });
        if (round > 0) samples.get(mutation)!.push(sample);
      }
    }
    return ratesOf(samples);
  } finally {
    if (child.connected) child.disconnect();
    await stopServer(server);
  }
}

/** As many as nobody can fill in that time. */
function givenSecretVotes(app: App, community: Community, seconds: number): Promise<string[]> {
  const votes = Math.ceil(seconds * 2);
  return Promise.all(Array.from({ length: votes }, () => givenVote(app, community, { isSecret: true })));
}

async function play(child: ChildProcess, round: Round): Promise<Sample> {
  const answered = once(child, 'message');
  child.send(round);
  const [{ sample, wrongAnswer }] = (await answered) as [RoundDone];
  if (wrongAnswer !== null) throw new Error(`The server answered: ${wrongAnswer}`);
  return sample;
}

function ratesOf(samples: ReadonlyMap<MutationName, Sample[]>): Record<string, number> {
  const figures: Record<string, number> = {};
  const cheapest = MUTATIONS.filter((name) => !name.startsWith('ballot'));
  const rateIn = (name: MutationName, round: number) => samples.get(name)![round]!.perSecond;
  const rounds = [...samples.get('ballotOpen')!.keys()];
  for (const name of MUTATIONS) {
    figures[`${name}PerSecond`] = Math.round(median(rounds.map((round) => rateIn(name, round))));
    if (!name.startsWith('ballot')) continue;
    // Two neighbours in one round had the same noise.
    const ratios = rounds.map(
      (round) => rateIn(name, round) / Math.max(...cheapest.map((other) => rateIn(other, round))),
    );
    figures[`${name}ToCheapest`] = rounded(median(ratios));
  }
  return figures;
}

/** From the end of a vote to what it decided: an open and a secret one of everybody. */
async function measureCounts(
  app: App,
  community: Community,
  ownerUrl: string,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const isSecret of [false, true]) {
    const { clock, db } = app.services;
    const closesAt = after(clock.now(), 60 * SECOND_MS);
    const data = {
      accountId: community.holders[0]?.accountId,
      followsPolicy: false,
      floor: '-50',
      ceiling: '50',
    };
    const action = {
      kind: 'limitSet' as const,
      data,
      sentence: 'A limit is set.',
      amount: null,
      seats: null,
    };
    const proposalId = await givenVote(app, community, { isSecret, closesAt, actions: [action] });
    await castAll(app, community, { proposalId, isSecret });
    await endNow(ownerUrl, proposalId);
    const named = { networkId: community.networkId, proposalId };
    const system = { kind: 'system', name: 'bench' } as const;
    const begun = performance.now();
    await app.services.run(system, (tx) => closeDueProposal(tx, named));
    await app.services.run(system, (tx) => executeDueProposal(tx, app.services.decisions, named));
    figures[`count${isSecret ? 'Secret' : 'Open'}Ms`] = Math.round(performance.now() - begun);
    const proposal = await db.one(Proposal, { networkId: community.networkId, id: proposalId });
    if (proposal?.state !== 'EXECUTED' || proposal.outcome?.participants !== VOTERS)
      throw new Error(`The vote came to ${proposal?.state}`);
  }
  return figures;
}

/** Everybody but the founder votes, through the batcher of this process. */
async function castAll(
  { services: { db, ballots } }: App,
  { networkId }: Community,
  { proposalId, isSecret }: { proposalId: string; isSecret: boolean },
): Promise<void> {
  const members = await db.rows<{ id: string; personId: string }>(
    'select id, person_id from membership where network_id = $1 order by id offset 1',
    [networkId],
  );
  const box = { networkId, proposalId };
  const castOne = ({ id: membershipId, personId }: { id: string; personId: string }, index: number) => {
    const vote = { choice: index % 5 === 0 ? 'NO' : 'YES' };
    const mark = ballots.secretBox.tagOf([membershipId]);
    const key = { owner: personId, key: proposalId, hash: mark };
    return isSecret
      ? ballots.batcher.castSecret(box, { membershipId, vote, mark })
      : ballots.batcher.castOpen(box, { membershipId, vote, personId, actingForMembershipId: null, key });
  };
  for (let from = 0; from < members.length; from += 500) {
    const outcomes = await Promise.all(
      members.slice(from, from + 500).map((member, index) => castOne(member, index)),
    );
    if (outcomes.some(({ verdict }) => verdict !== 'CAST')) throw new Error('A ballot was refused');
  }
}

function reportOf(figures: Record<string, number>, broken: string[]): Report {
  const bounds: [boolean, string][] = [
    [figures['countOpenMs']! < MAX_COUNT_MS, `an open vote is counted and carried out in ${MAX_COUNT_MS} ms`],
    [
      figures['countSecretMs']! < MAX_COUNT_MS,
      `a secret vote is counted and carried out in ${MAX_COUNT_MS} ms`,
    ],
    [
      figures['openSlowestMs']! < MAX_OPEN_MS,
      `a vote of ${OPENING_FOR} members is opened in ${MAX_OPEN_MS} ms`,
    ],
    [
      figures['ballotOpenToCheapest']! >= LEAST_OF_CHEAPEST,
      `open ballots come at ${LEAST_OF_CHEAPEST} times the rate of the cheapest mutation`,
    ],
    [
      figures['ballotSecretToCheapest']! >= LEAST_OF_CHEAPEST,
      `secret ballots come at ${LEAST_OF_CHEAPEST} times the rate of the cheapest mutation`,
    ],
  ];
  const own = bounds.filter(([holds]) => !holds).map(([, bound]) => bound);
  return { figures, broken: [...own, ...broken] };
}
