import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Account } from '../entities/account.ts';
import { BookingSeries } from '../entities/booking-series.ts';
import { Booking } from '../entities/booking.ts';
import { Comment } from '../entities/comment.ts';
import { Delegation } from '../entities/delegation.ts';
import { Dispute } from '../entities/dispute.ts';
import { CalendarFeed } from '../entities/calendar-feed.ts';
import { Category } from '../entities/category.ts';
import { Membership } from '../entities/membership.ts';
import { Objection } from '../entities/objection.ts';
import { Group } from '../entities/group.ts';
import { Conversion } from '../entities/conversion.ts';
import { ConversionRate } from '../entities/conversion-rate.ts';
import { Hold } from '../entities/hold.ts';
import { Invitation } from '../entities/invitation.ts';
import { Kit } from '../entities/kit.ts';
import { Pool } from '../entities/pool.ts';
import { Proposal } from '../entities/proposal.ts';
import { Resource } from '../entities/resource.ts';
import { RoleAssignment } from '../entities/role-assignment.ts';
import { ShareOffer } from '../entities/share-offer.ts';
import { SignedAction } from '../entities/signed-action.ts';
import { StoredFile } from '../entities/stored-file.ts';
import { Transfer } from '../entities/transfer.ts';
import { TransferSchedule } from '../entities/transfer-schedule.ts';
import { Unit } from '../entities/unit.ts';
import type { SignedIn } from '../kernel/actor.ts';
import type { EntityClass } from '../kernel/database.ts';
import { kindOfId, type IdKind } from '../kernel/ids.ts';
import { NodeType } from '../schema/common/node.ts';
import { may } from '../services/access/may.ts';
import type { Permission } from '../services/access/permissions.ts';
import type { Standing } from '../services/access/standing.ts';
import { ownFile } from '../services/content/read-files.ts';
import { readableConversion } from '../services/ledger/conversions.ts';
import { readableAccount, readableTransfer } from '../services/ledger/read-accounts.ts';
import { readableDispute } from '../services/ledger/read-disputes.ts';
import { readableHold } from '../services/ledger/read-holds.ts';
import { readableSchedule } from '../services/ledger/read-schedules.ts';
import { seesFeedsOf } from '../services/pools/calendar/feeds.ts';
import { networkBy } from '../services/networks/read-networks.ts';
import { eventIn } from '../services/networks/record.ts';
import { readableMembership } from '../services/networks/read-members.ts';
import { accessTokensOf } from '../services/people/access-tokens.ts';
import { sessionsOf } from '../services/people/sessions.ts';
import { seesBookingWhole } from '../services/pools/bookings/booking-access.ts';
import { seesOffer } from '../services/pools/ownership/share-offers.ts';
import { seesDelegation } from '../services/proposals/votes/delegations.ts';
import type { Context } from './context.ts';

export type Found = { id: string } | null;
type Find = (ctx: Context, id: string) => Promise<Found>;

@Resolver(() => NodeType)
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description: 'Anything by its id; null if there is no such thing or the viewer may not know of it.',
  })
  node(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() ctx: Context): Promise<Found> {
    return findNode(ctx, id);
  }

  @Query(() => [NodeType], {
    nullable: 'items',
    description:
      'Up to 100 things by their ids, in the same order, with null for what `node` would not find.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Their ids.' }) ids: string[],
    @Ctx() ctx: Context,
  ): Promise<Found[]> {
    return Promise.all(ids.map((id) => findNode(ctx, id)));
  }
}

