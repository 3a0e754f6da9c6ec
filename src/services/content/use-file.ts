import { StoredFile } from '../../entities/stored-file.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { Standing } from '../access/standing.ts';
import { FileInUse, FileTypeNotAccepted } from './errors.ts';
import { PICTURE_TYPE } from './pictures.ts';
import { isPicture } from './sizes.ts';
import { UNUSED_FILE_JOB } from './unused-files.ts';

export interface UseFile {
  fileId: string;
  /** Whether it must be a picture. */
  isPicture?: boolean;
  /** The input field that names it. */
  path?: string;
}

/**
 * A file that the standing's member uploaded, from now on kept for what uses it. A file is used once, so that it can go
 * when that goes. Lock it after all other rows but those of the ledger.
 *
 * @throws NotFound also for a file of somebody else; FileInUse, FileTypeNotAccepted, InvalidInput INVALID_ID
 */
export async function useFile(
  tx: Tx,
  { network, membership }: Standing,
  { fileId, isPicture: mustBePicture = false, path = 'fileId' }: UseFile,
): Promise<StoredFile> {
  const match = { networkId: network.id, id: requireId('file', fileId, path) };
  const file = await tx.db.lock(StoredFile, match);
  if (!file || file.uploadedByMembershipId !== membership?.id) throw new NotFound('File');
  if (file.usedAt) throw new FileInUse(path);
  if (mustBePicture && !isPicture(file)) throw new FileTypeNotAccepted([PICTURE_TYPE], path);
  await tx.db.update(StoredFile, match, { usedAt: tx.now });
  return { ...file, usedAt: tx.now };
}

/** Lets go of a file that something used: it and its bytes are deleted after the commit. */
export async function releaseFile(
  tx: Tx,
  { networkId, id }: Pick<StoredFile, 'networkId' | 'id'>,
): Promise<void> {
  await tx.db.update(StoredFile, { networkId, id }, { usedAt: null });
  tx.enqueue({ kind: UNUSED_FILE_JOB, payload: { networkId, id } });
}
