import { ChangeQueue } from './change-queue.ts';
import type { Outbox, OutboxEvent } from './outbox.ts';

/** Somebody who follows something in a network, with what waits to be fetched. */
export type Follower<Followed> = Followed & { queue: ChangeQueue };

/** Puts what the events of one batch mean to whom into the queues. */
export type Tell<Followed> = (
  events: OutboxEvent[],
  followersIn: (networkId: string) => Iterable<Follower<Followed>>,
) => Promise<void> | void;

/**
 * Who follows what goes on in networks. It listens to the outbox as long as somebody does, and hands on the events of networks
 * that are followed.
 */
export class Followers<Followed extends { networkId: string }> {
  private readonly networks = new Map<string, Set<Follower<Followed>>>();
  private listening: Promise<() => void> | undefined;

  constructor(
    private readonly outbox: Pick<Outbox, 'listen' | 'revision'>,
    private readonly tell: Tell<Followed>,
  ) {}

  /** Counts the batches of events that were told: what is read while it stands is not older than any of them. */
  get revision(): number {
    return this.outbox.revision;
  }

  /** Follows from the moment in which the promise is kept; the caller has found that it is permitted. */
  async follow(followed: Followed): Promise<ChangeQueue> {
    const follower: Follower<Followed> = { ...followed, queue: new ChangeQueue(() => this.leave(follower)) };
    const { networkId } = followed;
    this.networks.set(networkId, (this.networks.get(networkId) ?? new Set()).add(follower));
    try {
      await (this.listening ??= this.outbox.listen((events) => this.handOn(events)));
      return follower.queue;
    } catch (error) {
      this.listening = undefined;
      await follower.queue.return();
      throw error;
    }
  }

  private leave(follower: Follower<Followed>): void {
    const followers = this.networks.get(follower.networkId);
    followers?.delete(follower);
    if (followers?.size === 0) this.networks.delete(follower.networkId);
    if (this.networks.size > 0) return;
    // Whoever follows next begins anew. A failure to begin was told to who asked for it.
    this.listening?.then(
      (stop) => stop(),
      () => {},
    );
    this.listening = undefined;
  }

  private async handOn(events: OutboxEvent[]): Promise<void> {
    const concerned = events.filter(({ networkId }) => this.networks.has(networkId));
    if (concerned.length === 0) return;
    try {
      await this.tell(concerned, (networkId) => this.networks.get(networkId) ?? []);
    } catch (error) {
      // What they were not told they would never learn: they have to begin anew, and know it.
      for (const networkId of new Set(concerned.map((event) => event.networkId))) {
        for (const { queue } of this.networks.get(networkId) ?? []) queue.fail(error as Error);
      }
      throw error;
    }
  }
}
