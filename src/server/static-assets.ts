import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file kept in memory, ready to be sent. */
export interface StaticAsset {
  /** Where it is served, beginning with a slash. */
  path: string;
  contentType: string;
  body: Buffer;
  /** Names this content: a changed file has another version, so a cached copy is never wrong. */
  version: string;
  /** The compressed body. Made on first use, because most test runs and many servers never send it. */
  gzipped: () => Buffer;
}

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/**
 * Describes a file that the server sends as it is.
 *
 * @param path where it is served; the ending decides the content type
 * @throws Error if no content type is known for the ending, which is a mistake in the code that lists the files
 */
export function staticAsset(path: string, content: Buffer | string): StaticAsset {
  const body = Buffer.from(content);
  const contentType = CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (contentType === undefined) throw new Error(`No content type is known for ${path}`);
  let gzipped: Buffer | undefined;
  return {
    path,
    contentType,
    body,
    version: createHash('sha256').update(body).digest('base64url').slice(0, 16),
    gzipped: () => (gzipped ??= gzipSync(body)),
  };
}

/**
 * Adds to each link in a page the version of the asset it points to.
 *
 * So a browser may keep an asset for a year and still loads a new one right after an upgrade of the server.
 */
export function withVersionedLinks(html: string, assets: readonly StaticAsset[]): string {
  return assets.reduce(
    (page, { path, version }) => page.replaceAll(`"${path}"`, `"${path}?v=${version}"`),
    html,
  );
}

/**
 * Sends an asset, or 304 when the browser has it already.
 *
 * An address that carries the right version may be kept for ever; any other must be asked for again each time.
 */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: StaticAsset): FastifyReply {
  const isVersioned = (request.query as { v?: unknown }).v === asset.version;
  // The tag is weak because the plain and the compressed body share it.
  const etag = `W/"${asset.version}"`;
  void reply
    .header('cache-control', isVersioned ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('etag', etag)
    .header('x-content-type-options', 'nosniff')
    .header('vary', mergeVary(reply.getHeader('vary'), 'Accept-Encoding'));
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
  reply.type(asset.contentType);
  if (!/\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '')) return reply.send(asset.body);
  return reply.header('content-encoding', 'gzip').send(asset.gzipped());
}

function mergeVary(present: unknown, name: string): string {
  return typeof present === 'string' ? `${present}, ${name}` : name;
}
