import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');

/** How many groups the test files are divided into; `test/groups` has a file for each. */
const GROUPS = 4;

/** Files that take much longer than their size tells: about the seconds of work that they are. */
const SLOW: Record<string, number> = {
  'operations.test.ts': 38,
  'commands.test.ts': 35,
  'api/access.test.ts': 24,
  'api/verify.test.ts': 18,
  'own-postgresql.test.ts': 14,
  'services/ledger-concurrency.test.ts': 14,
  'api/conversions.test.ts': 11,
};
const BYTES_PER_SECOND = 5_000;

/**
 * Divides the test files into groups that take about as long as each other. It is done once for a run and kept in its
 * environment: a file that comes or goes meanwhile must not move others into a group that has begun already.
 */
export function dealFiles(): void {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({ file, seconds: secondsOf(file) }))
    .toSorted((a, b) => b.seconds - a.seconds || (a.file < b.file ? -1 : 1));
  const groups = Array.from({ length: GROUPS }, () => ({ files: [] as string[], seconds: 0 }));
  for (const { file, seconds } of files) {
    const shortest = groups.reduce((least, group) => (group.seconds < least.seconds ? group : least));
    shortest.files.push(file);
    shortest.seconds += seconds;
  }
  process.env['TEST_GROUPS'] = JSON.stringify(groups.map((group) => group.files));
}

function secondsOf(file: string): number {
  const name = file.replaceAll(path.sep, '/');
  return SLOW[name] ?? statSync(path.join(ROOT, file)).size / BYTES_PER_SECOND;
}

/**
 * Runs a part of the test files as one: loading all modules anew takes as long as many tests do.
 *
 * @param number counts from 1
 */
export function runGroup(number: number): void {
  const groups = JSON.parse(process.env['TEST_GROUPS'] ?? '[]') as string[][];
  const files = groups[number - 1] ?? [];
  for (const file of files.toSorted((a, b) => Number(replacesModules(a)) - Number(replacesModules(b)))) {
    // Hooks of a file hold inside the block in which it is read.
    describe(file, () => {
      load(file);
    });
  }
}

// What one file puts in the place of a module holds for it alone, and it must not find the real one loaded.
function load(file: string): void {
  const module = path.join(ROOT, file);
  if (replacesModules(file)) jest.isolateModules(() => require(module));
  else require(module);
}

function replacesModules(file: string): boolean {
  return /\bjest\.mock\(/.test(readFileSync(path.join(ROOT, file), 'utf8'));
}
