import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 31;

/**
 * A new directory for a PostgreSQL that is thrown away, which its user may enter: in memory where there is enough, since to
 * make and delete a database is to make and delete two thousand files.
 */
export async function quickDirectory(prefix: string): Promise<string> {
  const directory = await fs.mkdtemp(path.join((await hasRoomInMemory()) ? IN_MEMORY : os.tmpdir(), prefix));
  await fs.chmod(directory, 0o755);
  return directory;
}

async function hasRoomInMemory(): Promise<boolean> {
  try {
    await fs.access(IN_MEMORY, fs.constants.W_OK);
    const { bavail, bsize } = await fs.statfs(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES && os.freemem() >= ENOUGH_BYTES;
  } catch {
    return false; // there is none on this machine
  }
}
