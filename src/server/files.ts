import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput, NotFound } from '../kernel/errors.ts';
import type { AppServices, Context } from '../resolvers/context.ts';
import { readAddress } from '../services/content/addresses.ts';
import { readFile } from '../services/content/read-files.ts';
import { beginUpload, uploadFile } from '../services/content/upload-file.ts';
import { makeContext } from './context.ts';
import { LIMITS } from './limits.ts';
import { Places } from './places.ts';

export const UPLOAD_ROUTE = '/files';
const FILE_ROUTE = '/files/:networkId/:fileId/:size';

// A page of another site can make a browser send its cookie, but none of these headers; GraphQL asks for the same.
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

// What is shown here is what members have sent: nothing in it may run, load or be taken for something else.
const FILE_HEADERS = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const ENDINGS: Record<string, string> = { 'image/webp': 'webp', 'application/pdf': 'pdf' };

/** Adds the routes by which files come in and go out. */
export async function registerFiles(server: FastifyInstance, app: AppServices): Promise<void> {
  const places = new Places(LIMITS.uploadsAtOnce);
  await server.register(async (scope) => {
    // What the bytes are is not for the client to say.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.decorateRequest('uploader', null);
    scope.post(UPLOAD_ROUTE, {
      bodyLimit: LIMITS.uploadBytes,
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        places.requireFree();
        await beginReceiving(app, request, reply);
        places.take(reply);
      },
      handler: (request, reply) => receive(app, request, reply),
    });
  });
  server.get(FILE_ROUTE, (request, reply) => sendFile(app, request, reply));
}

/** Asks who sends before any of it is read. */
async function beginReceiving(app: AppServices, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { headers } = request;
  const isForeignPossible = headers.cookie !== undefined && headers.authorization === undefined;
  if (isForeignPossible && !PREFLIGHT_HEADERS.some((name) => headers[name])) {
    throw new InvalidInput('REQUIRED', PREFLIGHT_HEADERS[0]!);
  }
  const context = await makeContext(app, request, reply);
  await beginUpload(app.files, context.actor, networkOf(request));
  request.setDecorator('uploader', context);
}

async function receive(
  app: AppServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { actor } = request.getDecorator<Context>('uploader');
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { id } = await uploadFile(app.files, actor, { networkId: networkOf(request), bytes });
  return reply.code(201).send({ id });
}

function networkOf({ query }: FastifyRequest): string {
  const { network } = query as Record<string, unknown>;
  if (typeof network !== 'string') throw new InvalidInput('REQUIRED', 'network');
  return network;
}

async function sendFile(
  app: AppServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const params = request.params as { networkId: string; fileId: string; size: string };
  const { expires, signature } = request.query as Record<string, unknown>;
  const now = app.clock.now();
  const addressed = readAddress(app.files.secretBox, { ...params, expires, signature }, now);
  const found = addressed && (await readFile(app.files, addressed));
  if (!found) throw new NotFound('File');
  const { file } = found;
  const etag = `"${file.sha256.toString('base64url').slice(0, 22)}-${params.size}"`;
  const seconds = Math.floor((addressed.expiresAt.getTime() - now.getTime()) / 1000);
  void reply
    .headers(FILE_HEADERS)
    .header('etag', etag)
    // What lies at an address never changes, and nobody else may keep it for them.
    .header('cache-control', `private, max-age=${seconds}, immutable`);
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
  const bytes = await found.bytes();
  if (!bytes) throw new NotFound('File');
  const disposition = file.width === null ? 'attachment' : 'inline';
  return reply
    .type(file.contentType)
    .header(
      'content-disposition',
      `${disposition}; filename="${file.id}.${ENDINGS[file.contentType] ?? 'bin'}"`,
    )
    .send(bytes);
}
