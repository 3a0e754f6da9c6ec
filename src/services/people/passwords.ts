import { hash, verify } from '@node-rs/argon2';
import { Overloaded } from '../../kernel/errors.ts';

// Argon2id with the parameters that OWASP's password storage cheat sheet gives: 19 MiB, two passes, one lane.
const PASSES = 2;
const LANES = 1;
const MAX_WAITING = 8;

/** Hashes passwords with Argon2id, a few at a time: each takes a core for some 50 ms, and a flood must not starve the rest. */
export class Passwords {
  private waiting = 0;
  private dummy: Promise<string> | undefined;

  constructor(private readonly memoryKib: number) {}

  /** @throws Overloaded */
  hash(password: string): Promise<string> {
    return this.queued(() => hash(password, this.options));
  }

  /**
   * Whether the password is the one that was hashed. Takes the same time for a person who is unknown or has no
   * password, so that nobody can find out who is registered.
   *
   * @throws Overloaded
   */
  matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    return this.queued(async () => {
      // Made in any case: the first unknown person after the start must not take longer than a known one.
      const dummy = await this.dummyHash();
      const isRight = await verify(passwordHash ?? dummy, password);
      return isRight && Boolean(passwordHash);
    });
  }

  /** Made once for all unknown people, and again if that failed. */
  private async dummyHash(): Promise<string> {
    this.dummy ??= hash('no such person', this.options);
    try {
      return await this.dummy;
    } catch (error) {
      this.dummy = undefined;
      throw error;
    }
  }

  private get options() {
    return { memoryCost: this.memoryKib, timeCost: PASSES, parallelism: LANES };
  }

  private async queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAX_WAITING) throw new Overloaded();
    this.waiting++;
    try {
      return await work();
    } finally {
      this.waiting--;
    }
  }
}
