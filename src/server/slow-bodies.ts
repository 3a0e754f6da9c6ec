import type { FastifyInstance } from 'fastify';

/**
 * Cuts off who does not send the whole of a request in time. Node knows one time for all requests of a server, which has to
 * be that of the slowest: uploads.
 *
 * @param slowRoutes for which Node's own time is enough
 */
export function cutSlowBodies(
  server: FastifyInstance,
  { milliseconds, slowRoutes }: { milliseconds: number; slowRoutes: readonly string[] },
): void {
  server.addHook('onRequest', async ({ raw, routeOptions }) => {
    if (raw.complete || slowRoutes.includes(routeOptions.url ?? '')) return;
    const timeout = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, milliseconds).unref();
    raw.once('end', () => clearTimeout(timeout)).once('close', () => clearTimeout(timeout));
  });
}
