import type {
  BallotInput,
  TallyMethodName,
  TallyOption,
  TallySettings,
} from '../../governance/tally/method.ts';
import { CannotStart } from '../../kernel/cannot-start.ts';

/** What a file of ballots says. */
export interface ElectionFile {
  /** Null if the format does not say. */
  method: TallyMethodName | null;
  seats: number;
  seed: string | null;
  options: (TallyOption & { name: string })[];
  settings: TallySettings;
  ballots: FileBallot[];
  /** Where the ballot with this index begins. */
  lineOf: (ballot: number) => number;
  /** How many decimals amounts have in the file; costs and budget are whole numbers of the smallest part. */
  decimals: number;
}

export interface FileBallot {
  input: BallotInput;
  weight: bigint;
}

/** A file that is not what its name promises: says the line and what should stand there. */
export class BrokenFile extends CannotStart {
  override name = 'BrokenFile';

  constructor(file: string, line: number, expected: string, found?: string) {
    super(
      `${file}:${line}: expected ${expected}${found === undefined ? '' : `, found ${found || 'nothing'}`}`,
    );
  }
}

/** A line of a text, counted from 1. */
export interface Line {
  line: number;
  text: string;
}

/** The lines of a file, whatever ends them; a byte order mark is no part of it. */
export function linesOf(text: string): Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((each, index) => ({ line: index + 1, text: each }));
}
