import { CsvError, parse, type InfoRecord } from 'csv-parse/sync';
import type { BallotInput } from '../../governance/tally/method.ts';
import { BrokenFile, type ElectionFile } from './election-file.ts';

interface Row {
  line: number;
  cells: string[];
}

interface Section {
  /** Where its title stands. */
  line: number;
  /** A cell of a row by the name of its column. */
  rows: { line: number; cell(column: string): string | undefined }[];
}

const SECTIONS = ['META', 'PROJECTS', 'VOTES'] as const;
const VOTE_TYPES = ['approval', 'choose-1', 'ordinal', 'cumulative', 'scoring'] as const;
type VoteType = (typeof VOTE_TYPES)[number];

/**
 * Reads a participatory budget as Pabulib keeps it (.pb): the sections META, PROJECTS and VOTES, each a table with semicolons. Approvals
 * and `choose-1` become approvals, ordinal votes rankings, cumulative and scoring votes points. Who marked nothing votes for nothing, and
 * has a share of the budget like everybody.
 */
export function readPabulib(text: string, file: string): ElectionFile {
  const [meta, projects, votes] = sectionsOf(rowsOf(text, file), file);
  const settingsOf = new Map(
    meta.rows.map((row) => [row.cell('key'), { line: row.line, value: row.cell('value') }]),
  );
  const type = settingsOf.get('vote_type');
  const voteType = VOTE_TYPES.find((each) => each === type?.value?.toLowerCase());
  if (!voteType)
    throw new BrokenFile(
      file,
      type?.line ?? meta.line,
      `vote_type of ${VOTE_TYPES.join(', ')}`,
      type?.value ?? '',
    );
  const budget = settingsOf.get('budget');
  const amounts = [
    { line: budget?.line ?? meta.line, what: 'a budget', text: budget?.value ?? '' },
    ...projects.rows.map((row) => ({
      line: row.line,
      what: 'the cost of a project',
      text: row.cell('cost') ?? '',
    })),
  ].map(({ line, what, text: amount }) => decimalOf(amount, () => new BrokenFile(file, line, what, amount)));
  const decimals = Math.max(...amounts.map(({ fraction }) => fraction.length));
  const [total = 0n, ...costs] = amounts.map(({ whole, fraction }) =>
    BigInt(whole + fraction.padEnd(decimals, '0')),
  );
  const cast = votes.rows.filter((row) => (row.cell('vote') ?? '') !== '');
  const inputs = cast.map((row) => inputOf(row, voteType, file));
  return {
    method: null,
    seats: 1,
    seed: null,
    options: projects.rows.map((row, index) => {
      const id = row.cell('project_id') ?? '';
      return { id, name: row.cell('name') || id, cost: costs[index]! };
    }),
    settings: {
      budget: total,
      voters: BigInt(votes.rows.length),
      ...(decimals > 0 && { increment: 10n ** BigInt(decimals) }),
      ...pointsOf(inputs, voteType),
    },
    ballots: inputs.map((input) => ({ input, weight: 1n })),
    lineOf: (ballot) => cast[ballot]?.line ?? 1,
    decimals,
  };
}

function rowsOf(text: string, file: string): Row[] {
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: ';',
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: InfoRecord }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) {
      const line = (error as unknown as { lines?: number }).lines ?? 1;
      throw new BrokenFile(file, line, 'fields with semicolons between them and closed quotation marks');
    }
    throw error;
  }
}

function sectionsOf(rows: readonly Row[], file: string): [Section, Section, Section] {
  const starts = SECTIONS.map((title) =>
    rows.findIndex(
      ({ cells }) => cells[0]?.toUpperCase() === title && cells.slice(1).every((cell) => cell === ''),
    ),
  );
  const missing = starts.findIndex(
    (start, index) => start === -1 || (index > 0 && start < starts[index - 1]!),
  );
  if (missing !== -1) throw new BrokenFile(file, rows.at(-1)?.line ?? 1, `a section ${SECTIONS[missing]}`);
  const needed = [
    ['key', 'value'],
    ['project_id', 'cost'],
    ['voter_id', 'vote'],
  ];
  return starts.map((start, index) =>
    sectionOf(rows.slice(start, starts[index + 1]), needed[index]!, file),
  ) as [Section, Section, Section];
}

function sectionOf(
  [title, header, ...rows]: readonly Row[],
  needed: readonly string[],
  file: string,
): Section {
  const columns = header?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const absent = needed.find((column) => !columns.includes(column));
  if (absent) throw new BrokenFile(file, header?.line ?? title!.line, `a column ${absent}`);
  return {
    line: title!.line,
    rows: rows.map(({ line, cells }) => ({ line, cell: (column) => cells[columns.indexOf(column)] })),
  };
}

function decimalOf(text: string, fault: () => BrokenFile): { whole: string; fraction: string } {
  const [, whole, fraction = ''] = /^(\d+)(?:[.,](\d+))?$/.exec(text.replaceAll(/\s/g, '')) ?? [];
  if (whole === undefined) throw fault();
  return { whole, fraction: fraction.replace(/0+$/, '') };
}

function inputOf(row: Section['rows'][number], type: VoteType, file: string): BallotInput {
  const ids = listOf(row.cell('vote'));
  if (type === 'ordinal') return { ranking: ids.map((id) => [id]) };
  if (type === 'approval' || type === 'choose-1') return { approvals: ids };
  const points = listOf(row.cell('points')).map(Number);
  if (points.length !== ids.length || !points.every(Number.isSafeInteger)) {
    throw new BrokenFile(
      file,
      row.line,
      `points, a whole number for each of ${ids.length} projects`,
      row.cell('points') ?? '',
    );
  }
  return { scores: ids.map((option, index) => ({ option, value: points[index]! })) };
}

function listOf(cell = ''): string[] {
  return cell
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** As many points as the freest of them used: what a voter might give was checked when the votes were cast. */
function pointsOf(inputs: readonly BallotInput[], type: VoteType): { credits?: number; maxScore?: number } {
  const scores = inputs.map((input) => (input.scores ?? []).map(({ value }) => value));
  const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), 1);
  if (type === 'cumulative')
    return { credits: largest(scores.map((points) => points.reduce((a, b) => a + b, 0))) };
  return type === 'scoring' ? { maxScore: largest(scores.flat()) } : {};
}
