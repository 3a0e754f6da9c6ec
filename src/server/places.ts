import type { FastifyReply } from 'fastify';
import { Overloaded } from '../kernel/errors.ts';

/** So many requests as are served at the same time, each of which may take much memory. */
export class Places {
  private taken = 0;

  constructor(private readonly most: number) {}

  /** @throws Overloaded if none is free */
  requireFree(): void {
    if (this.taken >= this.most) throw new Overloaded();
  }

  /**
   * Takes a place until the request is answered or broken off.
   *
   * @throws Overloaded if none is free
   */
  take({ raw }: FastifyReply): void {
    this.requireFree();
    // Whoever has gone meanwhile would never give it back.
    if (raw.destroyed) return;
    this.taken++;
    raw.once('close', () => this.taken--);
  }
}
