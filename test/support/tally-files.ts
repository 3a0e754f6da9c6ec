import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tallyFile } from '../../src/commands/tally.ts';
import { tallyJson } from '../../src/commands/tally-output.ts';

let directory = '';

/** Gives the tests of a file a directory for ballots; called at its top, since this module is loaded once for many files. */
export function useBallotFiles(): void {
  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'tally-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
}

/** What can be said on the command line. */
export interface Words {
  method?: string;
  seats?: string;
  seed?: string;
  completion?: string;
}

/** Writes a file of ballots, and says where it is. */
export function givenBallots(name: string, text: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** What `tally --json` prints for a file. */
export function counted(name: string, text: string, words: Words = {}) {
  const { result, election } = tallyFile(givenBallots(name, text), words);
  return JSON.parse(tallyJson(result, election));
}

/** Why a file cannot be counted. */
export function faultOf(name: string, text: string, words: Words = {}): string {
  const file = givenBallots(name, text);
  try {
    tallyFile(file, words);
  } catch (error) {
    return (error as Error).message.replaceAll(file, name);
  }
  throw new Error('It was counted');
}
