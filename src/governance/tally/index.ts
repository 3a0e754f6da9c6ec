import { approval } from './approval.ts';
import { borda } from './borda.ts';
import { consent } from './consent.ts';
import { dot } from './dot.ts';
import { instantRunoff } from './instant-runoff.ts';
import { majority } from './majority.ts';
import type { TallyMethod, TallyMethodName } from './method.ts';
import { pbEqualShares } from './pb-equal-shares.ts';
import { pbGreedy } from './pb-greedy.ts';
import { pbKnapsack } from './pb-knapsack.ts';
import { quadratic } from './quadratic.ts';
import { schulze } from './schulze.ts';
import { score } from './score.ts';
import { sortition } from './sortition.ts';
import { stvMeek } from './stv-meek.ts';
import { stvScottish } from './stv-scottish.ts';

const METHODS: readonly TallyMethod[] = [
  consent,
  majority,
  approval,
  score,
  dot,
  quadratic,
  sortition,
  borda,
  instantRunoff,
  schulze,
  stvScottish,
  stvMeek,
  pbGreedy,
  pbKnapsack,
  pbEqualShares,
];

/** The way of counting with that name. */
export function tallyMethod(name: TallyMethodName): TallyMethod {
  const method = METHODS.find((each) => each.name === name);
  if (!method) throw new RangeError(`nothing counts by ${name}`);
  return method;
}
