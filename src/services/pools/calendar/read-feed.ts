import { CalendarFeed } from '../../../entities/calendar-feed.ts';
import { Membership } from '../../../entities/membership.ts';
import { Network } from '../../../entities/network.ts';
import { Pool } from '../../../entities/pool.ts';
import { Resource } from '../../../entities/resource.ts';
import type { SignedIn } from '../../../kernel/actor.ts';
import { after, DAY_MS, MINUTE_MS } from '../../../kernel/clock.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { kindOfId } from '../../../kernel/ids.ts';
import { may } from '../../access/may.ts';
import { loadStanding, type Standing } from '../../access/standing.ts';
import { textIn } from '../../networks/translations.ts';
import { hashSecret } from '../../people/secrets.ts';
import { bookingsFor, thingsIn, type FeedBooking, type FeedThing } from './feed-bookings.ts';

const PAST_MS = 30 * DAY_MS;
const AHEAD_MS = 400 * DAY_MS;
const SEEN_EVERY_MS = 10 * MINUTE_MS;
// 32 bytes in base64url.
const SECRET = /^[\w-]{43}$/;

/** A booking as the owner of a calendar may see it. */
export interface CalendarEntry {
  booking: FeedBooking;
  things: FeedThing[];
  /** Who booked; null where that is not shown, and in a calendar of one's own bookings. */
  bookerName: string | null;
  /** What for; null if the owner may not know, or nothing was said. */
  purpose: string | null;
}

export interface Calendar {
  name: string;
  /** Whether it shows the owner's own bookings. */
  isOwn: boolean;
  entries: CalendarEntry[];
}

/**
 * The calendar with a secret, if there is one in force whose owner is an active member. It is looked up by the hash of the
 * secret, which takes the same time whatever was guessed.
 */
export async function feedBy(db: Db, networkId: string, secret: string): Promise<CalendarFeed | null> {
  if (kindOfId(networkId) !== 'network' || !SECRET.test(secret)) return null;
  const [feed] = await db.select(
    CalendarFeed,
    `where network_id = $1 and secret_hash = $2 and revoked_at is null and exists (
        select 1 from membership
         where network_id = $1 and id = calendar_feed.membership_id and state = 'ACTIVE')`,
    [networkId, hashSecret(secret)],
  );
  return feed ?? null;
}

/** What a calendar shows: from thirty days ago to 400 days ahead. */
export async function readFeed(db: Db, feed: CalendarFeed, now: Date): Promise<Calendar> {
  const { networkId } = feed;
  const standing = await standingOfOwner(db, feed, now);
  const window = { from: after(now, -PAST_MS), until: after(now, AHEAD_MS) };
  const bookings = await bookingsFor(db, feed, window);
  const things = await thingsIn(db, networkId, bookings);
  const entries = bookings.map((booking) => ({
    booking,
    things: things.get(booking.id) ?? [],
    ...seenOf({ feed, standing }, booking),
  }));
  return { name: await nameOf(db, feed, standing), isOwn: feed.scope === 'MEMBER', entries };
}

/** Who booked and what for, as far as the owner of the calendar may know: by the rules of everywhere else. */
function seenOf(
  { feed, standing }: { feed: CalendarFeed; standing: Standing },
  { membershipId, bookerName, purpose, isStewarded, showsBookers }: FeedBooking,
): Pick<CalendarEntry, 'bookerName' | 'purpose'> {
  const isOwn = membershipId === feed.membershipId;
  const seesAll = may(standing, 'booking.read', { isOwn: isOwn || isStewarded }).allowed;
  const isNamed = feed.scope !== 'MEMBER' && (seesAll || showsBookers);
  return { bookerName: isNamed ? bookerName : null, purpose: seesAll && purpose !== '' ? purpose : null };
}

/** Writes down that a calendar is in use, seldom enough not to write on every reading. */
export async function markRead(db: Db, { networkId, id, readAt }: CalendarFeed, now: Date): Promise<void> {
  if (readAt && after(readAt, SEEN_EVERY_MS) > now) return;
  await db.update(CalendarFeed, { networkId, id }, { readAt: now });
}

/** How the owner stands in the network, as with a token that only reads. */
async function standingOfOwner(db: Db, feed: CalendarFeed, now: Date): Promise<Standing> {
  const { networkId, membershipId } = feed;
  const network = await db.one(Network, { id: networkId });
  const owner = await db.one(Membership, { networkId, id: membershipId });
  assert(network && owner, 'networks and memberships are never deleted');
  const actor: SignedIn = {
    kind: 'person',
    personId: owner.personId,
    address: '',
    isAdministrator: false,
    actingForMembershipId: null,
    credential: { kind: 'token', tokenId: feed.id, scopes: [] },
  };
  return loadStanding({ db, actor, now }, network);
}

/** The name of the thing, of the pool, or of the network for a member's own bookings. */
async function nameOf(
  db: Db,
  { networkId, poolId, resourceId }: CalendarFeed,
  { network }: Standing,
): Promise<string> {
  const shown = resourceId
    ? await db.one(Resource, { networkId, id: resourceId })
    : poolId && (await db.one(Pool, { networkId, id: poolId }));
  return shown ? shown.name : (textIn(network.name, null, network.defaultLocale) ?? network.slug);
}
