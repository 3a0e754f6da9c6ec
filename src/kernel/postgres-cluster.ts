import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';
import { childEnvironment } from './config.ts';
import { ignore } from './errors.ts';
import { exec, machineDirectory, type RunAs } from './postgres-binaries.ts';

export type EmbeddedRole = 'superuser' | 'owner' | 'app';
/** Connection address by role: `superuser` makes databases, `owner` migrates, `app` serves. */
export type UrlOf = (role: EmbeddedRole, database?: string) => string;

const EMBEDDED_DATABASE = 'mutuality';
const ROLE_NAMES: Record<EmbeddedRole, string> = {
  superuser: 'postgres',
  owner: 'mutuality_owner',
  app: 'mutuality_app',
};
type Passwords = Record<EmbeddedRole, string>;

/** Makes the directory and returns one that the user can write: below a private home directory it is another. */
export async function prepareDirectory(wanted: string, user: RunAs): Promise<string> {
  if (await isUsable(wanted, user)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const substitute = path.join(machineDirectory(), `mutuality-data-${name}`);
  if (await isUsable(substitute, user)) return substitute;
  throw new CannotStart(`Neither ${wanted} nor ${substitute} can hold the database: set DATA_DIR.`);
}

async function isUsable(directory: string, user: RunAs): Promise<boolean> {
  await fs.mkdir(path.dirname(directory), { recursive: true });
  await fs.mkdir(directory, { mode: 0o700 }).catch(ignore('EEXIST'));
  if (!isInitialised(directory)) await giveTo(user, directory);
  if (process.platform === 'win32') return true;
  const probe = 'cd "$1" && : > .probe && rm .probe';
  return exec('/bin/sh', ['-c', probe, 'sh', directory], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

function isInitialised(dataDir: string): boolean {
  return existsSync(path.join(dataDir, 'PG_VERSION'));
}

async function giveTo({ uid, gid }: RunAs, file: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await fs.chown(file, uid, gid);
}

/** Makes the cluster at the first start, whole or not at all: it is made beside its place and moved there. */
export async function initialise(dataDir: string, binaries: string, user: RunAs): Promise<void> {
  if (isInitialised(dataDir)) return;
  await removeUnfinished(dataDir);
  const unfinished = `${dataDir}.${randomBytes(4).toString('hex')}.unfinished`;
  await fs.mkdir(unfinished, { mode: 0o700 });
  await giveTo(user, unfinished);
  const passwords: Passwords = { superuser: newPassword(), owner: newPassword(), app: newPassword() };
  await runInitdb({ directory: unfinished, binaries, user, password: passwords.superuser });
  // Before the move: a cluster whose passwords are lost is of no use.
  await fs.writeFile(passwordsPath(dataDir), JSON.stringify(passwords), { mode: 0o600 });
  await fs.rmdir(dataDir);
  await fs.rename(unfinished, dataDir);
}

/** What starts that were killed left behind. */
async function removeUnfinished(dataDir: string): Promise<void> {
  const { dir, base } = path.parse(dataDir);
  for (const name of await fs.readdir(dir)) {
    const isLeftOver = name.startsWith(`${base}.`) && name.endsWith('.unfinished');
    if (isLeftOver) await fs.rm(path.join(dir, name), { recursive: true, force: true });
  }
}

interface Initdb {
  directory: string;
  binaries: string;
  user: RunAs;
  password: string;
}

async function runInitdb({ directory, binaries, user, password }: Initdb): Promise<void> {
  const passwordFile = path.join(os.tmpdir(), `mutuality-${process.pid}-${randomBytes(4).toString('hex')}`);
  await fs.writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(user, passwordFile);
  const place = ['-D', directory, '-U', ROLE_NAMES.superuser];
  const access = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    const all = [...place, ...access, ...locale, '--no-instructions'];
    await exec(binary(binaries, 'initdb'), all, { ...user, env: environment(), cwd: '/' });
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

/** Two roles, so that the serving one can be denied what only migrations may do, and the database they share. */
export async function ensureRoles(dataDir: string, url: UrlOf): Promise<void> {
  const passwords = await readPasswords(dataDir);
  const client = new pg.Client(url('superuser', 'postgres'));
  await client.connect();
  const isEmpty = async (question: string, name: string) =>
    (await client.query(question, [name])).rowCount === 0;
  try {
    for (const role of ['owner', 'app'] as const) {
      const name = ROLE_NAMES[role];
      if (await isEmpty('select 1 from pg_roles where rolname = $1', name)) {
        await client.query(`create role ${name} login password ${pg.escapeLiteral(passwords[role])}`);
      }
    }
    if (await isEmpty('select 1 from pg_database where datname = $1', EMBEDDED_DATABASE)) {
      await client.query(`create database ${EMBEDDED_DATABASE} owner ${ROLE_NAMES.owner}`);
    }
  } finally {
    await client.end();
  }
}

export async function urlsOf(dataDir: string, port: number): Promise<UrlOf> {
  const passwords = await readPasswords(dataDir);
  return (role, database = EMBEDDED_DATABASE) =>
    `postgres://${ROLE_NAMES[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`;
}

async function readPasswords(dataDir: string): Promise<Passwords> {
  return JSON.parse(await fs.readFile(passwordsPath(dataDir), 'utf8')) as Passwords;
}

// Beside the cluster, not in it: the cluster's directory belongs to the database's user.
function passwordsPath(dataDir: string): string {
  return `${dataDir}.passwords.json`;
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

export function binary(directory: string, name: string): string {
  return path.join(directory, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** Independent of the machine's language and time zone. */
export function environment(): NodeJS.ProcessEnv {
  return { ...childEnvironment(), LC_ALL: 'C', TZ: 'UTC', PGTZ: 'UTC' };
}
