import { assert, DomainError } from './errors.ts';

/**
 * Keeps bytes under keys. What is put is there whole or not at all, and lasts; putting the same key again replaces it, and
 * deleting what is not there does nothing.
 */
export interface FileStore {
  /** @throws FilesUnavailable */
  put(key: string, bytes: Buffer): Promise<void>;
  /** @returns null if there is nothing under the key
   * @throws FilesUnavailable */
  get(key: string): Promise<Buffer | null>;
  /** @throws FilesUnavailable */
  delete(key: string): Promise<void>;
}

/** The store of files is away or refuses: nothing was changed, and the same may succeed a little later. */
export class FilesUnavailable extends DomainError {
  constructor(cause: unknown) {
    super('FILES_UNAVAILABLE', 'The store of files does not answer. Try again in a moment.');
    this.cause = cause;
  }
}

// No dot and no empty part: no key leads out of where it belongs.
const KEY = /^\w{1,40}(\/\w{1,40}){0,4}$/;

/** The key itself, of which each part is a word of ASCII letters and digits. */
export function requireKey(key: string): string {
  assert(KEY.test(key), 'a key of the store of files is made of words');
  return key;
}
