import { timingSafeEqual } from 'node:crypto';
import type { FileSize, StoredFile } from '../../entities/stored-file.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { kindOfId } from '../../kernel/ids.ts';
import type { SecretBox } from '../people/secret-box.ts';
import type { FileDeps } from './deps.ts';
import { isPicture, isSize } from './sizes.ts';

// An address stays the same for a quarter of an hour, so that a browser need not fetch a picture again with every page.
const LIFETIME_MS = HOUR_MS;
const STEP_MS = 15 * MINUTE_MS;

/** Until when the addresses work that are given out now: at least an hour. */
export function addressesExpireAt(now: Date): Date {
  return new Date(Math.ceil((now.getTime() + LIFETIME_MS) / STEP_MS) * STEP_MS);
}

/**
 * Where a file can be fetched by whoever knows the address, for an hour or a little longer. Give it only to who may see
 * the file. Null for the thumbnail of what is no picture.
 */
export function addressOf(
  { config, secretBox }: Pick<FileDeps, 'config' | 'secretBox'>,
  file: StoredFile,
  { size, now }: { size: FileSize; now: Date },
): string | null {
  if (size === 'THUMBNAIL' && !isPicture(file)) return null;
  const { networkId, id } = file;
  const part = size.toLowerCase();
  const expires = String(addressesExpireAt(now).getTime() / 1000);
  const signature = signatureOf(secretBox, [networkId, id, part, expires]).toString('base64url');
  return `${config.publicUrl}/files/${networkId}/${id}/${part}?expires=${expires}&signature=${signature}`;
}

/** What an address says, as it came. */
export interface Address {
  networkId: string;
  fileId: string;
  size: string;
  expires: unknown;
  signature: unknown;
}

export interface Addressed {
  networkId: string;
  fileId: string;
  size: FileSize;
  expiresAt: Date;
}

/** What an address names; null unless this server gave it out and it still works. */
export function readAddress(secretBox: SecretBox, address: Address, now: Date): Addressed | null {
  const { networkId, fileId, expires, signature } = address;
  const size = address.size.toUpperCase();
  if (kindOfId(networkId) !== 'network' || kindOfId(fileId) !== 'file' || !isSize(size)) return null;
  if (typeof expires !== 'string' || !/^\d{1,12}$/.test(expires) || typeof signature !== 'string')
    return null;
  const expected = signatureOf(secretBox, [networkId, fileId, address.size, expires]);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const expiresAt = new Date(Number(expires) * 1000);
  return expiresAt > now ? { networkId, fileId, size, expiresAt } : null;
}

function signatureOf(secretBox: SecretBox, parts: readonly string[]): Buffer {
  return secretBox.tagOf(['file', ...parts]);
}
