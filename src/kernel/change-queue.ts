import { DomainError } from './errors.ts';

const MAX_PENDING = 1_000;

/** More has changed than the client has fetched; it reads anew what it shows and subscribes again. */
export class TooFarBehind extends DomainError {
  constructor() {
    super(
      'TOO_FAR_BEHIND',
      'More has changed than was fetched. Read anew what is shown, and subscribe again.',
    );
  }
}

/**
 * Ids of what has changed, for one reader at its own pace. An id that waits already is not put in twice: whoever takes
 * it reads the newest state. A reader who falls far behind is dismissed, or the ids would fill the memory.
 */
export class ChangeQueue implements AsyncIterableIterator<string> {
  private readonly pending = new Set<string>();
  private waiting: ((result: IteratorResult<string>) => void) | undefined;
  private failure: Error | undefined;
  private isOver = false;

  /** @param onEnd called once, when nobody reads any more */
  constructor(private readonly onEnd: () => void) {}

  push(id: string): void {
    if (this.isOver) return;
    if (this.waiting) this.hand(id);
    else if (this.pending.size < MAX_PENDING || this.pending.has(id)) this.pending.add(id);
    else this.fail(new TooFarBehind());
  }

  /** Ends it with an error in place of what waits. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.failure = error;
    this.end();
  }

  next(): Promise<IteratorResult<string>> {
    const [id] = this.pending;
    if (id !== undefined) {
      this.pending.delete(id);
      return Promise.resolve({ done: false, value: id });
    }
    if (this.isOver) return this.last();
    return new Promise((resolve, reject) => {
      this.waiting = (result) => {
        if (result.done) this.last().then(resolve, reject);
        else resolve(result);
      };
    });
  }

  return(): Promise<IteratorResult<string>> {
    this.failure = undefined;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private hand(id: string): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.({ done: false, value: id });
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.pending.clear();
    this.waiting?.({ done: true, value: undefined });
    this.waiting = undefined;
    this.onEnd();
  }

  private last(): Promise<IteratorResult<string>> {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve({ done: true, value: undefined });
  }
}
