import DataLoader from 'dataloader';
import type { ResourcePhoto } from '../../entities/resource-photo.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { photosOf } from '../../services/pools/photos.ts';

/** What lists of things ask for to show them, read for all rows at once. */
export interface FileLoaders {
  /** The pictures of a thing, in the order in which they were added. */
  photos: (resource: Resource) => Promise<ResourcePhoto[]>;
}

export function makeFileLoaders(db: Db): FileLoaders {
  const photos = new DataLoader<Resource, ResourcePhoto[], string>((resources) => photosOf(db, resources), {
    cacheKeyFn: ({ id }) => id,
  });
  return { photos: (resource) => photos.load(resource) };
}
