import type { ChangeQueue } from '../../kernel/change-queue.ts';
import type { Db } from '../../kernel/database.ts';
import { Followers, type Follower } from '../../kernel/followers.ts';
import { kindOfId } from '../../kernel/ids.ts';
import type { Outbox, OutboxEvent } from '../../kernel/outbox.ts';

/** Whose changes somebody follows: of one account, or of all that a member holds or signs for. */
export interface Followed {
  what: 'accounts' | 'transfers';
  networkId: string;
  membershipId: string | null;
  /** Null for the member's own. */
  accountId: string | null;
}

type FollowersIn = (networkId: string) => Iterable<Follower<Followed>>;

/** An event as it concerns an account: by a transfer, or by itself. */
interface Touch {
  networkId: string;
  accountId: string;
  transferId: string | null;
}

/**
 * Tells those who follow the ledger which accounts and transfers have changed. It hands out ids only: what they stand
 * for is read, and who may see it decided, when it is delivered.
 *
 * Each batch of events is looked up once, whoever follows: a follower whom it does not concern costs nothing.
 */
export class LedgerChanges {
  private readonly followers: Followers<Followed>;

  constructor(
    private readonly db: Db,
    outbox: Pick<Outbox, 'listen' | 'revision'>,
  ) {
    this.followers = new Followers(outbox, (events, followersIn) => this.tell(events, followersIn));
  }

  /** Counts the batches of events that were told: what is read while it stands is not older than any of them. */
  get revision(): number {
    return this.followers.revision;
  }

  /** Follows from the moment in which the promise is kept; the caller has found that it is permitted. */
  follow(followed: Followed): Promise<ChangeQueue> {
    return this.followers.follow(followed);
  }

  private async tell(events: OutboxEvent[], followersIn: FollowersIn): Promise<void> {
    const touches = await this.touchesOf(events);
    const own = await this.ownAccounts(touches, followersIn);
    for (const networkId of new Set(touches.map((touch) => touch.networkId))) {
      const inNetwork = touches.filter((touch) => touch.networkId === networkId);
      for (const follower of followersIn(networkId)) pass(follower, inNetwork, own);
    }
  }

  /** The accounts that the events touch, in the order of the events. */
  private async touchesOf(events: OutboxEvent[]): Promise<Touch[]> {
    const accountsOf = await this.accountsOf(
      events.filter(({ subjectId }) => ['transfer', 'hold'].includes(kindOfId(subjectId) ?? '')),
    );
    return events.flatMap(({ networkId, subjectId }) => {
      const kind = kindOfId(subjectId);
      const accountIds = kind === 'account' ? [subjectId] : (accountsOf.get(subjectId) ?? []);
      const transferId = kind === 'transfer' ? subjectId : null;
      return accountIds.map((accountId) => ({ networkId, accountId, transferId }));
    });
  }

  /** The accounts of transfers and of holds. */
  private async accountsOf(events: OutboxEvent[]): Promise<Map<string, string[]>> {
    const accounts = new Map<string, string[]>();
    if (events.length === 0) return accounts;
    const rows = await this.db.rows<{ subjectId: string; accountId: string }>(
      `with told as (select * from unnest($1::text[], $2::text[]) as t (network_id, id)),
            moved as (select t.* from transfer t join told using (network_id, id))
       select id as subject_id, payer_account_id as account_id from moved
        union select id, payee_account_id from moved
        union select e.transfer_id, e.account_id
                from told cross join lateral ledger_entries(told.network_id, array[told.id]) e
        union select h.id, h.account_id from hold h join told using (network_id, id)`,
      [events.map((event) => event.networkId), events.map((event) => event.subjectId)],
    );
    for (const { subjectId, accountId } of rows) {
      accounts.set(subjectId, [...(accounts.get(subjectId) ?? []), accountId]);
    }
    return accounts;
  }

  /** Of the touched accounts those that each member holds, signs for, or coordinates the group of. */
  private async ownAccounts(touches: Touch[], followersIn: FollowersIn): Promise<Map<string, Set<string>>> {
    const own = new Map<string, Set<string>>();
    const isWanted = [...new Set(touches.map(({ networkId }) => networkId))].some((networkId) =>
      [...followersIn(networkId)].some(({ accountId }) => accountId === null),
    );
    if (touches.length === 0 || !isWanted) return own;
    const rows = await this.db.rows<{ membershipId: string; accountId: string }>(
      `with touched as (select distinct * from unnest($1::text[], $2::text[]) as t (network_id, id)),
            changed as (select a.network_id, a.id, a.membership_id, a.group_id from account a join touched using (network_id, id))
       select membership_id, id as account_id from changed where membership_id is not null
        union select s.membership_id, s.account_id from account_signatory s
                join touched on s.network_id = touched.network_id and s.account_id = touched.id
        union select g.membership_id, changed.id from changed
                join group_membership g on g.network_id = changed.network_id and g.group_id = changed.group_id
               where g.is_coordinator`,
      [touches.map((touch) => touch.networkId), touches.map((touch) => touch.accountId)],
    );
    for (const { membershipId, accountId } of rows) {
      own.set(membershipId, (own.get(membershipId) ?? new Set()).add(accountId));
    }
    return own;
  }
}

function pass(
  { what, membershipId, accountId, queue }: Follower<Followed>,
  touches: Touch[],
  own: Map<string, Set<string>>,
): void {
  const accounts = accountId === null ? own.get(membershipId ?? '') : new Set([accountId]);
  if (!accounts) return;
  for (const touch of touches) {
    if (!accounts.has(touch.accountId)) continue;
    const id = what === 'accounts' ? touch.accountId : touch.transferId;
    if (id !== null) queue.push(id);
  }
}
