import { BrokenFile, linesOf, type ElectionFile, type FileBallot, type Line } from './election-file.ts';

// Quoted text, the id of a ballot in brackets, a comment, or a word.
const WORD = /"(?:[^"\\]|\\.)*"|\([^)]*\)|#.*|[^\s#]+/g;

/** Reads word after word, a line at a time; line breaks between them mean nothing. */
class Words {
  private words: string[] = [];
  private at = 0;
  private index = -1;

  constructor(
    private readonly file: string,
    private readonly lines: readonly Line[],
  ) {
    this.find();
  }

  /** The line of the next word, or the last one. */
  get line(): number {
    return this.lines[Math.min(this.index, this.lines.length - 1)]?.line ?? 1;
  }

  /** The next word; empty at the end. */
  peek(): string {
    return this.words[this.at] ?? '';
  }

  skip(): void {
    this.at++;
    this.find();
  }

  expected(what: string): BrokenFile {
    return new BrokenFile(this.file, this.line, what, this.peek());
  }

  /** A whole number from `least` on. */
  number(least: number, what: string): number {
    const number = /^\d{1,15}$/.test(this.peek()) ? Number(this.peek()) : -1;
    if (number < least) throw this.expected(what);
    this.skip();
    return number;
  }

  /** The words that are left, a list for each line. */
  rest(): string[][] {
    const rest: string[][] = [];
    for (; this.words.length > 0; this.find()) {
      rest.push(this.words.slice(this.at));
      this.at = this.words.length;
    }
    return rest;
  }

  private find(): void {
    while (this.at >= this.words.length && this.index < this.lines.length) {
      this.index++;
      const words = this.lines[this.index]?.text.match(WORD) ?? [];
      this.words = words.filter((word) => !word.startsWith('#'));
      this.at = 0;
    }
  }
}

/**
 * Reads the format of Hill, Wichmann and Woodall (1987) as OpenSTV and OpaVote extended it: candidates and seats; `-n` for who has
 * withdrawn; a line for each ballot with its weight, the candidates in order and 0, `=` between equals and `-` for a rank that was
 * skipped; 0; the names; a title. `#` begins a comment, an id in brackets can stand before a ballot.
 */
export function readBlt(text: string, file: string): ElectionFile {
  const lines = linesOf(text);
  const last = lines.findLastIndex((line) => line.text.trim() !== '');
  const words = new Words(file, lines.slice(0, last + 1));
  const candidates = words.number(1, 'the number of candidates');
  const seats = words.number(1, 'the number of seats');
  const withdrawn = readWithdrawn(words, candidates);
  const { ballots, ballotLines } = readBallots(words, candidates, withdrawn);
  const names = readNames(words, candidates);
  return {
    method: null,
    seats,
    seed: null,
    options: names.map((name, index) => ({
      id: `${index + 1}`,
      name,
      ...(withdrawn.has(index + 1) && { isWithdrawn: true }),
    })),
    settings: {},
    ballots,
    lineOf: (ballot) => ballotLines[ballot] ?? 1,
    decimals: 0,
  };
}

function readWithdrawn(words: Words, candidates: number): Set<number> {
  const withdrawn = new Set<number>();
  while (words.peek().startsWith('-')) {
    const number = candidateOf(words.peek().slice(1));
    if (!isCandidate(number, candidates)) throw words.expected(`a candidate from -1 to -${candidates}`);
    withdrawn.add(number);
    words.skip();
  }
  return withdrawn;
}

function readBallots(
  words: Words,
  candidates: number,
  withdrawn: ReadonlySet<number>,
): { ballots: FileBallot[]; ballotLines: number[] } {
  const ballots: FileBallot[] = [];
  const ballotLines: number[] = [];
  for (;;) {
    const { line } = words;
    if (words.peek().startsWith('(')) words.skip();
    const weight = words.number(0, 'how many voted so, or the 0 that ends the ballots');
    if (weight === 0) return { ballots, ballotLines };
    const ranking = readRanking(words, candidates)
      .map((tier) => tier.filter((number) => !withdrawn.has(number)).map(String))
      .filter((tier) => tier.length > 0);
    if (ranking.length === 0) continue;
    ballots.push({ input: { ranking }, weight: BigInt(weight) });
    ballotLines.push(line);
  }
}

function readRanking(words: Words, candidates: number): number[][] {
  const ranking: number[][] = [];
  for (; words.peek() !== '0'; words.skip()) {
    if (words.peek() === '-') continue;
    const tier = words.peek().split('=').map(candidateOf);
    if (!tier.every((number) => isCandidate(number, candidates))) {
      throw words.expected(`a candidate from 1 to ${candidates}, or the 0 that ends a ballot`);
    }
    ranking.push(tier);
  }
  words.skip();
  return ranking;
}

// In digits alone: `Number` would read 0x1 and 1e0 as well.
function candidateOf(word: string): number {
  return /^\d{1,15}$/.test(word) ? Number(word) : NaN;
}

function isCandidate(number: number, candidates: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= candidates;
}

/** Names in quotation marks, or one on each line. */
function readNames(words: Words, candidates: number): string[] {
  const names = words
    .rest()
    .flatMap((line) => (line[0]?.startsWith('"') ? line.map(unquoted) : [line.join(' ')]));
  if (names.length < candidates) throw words.expected(`the name of candidate ${names.length + 1}`);
  return names.slice(0, candidates);
}

function unquoted(text: string): string {
  return text
    .replace(/^"(.*)"$/, '$1')
    .replaceAll(/\\(.)/g, '$1')
    .trim();
}
