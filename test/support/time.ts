import { after, DAY_MS } from '../../src/kernel/clock.ts';
import type { TestServer } from './server.ts';

/** Moves the clock, and lets nobody's session run out on the way. */
export async function travel(server: TestServer, milliseconds: number): Promise<void> {
  server.clock.advance(milliseconds);
  await server.app.database.db.execute('update session set expires_at = $1, last_seen_at = $2', [
    after(server.clock.now(), 30 * DAY_MS),
    server.clock.now(),
  ]);
}

/** The same to an instant. */
export async function travelTo(server: TestServer, instant: string): Promise<void> {
  await travel(server, new Date(instant).getTime() - server.clock.now().getTime());
}
