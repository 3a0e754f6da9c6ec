import pg from 'pg';
import { SECOND_MS } from './clock.ts';
import type { Log } from './log.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10 * SECOND_MS;

interface ListeningParts {
  url: string;
  channel: string;
  log: Log;
  /** Called when hints are heard from now on, also after a break. */
  onConnect: () => void;
  onHint: (payload: string) => void;
}

/** Listens to a channel of PostgreSQL on a connection of its own, which it makes anew whenever it breaks. */
export class Listening {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waitMs = FIRST_WAIT_MS;

  constructor(private readonly parts: ListeningParts) {}

  start(): void {
    this.stop();
    this.waitMs = FIRST_WAIT_MS;
    this.connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.letGo();
  }

  private connect(): void {
    const client = new pg.Client({
      connectionString: this.parts.url,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      application_name: 'mutuality listening',
    });
    this.client = client;
    // A broken connection may tell of it more than once.
    const isCurrent = () => this.client === client;
    const again = () => isCurrent() && this.connectLater();
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload }) => isCurrent() && this.parts.onHint(payload ?? ''));
    this.listen(client).catch(again);
  }

  private async listen(client: pg.Client): Promise<void> {
    await client.connect();
    await client.query(`listen ${this.parts.channel}`);
    if (this.client !== client) return;
    this.waitMs = FIRST_WAIT_MS;
    this.parts.onConnect();
  }

  private connectLater(): void {
    this.letGo();
    this.parts.log.debug({ waitMs: this.waitMs }, 'hints of other processes are not heard just now');
    // Processes that lost their connections together do not come back together.
    this.timer = setTimeout(() => this.connect(), this.waitMs * (0.5 + Math.random() / 2));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private letGo(): void {
    const { client } = this;
    this.client = undefined;
    // A connection that is already broken cannot say goodbye, and need not.
    client?.end().catch(() => {});
  }
}
