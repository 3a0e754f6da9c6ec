import { CsvError, parse, type InfoRecord } from 'csv-parse/sync';
import { DomainError, InvalidInput } from '../../kernel/errors.ts';

export const IMPORT_COLUMNS = ['payer', 'payee', 'amount', 'description'] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** What is wrong with one line of a file. */
export interface ImportFault {
  /** Counted from 1, as editors count; where a record begins that spans several. */
  line: number;
  /** The column at fault; null if it is the line as a whole. */
  column: ImportColumn | null;
  code: string;
  message: string;
  /** What would be right, in English; null if the code says it. */
  expected: string | null;
}

/** One line of a file by its columns, without the spaces around them. */
export interface ImportLine {
  line: number;
  cells: Record<ImportColumn, string>;
}

export interface ImportFile {
  lines: ImportLine[];
  faults: ImportFault[];
  /** How many lines there are below the header, faulty ones too. */
  lineCount: number;
}

export const MAX_IMPORT_LINES = 2_000;
// Four texts of bounded length; what is longer lacks a quotation mark.
const MAX_RECORD_BYTES = 20_000;
const LINE_BREAK = /\r\n|\r|\n/g;

/** The file holds more lines than are taken at once. */
export class TooManyLines extends DomainError {
  constructor() {
    super('TOO_MANY_LINES', 'The file holds too many lines: split it.', { max: MAX_IMPORT_LINES }, 'csv');
  }
}

interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Reads a list of payments as RFC 4180 writes it, with commas or semicolons, and a header that names the columns in any
 * order. Every faulty line is named; behind a fault of quotation marks nothing can be told apart any more.
 *
 * @throws TooManyLines, InvalidInput REQUIRED for a file without lines
 */
export function readImport(csv: string): ImportFile {
  const text = csv.startsWith('\uFEFF') ? csv.slice(1) : csv;
  const { records, broken } = recordsOf(text);
  const [header, ...rows] = records;
  if (!header && !broken) throw new InvalidInput('REQUIRED', 'csv');
  const wrongHeader = header ? headerFault(header) : null;
  const headerFaults = [wrongHeader, broken].filter((fault) => fault !== null);
  if (!header || wrongHeader) return { lines: [], faults: headerFaults, lineCount: rows.length };
  if (rows.length === 0 && !broken) throw new InvalidInput('REQUIRED', 'csv');
  const columns = header.cells.map(columnName) as ImportColumn[];
  const wrongRows = rows.filter(({ cells }) => cells.length !== columns.length);
  return {
    lines: rows
      .filter(({ cells }) => cells.length === columns.length)
      .map(({ line, cells }) => ({ line, cells: cellsByColumn(columns, cells) })),
    faults: [...wrongRows.map((row) => columnCountFault(row, columns.length)), ...(broken ? [broken] : [])],
    lineCount: rows.length + (broken ? 1 : 0),
  };
}

/** The records of a file that say anything, up to the first fault of quotation marks. */
function recordsOf(text: string): { records: CsvRecord[]; broken: ImportFault | null } {
  const records: CsvRecord[] = [];
  let lastLine = 0;
  const onRecord = (cells: string[], { lines }: InfoRecord) => {
    lastLine = lines;
    // Spreadsheets leave rows behind that hold nothing but delimiters.
    if (cells.every((cell) => cell.trim() === '')) return null;
    if (records.length > MAX_IMPORT_LINES) throw new TooManyLines();
    const breaks = cells.join('').match(LINE_BREAK)?.length ?? 0;
    records.push({ line: lines - breaks, cells: cells.map((cell) => cell.trim()) });
    return null;
  };
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_BYTES,
      on_record: onRecord,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { records, broken: quotationFault(lineAfter(text, lastLine)) };
  }
  return { records, broken: null };
}

function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  return header.includes(';') ? ';' : ',';
}

/** The first line behind another that is not empty. */
function lineAfter(text: string, line: number): number {
  const lines = text.split(LINE_BREAK);
  let next = line;
  while (next < lines.length - 1 && lines[next] === '') next++;
  return next + 1;
}

const columnName = (cell: string) => cell.toLowerCase();

function cellsByColumn(columns: ImportColumn[], cells: string[]): ImportLine['cells'] {
  return Object.fromEntries(columns.map((column, index) => [column, cells[index]])) as ImportLine['cells'];
}

function headerFault({ line, cells }: CsvRecord): ImportFault | null {
  const names = cells.map(columnName);
  const isComplete = names.length === IMPORT_COLUMNS.length;
  if (isComplete && IMPORT_COLUMNS.every((column) => names.includes(column))) return null;
  const message = 'The first line names the columns, each once and no others.';
  return { line, column: null, code: 'CSV_HEADER', message, expected: IMPORT_COLUMNS.join(',') };
}

function columnCountFault({ line, cells }: CsvRecord, expected: number): ImportFault {
  const message = 'The line has more or fewer columns than the header.';
  const what = `${expected} columns instead of ${cells.length}`;
  return { line, column: null, code: 'CSV_COLUMNS', message, expected: what };
}

function quotationFault(line: number): ImportFault {
  const message = 'A quotation mark is missing or stands in the wrong place; nothing behind it was read.';
  const expected = 'quotation marks around a whole value, and doubled inside of it: "the ""old"" mill"';
  return { line, column: null, code: 'CSV_QUOTES', message, expected };
}
