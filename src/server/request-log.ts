import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import type { OperationSummary } from './operation-summary.ts';

// Supervisors ask every few seconds: their questions would hide the others in the log.
const QUIET_ROUTES = new Set<string | undefined>(['/healthz', '/readyz', '/metrics']);

/** A calendar: whoever knows the address may read it. */
export const SECRET_ROUTE = '/calendar/:networkId/:file';

/** Under this name a request carries what GraphQL made of it. */
export const SUMMARY = 'operationSummary';

/** Gives each request its id, and when it has been answered one line in the log and its place in the metrics. */
export function observeRequests(server: FastifyInstance, metrics: Metrics): void {
  server.decorateRequest(SUMMARY, null);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    metrics.countRequest(route ?? 'none', reply.statusCode);
    const line = {
      method: request.method,
      path: route === SECRET_ROUTE ? route : request.url.split('?', 1)[0],
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      ...request.getDecorator<OperationSummary | null>(SUMMARY),
    };
    request.log[QUIET_ROUTES.has(route) ? 'debug' : 'info'](line, 'request');
  });
}
