import { FILE_SIZES, type FileSize, type StoredFile } from '../../entities/stored-file.ts';

export function isSize(text: string): text is FileSize {
  return FILE_SIZES.includes(text as FileSize);
}

export function isPicture({ width }: Pick<StoredFile, 'width'>): boolean {
  return width !== null;
}

/** Where the bytes lie in the store of files. */
export function keyOf({ networkId, id }: Pick<StoredFile, 'networkId' | 'id'>, size: FileSize): string {
  return `${networkId}/${id}/${size.toLowerCase()}`;
}
