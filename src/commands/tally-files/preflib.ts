import { BrokenFile, linesOf, type ElectionFile, type FileBallot, type Line } from './election-file.ts';

interface Header {
  names: string[];
  /** The first line of the rankings, among the lines that say something. */
  from: number;
}

/**
 * Reads rankings as PrefLib keeps them (soc, soi, toc, toi): lines `# ALTERNATIVE NAME 1: …`, then for each ranking how many gave it
 * and the alternatives in order, equals in braces: `13: 1,{4,3},2`. The older form begins with the number of alternatives, a
 * line for the name of each and one with totals, and has a comma after the number of voters. One seat, if nothing else is said.
 */
export function readPreflib(text: string, file: string): ElectionFile {
  const lines = linesOf(text).filter((each) => each.text.trim() !== '');
  const isOld = /^\s*\d+\s*$/.test(lines[0]?.text ?? '');
  const { names, from } = isOld ? oldHeader(lines, file) : newHeader(lines, file);
  const allowsEqual = !/\.so[ci]$/i.test(file);
  const rankings = lines.slice(from);
  const ballots = rankings.map((line) => readLine(line, file, isOld, names.length, allowsEqual));
  return {
    method: null,
    seats: 1,
    seed: null,
    options: names.map((name, index) => ({ id: `${index + 1}`, name })),
    settings: {},
    ballots,
    lineOf: (ballot) => rankings[ballot]?.line ?? 1,
    decimals: 0,
  };
}

function newHeader(lines: readonly Line[], file: string): Header {
  const from = lines.findIndex(({ text }) => !text.startsWith('#'));
  const header = from === -1 ? lines : lines.slice(0, from);
  const names: string[] = [];
  let expected: number | null = null;
  for (const { line, text } of header) {
    const [, number, name = ''] = /^#\s*ALTERNATIVE NAME (\d+):\s*(.*?)\s*$/i.exec(text) ?? [];
    expected ??= Number(/^#\s*NUMBER ALTERNATIVES:\s*(\d+)/i.exec(text)?.[1] ?? 0) || null;
    if (number === undefined) continue;
    if (Number(number) !== names.length + 1) {
      throw new BrokenFile(file, line, `# ALTERNATIVE NAME ${names.length + 1}`, text);
    }
    names.push(name);
  }
  if (names.length === 0 || (expected !== null && expected !== names.length)) {
    throw new BrokenFile(file, lines[header.length]?.line ?? 1, `# ALTERNATIVE NAME ${names.length + 1}`);
  }
  return { names, from: header.length };
}

function oldHeader(lines: readonly Line[], file: string): Header {
  const count = Number(lines[0]?.text);
  const names = Array.from({ length: count }, (_, index) => {
    const { line = lines.at(-1)!.line, text = '' } = lines[index + 1] ?? {};
    const [, number, name = ''] = /^\s*(\d+)\s*,\s*(.*?)\s*$/.exec(text) ?? [];
    if (Number(number) !== index + 1) {
      throw new BrokenFile(file, line, `${index + 1} and the name of that alternative`, text);
    }
    return name;
  });
  const { line = lines.at(-1)!.line, text = '' } = lines[count + 1] ?? {};
  if (!/^\s*\d+\s*,\s*\d+\s*,\s*\d+\s*$/.test(text)) {
    throw new BrokenFile(file, line, 'the number of voters, their sum and the number of rankings', text);
  }
  return { names, from: count + 2 };
}

function readLine(
  { line, text }: Line,
  file: string,
  isOld: boolean,
  alternatives: number,
  allowsEqual: boolean,
): FileBallot {
  const [, weight = '', order = ''] = (isOld ? /^\s*(\d+)\s*,(.*)$/ : /^\s*(\d+)\s*:(.*)$/).exec(text) ?? [];
  if (!(Number(weight) > 0)) {
    throw new BrokenFile(
      file,
      line,
      `how many gave a ranking, and a ${isOld ? 'comma' : 'colon'}`,
      text.trim(),
    );
  }
  const ranking = order
    .split(/,(?![^{]*\})/)
    .map((tier) => tierOf(tier.trim()))
    .filter((tier) => tier.length > 0);
  const isKnown = (id: string) => /^\d+$/.test(id) && Number(id) >= 1 && Number(id) <= alternatives;
  const wrong = ranking.flat().find((id) => !isKnown(id));
  if (wrong !== undefined || ranking.length === 0) {
    throw new BrokenFile(file, line, `alternatives from 1 to ${alternatives}`, wrong ?? '');
  }
  if (!allowsEqual && ranking.some((tier) => tier.length > 1)) {
    throw new BrokenFile(file, line, 'a ranking without equals, as the name of the file says', text.trim());
  }
  return {
    input: { ranking: ranking.map((tier) => tier.map((id) => `${Number(id)}`)) },
    weight: BigInt(weight),
  };
}

function tierOf(text: string): string[] {
  const [, inner = text] = /^\{(.*)\}$/.exec(text) ?? [];
  return inner
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
