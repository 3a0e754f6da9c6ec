import { StoredFile } from '../../entities/stored-file.ts';
import type { Standing } from '../access/standing.ts';
import { may } from '../access/may.ts';
import type { Addressed } from './addresses.ts';
import type { FileDeps } from './deps.ts';
import { keyOf } from './sizes.ts';

/** A file and its bytes; undefined if it was deleted. @throws FilesUnavailable */
export async function readFile(
  { db, store }: Pick<FileDeps, 'db' | 'store'>,
  { networkId, fileId, size }: Addressed,
): Promise<{ file: StoredFile; bytes: () => Promise<Buffer | null> } | undefined> {
  const file = await db.one(StoredFile, { networkId, id: fileId });
  return file && { file, bytes: () => store.get(keyOf(file, size)) };
}

/** The file, if the standing's member uploaded it; what uses a file shows it to others by its own rules. */
export function ownFile(standing: Standing, file: StoredFile): StoredFile | null {
  const isOwn = standing.membership?.id === file.uploadedByMembershipId;
  return isOwn && may(standing, 'network.read', { isOwn }).allowed ? file : null;
}
