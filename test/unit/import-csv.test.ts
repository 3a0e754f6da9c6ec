import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readImport } from '../../src/services/ledger/import-csv.ts';

const HEADER = 'payer,payee,amount,description';
const cells = (payer: string, payee: string, amount: string, description: string) => ({
  payer,
  payee,
  amount,
  description,
});
const faultsOf = (csv: string) => readImport(csv).faults.map(({ line, code }) => `${line} ${code}`);

test.each([
  ['line feeds', `${HEADER}\nAna,Ben,1.50,soup\n`],
  ['carriage returns and line feeds', `${HEADER}\r\nAna,Ben,1.50,soup\r\n`],
  ['no line break at the end', `${HEADER}\nAna,Ben,1.50,soup`],
  ['a byte order mark', `\uFEFF${HEADER}\nAna,Ben,1.50,soup\n`],
  ['semicolons', 'payer;payee;amount;description\nAna;Ben;1.50;soup'],
  ['columns in another order', 'amount,description,payee,payer\n1.50,soup,Ben,Ana'],
  ['a header in other letters', 'Payer, PAYEE ,Amount,Description\nAna,Ben,1.50,soup'],
  ['quotation marks', '"payer","payee","amount","description"\n"Ana","Ben","1.50","soup"'],
  ['spaces around values', `${HEADER}\n Ana , Ben ,1.50 , soup `],
  ['rows of nothing but delimiters', `${HEADER}\nAna,Ben,1.50,soup\n,,,\n , ,,\n,,,,,,`],
])('reads a file with %s', (_name, csv) => {
  expect(readImport(csv)).toEqual({
    lines: [{ line: 2, cells: cells('Ana', 'Ben', '1.50', 'soup') }],
    faults: [],
    lineCount: 1,
  });
});

test('counts lines as an editor does, also behind empty lines and line breaks in values', () => {
  const csv = `${HEADER}\n\nAna,Ben,1,"soup\nand ""bread"""\n\nBen,Ana,2,a;b,c\nBen,Ana,3,"a,b"\n`;

  expect(readImport(csv)).toEqual({
    lines: [
      { line: 3, cells: cells('Ana', 'Ben', '1', 'soup\nand "bread"') },
      { line: 7, cells: cells('Ben', 'Ana', '3', 'a,b') },
    ],
    faults: [
      expect.objectContaining({
        line: 6,
        column: null,
        code: 'CSV_COLUMNS',
        expected: '4 columns instead of 5',
      }),
    ],
    lineCount: 3,
  });
});

test.each([
  ['a column too few', `${HEADER}\nAna,Ben,1\nAna,Ben,1,soup`, ['2 CSV_COLUMNS']],
  [
    'a quotation mark that stays open',
    `${HEADER}\nAna,Ben,1,soup\n\nAna,Ben,1,"soup\nAna,Ben,1,soup`,
    ['4 CSV_QUOTES'],
  ],
  ['a quotation mark inside a value', `${HEADER}\nAna,Ben,1,so"up\nAna,Ben,1,soup`, ['2 CSV_QUOTES']],
  ['letters behind a quotation mark', `${HEADER}\nAna,Ben,1,"soup"s`, ['2 CSV_QUOTES']],
  ['both', `${HEADER}\nAna\nAna,Ben,1,"soup"s`, ['2 CSV_COLUMNS', '3 CSV_QUOTES']],
  ['a header that stays open', `payer,"payee\n`, ['1 CSV_QUOTES']],
  ['no header', 'Ana,Ben,1,soup', ['1 CSV_HEADER']],
  ['an unknown column', `${HEADER},category\nAna,Ben,1,soup,food`, ['1 CSV_HEADER']],
  ['a column that comes twice', 'payer,payee,amount,payer\nAna,Ben,1,Ana', ['1 CSV_HEADER']],
  ['a missing column', 'payer,payee,amount\nAna,Ben,1', ['1 CSV_HEADER']],
  ['tabs', 'payer\tpayee\tamount\tdescription\nAna\tBen\t1\tsoup', ['1 CSV_HEADER']],
  ['a record without an end', `${HEADER}\nAna,Ben,1,"${'soup '.repeat(5_000)}`, ['2 CSV_QUOTES']],
])('names the lines of a file with %s', (_name, csv, faults) => {
  expect(faultsOf(csv)).toEqual(faults);
});

test.each(['', '\uFEFF', '\n\n', ',,,\n', HEADER, `${HEADER}\n\n,,,\n`])('finds nothing in %j', (csv) => {
  expect(() => readImport(csv)).toThrow(expect.objectContaining({ code: 'REQUIRED', path: 'csv' }));
});

test('takes 2,000 lines and no more', () => {
  const fileOf = (count: number) => `${HEADER}\n${'Ana,Ben,1,soup\n'.repeat(count)}`;

  expect(readImport(fileOf(2_000)).lines).toHaveLength(2_000);
  for (const count of [2_001, 60_000]) {
    expect(() => readImport(fileOf(count))).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_LINES', fields: { max: 2_000 } }),
    );
  }
});

test.each([
  ['lines of one letter', `${HEADER}\n${'a\n'.repeat(500_000)}`],
  ['quotation marks', `${HEADER}\n${'"'.repeat(1_000_000)}`],
  ['faulty quotation marks', `${HEADER}\n${'a"b\n'.repeat(250_000)}`],
  ['delimiters', `${HEADER}\n${','.repeat(1_000_000)}`],
  ['empty lines', `${HEADER}\n${'\n'.repeat(1_000_000)}`],
])('is done soon with a megabyte of %s', (_name, csv) => {
  const start = performance.now();

  try {
    readImport(csv);
  } catch {
    // What it says of it is another matter.
  }

  expect(performance.now() - start).toBeLessThan(3_000);
});

test('reads back whatever a spreadsheet writes, each value on its line', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '=', '🐝') });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 20 }), (rows) => {
      fc.pre(rows.every((row) => row.some((cell) => cell.trim() !== '')));
      const csv = [HEADER, ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
      const trimmed = rows.map((row) => row.map((cell) => cell.trim()));

      const { lines, faults } = readImport(csv);

      expect(faults).toEqual([]);
      expect(lines.map((line) => Object.values(line.cells))).toEqual(trimmed);
      // Each record begins one line behind the end of the one before.
      const breaks = rows.map((row) => row.join('').split('\n').length);
      expect(lines.map(({ line }) => line)).toEqual(
        rows.map((_, index) => 2 + breaks.slice(0, index).reduce((sum, count) => sum + count, 0)),
      );
    }),
  );
});

test('reads the example of the guide', () => {
  const file = readFileSync(path.resolve(__dirname, '../../docs/importing-example.csv'), 'utf8');

  expect(readImport(file)).toMatchObject({ lineCount: 3, faults: [] });
});
