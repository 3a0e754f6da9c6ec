import { orderByLot } from '../lots.ts';
import type { Backing } from './backing.ts';
import { type Project, takesPoints, tieBetween } from './budget.ts';
import { formatDecimals } from './decimals.ts';
import type { Contest, Round, TieBreak } from './method.ts';
import { type Price, Purses } from './purses.ts';

/** What each voter may spend, in minor units. */
export interface Share {
  numerator: bigint;
  denominator: bigint;
}

/** Where the steps of a count are written. */
export interface Report {
  rounds: Round[];
  tieBreaks: TieBreak[];
}

/** A project that may still be bought. */
interface Candidate {
  index: number;
  project: Project;
  /** What a backer gets for each point: the cost where approvals count, else one. */
  gain: bigint;
  /** At which it could be bought when last looked at. Purses only empty, so now it is this or higher. */
  price: Price;
}

/**
 * Buys one project after another out of equal shares, until no project's backers can pay for it.
 *
 * @param report where every step is written; without one it goes faster, since only the projects that could come next are
 *   looked at
 */
export function buyAll(contest: Contest, backing: Backing, share: Share, report?: Report): Project[] {
  const purses = new Purses(backing, share);
  const bought: Project[] = [];
  let candidates = candidatesFor(contest, backing);
  for (;;) {
    const looked = lookAt(purses, candidates, report !== undefined);
    const chosen = choose(contest, looked.best, bought.length + 1, report);
    if (!chosen) return bought;
    if (report) report.rounds.push(roundOf(report.rounds.length + 1, chosen, looked.left, share));
    purses.pay(chosen.index, chosen.price);
    bought.push(chosen.project);
    candidates = looked.left.filter((candidate) => candidate !== chosen);
  }
}

/** At the beginning everybody pays the same for a project, if they can. */
function candidatesFor({ settings }: Contest, { projects }: Backing): Candidate[] {
  const isByPoints = takesPoints(settings);
  return projects.map((project, index) => ({
    index,
    project,
    gain: isByPoints ? 1n : project.cost,
    price: { numerator: project.cost, denominator: project.votes, grains: 0 },
  }));
}

/** Prices the candidates, those that may be the best first, and drops those whose backers cannot pay. */
function lookAt(purses: Purses, candidates: readonly Candidate[], all: boolean) {
  const left: Candidate[] = [];
  let best: Candidate[] = [];
  for (const candidate of candidates.toSorted(byWorth)) {
    if (!all && best[0] && byWorth(best[0], candidate) < 0) {
      left.push(candidate);
      continue;
    }
    const price = purses.priceOf(candidate.index);
    if (!price) continue;
    const now = { ...candidate, price };
    left.push(now);
    const order = best[0] ? byWorth(now, best[0]) : -1;
    if (order < 0) best = [now];
    else if (order === 0) best.push(now);
  }
  return { left, best: best.toSorted((a, b) => a.index - b.index) };
}

/** Compares what backers pay for what they get: the lower one comes first. */
function byWorth(a: Candidate, b: Candidate): number {
  const left = a.price.numerator * b.price.denominator * b.gain;
  const right = b.price.numerator * a.price.denominator * a.gain;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Of equals the cheapest, then the one with the most votes, then by lot. */
function choose(
  { lot }: Contest,
  best: readonly Candidate[],
  number: number,
  report?: Report,
): Candidate | undefined {
  if (best.length < 2) return best[0];
  const cheapest = extreme(best, ({ cost }) => -cost);
  const most = extreme(cheapest, ({ votes }) => votes);
  const [first] = orderByLot(
    lot,
    `purchase ${number}`,
    most.map(({ project }) => project.place),
  );
  const chosen = best.find(({ project }) => project.place === first)!;
  if (report) {
    const by = most.length > 1 ? { lot } : { rule: cheapest.length > 1 ? 'MORE_VOTES' : 'LOWER_COST' };
    const among = most.length > 1 ? most : cheapest.length > 1 ? cheapest : best;
    const round = report.rounds.length + 1;
    report.tieBreaks.push(
      tieBetween(
        round,
        among.map(({ project }) => project),
        [chosen.project],
        by,
      ),
    );
  }
  return chosen;
}

function extreme(candidates: readonly Candidate[], of: (project: Project) => bigint): Candidate[] {
  const most = candidates.map(({ project }) => of(project)).reduce((a, b) => (b > a ? b : a));
  return candidates.filter(({ project }) => of(project) === most);
}

/** Shows the effective votes of all that could be bought: the points that count if who pays less than the price counts for less. */
function roundOf(number: number, chosen: Candidate, left: readonly Candidate[], share: Share): Round {
  return {
    number,
    action: 'BUY',
    of: [chosen.project.id],
    figures: left
      .toSorted((a, b) => a.index - b.index)
      .map(({ index, project, price }) => ({
        option: project.id,
        value: decimal(project.cost * price.denominator, price.numerator),
        state: index === chosen.index ? 'ELECTED' : 'CONTINUING',
      })),
    totals: {
      share: decimal(share.numerator, share.denominator),
      price: decimal(chosen.price.numerator, chosen.price.denominator),
      cost: chosen.project.cost.toString(),
    },
  };
}

/** Five decimals, the rest cut off: for readers only, nothing is compared by them. */
function decimal(numerator: bigint, denominator: bigint): string {
  return formatDecimals((numerator * 100_000n) / denominator, 5);
}