/** How each kind of thing is found, by the same rules as everywhere else. */
const FINDERS: Partial<Record<IdKind, Find>> = {
  person: async ({ actor, loaders }, id) =>
    actor.kind === 'person' && actor.personId === id ? loaders.person(id) : null,
  session: ownedByPerson(sessionsOf),
  accessToken: ownedByPerson(accessTokensOf),
  network: (ctx, id) => networkBy(ctx.db, { id }),
  membership: inOwnNetworks(Membership, async (ctx, standing, { id }) =>
    readableMembership(ctx.db, standing, id, await ctx.loaders.closeness(standing.network.id)),
  ),
  account: inOwnNetworks(Account, (ctx, standing, { id }) => readableAccount(ctx.db, standing, id)),
  transfer: inOwnNetworks(Transfer, (ctx, standing, row) => readableTransfer(ctx.db, standing, row)),
  dispute: inOwnNetworks(Dispute, (ctx, standing, row) => readableDispute(ctx.db, standing, row)),
  hold: inOwnNetworks(Hold, (ctx, standing, row) => readableHold(ctx.db, standing, row)),
  schedule: inOwnNetworks(TransferSchedule, (ctx, standing, row) => readableSchedule(ctx.db, standing, row)),
  conversion: inOwnNetworks(Conversion, (ctx, standing, row) => readableConversion(ctx.db, standing, row)),
  signedAction: inOwnNetworks(SignedAction, rowWith('proposal.read')),
  conversionRate: inOwnNetworks(ConversionRate, rowWith('network.read')),
  proposal: inOwnNetworks(Proposal, rowWith('proposal.read')),
  group: inOwnNetworks(Group, rowWith('member.list')),
  unit: inOwnNetworks(Unit, rowWith('network.read')),
  category: inOwnNetworks(Category, rowWith('network.read')),
  roleAssignment: inOwnNetworks(RoleAssignment, rowWith('member.list')),
  invitation: inOwnNetworks(Invitation, rowWith('member.readApplications')),
  objection: inOwnNetworks(Objection, rowWith('proposal.read')),
  comment: inOwnNetworks(Comment, rowWith('proposal.read')),
  delegation: inOwnNetworks(Delegation, async (_ctx, standing, row) =>
    seesDelegation(standing, row) ? row : null,
  ),
  file: inOwnNetworks(StoredFile, async (_ctx, standing, row) => ownFile(standing, row)),
  booking: inOwnNetworks(Booking, rowWith('pool.read')),
  bookingSeries: inOwnNetworks(BookingSeries, async (ctx, standing, row) => {
    const isSteward = await ctx.loaders.isSteward({ networkId: row.networkId, id: row.poolId });
    const isOwn = row.membershipId === standing.membership?.id;
    return seesBookingWhole(standing, { isSteward, isOwn }) ? row : null;
  }),
  kit: inOwnNetworks(Kit, rowWith('pool.read')),
  pool: inOwnNetworks(Pool, rowWith('pool.read')),
  resource: inOwnNetworks(Resource, rowWith('pool.read')),
  calendarFeed: inOwnNetworks(CalendarFeed, async (_ctx, standing, row) =>
    seesFeedsOf(standing, row.membershipId) ? row : null,
  ),
  shareOffer: inOwnNetworks(ShareOffer, async (_ctx, standing, row) =>
    seesOffer(standing, row) && may(standing, 'pool.read').allowed ? row : null,
  ),
  event: findEvent,
};

/** What an id names, for who may know of it. */
export async function findNode(ctx: Context, id: string): Promise<Found> {
  const kind = kindOfId(id);
  const find = kind && FINDERS[kind];
  return find ? find(ctx, id) : null;
}

type ListOwn = (moment: { db: Context['db']; actor: SignedIn; now: Date }) => Promise<{ id: string }[]>;

function ownedByPerson(list: ListOwn): Find {
  return async ({ db, actor, now }, id) => {
    if (actor.kind !== 'person') return null;
    return (await list({ db, actor, now })).find((item) => item.id === id) ?? null;
  };
}

interface NetworkRow {
  networkId: string;
  id: string;
}

type FindInNetwork<E> = (ctx: Context, standing: Standing, row: E) => Promise<Found>;

/** An id does not say in which network its row is: it is looked for in those of the viewer, all at once. */
function inOwnNetworks<E extends NetworkRow>(entity: EntityClass<E>, find: FindInNetwork<E>): Find {
  return async (ctx, id) => {
    if (ctx.actor.kind !== 'person') return null;
    const [row] = await ctx.db.select(
      entity,
      'where network_id in (select network_id from person_network where person_id = $1) and id = $2',
      [ctx.actor.personId, id],
    );
    return row ? find(ctx, await ctx.loaders.standing(row.networkId), row) : null;
  };
}

/** Of transfers it is made from what they say, so it is not one row of one table. */
async function findEvent({ db, actor, loaders }: Context, id: string): Promise<Found> {
  if (actor.kind !== 'person') return null;
  const networks = await db.rows<{ networkId: string }>(
    'select network_id from person_network where person_id = $1',
    [actor.personId],
  );
  const event = await eventIn(
    db,
    networks.map(({ networkId }) => networkId),
    id,
  );
  return event && may(await loaders.standing(event.networkId), 'audit.read').allowed ? event : null;
}

function rowWith<E extends NetworkRow>(permission: Permission): FindInNetwork<E> {
  return async (_ctx, standing, row) => (may(standing, permission).allowed ? row : null);
}
