import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ignore } from './errors.ts';
import { FilesUnavailable, requireKey, type FileStore } from './file-store.ts';

const DRAFT_LIFETIME_MS = 3_600_000;

/** Keeps files in 256 folders of one directory: a folder with very many files is slow to list and to back up. */
export class DiskFileStore implements FileStore {
  private constructor(private readonly directory: string) {}

  /** Clears away what a process left that ended in the middle of writing. */
  static async open(directory: string): Promise<DiskFileStore> {
    const store = new DiskFileStore(directory);
    await fs.mkdir(store.drafts, { recursive: true });
    // By the clock of the disk: another process may be writing the newest ones.
    const { mtimeMs: now } = await touched(path.join(store.drafts, randomUUID()));
    for (const name of await fs.readdir(store.drafts)) {
      const draft = path.join(store.drafts, name);
      const { mtimeMs } = await fs.stat(draft).catch(() => ({ mtimeMs: now }));
      if (mtimeMs < now - DRAFT_LIFETIME_MS) await fs.rm(draft, { force: true });
    }
    return store;
  }

  put(key: string, bytes: Buffer): Promise<void> {
    const file = this.pathOf(key);
    return available(async () => {
      await fs.mkdir(path.dirname(file), { recursive: true });
      const draft = path.join(this.drafts, randomUUID());
      try {
        await fs.writeFile(draft, bytes, { mode: 0o600, flush: true });
        await fs.rename(draft, file);
      } finally {
        await fs.rm(draft, { force: true });
      }
      await flushDirectory(path.dirname(file));
    });
  }

  get(key: string): Promise<Buffer | null> {
    const file = this.pathOf(key);
    return available(() =>
      fs
        .readFile(file)
        .catch(ignore('ENOENT'))
        .then((bytes) => bytes ?? null),
    );
  }

  delete(key: string): Promise<void> {
    const file = this.pathOf(key);
    return available(() => fs.rm(file, { force: true }));
  }

  private get drafts(): string {
    return path.join(this.directory, 'drafts');
  }

  private pathOf(key: string): string {
    const folder = createHash('sha256').update(requireKey(key)).digest('hex').slice(0, 2);
    return path.join(this.directory, folder, key.replaceAll('/', '.'));
  }
}

/** @throws FilesUnavailable where the disk is full, read-only or gone */
async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FilesUnavailable(error);
  }
}

async function touched(file: string): Promise<{ mtimeMs: number }> {
  await fs.writeFile(file, '');
  const stat = await fs.stat(file);
  await fs.rm(file);
  return stat;
}

/** A new name lasts only once the directory that holds it has been written. */
async function flushDirectory(directory: string): Promise<void> {
  // Windows opens no directories, and needs none of this.
  if (process.platform === 'win32') return;
  const handle = await fs.open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
