import fs from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ask, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import { snapshot, type TestNetwork } from './world.ts';

type Kind = 'jpeg' | 'png' | 'webp' | 'gif';

/** A picture of one colour with its left half in another. */
export async function pictureOf(
  kind: Kind,
  { width = 60, height = 40 }: { width?: number; height?: number } = {},
): Promise<Buffer> {
  const left = await sharp({ create: { width: width / 2, height, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: 'blue' } })
    .composite([{ input: left, left: 0, top: 0 }])
    .toFormat(kind)
    .toBuffer();
}

/** A PNG of a few bytes that says it has so many pixels. */
export function bombOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n',
);

export interface UploadAnswer {
  status: number;
  id: string;
  code: string | undefined;
  extensions: Json;
  headers: Headers;
}

/** Sends bytes as a program would that has the person's token. */
export async function upload(
  server: TestServer,
  caller: Caller | null,
  networkId: string,
  bytes: Buffer | string,
  headers: Record<string, string> = {},
): Promise<UploadAnswer> {
  const response = await fetch(`${server.url}/files?network=${encodeURIComponent(networkId)}`, {
    method: 'POST',
    headers: { ...(caller ? { authorization: `Bearer ${caller.token}` } : {}), ...headers },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
  const body = (await response.json()) as Json;
  const extensions = body.errors?.[0].extensions;
  return {
    status: response.status,
    id: body.id,
    code: extensions?.code,
    extensions,
    headers: response.headers,
  };
}

let picture: Promise<Buffer> | undefined;

/** The id of a picture that a member has just uploaded. */
export async function givenFile(server: TestServer, network: TestNetwork, member: Caller): Promise<string> {
  picture ??= pictureOf('jpeg');
  const { status, id } = await upload(server, member, network.id, await picture);
  if (status !== 201) throw new Error(`The upload was answered with ${status}`);
  return id;
}

/** All files that a server keeps, as paths. */
export async function keptFiles({ dataDir }: TestServer): Promise<string[]> {
  const entries = await fs.readdir(path.join(dataDir, 'files'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .toSorted();
}

/** Rows and bytes: all that a refused upload must leave as it is. */
export async function rowsAndBytes(server: TestServer): Promise<object> {
  return { rows: await snapshot(server), files: await keptFiles(server) };
}

/** Where a caller is told that a file lies, asked for by its id; null if it is not found. */
export async function urlOf(
  server: TestServer,
  caller: Caller,
  id: string,
  size: 'FULL' | 'THUMBNAIL' = 'FULL',
): Promise<string | null> {
  const query = `query($id: ID!) { node(id: $id) { ... on File { url(size: ${size}) } } }`;
  const { node } = await ask(server, caller, query, { id });
  return node && here(server, node.url);
}

/** An address of the server's public name, where the test reaches it. */
export function here(server: TestServer, url: string): string {
  return url.replace(server.app.services.config.publicUrl, server.url);
}
