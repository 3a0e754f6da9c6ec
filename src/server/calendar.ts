import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFound } from '../kernel/errors.ts';
import type { AppServices } from '../resolvers/context.ts';
import { calendarText } from '../services/pools/calendar/calendar-text.ts';
import { feedBy, markRead, readFeed } from '../services/pools/calendar/read-feed.ts';
import { SECRET_ROUTE } from './request-log.ts';

const ENDING = '.ics';

/** Adds the route by which programs read calendars. Whoever knows an address reads what its owner may see. */
export function registerCalendar(server: FastifyInstance, app: AppServices): void {
  server.get(SECRET_ROUTE, (request, reply) => sendCalendar(app, request, reply));
}

async function sendCalendar(
  app: AppServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { db, clock, config, people } = app;
  const { networkId, file } = request.params as { networkId: string; file: string };
  void reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  const secret = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : '';
  const feed = await feedBy(db, networkId, secret);
  if (!feed) {
    await people.throttle.count('calendarMissByAddress', request.ip);
    throw new NotFound('CalendarFeed');
  }
  await people.throttle.count('calendarByFeed', feed.id);
  const now = clock.now();
  const text = calendarText(await readFeed(db, feed, now), new URL(config.publicUrl).hostname);
  await markRead(db, feed, now);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
  return reply
    .type('text/calendar; charset=utf-8')
    .header('content-disposition', 'inline; filename="calendar.ics"')
    .send(text);
}
