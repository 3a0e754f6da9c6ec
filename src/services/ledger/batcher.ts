import { Coalescer, type CoalescerBounds } from '../../kernel/coalescer.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { OutcomeUnknown } from '../../kernel/errors.ts';
import { isLostConnection, retrying } from '../../kernel/transient.ts';
import { post, type Outcome, type Posting } from './posting.ts';

/** What was measured to be quickest: while one batch commits, the next one is worked out. */
const BOUNDS: CoalescerBounds = { batch: 32, lanes: 2, queue: 2_000, waitMs: 3_000 };

/**
 * Posts what arrives at the same time together, in batches of one network. Each transfer is accepted or refused for
 * itself. The answer comes after the commit: the call of the function is a transaction of its own.
 */
export class TransferBatcher {
  private readonly networks = new Map<string, Coalescer<Posting, Outcome>>();

  /** @param onPosted called after each commit */
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly onPosted: () => void,
  ) {}

  /**
   * @param posting with a key: what a lost connection leaves open is settled by asking again
   * @throws Overloaded, OutcomeUnknown
   */
  async post(networkId: string, posting: Posting): Promise<Outcome> {
    let lanes = this.networks.get(networkId);
    if (!lanes) {
      lanes = new Coalescer(
        (postings) => this.postBatch(networkId, postings),
        BOUNDS,
        identityOf,
        accountsOf,
      );
      this.networks.set(networkId, lanes);
    }
    try {
      return await lanes.run(posting);
    } catch (error) {
      // Only here: the lanes must see that it was the database, or they would try each transfer of the batch alone.
      throw isLostConnection(error) ? new OutcomeUnknown({ cause: error }) : error;
    } finally {
      if (lanes.isIdle) this.networks.delete(networkId);
    }
  }

  private async postBatch(networkId: string, postings: Posting[]): Promise<Outcome[]> {
    const now = this.clock.now();
    // Keys make it safe to ask again whatever became of the first call.
    const outcomes = await retrying(() => post(this.db, networkId, { postings, now, isAtomic: false }));
    this.onPosted();
    return outcomes;
  }
}

// The first of two requests with one key decides what the second is told.
function identityOf({ key }: Posting): string | null {
  return key && `${key.owner} ${key.key}`;
}

// Its row would be waited for in the database, by all who go in the same call.
function accountsOf({ payerAccountId, payeeAccountId }: Posting): string[] {
  return [payerAccountId, payeeAccountId];
}
