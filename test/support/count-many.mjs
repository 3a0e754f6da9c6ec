import { createRequire } from 'node:module';
import path from 'node:path';

// Counts very many ballots as the server does, and tells what else could be done meanwhile.
const services = path.join(process.argv[2], 'src/services/proposals/votes');
const require = createRequire(import.meta.url);
const { countBallots, THREAD_FROM } = require(path.join(services, 'count-ballots.js'));
const { tallyOf } = require(path.join(services, 'ballots.js'));

const options = ['1', '2', '3', '4', '5'].map((id) => ({
  id,
  name: id,
  membershipId: null,
  cost: null,
  isWithdrawn: false,
}));
const rule = { method: 'STV_SCOTTISH', threshold: '>1/2', base: 'CAST', quorum: '0/1', seats: 2 };
const numbers = { maxScore: null, credits: null, budget: null };
const count = 2 * THREAD_FROM + 1;
const poll = { rule: { ...rule, ...numbers }, options, eligibleWeight: BigInt(count) };
const ballots = Array.from({ length: count }, (_, index) => ({
  vote: { ranking: [0, 1, 2].map((place) => [String(((index * 7 + place * 3) % 5) + 1)]) },
  weight: BigInt((index % 3) + 1),
}));

let turns = 0;
let isCounted = false;
const turn = () => void (isCounted || (turns++, setImmediate(turn)));
// Slices go over in one turn each: only turns beyond them show that nobody waited for the count.
const slices = Math.ceil(count / 1_000);
turn();
const counted = await countBallots(poll, ballots, 'a seed');
isCounted = true;

const stray = { ...poll, rule: { ...poll.rule, method: 'GUESSING' } };
const fault = await countBallots(stray, ballots, 'a seed').catch((error) => String(error));
const alone = tallyOf(poll, ballots, 'a seed');
const costly = options.flatMap((option) =>
  [0, 1, 2, 3].map((part) => ({ ...option, id: `${option.id}${part}`, cost: '1' })),
);
const few = { rule: { ...rule, ...numbers, method: 'PB_KNAPSACK', budget: '9' }, options: costly };
turns = 0;
isCounted = false;
turn();
const budget = await countBallots({ ...few, eligibleWeight: 1n }, [], 'a seed');
isCounted = true;

console.log(
  JSON.stringify({
    ballots: count,
    isSame: JSON.stringify(counted) === JSON.stringify(alone),
    winners: counted.winners,
    othersHadTurns: turns > slices + 1,
    fault,
    hardAlone: turns > 2 && budget.winners.length === 0,
  }),
);
