import { setTimeout as sleep } from 'node:timers/promises';
import type { Community, Holder } from './community.ts';

const QUERY =
  'mutation($input: TransferCreateInput!) { transferCreate(input: $input) { transfer { id } errors { code } } }';
// Nothing was decided: the same request with the same key may succeed, or has succeeded.
const INDEFINITE = new Set(['OVERLOADED', 'OUTCOME_UNKNOWN', 'INTERNAL', 'UNAVAILABLE']);
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;
// Some clients ask again although they were told, as after a crash of their own.
const ASKS_AGAIN = 0.1;

/** What the server has told its clients. */
export interface Told {
  /** The transfer that a key was told to have become. */
  transferByKey: Map<string, string>;
  /** How many definite answers were refusals, by code: there should be none. */
  refusals: Map<string, number>;
  /** How often there was no definite answer and the client asked again. */
  repetitions: number;
  /** Keys that were told to have become two different transfers. */
  contradictions: string[];
}

interface Answer {
  data?: { transferCreate?: { transfer: { id: string } | null; errors: { code: string }[] } | null };
}

/**
 * Members who pay again and again, each time with a new key and with that same key until the server has said what came of it.
 */
export class CrashClients {
  readonly told: Told = { transferByKey: new Map(), refusals: new Map(), repetitions: 0, contradictions: [] };
  private isStopping = false;
  private readonly working: Promise<void>[];

  constructor(
    private readonly url: string,
    private readonly community: Community,
  ) {
    const payers = community.holders.filter(({ token }) => token);
    this.working = payers.map((payer, index) => this.keepPaying(payer, index));
  }

  /** Waits until each has its last answer. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.working);
  }

  private async keepPaying(payer: Holder, index: number): Promise<void> {
    for (let count = 0; !this.isStopping; count++) {
      const key = `${index}-${count}`;
      const body = this.bodyOf(payer, key, count);
      await this.payUntilTold(payer, key, body);
      if (Math.random() < ASKS_AGAIN) await this.payUntilTold(payer, key, body);
    }
  }

  /** The key is the description too, so that the books themselves show a transfer that was made twice for one key. */
  private bodyOf({ accountId }: Holder, key: string, count: number): string {
    const { networkId, hotAccountId, holders } = this.community;
    const others = holders.filter((holder) => holder.accountId !== accountId);
    const other = others[Math.floor(Math.random() * others.length)];
    const payeeAccountId = count % 2 === 0 || !other ? hotAccountId : other.accountId;
    const input = { networkId, idempotencyKey: key, payerAccountId: accountId, payeeAccountId };
    return JSON.stringify({
      query: QUERY,
      variables: { input: { ...input, amount: '0.01', description: key } },
    });
  }

  private async payUntilTold({ token }: Holder, key: string, body: string): Promise<void> {
    for (;;) {
      const answer = await this.ask(token, body);
      const payload = answer?.data?.transferCreate;
      if (payload?.transfer) return this.note(key, payload.transfer.id);
      const code = payload?.errors[0]?.code;
      if (code && !INDEFINITE.has(code)) {
        this.told.refusals.set(code, (this.told.refusals.get(code) ?? 0) + 1);
        return;
      }
      this.told.repetitions++;
      await sleep(PAUSE_MS);
    }
  }

  private note(key: string, transferId: string): void {
    const before = this.told.transferByKey.get(key);
    if (before !== undefined && before !== transferId) this.told.contradictions.push(key);
    this.told.transferByKey.set(key, transferId);
  }

  /** Null if there was no answer, or none that a client could read. */
  private async ask(token: string, body: string): Promise<Answer | null> {
    try {
      const response = await fetch(`${this.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return (await response.json()) as Answer;
    } catch {
      return null;
    }
  }
}
