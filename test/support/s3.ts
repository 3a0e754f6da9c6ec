import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';
import type { S3Config } from '../../src/kernel/config.ts';

/** A store that speaks as Amazon S3 does, on the loopback interface, with an empty bucket. */
export interface S3Server {
  config: S3Config;
  close(): Promise<void>;
}

// The keys that the package knows.
const [ACCESS_KEY, SECRET_KEY] = ['S3RVER', 'S3RVER'];

/** Starts it behind a check of signatures, which the package does only for those of the older version. */
export async function startS3(): Promise<S3Server> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-s3-'));
  const bucket = 'files';
  const store = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  const inner = await store.run();
  const gate = createServer((request, response) => void pass(request, response, inner.port));
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const { port } = gate.address() as AddressInfo;
  const keys = { accessKey: ACCESS_KEY, secretKey: SECRET_KEY };
  return {
    config: { endpoint: `http://127.0.0.1:${port}`, bucket, region: 'us-east-1', ...keys },
    async close() {
      gate.closeAllConnections();
      gate.close();
      await store.close();
      await fs.rm(directory, { recursive: true });
    },
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const body = await buffer(request);
  if (!isSigned(request, body)) {
    response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    return;
  }
  const { method = '', url = '' } = request;
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, {
    method,
    ...(method === 'PUT' ? { body: new Uint8Array(body) } : {}),
  });
  response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=S3RVER\/(\d{8}\/[\w-]+\/s3\/aws4_request), SignedHeaders=([\w;-]+), Signature=(\w{64})$/;
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Whether the signature of version 4 is right for the request and for its body as it came. */
function isSigned({ method, url, headers }: IncomingMessage, body: Buffer): boolean {
  const [, scope = '', names = '', signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  const lines = names.split(';').map((name) => `${name}:${headers[name] as string}\n`);
  const request = [method, url, '', lines.join(''), names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  let key: string | Buffer = `AWS4${SECRET_KEY}`;
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}
