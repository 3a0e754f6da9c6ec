import { Overloaded } from './errors.ts';
import { isTransient } from './transient.ts';

export interface CoalescerBounds {
  /** How many items one call of the work takes. */
  batch: number;
  /** How many calls are under way at the same time. */
  lanes: number;
  /** How many items wait; the next one is turned away. */
  queue: number;
  /** How long an item waits before it is turned away. */
  waitMs: number;
}

interface Waiting<Item, Answer> {
  item: Item;
  since: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Does for many at once what costs much the same for one. An item is taken at once while a lane is free; what arrives
 * while all lanes are busy goes together in the next call. Nobody waits for company.
 *
 * @throws Overloaded beyond the bounds
 */
export class Coalescer<Item, Answer> {
  private queue: Waiting<Item, Answer>[] = [];
  private busy = 0;
  private isFilling = false;

  /**
   * @param work answers a list of items in their order
   * @param identity items with the same identity never go in one call: one of them waits for the next
   */
  constructor(
    private readonly work: (items: Item[]) => Promise<Answer[]>,
    private readonly bounds: CoalescerBounds,
    private readonly identity: (item: Item) => string | null = () => null,
  ) {}

  run(item: Item): Promise<Answer> {
    if (this.queue.length >= this.bounds.queue) return Promise.reject(new Overloaded());
    return new Promise((resolve, reject) => {
      this.queue.push({ item, since: performance.now(), resolve, reject });
      if (!this.isFilling) this.fill();
    });
  }

  get isIdle(): boolean {
    return this.busy === 0 && this.queue.length === 0;
  }

  // At the end of this turn of the event loop: those who have just been answered may ask the next thing in it, and the
  // first of them would go alone and the rest wait for it.
  private fillSoon(): void {
    if (this.isFilling) return;
    this.isFilling = true;
    setImmediate(() => {
      this.isFilling = false;
      this.fill();
    });
  }

  private fill(): void {
    while (this.busy < this.bounds.lanes && this.queue.length > 0) {
      const batch = this.take();
      if (batch.length === 0) return;
      this.busy++;
      void this.answer(batch).finally(() => {
        this.busy--;
        this.fillSoon();
      });
    }
  }

  private take(): Waiting<Item, Answer>[] {
    const oldest = performance.now() - this.bounds.waitMs;
    const batch: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    const taken = new Set<string>();
    for (const waiting of this.queue) {
      const identity = this.identity(waiting.item);
      if (waiting.since < oldest) waiting.reject(new Overloaded());
      else if (batch.length < this.bounds.batch && !(identity !== null && taken.has(identity))) {
        batch.push(waiting);
        if (identity !== null) taken.add(identity);
      } else left.push(waiting);
    }
    this.queue = left;
    return batch;
  }

  private async answer(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      // One of them may break the call for all: alone it fails alone.
      if (batch.length > 1 && !isTransient(error)) for (const one of batch) await this.answer([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
