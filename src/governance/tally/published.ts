import type { BallotInput, TallyMethodName, TallyOption, TallySettings } from './method.ts';

export const PUBLISHED_FORMAT = 'mutuality-ballots-1';

/** As JSON carries it: whole numbers of any size are text. */
export type Written<T> = T extends bigint
  ? string
  : T extends object
    ? { [Key in keyof T]: Written<T[Key]> }
    : T;

/** A vote that is over, with all that it takes to count it again. */
export interface PublishedBallots {
  format: typeof PUBLISHED_FORMAT;
  method: TallyMethodName;
  seats: number;
  /** Of the lot. */
  seed: string;
  /** In the order of the ballot, which the lot goes by. */
  options: PublishedOption[];
  settings: Written<TallySettings>;
  ballots: PublishedBallot[];
}

export type PublishedOption = Written<TallyOption> & { name: string };

/** What a voter gave. A whole number above zero says how much it weighs; without it 1. */
export type PublishedBallot = BallotInput & { weight?: string };

/** Settings as JSON carries them. */
export function writtenSettings(settings: TallySettings): Written<TallySettings> {
  const { threshold, eligible, budget, voters, increment, ...plain } = settings;
  return {
    ...plain,
    ...(threshold && {
      threshold: {
        numerator: threshold.numerator.toString(),
        denominator: threshold.denominator.toString(),
        isStrict: threshold.isStrict,
      },
    }),
    ...(eligible !== undefined && { eligible: eligible.toString() }),
    ...(budget !== undefined && { budget: budget.toString() }),
    ...(voters !== undefined && { voters: voters.toString() }),
    ...(increment !== undefined && { increment: increment.toString() }),
  };
}
