import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../kernel/config.ts';
import { ignore } from '../../kernel/errors.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals what the server must be able to read again, so that a copy of the database alone does not reveal it. */
export class SecretBox {
  private readonly key: Buffer;

  constructor(secretKey: string) {
    this.key = createHash('sha256').update(secretKey).digest();
  }

  /** @param context what the secret belongs to; a sealed secret opens only where it was sealed for */
  seal(text: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** A tag of texts that nobody makes who does not have the key. The same texts have the same tag. */
  tagOf(texts: readonly string[]): Buffer {
    // Each with its length, so that other texts never read the same.
    const fields = texts.map((text) => `${Buffer.byteLength(text)}:${text}`);
    return createHmac('sha256', this.key).update(fields.join('')).digest();
  }

  /** @throws Error if it was sealed with another key or for another context */
  open(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}

/** The configured key, or one that is made at the first start and kept in the data directory. */
export async function openSecretBox(config: Pick<Config, 'secretKey' | 'dataDir'>): Promise<SecretBox> {
  if (config.secretKey) return new SecretBox(config.secretKey);
  const file = path.join(config.dataDir, 'secret.key');
  if (!existsSync(file)) {
    await fs.mkdir(config.dataDir, { recursive: true });
    await writeWhole(file, randomBytes(32).toString('base64url'));
  }
  return new SecretBox(await fs.readFile(file, 'utf8'));
}

/** Writes a file that is there whole or not at all; of two processes that start at once the first one's stays. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, text, { mode: 0o600, flush: true });
  await fs.link(draft, file).catch(ignore('EEXIST'));
  await fs.rm(draft);
}
