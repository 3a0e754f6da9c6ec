import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DiskFileStore } from '../../src/kernel/disk-file-store.ts';
import { FilesUnavailable, type FileStore } from '../../src/kernel/file-store.ts';
import { S3FileStore } from '../../src/kernel/s3-file-store.ts';
import { startS3, type S3Server } from '../support/s3.ts';

const KEY = 'net_01h455vb4pex5vsknk084sn02q/fil_01h455vb4pex5vsknk084sn02q/full';
const OTHER = KEY.replace('full', 'thumbnail');
const BYTES = Buffer.from([0, 255, 13, 10, 128, 0]);

let directory: string;
let s3: S3Server;
let stores: Record<'disk' | 's3', FileStore>;

beforeAll(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-files-'));
  s3 = await startS3();
  stores = { disk: await DiskFileStore.open(directory), s3: new S3FileStore(s3.config) };
});

afterAll(async () => {
  await s3.close();
  await fs.rm(directory, { recursive: true });
});

/** The files below the directory, as paths. */
async function filesOnDisk(): Promise<string[]> {
  const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

describe.each(['disk', 's3'] as const)('the store of files (%s)', (kind) => {
  test('gives back what was put under a key, and nothing else', async () => {
    const store = stores[kind];

    await store.put(KEY, BYTES);

    expect(await store.get(KEY)).toEqual(BYTES);
    expect(await store.get(OTHER)).toBeNull();
  });

  test('replaces what is there', async () => {
    const store = stores[kind];
    await store.put(KEY, BYTES);

    await store.put(KEY, Buffer.from('other'));

    expect((await store.get(KEY))?.toString()).toBe('other');
  });

  test('deletes, also what is not there', async () => {
    const store = stores[kind];
    await store.put(KEY, BYTES);

    await store.delete(KEY);
    await store.delete(KEY);

    expect(await store.get(KEY)).toBeNull();
  });

  test('keeps ten megabytes', async () => {
    const large = Buffer.alloc(10_000_000, 'mutuality');

    await stores[kind].put(OTHER, large);

    expect((await stores[kind].get(OTHER))?.equals(large)).toBe(true);
    await stores[kind].delete(OTHER);
  });

  test.each([
    '../secret.key',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    'a\\..\\b',
    'a\0b',
    'a.b',
    '',
    'ä',
    'x'.repeat(41),
  ])('takes no key such as %j', async (key) => {
    const before = await filesOnDisk();

    await expect(async () => stores[kind].put(key, BYTES)).rejects.toThrow('Broken invariant');
    await expect(async () => stores[kind].get(key)).rejects.toThrow('Broken invariant');
    await expect(async () => stores[kind].delete(key)).rejects.toThrow('Broken invariant');

    expect(await filesOnDisk()).toEqual(before);
  });
});

describe('on disk', () => {
  test('nothing is left of what could not be written', async () => {
    const store = stores.disk;
    await store.put(KEY, BYTES);
    const [file = ''] = await filesOnDisk();
    await store.delete(KEY);
    // A directory stands where the file would.
    await fs.mkdir(path.join(file, 'inside'), { recursive: true });

    await expect(store.put(KEY, BYTES)).rejects.toThrow(FilesUnavailable);

    expect(await filesOnDisk()).toEqual([]);
    await fs.rm(file, { recursive: true });
  });

  test('drafts of a process that ended are cleared away at the start, those that are being written are not', async () => {
    const drafts = path.join(directory, 'drafts');
    const [old, fresh] = [path.join(drafts, 'old'), path.join(drafts, 'fresh')];
    await fs.writeFile(old, 'half');
    await fs.writeFile(fresh, 'half');
    const hoursAgo = Date.now() / 1000 - 2 * 3_600;
    await fs.utimes(old, hoursAgo, hoursAgo);

    await DiskFileStore.open(directory);

    expect(await filesOnDisk()).toEqual([fresh]);
    await fs.rm(fresh);
  });
});

describe('in a bucket', () => {
  test('a wrong key of the store changes nothing and says that files are away', async () => {
    const intruder = new S3FileStore({ ...s3.config, secretKey: 'guessed' });
    await stores.s3.put(KEY, BYTES);

    await expect(intruder.put(KEY, Buffer.from('other'))).rejects.toThrow(FilesUnavailable);
    await expect(intruder.delete(KEY)).rejects.toThrow(FilesUnavailable);
    await expect(intruder.get(KEY)).rejects.toThrow(FilesUnavailable);

    expect(await stores.s3.get(KEY)).toEqual(BYTES);
  });

  test('a bucket that is missing is no file that is missing', async () => {
    const store = new S3FileStore({ ...s3.config, bucket: 'elsewhere' });

    await expect(store.get(KEY)).rejects.toThrow(FilesUnavailable);
    await expect(store.put(KEY, BYTES)).rejects.toThrow(FilesUnavailable);
  });

  test('a store that does not listen is away', async () => {
    const gone = await startS3();
    await gone.close();

    await expect(new S3FileStore(gone.config).get(KEY)).rejects.toThrow(FilesUnavailable);
  });
});
