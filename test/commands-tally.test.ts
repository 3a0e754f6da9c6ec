import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TALLY_METHODS } from '../src/governance/tally/method.ts';
import { buildProgram, runCommand, type CommandResult } from './support/process.ts';

/** The built command on files. It is given nothing else: no database, no settings. */

const WARD = path.join(__dirname, 'elections/renfrewshire-2017-ward-11.blt');
let directory: string;

beforeAll(async () => {
  await buildProgram();
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-'));
});

afterAll(() => fs.rm(directory, { recursive: true, force: true }));

const run = (...words: string[]): Promise<CommandResult> => runCommand(['tally', ...words], {});

const refused = (message: string) => ({ code: 2, stdout: '', stderr: `${message}\n` });

describe('a ward of Renfrewshire in 2017', () => {
  // The declaration of the returning officer, as https://github.com/gerrymulvenna/council17 keeps it; the rankings are those of
  // https://github.com/mggg/scot-elex.
  const DECLARED = [
    ['1783.00000', '212.00000', '170.00000', '2552.00000', '896.00000'],
    ['1783.00000', '537.68416', '230.72840', '1404.00000', '1212.68736'],
    ['1404.00000', '578.49568', '406.94064', '1404.00000', '1288.99640'],
    ['1404.00000', '733.70360', '0.00000', '1404.00000', '1407.34264'],
  ];

  test('comes out stage by stage as it was declared', async () => {
    const { code, stdout, stderr } = await run('--method', 'STV_SCOTTISH', '--json', WARD);
    const { rounds, ...result } = JSON.parse(stdout);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(result).toEqual({
      method: 'STV_SCOTTISH',
      seats: 3,
      quota: '1404',
      elected: ['James MacLaren', 'Natalie Don', 'Colin McCulloch'],
      tieBreaks: [],
    });
    expect(
      rounds.map(({ figures }: { figures: { value: string }[] }) => figures.map(({ value }) => value)),
    ).toEqual(DECLARED);
    expect(rounds.map(({ action, of }: { action: string; of: string[] }) => [action, ...of])).toEqual([
      ['FIRST_PREFERENCES'],
      ['SURPLUS', 'James MacLaren'],
      ['SURPLUS', 'Natalie Don'],
      ['EXCLUSION', 'Ellen Höfer-Franz'],
    ]);
    expect(rounds[3].figures.map(({ state }: { state: string }) => state)).toEqual([
      'ELECTED',
      'CONTINUING',
      'EXCLUDED',
      'ELECTED',
      'ELECTED',
    ]);
  });

  test('can be read by people', async () => {
    const { code, stdout } = await run('--method', 'stv-scottish', WARD);

    expect(code).toBe(0);
    expect(stdout).toContain('STV_SCOTTISH: 5613 votes, 3 seats, quota 1404\n\nRound 1: FIRST_PREFERENCES\n');
    expect(stdout).toContain(
      [
        'Round 2: SURPLUS of James MacLaren',
        '  Natalie Don                1783.00000  elected',
        '  Elliot Alexander Harrison   537.68416',
        '  Ellen Höfer-Franz           230.72840',
        '  James MacLaren             1404.00000  elected',
        '  Colin McCulloch            1212.68736',
        '  nonTransferable             444.89176',
        '  lossByFraction                0.00832',
        '',
      ].join('\n'),
    );
    expect(stdout).toMatch(/\n\nElected: James MacLaren, Natalie Don, Colin McCulloch\n$/);
  });
});

test.each([
  [
    'broken.blt',
    '2 1\n1 1 2\n',
    '2: expected a candidate from 1 to 2, or the 0 that ends a ballot, found nothing',
  ],
  ['broken.soi', '# ALTERNATIVE NAME 1: Ana\n3: 1,2\n', '2: expected alternatives from 1 to 1, found 2'],
  ['broken.pb', 'META\nkey;value\nbudget;1\n', '3: expected a section PROJECTS'],
  ['broken.json', '{\n  "format"\n}', '3: expected JSON'],
])('refuses %s with status 2 and the line', async (name, text, message) => {
  const file = path.join(directory, name);
  await fs.writeFile(file, text);

  expect(await run('--method', 'BORDA', file)).toEqual(refused(`${file}:${message}`));
});

test.each<[string[], string]>([
  [
    ['--method', 'PLURALITY', WARD],
    `There is no method PLURALITY. Choose one of ${TALLY_METHODS.join(', ')}.`,
  ],
  [['--method', 'BORDA'], "error: missing required argument 'file'"],
])('refuses %j with status 2', async (words, message) => {
  expect(await run(...words)).toEqual(refused(message));
});

test('says with which seed it drew lots, and takes 0 if none is given', async () => {
  const file = path.join(directory, 'tie.blt');
  await fs.writeFile(file, '2 1\n1 1 0\n1 2 0\n0\n"A"\n"B"\n');

  expect(await run('--method', 'BORDA', file)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /\nRound 1, LOT among A, B: [AB]\nLots were drawn with the seed 0\nElected: [AB]\n$/,
    ),
  });
});
