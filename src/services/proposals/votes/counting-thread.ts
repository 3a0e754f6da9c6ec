import { parentPort, workerData } from 'node:worker_threads';
import { tallyOf, type WeighedBallot } from './ballots.ts';
import type { CountingTask } from './count-ballots.ts';

// The whole of this file runs in a thread that counts one vote.
const { poll, seed } = workerData as CountingTask;
const ballots: WeighedBallot[] = [];

parentPort?.on('message', (slice: WeighedBallot[] | null) => {
  if (slice) ballots.push(...slice);
  else parentPort?.postMessage(tallyOf(poll, ballots, seed));
});
