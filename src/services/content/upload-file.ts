import { createHash } from 'node:crypto';
import { StoredFile, type FileSize } from '../../entities/stored-file.ts';
import type { Actor } from '../../kernel/actor.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import { assert, InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingAt, standingIn, type Standing } from '../access/standing.ts';
import { requirePerson } from '../people/authenticate.ts';
import type { FileDeps } from './deps.ts';
import { FileTypeNotAccepted } from './errors.ts';
import { PICTURE_TYPE } from './pictures.ts';
import { ACCEPTED_TYPES, typeOf } from './recognise.ts';
import { keyOf } from './sizes.ts';
import { UNUSED_FILE_JOB } from './unused-files.ts';

const UNUSED_LIFETIME_MS = DAY_MS;

/** What is kept of an upload. */
interface Prepared {
  contentType: string;
  width: number | null;
  height: number | null;
  bytes: Partial<Record<FileSize, Buffer>> & { FULL: Buffer };
}

/**
 * Goes on only for who may upload to a network, and counts the try; asked before the bytes are taken in.
 *
 * @throws Unauthenticated, Forbidden, NotFound, NetworkArchived, TooManyAttempts, InvalidInput INVALID_ID
 */
export async function beginUpload(deps: FileDeps, actor: Actor, networkId: string): Promise<void> {
  const { personId } = requirePerson(actor);
  const standing = await standingAt({ db: deps.db, actor, now: deps.clock.now() }, networkId);
  authorize(standing, 'file.upload');
  await deps.throttle.count('uploadByPerson', personId);
}

/**
 * Keeps a file for the member who uploads it, until something uses it; if nothing does, it is deleted after a day. What it
 * is, is found by looking at it. Pictures are made upright and smaller and lose all that is written into them beside
 * the picture; a PDF is kept as it is.
 *
 * @throws InvalidInput REQUIRED for no bytes, FileTypeNotAccepted, PictureDamaged, PictureTooLarge, Overloaded,
 *   FilesUnavailable, and what `beginUpload` throws
 */
export async function uploadFile(
  deps: FileDeps,
  actor: Actor,
  { networkId, bytes }: { networkId: string; bytes: Buffer },
): Promise<StoredFile> {
  const { run, store } = deps;
  const prepared = await prepare(deps, bytes);
  const address = { networkId, id: newId('file') };
  // First of all what deletes the bytes, should the row never come.
  await run(actor, async (tx) => {
    uploaderIn(await standingIn(tx, networkId));
    const dueAt = after(tx.now, UNUSED_LIFETIME_MS);
    tx.enqueue({ kind: UNUSED_FILE_JOB, payload: address, dueAt });
  });
  for (const [size, content] of Object.entries(prepared.bytes)) {
    await store.put(keyOf(address, size as FileSize), content);
  }
  return run(actor, (tx) => recordFile(tx, address, prepared));
}

/** @throws InvalidInput REQUIRED, FileTypeNotAccepted, PictureDamaged, PictureTooLarge, Overloaded */
async function prepare({ pictures }: FileDeps, bytes: Buffer): Promise<Prepared> {
  if (bytes.length === 0) throw new InvalidInput('REQUIRED', 'body');
  const type = typeOf(bytes);
  if (!type) throw new FileTypeNotAccepted(ACCEPTED_TYPES);
  if (type === 'application/pdf')
    return { contentType: type, width: null, height: null, bytes: { FULL: bytes } };
  const { full, width, height, thumbnail } = await pictures.prepare(bytes);
  return { contentType: PICTURE_TYPE, width, height, bytes: { FULL: full, THUMBNAIL: thumbnail } };
}

async function recordFile(
  tx: Tx,
  address: { networkId: string; id: string },
  { contentType, width, height, bytes }: Prepared,
): Promise<StoredFile> {
  const file: StoredFile = {
    ...address,
    contentType,
    byteCount: bytes.FULL.length,
    sha256: createHash('sha256').update(bytes.FULL).digest(),
    width,
    height,
    uploadedByMembershipId: uploaderIn(await standingIn(tx, address.networkId)),
    uploadedAt: tx.now,
    usedAt: null,
  };
  await tx.db.insert(StoredFile, file);
  return file;
}

/** The member in whose name somebody uploads. */
function uploaderIn(standing: Standing): string {
  authorize(standing, 'file.upload');
  assert(standing.membership, 'who may upload is a member');
  return standing.membership.id;
}
