import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Config } from '../kernel/config.ts';
import type { DatabaseProbe } from '../kernel/database-probe.ts';
import type { Metrics } from './metrics.ts';

export interface OperationsParts {
  config: Config;
  probe: DatabaseProbe;
  metrics: Metrics;
}

/**
 * What supervisors and operators ask: `/healthz` (the process lives), `/readyz` (it can do its work) and `/metrics`.
 *
 * Metrics are for those who have the token; without one set there is no such page.
 */
export function registerOperations(
  server: FastifyInstance,
  { config, probe, metrics }: OperationsParts,
): void {
  server.get('/healthz', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    if (probe.isAnswering) return { status: 'ready' };
    return reply.code(503).send({ status: 'unready', reason: 'The database does not answer.' });
  });
  server.get('/metrics', (request, reply) => {
    const { token } = config.metrics;
    if (!token || !isSame(request.headers.authorization, `Bearer ${token}`)) return reply.callNotFound();
    return sendMetrics(reply, metrics);
  });
}

/** Serves the metrics on a port of their own, without a token: keep that port from the public. */
export function makeMetricsServer(metrics: Metrics): FastifyInstance {
  const server = Fastify();
  server.get('/metrics', (_request, reply) => sendMetrics(reply, metrics));
  return server;
}

async function sendMetrics(reply: FastifyReply, metrics: Metrics): Promise<FastifyReply> {
  return reply.type(metrics.contentType).send(await metrics.text());
}

// Compared by hash, so that neither length nor time tells anything about the token.
function isSame(given: string | undefined, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(hash(given), hash(expected));
}
