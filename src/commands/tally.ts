import { tallyMethod } from '../governance/tally/index.ts';
import {
  COMPLETIONS,
  TALLY_METHODS,
  type BallotKind,
  type Completion,
  type Contest,
  type TallyMethod,
  type TallyMethodName,
  type TallyResult,
  type WeightedVote,
} from '../governance/tally/method.ts';
import { CannotStart } from '../kernel/cannot-start.ts';
import { lotOf } from '../kernel/lot.ts';
import { BrokenFile, type ElectionFile } from './tally-files/election-file.ts';
import { readElectionFile } from './tally-files/index.ts';
import { tallyJson, tallyText } from './tally-output.ts';

const COULD_NOT_COUNT = 2;

interface Options {
  method?: string;
  seats?: string;
  seed?: string;
  completion?: string;
  json?: boolean;
}

/** Counts a file of ballots and tells the count. Needs neither a server nor a database. Exit status 2 if it cannot. */
export function tallyCommand(file: string, options: Options): void {
  process.exitCode = COULD_NOT_COUNT;
  const { result, election } = tallyFile(file, options);
  process.stdout.write(options.json ? `${tallyJson(result, election)}\n` : tallyText(result, election));
  process.exitCode = 0;
}

/**
 * Reads a file of ballots and counts it.
 *
 * @throws CannotStart with a sentence for whoever gave the file, if it cannot be counted
 */
export function tallyFile(file: string, options: Options): { result: TallyResult; election: ElectionFile } {
  const wanted = options.method === undefined ? null : methodNamed(options.method);
  const seats = options.seats === undefined ? null : seatsOf(options.seats);
  const completion = options.completion === undefined ? null : completionNamed(options.completion);
  const election = readElectionFile(file);
  const name = wanted ?? election.method;
  if (!name) throw new CannotStart(`Name a method: --method ${TALLY_METHODS.join(', ')}`);
  const method = tallyMethod(name);
  if (!method.isMultiSeat && seats !== null && seats > 1) throw new CannotStart(`${name} has one seat`);
  const contest: Contest = {
    options: election.options,
    seats: method.isMultiSeat ? (seats ?? election.seats) : 1,
    lot: lotOf(options.seed ?? election.seed ?? '0'),
    settings: { ...election.settings, ...(completion && { completion }) },
  };
  return { result: countFile(method, contest, election, file), election };
}

function methodNamed(text: string): TallyMethodName {
  const name = TALLY_METHODS.find((each) => each === text.toUpperCase().replaceAll('-', '_'));
  if (!name) throw new CannotStart(`There is no method ${text}. Choose one of ${TALLY_METHODS.join(', ')}.`);
  return name;
}

function completionNamed(text: string): Completion {
  const name = COMPLETIONS.find((each) => each === text.toUpperCase().replaceAll('-', '_'));
  if (!name)
    throw new CannotStart(`There is no completion ${text}. Choose one of ${COMPLETIONS.join(', ')}.`);
  return name;
}

function seatsOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new CannotStart('--seats needs a whole number above zero');
  return Number(text);
}

function countFile(method: TallyMethod, contest: Contest, election: ElectionFile, file: string): TallyResult {
  requireKind(method, election, file);
  const votes = method.ballotKind === 'NONE' ? [] : votesOf(method, contest, election, file);
  try {
    return method.count(contest, votes);
  } catch (error) {
    // What a method needs to know and the file does not say, such as a budget.
    if (error instanceof RangeError) throw new CannotStart(`${file}: ${error.message}`);
    throw error;
  }
}

const PARTS: Record<BallotKind, { parts: readonly string[]; what: string }> = {
  CHOICE: { parts: ['choice'], what: 'choices' },
  APPROVALS: { parts: ['approvals'], what: 'approvals' },
  RANKING: { parts: ['ranking'], what: 'rankings' },
  SCORES: { parts: ['scores'], what: 'points' },
  APPROVALS_OR_SCORES: { parts: ['approvals', 'scores'], what: 'approvals or points' },
  NONE: { parts: [], what: 'no ballots' },
};

function requireKind(method: TallyMethod, { ballots }: ElectionFile, file: string): void {
  const [first] = ballots;
  const { parts, what } = PARTS[method.ballotKind];
  if (!first || parts.length === 0) return;
  if (!parts.some((part) => Object.hasOwn(first.input, part))) {
    throw new CannotStart(
      `${file}: ${method.name} counts ${what}, and these are ${Object.keys(first.input).join(', ')}`,
    );
  }
}

function votesOf(
  method: TallyMethod,
  contest: Contest,
  { ballots, lineOf }: ElectionFile,
  file: string,
): WeightedVote<unknown>[] {
  return ballots.map(({ input, weight }, index) => {
    const { vote, faults } = method.parseBallot(input, contest);
    if (!faults) return { vote, weight };
    const wrong = faults.map(({ code, path }) => `${code} at ${path}`).join(', ');
    throw new BrokenFile(file, lineOf(index), `a ballot that ${method.name} can count`, wrong);
  });
}
