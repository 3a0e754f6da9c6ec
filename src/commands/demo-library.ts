import type { App } from '../app.ts';
import { Account } from '../entities/account.ts';
import type { Resource } from '../entities/resource.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Tx } from '../kernel/unit-of-work.ts';
import { setKit } from '../services/pools/bookings/kits.ts';
import { setMaintenancePlan } from '../services/pools/maintenance.ts';
import { assignShares } from '../services/pools/ownership/assign-shares.ts';
import { createPool } from '../services/pools/pools.ts';
import { acceptResource, addResource } from '../services/pools/resources.ts';
import { addSteward } from '../services/pools/stewards.ts';
import { DemoBookings } from './demo-bookings.ts';
import type { DemoData, DemoThing } from './demo-data.ts';

/** Somebody who shares things in the demo. */
export interface Sharer {
  name: string;
  actor: Actor;
  membershipId: string;
  accountId: string;
}

/** What a demo community shares: a pool with things of every kind, which somebody looks after. */
export class DemoLibrary {
  private bookings: DemoBookings | null = null;

  constructor(
    private readonly app: App,
    private readonly clock: Clock,
    private readonly community: { networkId: string; members: readonly Sharer[] },
  ) {}

  /** The coordinator makes the pool, and the steward fills it. */
  async open(data: DemoData['library']): Promise<void> {
    const { networkId, members } = this.community;
    const [coordinator] = members;
    if (!coordinator) throw new Error('The network has nobody to share with yet');
    const steward = this.memberNamed(data.steward);
    const [chest] = await this.app.database.db.all(Account, { networkId, holderKind: 'NETWORK' });
    const { name, description, hours } = data;
    const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => hours.map((open) => ({ weekday, ...open })));
    const pool = await this.as(coordinator, async (tx) => {
      const made = await createPool(tx, {
        networkId,
        name,
        description,
        accountId: chest?.id ?? null,
        takesOffers: true,
        rules: { ...data.rules, opening: { weekly } },
      });
      return addSteward(tx, { networkId, poolId: made.id, membershipId: steward.membershipId });
    });
    const things = new Map<string, string>();
    for (const thing of data.things) things.set(thing.name, (await this.add(pool.id, thing, steward)).id);
    const items = Object.entries(data.kit.items).map(([thing, quantity]) => ({
      resourceId: things.get(thing) ?? '',
      quantity,
    }));
    const kit = await this.as(steward, (tx) =>
      setKit(tx, { ...data.kit, networkId, poolId: pool.id, items }),
    );
    const parts = { poolId: pool.id, kitId: kit.id, steward, things };
    this.bookings = new DemoBookings(this.app, this.clock, { ...this.community, ...parts });
  }

  /** What is asked for, fetched, brought back, picked and eaten on a day after the opening. */
  async liveOneDay(day: number): Promise<void> {
    await this.bookings?.liveOneDay(day);
  }

  /** A member lends it, several own it together, or it belongs to the pool. */
  private async add(poolId: string, thing: DemoThing, steward: Sharer): Promise<Resource> {
    const { networkId } = this.community;
    const { lentBy, ownedBy, maintenance, place, ...given } = thing;
    const command = { ...given, networkId, poolId, place: place ? { name: place } : null };
    const resource = lentBy
      ? await this.lend(command, this.memberNamed(lentBy), steward)
      : await this.as(steward, (tx) => addResource(tx, command));
    const resourceId = resource.id;
    if (maintenance) {
      await this.as(steward, (tx) => setMaintenancePlan(tx, { networkId, resourceId, ...maintenance }));
    }
    if (!ownedBy) return resource;
    const shares = Object.entries(ownedBy).map(([name, shareCount]) => ({
      membershipId: this.memberNamed(name).membershipId,
      shareCount,
    }));
    const shareCount = shares.reduce((sum, share) => sum + share.shareCount, 0);
    return this.as(steward, (tx) => assignShares(tx, { networkId, resourceId, shareCount, shares }));
  }

  private async lend(
    command: Parameters<typeof addResource>[1],
    lender: Sharer,
    steward: Sharer,
  ): Promise<Resource> {
    const { id: resourceId } = await this.as(lender, (tx) => addResource(tx, { ...command, loan: {} }));
    return this.as(steward, (tx) => acceptResource(tx, { networkId: command.networkId, resourceId }));
  }

  private memberNamed(name: string): Sharer {
    const member = this.community.members.find((other) => other.name === name);
    if (!member) throw new Error(`Nobody in the demo is called ${name}`);
    return member;
  }

  private as<T>({ actor }: Sharer, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.app.services.run(actor, work);
  }
}
