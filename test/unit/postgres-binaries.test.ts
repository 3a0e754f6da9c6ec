import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { copyBinaries, postgresBinaries } from '../../src/kernel/postgres-binaries.ts';

let directory: string;
beforeAll(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-binaries-'));
});
afterAll(() => fs.rm(directory, { recursive: true, force: true }));

test('a copy of the binaries runs, with the links to its libraries, and leaves nothing else behind', async () => {
  const original = await postgresBinaries({});
  const copy = path.join(directory, 'copy');

  await copyBinaries(original, copy);
  // Somebody else was quicker: the copy that is there stays.
  await copyBinaries(original, copy);

  const program = path.join(copy, path.basename(original), 'bin', 'postgres');
  const { stdout } = await promisify(execFile)(program, ['--version']);
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
  expect(await fs.readdir(directory)).toEqual(['copy']);
});
