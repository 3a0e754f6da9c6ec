import { Overloaded } from './errors.ts';
import { isTransient } from './transient.ts';

export interface CoalescerBounds {
  /** How many items one call of the work takes. */
  batch: number;
  /** How many calls are under way at the same time. */
  lanes: number;
  /** How many items wait; the next one is turned away. */
  queue: number;
  /** How long an item waits before it is turned away, whatever becomes of those before it. */
  waitMs: number;
}

interface Waiting<Item, Answer> {
  item: Item;
  since: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

// In how many batches a crowd is looked for.
const CROWD_WINDOW = 4;

/**
 * Does for many at once what costs much the same for one. An item is taken at once while a lane is free; what arrives
 * while all lanes are busy goes together in the next call. Nobody waits for company.
 *
 * @throws Overloaded beyond the bounds
 */
export class Coalescer<Item, Answer> {
  // In the order in which they came, so that those who have waited longest stand first.
  private queue: Waiting<Item, Answer>[] = [];
  private busy = 0;
  /** What the calls under way touch. */
  private readonly touched = new Set<string>();
  private isFilling = false;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param work answers a list of items in their order
   * @param identity items with the same identity never go in one call: one of them waits for the next
   * @param touches what the work has to itself while it does an item: whoever touches it too waits for the end of that
   *   call instead of holding up a lane, and nobody who comes later overtakes them there
   */
  constructor(
    private readonly work: (items: Item[]) => Promise<Answer[]>,
    private readonly bounds: CoalescerBounds,
    private readonly identity: (item: Item) => string | null = () => null,
    private readonly touches: (item: Item) => readonly string[] = () => [],
  ) {}

  run(item: Item): Promise<Answer> {
    if (this.queue.length >= this.bounds.queue) return Promise.reject(new Overloaded());
    return new Promise((resolve, reject) => {
      this.queue.push({ item, since: performance.now(), resolve, reject });
      if (!this.isFilling) this.fill();
      if (!this.timer && this.queue.length > 0) this.watch();
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
      const touched = batch.flatMap(({ item }) => this.touches(item));
      for (const one of touched) this.touched.add(one);
      void this.answer(batch).finally(() => {
        for (const one of touched) this.touched.delete(one);
        this.busy--;
        this.fillSoon();
      });
    }
  }

  private take(): Waiting<Item, Answer>[] {
    this.dismissOld();
    const batch = new Set<Waiting<Item, Answer>>();
    const crowd = this.crowd();
    // Who waits for the same goes together, whoever stands first in any case: so the other lanes have all others.
    if (crowd !== null)
      this.choose(batch, (item, place) => place === 0 || this.touches(item).includes(crowd));
    this.choose(batch, () => true);
    if (batch.size === 0) return [];
    const inOrder = this.queue.filter((waiting) => batch.has(waiting));
    this.queue = this.queue.filter((waiting) => !batch.has(waiting));
    return inOrder;
  }

  /** Adds to a batch those who fit and whom nothing holds up, in the order in which they came. */
  private choose(batch: Set<Waiting<Item, Answer>>, fits: (item: Item, place: number) => boolean): void {
    const identities = new Set([...batch].map(({ item }) => this.identity(item)));
    const awaited = new Set(this.touched);
    for (const [place, waiting] of this.queue.entries()) {
      if (batch.size === this.bounds.batch) return;
      if (batch.has(waiting)) continue;
      const { item } = waiting;
      const identity = this.identity(item);
      const touches = this.touches(item);
      const isHeldUp =
        (identity !== null && identities.has(identity)) || touches.some((one) => awaited.has(one));
      if (!isHeldUp && fits(item, place)) {
        batch.add(waiting);
        identities.add(identity);
      } else {
        for (const one of touches) awaited.add(one);
      }
    }
  }

  /** What so many wait for, and no call under way has, that a call could do with them alone. */
  private crowd(): string | null {
    const least = this.bounds.batch / 2;
    if (this.bounds.lanes === 1 || this.queue.length < least) return null;
    const counts = new Map<string, number>();
    for (const { item } of this.queue.slice(0, CROWD_WINDOW * this.bounds.batch)) {
      for (const one of this.touches(item)) {
        const count = (counts.get(one) ?? 0) + 1;
        if (count >= least && !this.touched.has(one)) return one;
        counts.set(one, count);
      }
    }
    return null;
  }

  private dismissOld(): void {
    const oldest = performance.now() - this.bounds.waitMs;
    const young = this.queue.findIndex(({ since }) => since >= oldest);
    if (young === 0) return;
    for (const { reject } of this.queue.splice(0, young < 0 ? this.queue.length : young))
      reject(new Overloaded());
  }

  // One timer for the whole queue, set for who stands first: work that hangs frees no lane, and nobody would be told.
  private watch(): void {
    const first = this.queue[0];
    if (!first) return;
    const leftMs = first.since + this.bounds.waitMs - performance.now();
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.dismissOld();
        this.watch();
      },
      Math.floor(leftMs) + 1,
    ).unref();
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
