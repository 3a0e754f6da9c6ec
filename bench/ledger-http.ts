import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { packageRoot } from '../src/kernel/package-root.ts';
import type { Community, Urls } from './community.ts';
import type { Round, RoundDone, Target } from './ledger-load.ts';
import type { Sample } from './samples.ts';
import { startServer, stopServer, type Running } from './server-process.ts';

/** The server and those who load it, each a process of its own. */
export class HttpMode {
  private constructor(
    private readonly server: Running,
    private readonly load: ChildProcess,
  ) {}

  static async start(urls: Urls, community: Community): Promise<HttpMode> {
    const server = await startServer({ DATABASE_URL: urls.appUrl, DATABASE_OWNER_URL: urls.ownerUrl });
    const child = fork(path.join(packageRoot(), 'dist/bench/ledger-load.js'));
    const { networkId, hotAccountId, holders } = community;
    const target: Target = {
      url: server.url,
      networkId,
      hotAccountId,
      payers: holders.filter(({ token }) => token),
      payeeIds: holders.map(({ accountId }) => accountId),
    };
    child.send(target);
    return new HttpMode(server, child);
  }

  /** @throws if an answer was not a transfer without errors */
  async play(round: Round): Promise<Sample> {
    const answered = once(this.load, 'message');
    this.load.send(round);
    const [{ sample, wrongAnswer }] = (await answered) as [RoundDone];
    if (wrongAnswer !== null) throw new Error(`The server answered: ${wrongAnswer}`);
    return sample;
  }

  async stop(): Promise<void> {
    if (this.load.connected) this.load.disconnect();
    await stopServer(this.server);
  }
}
