import type { ExecutionResult } from 'graphql';

/**
 * The results of one subscription, made one at a time when the client has taken the one before.
 *
 * A generator function would do, but for its end: it ends when what it waits for has come, and that may be never.
 */
export class Delivery implements AsyncGenerator<ExecutionResult, void, void> {
  private isOver = false;

  /**
   * @param resolve makes of a change what the client gets; null for a change of which it learns nothing
   * @param onEnd called once
   */
  constructor(
    private readonly changes: AsyncIterator<unknown>,
    private readonly resolve: (change: unknown) => Promise<ExecutionResult | null>,
    private readonly onEnd: () => void,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    try {
      for (;;) {
        const change = await this.changes.next();
        if (change.done) break;
        const result = await this.resolve(change.value);
        if (this.isOver) break;
        if (result) return { done: false, value: result };
      }
    } catch (error) {
      await this.return();
      throw error;
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    if (!this.isOver) {
      this.isOver = true;
      this.onEnd();
      await this.changes.return?.();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
