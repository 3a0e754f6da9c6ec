import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { DomainError } from '../kernel/errors.ts';
import { isTransient } from '../kernel/transient.ts';
import type { AppServices, Context } from '../resolvers/context.ts';
import { answerError, errorBody } from './answer-error.ts';
import { makeApollo } from './apollo.ts';
import { registerCalendar } from './calendar.ts';
import { makeContext } from './context.ts';
import { examples } from './examples.ts';
import { registerFiles, UPLOAD_ROUTE } from './files.ts';
import { LIMITS } from './limits.ts';
import type { EdgeContext } from './operation-summary.ts';
import { registerOidc } from './oidc.ts';
import { registerOperations, type OperationsParts } from './operations.ts';
import { registerPages } from './pages.ts';
import { observeRequests, SUMMARY } from './request-log.ts';
import { cutSlowBodies } from './slow-bodies.ts';
import { SubscriptionServer } from './subscriptions.ts';

/** Makes the HTTP server: the GraphQL endpoint, the pages for people in a browser, and what operators ask. */
export async function makeHttpServer(
  app: AppServices,
  schema: GraphQLSchema,
  operations: OperationsParts,
): Promise<FastifyInstance> {
  const { config, log } = app;
  const loggerInstance: FastifyBaseLogger = log;
  const server: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: LIMITS.uploadMs,
    keepAliveTimeout: 65_000,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
  });
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing here.')),
  );
  readJsonStrictly(server);
  observeRequests(server, operations.metrics);
  cutSlowBodies(server, { milliseconds: LIMITS.requestMs, slowRoutes: [UPLOAD_ROUTE] });
  if (config.corsOrigins.length > 0) {
    await server.register(cors, { origin: config.corsOrigins, credentials: true, maxAge: 3_600 });
  }

  registerOperations(server, operations);
  await registerPages(server, examples);
  registerOidc(server, app);
  await registerFiles(server, app);
  registerCalendar(server, app);

  const apollo = makeApollo(schema, config, log);
  await apollo.start();
  // Fastify calls this when the requests under way have been answered.
  server.addHook('onClose', () => apollo.stop());
  new SubscriptionServer({ app, schema, apollo, metrics: operations.metrics }).attachTo(server);
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    // Answers are for who asks; the explorer, which is not, has been sent before this.
    onRequest: async (_request, reply) => {
      void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    },
    handler: fastifyApolloHandler<EdgeContext>(apollo, {
      context: async (request, reply) => ({
        ...(await requestContext(app, request, reply)),
        report(summary, seconds) {
          request.setDecorator(SUMMARY, summary);
          operations.metrics.countOperation(summary, seconds);
        },
      }),
    }),
  });
  return server;
}

// A request id from the client helps to follow a call through several systems, if it is harmless.
function requestId(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

async function requestContext(
  app: AppServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Context> {
  try {
    return await makeContext(app, request, reply);
  } catch (error) {
    const status = statusOf(error);
    if (status === 500) throw error;
    // What the client sees of it is decided where all errors are.
    throw new GraphQLError('', { originalError: error as Error, extensions: { http: { status } } });
  }
}

function statusOf(error: unknown): number {
  if (isTransient(error)) return 503;
  if (!(error instanceof DomainError)) return 500;
  return error.code === 'UNAUTHENTICATED' ? 401 : 400;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

// Node would quietly replace bytes that are not UTF-8, and store something that nobody wrote.
function readJsonStrictly(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(utf8.decode(body as Buffer)));
    } catch {
      done(
        Object.assign(new Error('The body is not JSON in UTF-8.'), { statusCode: 400, code: 'BAD_REQUEST' }),
      );
    }
  });
}
