import { ResourcePhoto } from '../../entities/resource-photo.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { DomainError, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { releaseFile, useFile } from '../content/use-file.ts';
import { ResourceNotActive } from './errors.ts';
import { anyResourceFor, poolSubject, type ResourceStanding } from './pool-access.ts';
import { ownsIt } from './update-resource.ts';

export const MAX_PHOTOS = 20;

export class TooManyPhotos extends DomainError {
  constructor() {
    super('TOO_MANY_PHOTOS', 'Remove a picture of the thing first.', { max: MAX_PHOTOS });
  }
}

export interface AddPhoto {
  networkId: string;
  resourceId: string;
  /** A picture that the member has uploaded and not used. */
  fileId: string;
  caption?: string | null;
}

/**
 * Shows a picture of a thing, behind those that are there.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, TooManyPhotos, FileInUse, FileTypeNotAccepted,
 *   InvalidInput
 * @emits ResourcePhotoAdded
 */
export async function addPhoto(tx: Tx, command: AddPhoto): Promise<Resource> {
  const found = await resourceToShow(tx, command);
  const { resource, standing } = found;
  const { networkId, id: resourceId } = resource;
  const caption = optionalText(command.caption, 'caption', { max: 200 }) ?? '';
  const [photos = []] = await photosOf(tx.db, [resource]);
  if (photos.length >= MAX_PHOTOS) throw new TooManyPhotos();
  const { id: fileId } = await useFile(tx, standing, { fileId: command.fileId, isPicture: true });
  await tx.db.insert(ResourcePhoto, { networkId, resourceId, fileId, caption, addedAt: tx.now });
  tx.emit({ networkId, kind: 'ResourcePhotoAdded', subjectId: resourceId, data: { fileId } });
  return resource;
}

export interface RemovePhoto {
  networkId: string;
  resourceId: string;
  fileId: string;
}

/**
 * Takes a picture of a thing away, whoever added it; its bytes are deleted.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, InvalidInput INVALID_ID
 * @emits ResourcePhotoRemoved
 */
export async function removePhoto(tx: Tx, command: RemovePhoto): Promise<Resource> {
  const { resource } = await resourceToShow(tx, command);
  const { networkId, id: resourceId } = resource;
  const fileId = requireId('file', command.fileId, 'fileId');
  const removed = await tx.db.delete(ResourcePhoto, { networkId, resourceId, fileId });
  if (removed === 0) throw new NotFound('File');
  await releaseFile(tx, { networkId, id: fileId });
  tx.emit({ networkId, kind: 'ResourcePhotoRemoved', subjectId: resourceId, data: { fileId } });
  return resource;
}

/** A thing that is in use or offered, for who says what it is: its owner, and those who look after the pool. */
async function resourceToShow(
  tx: Tx,
  command: { networkId: string; resourceId: string },
): Promise<ResourceStanding> {
  const found = await anyResourceFor(tx, command);
  const { resource, standing } = found;
  if (ownsIt(found)) authorize(standing, 'resource.own', { isOwn: true });
  else authorize(standing, 'resource.manage', poolSubject(found));
  if (resource.state === 'RETIRED') throw new ResourceNotActive(resource.state);
  return found;
}

/** The pictures of each thing, in the order in which they were added. */
export async function photosOf(db: Db, resources: readonly Resource[]): Promise<ResourcePhoto[][]> {
  const photos = await db.select(
    ResourcePhoto,
    `where (network_id, resource_id) in (select * from unnest($1::text[], $2::text[])) order by added_at, file_id`,
    [resources.map(({ networkId }) => networkId), resources.map(({ id }) => id)],
  );
  return resources.map(({ id }) => photos.filter(({ resourceId }) => resourceId === id));
}
