import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Category } from '../entities/category.ts';
import { NetworkEvent } from '../entities/network-event.ts';
import { Group } from '../entities/group.ts';
import { Invitation } from '../entities/invitation.ts';
import { Network } from '../entities/network.ts';
import { PersonNetwork } from '../entities/person-network.ts';
import { RoleAssignment } from '../entities/role-assignment.ts';
import { Transfer } from '../entities/transfer.ts';
import { Unit } from '../entities/unit.ts';
import type { SignedIn } from '../kernel/actor.ts';
import type { EntityClass } from '../kernel/database.ts';
import { kindOfId, type IdKind } from '../kernel/ids.ts';
import { NodeType } from '../schema/common/node.ts';
import { may } from '../services/access/may.ts';
import type { Permission } from '../services/access/permissions.ts';
import { readableAccount, readableTransfer } from '../services/ledger/read-accounts.ts';
import { readableMembership } from '../services/networks/read-members.ts';
import { accessTokensOf } from '../services/people/access-tokens.ts';
import { sessionsOf } from '../services/people/sessions.ts';
import type { Context } from './context.ts';

type Found = { id: string } | null;
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
  network: async ({ db }, id) => (await db.one(Network, { id })) ?? null,
  membership: inOwnNetworks(async (ctx, networkId, id) => {
    const [standing, closeness] = [
      await ctx.loaders.standing(networkId),
      await ctx.loaders.closeness(networkId),
    ];
    return readableMembership(ctx.db, standing, id, closeness);
  }),
  account: inOwnNetworks(async (ctx, networkId, id) =>
    readableAccount(ctx.db, await ctx.loaders.standing(networkId), id),
  ),
  transfer: inOwnNetworks(async (ctx, networkId, id) =>
    readableTransfer(
      ctx.db,
      await ctx.loaders.standing(networkId),
      await ctx.db.one(Transfer, { networkId, id }),
    ),
  ),
  group: inOwnNetworks(rowWith(Group, 'member.list')),
  unit: inOwnNetworks(rowWith(Unit, 'network.read')),
  category: inOwnNetworks(rowWith(Category, 'network.read')),
  roleAssignment: inOwnNetworks(rowWith(RoleAssignment, 'member.list')),
  invitation: inOwnNetworks(rowWith(Invitation, 'member.readApplications')),
  event: inOwnNetworks(rowWith(NetworkEvent, 'audit.read')),
};

async function findNode(ctx: Context, id: string): Promise<Found> {
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

type FindInNetwork = (ctx: Context, networkId: string, id: string) => Promise<Found>;

/** An id does not say in which network its row is: it is looked for in those of the viewer. */
function inOwnNetworks(find: FindInNetwork): Find {
  return async (ctx, id) => {
    if (ctx.actor.kind !== 'person') return null;
    for (const { networkId } of await ctx.db.all(PersonNetwork, { personId: ctx.actor.personId })) {
      const found = await find(ctx, networkId, id);
      if (found) return found;
    }
    return null;
  };
}

function rowWith<E extends { networkId: string; id: string }>(
  entity: EntityClass<E>,
  permission: Permission,
): FindInNetwork {
  return async (ctx, networkId, id) => {
    const standing = await ctx.loaders.standing(networkId);
    if (!may(standing, permission).allowed) return null;
    return (await ctx.db.one<{ networkId: string; id: string }>(entity, { networkId, id })) ?? null;
  };
}
