import type { BallotFault, BallotInput, Contest, OptionScore, ParsedBallot } from './method.ts';

const PARTS = ['choice', 'reason', 'approvals', 'ranking', 'scores'] as const;
export type BallotPart = (typeof PARTS)[number];

/** A fault for each part that was given and that the method does not take. */
export function unaskedParts(input: BallotInput, asked: readonly BallotPart[]): BallotFault[] {
  return PARTS.filter((part) => input[part] !== undefined && !asked.includes(part)).map((part) => ({
    code: 'NOT_ASKED_FOR',
    path: part,
  }));
}

/** Answers with what is wrong, or with the vote if nothing is. */
export function parsed<Vote>(faults: BallotFault[], vote: Vote): ParsedBallot<Vote> {
  return faults.length > 0 ? { faults } : { vote };
}

/** Tells of each name in turn what keeps it from being voted for: unknown, withdrawn or named before. */
export function optionCheck(contest: Contest): (id: string) => string | null {
  const options = new Map(contest.options.map((option) => [option.id, option]));
  const named = new Set<string>();
  return (id) => {
    const option = options.get(id);
    if (!option) return 'UNKNOWN_OPTION';
    if (named.has(id)) return 'OPTION_TWICE';
    named.add(id);
    return option.isWithdrawn ? 'WITHDRAWN_OPTION' : null;
  };
}

/** Reads one word out of several. */
export function parseChoice<Word extends string>(
  input: BallotInput,
  words: readonly Word[],
): ParsedBallot<Word> {
  const faults = unaskedParts(input, ['choice']);
  const word = words.find((each) => each === input.choice);
  if (word !== undefined) return parsed(faults, word);
  const code = input.choice === undefined ? 'EMPTY_BALLOT' : 'UNKNOWN_OPTION';
  return { faults: [...faults, { code, path: 'choice' }] };
}

/** Reads the options that a voter approves of; the vote lists them as they stand on the ballot. */
export function parseApprovals(input: BallotInput, contest: Contest): ParsedBallot<string[]> {
  const faults = unaskedParts(input, ['approvals']);
  const approvals = input.approvals ?? [];
  const check = optionCheck(contest);
  for (const [index, id] of approvals.entries()) {
    const code = check(id);
    if (code) faults.push({ code, path: `approvals.${index}` });
  }
  if (approvals.length === 0) faults.push({ code: 'EMPTY_BALLOT', path: 'approvals' });
  const most = contest.settings.maxApprovals ?? contest.options.length;
  if (approvals.length > most) faults.push({ code: 'TOO_MANY', path: 'approvals' });
  const approved = new Set(approvals);
  return parsed(
    faults,
    contest.options.map(({ id }) => id).filter((id) => approved.has(id)),
  );
}

/** Reads points, whole and from 0 to `max`; the vote lists what is above 0, as it stands on the ballot. */
export function parseScores(
  input: BallotInput,
  contest: Contest,
  max = Number.MAX_SAFE_INTEGER,
): ParsedBallot<OptionScore[]> {
  const faults = unaskedParts(input, ['scores']);
  const scores = input.scores ?? [];
  const check = optionCheck(contest);
  for (const [index, { option, value }] of scores.entries()) {
    const code = check(option);
    if (code) faults.push({ code, path: `scores.${index}.option` });
    if (!Number.isInteger(value)) faults.push({ code: 'NOT_A_WHOLE_NUMBER', path: `scores.${index}.value` });
    else if (value < 0 || value > max) faults.push({ code: 'OUT_OF_RANGE', path: `scores.${index}.value` });
  }
  if (scores.length === 0) faults.push({ code: 'EMPTY_BALLOT', path: 'scores' });
  const points = new Map(scores.map(({ option, value }) => [option, value]));
  return parsed(
    faults,
    contest.options.flatMap(({ id }) =>
      (points.get(id) ?? 0) > 0 ? [{ option: id, value: points.get(id)! }] : [],
    ),
  );
}

/**
 * Reads points that come out of a purse.
 *
 * @param priceOf what that many points for one option cost
 */
export function parseSpending(
  input: BallotInput,
  contest: Contest,
  priceOf: (points: bigint) => bigint,
): ParsedBallot<OptionScore[]> {
  const { credits = 0, maxScore } = contest.settings;
  const { vote, faults } = parseScores(input, contest, maxScore);
  if (faults) return { faults };
  if (vote.length === 0) return { faults: [{ code: 'EMPTY_BALLOT', path: 'scores' }] };
  const spent = vote.reduce((sum, { value }) => sum + priceOf(BigInt(value)), 0n);
  return parsed(spent > BigInt(credits) ? [{ code: 'TOO_MANY_DOTS', path: 'scores' }] : [], vote);
}
