import pg from 'pg';

const EVERY_MS = 2_000;
const ANSWER_MS = 1_500;
const FRESH_MS = 5_000;

/**
 * Asks the database every two seconds whether it is there, on a connection of its own: under load the pool is busy
 * for good reasons, and then the server must not be taken for dead.
 */
export class DatabaseProbe {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private answeredAt = -Infinity;

  constructor(private readonly url: string) {}

  /** Asks for the first time and goes on asking until `stop`. */
  async start(): Promise<void> {
    await this.ask();
    this.timer = setInterval(() => void this.ask(), EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.letGo();
  }

  /** Whether the database answered within the last five seconds and has not hung up since. */
  get isAnswering(): boolean {
    return performance.now() - this.answeredAt < FRESH_MS;
  }

  /** Runs a small statement on the probe's connection: for the figures of operators, not for requests. */
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = (this.client ??= await this.connect());
    return (await client.query<Row>(text, values)).rows;
  }

  private async ask(): Promise<void> {
    try {
      await this.rows('select 1');
      this.answeredAt = performance.now();
    } catch {
      // Nothing to report here: whoever asks for readiness learns it, and the next look tries again.
      this.letGo();
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      application_name: 'mutuality probe',
    });
    client.on('error', () => this.letGo());
    await client.connect();
    return client;
  }

  private letGo(): void {
    const { client } = this;
    this.client = undefined;
    this.answeredAt = -Infinity;
    // A connection that is already broken cannot say goodbye, and need not.
    client?.end().catch(() => {});
  }
}
