import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { S3Config } from './config.ts';
import { FilesUnavailable, requireKey, type FileStore } from './file-store.ts';

const TIMEOUT_MS = 15_000;
// With what the library waits in between about half a second.
const RETRIES = 3;

/** Keeps files in a bucket of any store that speaks as Amazon S3 does, addressed by path. */
export class S3FileStore implements FileStore {
  private readonly client: AwsClient;
  private readonly root: string;

  constructor({ endpoint, bucket, region, accessKey, secretKey }: S3Config) {
    this.client = new AwsClient({
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      region,
      service: 's3',
      retries: RETRIES,
    });
    this.root = `${endpoint}/${bucket}`;
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    await this.send('PUT', key, bytes);
  }

  get(key: string): Promise<Buffer | null> {
    return this.send('GET', key);
  }

  async delete(key: string): Promise<void> {
    await this.send('DELETE', key);
  }

  /** Sends a request with the hash of its body signed, so that what is stored is what was sent; null where nothing is. */
  private async send(method: 'PUT' | 'GET' | 'DELETE', key: string, body?: Buffer): Promise<Buffer | null> {
    const url = `${this.root}/${requireKey(key)}`;
    const headers = {
      'content-type': 'application/octet-stream',
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    };
    let answer: Response;
    let content: Buffer;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      answer = await this.client.fetch(url, {
        method,
        headers,
        signal,
        ...(body ? { body: new Uint8Array(body) } : {}),
      });
      content = Buffer.from(await answer.arrayBuffer());
    } catch (error) {
      throw new FilesUnavailable(error);
    }
    if (answer.ok) return content;
    const said = content.toString('utf8');
    // A bucket that is missing is no file that is missing.
    if (answer.status === 404 && method !== 'PUT' && !said.includes('NoSuchBucket')) return null;
    throw new FilesUnavailable(
      new Error(`${method} was answered with ${answer.status}: ${said.slice(0, 300)}`),
    );
  }
}
