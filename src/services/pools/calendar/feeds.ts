import { CalendarFeed } from '../../../entities/calendar-feed.ts';
import { Membership } from '../../../entities/membership.ts';
import { Pool } from '../../../entities/pool.ts';
import { Resource } from '../../../entities/resource.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, DomainError, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import type { NewEvent } from '../../../kernel/events.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { isHelping, standingIn, type Standing } from '../../access/standing.ts';
import { hashSecret, newSecret } from '../../people/secrets.ts';

export const MAX_FEEDS = 20;

export class TooManyCalendarFeeds extends DomainError {
  constructor() {
    super('TOO_MANY_CALENDAR_FEEDS', 'Revoke a calendar that is not in use first.', { max: MAX_FEEDS });
  }
}

export interface CreateFeed {
  networkId: string;
  /** Bookings of all things of a pool. */
  poolId?: string | null;
  /** Bookings of one thing. */
  resourceId?: string | null;
}

export interface CreatedFeed {
  feed: CalendarFeed;
  /** Shown once; the server keeps only its hash. */
  secret: string;
}

/**
 * Makes an address by which a program reads bookings as the member may see them: of a pool, of a thing, or their own if
 * neither is named. A helper does not: what they learned of would outlast the help.
 *
 * @throws Forbidden, NetworkArchived, NotFound, InvalidInput INVALID_ID, or INVALID_CHOICE for both; TooManyCalendarFeeds
 * @emits CalendarFeedCreated
 */
export async function createFeed(tx: Tx, command: CreateFeed): Promise<CreatedFeed> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'calendar.share');
  const { membership, network } = standing;
  assert(membership, 'who shares a calendar is a member');
  // Feeds that are made at the same time wait for one another, so that they are counted right.
  await tx.db.lock(Membership, { networkId: network.id, id: membership.id });
  if ((await feedsOf(tx.db, membership)).length >= MAX_FEEDS) throw new TooManyCalendarFeeds();
  const secret = newSecret();
  const feed: CalendarFeed = {
    networkId: network.id,
    id: newId('calendarFeed'),
    membershipId: membership.id,
    ...(await scopeOf(tx.db, network.id, command)),
    secretHash: hashSecret(secret),
    createdAt: tx.now,
    readAt: null,
    revokedAt: null,
  };
  await tx.db.insert(CalendarFeed, feed);
  const data = { scope: feed.scope };
  tx.emit({ networkId: network.id, kind: 'CalendarFeedCreated', subjectId: feed.id, data });
  return { feed, secret };
}

type Scope = Pick<CalendarFeed, 'scope' | 'poolId' | 'resourceId'>;

async function scopeOf(db: Db, networkId: string, { poolId, resourceId }: CreateFeed): Promise<Scope> {
  if (poolId && resourceId) throw new InvalidInput('INVALID_CHOICE', 'resourceId');
  if (poolId) {
    const id = requireId('pool', poolId, 'poolId');
    if (!(await db.exists(Pool, { networkId, id }))) throw new NotFound('Pool');
    return { scope: 'POOL', poolId: id, resourceId: null };
  }
  if (resourceId) {
    const id = requireId('resource', resourceId, 'resourceId');
    if (!(await db.exists(Resource, { networkId, id }))) throw new NotFound('Resource');
    return { scope: 'RESOURCE', poolId: null, resourceId: id };
  }
  return { scope: 'MEMBER', poolId: null, resourceId: null };
}

/**
 * Ends an address at once.
 *
 * @throws Forbidden, NetworkArchived, NotFound if the member has no such calendar in force, InvalidInput INVALID_ID
 * @emits CalendarFeedRevoked
 */
export async function revokeFeed(
  tx: Tx,
  command: { networkId: string; feedId: string },
): Promise<CalendarFeed> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'calendar.share');
  const { membership, network } = standing;
  assert(membership, 'who shares a calendar is a member');
  const id = requireId('calendarFeed', command.feedId, 'calendarFeedId');
  const match = { networkId: network.id, id };
  const feed = await tx.db.lock(CalendarFeed, match);
  if (!feed || feed.membershipId !== membership.id || feed.revokedAt) throw new NotFound('CalendarFeed');
  return revoke(tx, feed);
}

/**
 * With a membership end the addresses that were given out: who comes back makes new ones.
 *
 * @emits CalendarFeedRevoked for each
 */
export async function revokeFeedsOf(tx: Tx, { networkId, subjectId: id }: NewEvent): Promise<void> {
  for (const feed of await feedsOf(tx.db, { networkId, id })) await revoke(tx, feed);
}

async function revoke(tx: Tx, feed: CalendarFeed): Promise<CalendarFeed> {
  const { networkId, id } = feed;
  await tx.db.update(CalendarFeed, { networkId, id }, { revokedAt: tx.now });
  tx.emit({ networkId, kind: 'CalendarFeedRevoked', subjectId: id, data: {} });
  return { ...feed, revokedAt: tx.now };
}

/** The calendars of a member that work now, oldest first. */
export function feedsOf(
  db: Db,
  { networkId, id }: Pick<Membership, 'networkId' | 'id'>,
): Promise<CalendarFeed[]> {
  return db.select(
    CalendarFeed,
    'where network_id = $1 and membership_id = $2 and revoked_at is null order by id',
    [networkId, id],
  );
}

/** Whether the viewer knows of a member's calendars: that member alone. */
export function seesFeedsOf(standing: Standing, membershipId: string): boolean {
  return standing.membership?.id === membershipId && !isHelping(standing);
}
