import pg from 'pg';

/** A number of connections that callers take turns on. */
export interface Connections {
  use<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
}

/** Connections that are opened once; a measurement takes as many of them as suit it best. */
export class ConnectionStock {
  private constructor(private readonly clients: pg.Client[]) {}

  static async open(url: string, size: number): Promise<ConnectionStock> {
    const clients = Array.from({ length: size }, () => new pg.Client(url));
    for (const client of clients) await client.connect();
    return new ConnectionStock(clients);
  }

  get size(): number {
    return this.clients.length;
  }

  /** The first ones, for one measurement at a time. */
  first(count: number): Connections {
    const free = this.clients.slice(0, count);
    const waiting: ((client: pg.Client) => void)[] = [];
    return {
      async use(work) {
        const client = free.pop() ?? (await new Promise<pg.Client>((resolve) => waiting.push(resolve)));
        try {
          return await work(client);
        } finally {
          const next = waiting.shift();
          if (next) next(client);
          else free.push(client);
        }
      },
    };
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.end();
  }
}
