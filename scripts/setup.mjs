// Runs before `npm start`, `npm test` and the other commands, with nothing but Node: installs and builds only what
// has changed since the last time, so that these commands are all that a fresh clone needs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js 20.19 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}

function run(command, args) {
  const env = { ...process.env, NODE_ENV: 'development' };
  // Progress goes to standard error: what a command prints itself stays clean for pipes.
  const result = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env,
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function hashOf(files) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function filesUnder(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const name = path.join(directory, entry.name);
      return entry.isDirectory() ? filesUnder(name) : [name];
    })
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** Does the work unless the stamp says that it was done for exactly these files. */
function unlessDone(stamp, files, label, work) {
  const key = hashOf(files);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  console.error(label);
  work();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

unlessDone('node_modules/.setup-stamp', ['package-lock.json'], 'Installing packages …', () =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
);
if (process.argv.includes('--build')) {
  const sources = ['src', 'migrations', 'bench']
    .filter((directory) => existsSync(directory))
    .flatMap(filesUnder);
  unlessDone('dist/.stamp', ['package-lock.json', 'tsconfig.json', ...sources], 'Building …', () =>
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.']),
  );
}
