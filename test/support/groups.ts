import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');

/** How many groups the test files are divided into; `test/groups` has a file for each. */
export const GROUPS = 12;

/**
 * Runs a part of the test files as one: loading all modules anew takes as long as many tests do. The files are dealt out by
 * size, the largest first, so that no group is much larger than another.
 *
 * @param number counts from 1
 */
export function runGroup(number: number): void {
  for (const file of filesOf(number)) {
    // Hooks of a file hold inside the block in which it is read.
    describe(path.relative(ROOT, file), () => {
      load(file);
    });
  }
}

// What one file puts in the place of a module holds for it alone, and it must not find the real one loaded.
function load(file: string): void {
  if (replacesModules(file)) jest.isolateModules(() => require(file));
  else require(file);
}

function replacesModules(file: string): boolean {
  return /\bjest\.mock\(/.test(readFileSync(file, 'utf8'));
}

function filesOf(number: number): string[] {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(ROOT, file))
    .map((file) => ({ file, size: statSync(file).size }))
    .toSorted((a, b) => b.size - a.size || (a.file < b.file ? -1 : 1));
  // There and back, so that the first group does not get the larger one of each round.
  return files
    .filter((_, index) => {
      const round = Math.floor(index / GROUPS);
      const place = index % GROUPS;
      return (round % 2 === 0 ? place : GROUPS - 1 - place) === number - 1;
    })
    .map(({ file }) => file)
    .toSorted((a, b) => Number(replacesModules(a)) - Number(replacesModules(b)));
}
