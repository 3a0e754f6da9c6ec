import { tallyMethod } from '../src/governance/tally/index.ts';
import type { Contest, TallyMethodName, WeightedVote } from '../src/governance/tally/method.ts';
import { lotOf } from '../src/kernel/lot.ts';

// A process of its own for each method, so that none is charged with what another one left behind.

export interface CountOrder {
  method: TallyMethodName;
  seed: number;
}

export interface CountDone {
  seconds: number;
  megabytes: number;
}

const RANKED = { voters: 100_000, options: 20, seats: 5 };
const BUDGET = { voters: 6_600, options: 64 };

function count({ method: name, seed }: CountOrder): CountDone {
  const method = tallyMethod(name);
  const isRanked = method.ballotKind === 'RANKING';
  const contest = isRanked ? rankedContest() : budgetContest(seed);
  const votes: WeightedVote<unknown>[] = [];
  for (const ids of isRanked ? rankings(seed) : approvals(seed)) {
    const input = isRanked ? { ranking: ids.map((id) => [id]) } : { approvals: ids };
    const { vote, faults } = method.parseBallot(input, contest);
    if (faults) throw new Error(`${name} refused a ballot: ${JSON.stringify(faults)}`);
    votes.push({ vote, weight: 1n });
  }
  const startedAt = performance.now();
  const { winners } = method.count(contest, votes);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (winners.length === 0) throw new Error(`${name} elected nobody`);
  return { seconds, megabytes: process.resourceUsage().maxRSS / 1024 };
}

function rankedContest(): Contest {
  const options = Array.from({ length: RANKED.options }, (_, place) => ({ id: `candidate ${place}` }));
  return { options, seats: RANKED.seats, lot: lotOf('bench'), settings: {} };
}

/** Some candidates are liked more than others, and most voters rank not all of them. */
function* rankings(seed: number): Generator<string[]> {
  const next = numbersFrom(seed);
  for (let voter = 0; voter < RANKED.voters; voter++) {
    const liking = Array.from({ length: RANKED.options }, (_, place) => ({
      id: `candidate ${place}`,
      by: next() * (1 + (3 * place) / RANKED.options),
    }));
    const length = next() < 0.3 ? RANKED.options : 1 + Math.floor(next() * RANKED.options);
    yield liking
      .toSorted((a, b) => b.by - a.by)
      .slice(0, length)
      .map(({ id }) => id);
  }
}

function budgetContest(seed: number): Contest {
  const next = numbersFrom(seed);
  const options = Array.from({ length: BUDGET.options }, (_, place) => ({
    id: `project ${place}`,
    cost: BigInt(10_000 + Math.floor(150_000 * next() * next())),
  }));
  return { options, seats: 1, lot: lotOf('bench'), settings: { budget: 1_000_000n } };
}

/** Most projects are liked by few, a few by many. */
function* approvals(seed: number): Generator<string[]> {
  const next = numbersFrom(seed + 1);
  const appeal = Array.from({ length: BUDGET.options }, () => 0.01 + 0.4 * next() ** 3);
  for (let voter = 0; voter < BUDGET.voters; voter++) {
    const liked = appeal.flatMap((part, place) => (next() < part ? [`project ${place}`] : []));
    yield liked.length > 0 ? liked : [`project ${Math.floor(next() * BUDGET.options)}`];
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (S. K. Park and K. W. Miller 1988). */
function numbersFrom(seed: number): () => number {
  let state = (Math.floor(seed) % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

process.on('message', (order: CountOrder) => {
  process.send?.(count(order));
});
process.on('disconnect', () => process.exit());
