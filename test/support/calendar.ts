import { mutate } from './api.ts';
import { here } from './files.ts';
import type { TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

/** A calendar that a member makes, of their own bookings unless a pool or a thing is named, and where the test reads it. */
export async function givenFeed(
  server: TestServer,
  network: TestNetwork,
  member: Member,
  scope: { poolId?: string; resourceId?: string } = {},
): Promise<{ id: string; url: string }> {
  const input = { networkId: network.id, ...scope };
  const payload = await mutate(server, member, 'calendarFeedCreate', input, 'calendarFeed { id } url');
  return { id: payload.calendarFeed.id, url: here(server, payload.url) };
}
