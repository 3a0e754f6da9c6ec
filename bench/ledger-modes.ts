import { randomUUID } from 'node:crypto';
import type { App } from '../src/app.ts';
import { personActor } from '../src/commands/with-app.ts';
import { keyClaim } from '../src/kernel/idempotency.ts';
import { newId } from '../src/kernel/ids.ts';
import { authorOf } from '../src/services/ledger/posting.ts';
import type { Community, Urls } from './community.ts';
import { ConnectionStock } from './connections.ts';
import { HttpMode } from './ledger-http.ts';
import type { Round } from './ledger-load.ts';
import { floorUpdate, makePlainTables, plainTransfer, type Payment } from './ledger-plain.ts';
import { load, type Sample } from './samples.ts';

export const MODES = ['floor', 'plain', 'engine', 'http'] as const;
export type ModeName = (typeof MODES)[number];

// As many as the embedded PostgreSQL has to give beside those of two servers.
const MOST_CONNECTIONS = 64;
const POOL_SIZES = [1, 4, 8, 16, 32, MOST_CONNECTIONS];
const PROBES = 3;
const PROBE_SECONDS = 0.4;

/** The ways of posting a transfer, each ready to be played in rounds on one database. */
export class Modes {
  /** How many connections suit a plain mode best, by mode, clients and accounts. */
  private readonly poolSizes = new Map<string, number>();

  private constructor(
    private readonly app: App,
    private readonly community: Community,
    private readonly stock: ConnectionStock,
    private readonly http: HttpMode,
  ) {}

  static async open(app: App, urls: Urls, community: Community): Promise<Modes> {
    await makePlainTables(urls.ownerUrl);
    const stock = await ConnectionStock.open(urls.ownerUrl, MOST_CONNECTIONS);
    return new Modes(app, community, stock, await HttpMode.start(urls, community));
  }

  async play(mode: ModeName, round: Round): Promise<Sample> {
    if (mode === 'http') return this.http.play(round);
    if (mode === 'engine') return load(round, () => this.postByEngine(randomPayment(this.community, round)));
    const size = await this.poolSize(mode, round);
    return this.playPlain(mode, round, size);
  }

  /** The pool that gave this mode its best rate, in a short try of each; never more than there are clients. */
  async poolSize(mode: 'floor' | 'plain', round: Round): Promise<number> {
    const { clients, isHot } = round;
    const most = Math.min(clients, MOST_CONNECTIONS);
    const name = `${mode} ${most} ${isHot}`;
    let best = this.poolSizes.get(name);
    if (best === undefined) {
      best = await this.bestPoolSize(mode, round, most);
      this.poolSizes.set(name, best);
    }
    return best;
  }

  /** Each is tried several times, in turns: the best of its tries had the least noise. */
  private async bestPoolSize(mode: 'floor' | 'plain', round: Round, most: number): Promise<number> {
    const sizes = POOL_SIZES.filter((size) => size <= most);
    const rates = new Map<number, number>();
    for (let count = 0; count < PROBES; count++) {
      for (const size of sizes) {
        const { perSecond } = await this.playPlain(mode, { ...round, seconds: PROBE_SECONDS }, size);
        rates.set(size, Math.max(perSecond, rates.get(size) ?? 0));
      }
    }
    return sizes.toSorted((a, b) => (rates.get(b) ?? 0) - (rates.get(a) ?? 0))[0] ?? most;
  }

  async close(): Promise<void> {
    await this.http.stop();
    await this.stock.close();
  }

  private playPlain(mode: 'floor' | 'plain', round: Round, size: number): Promise<Sample> {
    const { community } = this;
    const connections = this.stock.first(size);
    return load(round, () => {
      const payment = mode === 'plain' ? randomPayment(community, round) : undefined;
      return connections.use((client) =>
        payment
          ? plainTransfer(client, community, payment)
          : floorUpdate(client, randomHolder(community).accountId),
      );
    });
  }

  private postByEngine(payment: Payment): Promise<boolean> {
    return postByEngine(this.app, this.community, payment);
  }
}

/** Posts by the server's own batcher, as `transferCreate` does once it knows that the payment is permitted. */
export async function postByEngine(
  { services }: App,
  { networkId }: Community,
  { payerId, payeeId, personId, key }: Payment,
): Promise<boolean> {
  const { verdict } = await services.ledger.batcher.post(networkId, {
    id: newId('transfer'),
    kind: 'PAYMENT',
    payerAccountId: payerId,
    payeeAccountId: payeeId,
    amountMinor: 1n,
    description: 'bench',
    author: authorOf(personActor(personId)),
    key,
  });
  return verdict === 'POSTED';
}

/** From anybody to anybody; if an account is hot, half of all payments go to it. */
export function randomPayment(community: Community, { isHot }: Pick<Round, 'isHot'>): Payment {
  const { networkId, hotAccountId } = community;
  const { personId, accountId: payerId } = randomHolder(community);
  let payeeId = hotAccountId;
  if (!isHot || Math.random() < 0.5) {
    do payeeId = randomHolder(community).accountId;
    while (payeeId === payerId);
  }
  const content = { networkId, payerId, payeeId, amount: '0.01', description: 'bench' };
  const key = keyClaim(personActor(personId), { key: randomUUID(), operation: 'transferCreate', content });
  return { payerId, payeeId, personId, key };
}

function randomHolder({ holders }: Community) {
  return holders[Math.floor(Math.random() * holders.length)]!;
}
