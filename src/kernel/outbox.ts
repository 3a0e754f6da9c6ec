import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from './clock.ts';
import type { Db } from './database.ts';
import type { EventData } from './events.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { Listening } from './listening.ts';

/** A fact as others learn of it after the commit. */
export interface OutboxEvent {
  networkId: string;
  id: string;
  kind: string;
  subjectId: string;
  data: EventData;
}

/** Learns of events in batches. Whoever has slow work to do puts it in a queue: others wait for the answer. */
export type OutboxListener = (events: OutboxEvent[]) => Promise<void> | void;

/** What has been read: all that `from` sees, and of what `until` sees beyond it everything up to `last`. */
interface Position {
  from: string;
  until: string;
  last: { xid: string; id: string } | null;
}

type Row = OutboxEvent & { xid: string };

const CHANNEL = 'mutuality_outbox';
const POLL_MS = SECOND_MS;
// A NOTIFY takes a lock that commits wait for: one for many commits is not felt, one for each costs two fifths of them.
const NOTIFY_EVERY_MS = 50;
const BATCH = 500;

const READ = 'select network_id, id, kind, subject_id, data, xid::text from outbox_read($1, $2, $3, $4, $5)';

interface OutboxParts {
  db: Db;
  /** For the connection that listens. */
  url: string;
  log: Log;
}

/**
 * Tells this process of events that any process has committed: each at least once, in the order of their transactions,
 * and what a transaction has seen always before what it wrote. It reads only while somebody listens, from then on.
 *
 * It compares what is committed now with what was at the last look, by the snapshots of PostgreSQL. So a transaction
 * that takes long is neither missed nor waited for. Hints say when to look; the poll finds what they fail to tell.
 */
export class Outbox {
  private readonly listeners = new Set<OutboxListener>();
  private readonly listening: Listening;
  /** Names this process in its hints: it has no need of its own. */
  private readonly name = newId('event');
  private position: Position | undefined;
  private beginning: Promise<void> | undefined;
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private wanted = false;
  private isFailing = false;
  private notifying: Promise<void> | undefined;
  private isNotifyDue = false;
  private isStopped = false;
  private batches = 0;

  constructor(private readonly parts: OutboxParts) {
    this.listening = new Listening({
      ...parts,
      channel: CHANNEL,
      // Hints may have been lost while there was no connection.
      onConnect: () => this.wake(),
      onHint: (sender) => void (sender !== this.name && this.wake()),
    });
  }

  /** Counts the batches that were read: what was loaded while it stands is not older than any event told so far. */
  get revision(): number {
    return this.batches;
  }

  /**
   * Listens to every event that commits from the moment in which the promise is kept; earlier ones may come too.
   *
   * @returns what ends it
   */
  async listen(listener: OutboxListener): Promise<() => void> {
    this.listeners.add(listener);
    try {
      await (this.beginning ??= this.begin());
    } catch (error) {
      this.forget(listener);
      throw error;
    }
    return () => this.forget(listener);
  }

  /** Call after a commit that left events: looks now instead of at the next poll, and tells other processes. */
  hint(): void {
    if (this.isStopped) return;
    this.wake();
    this.isNotifyDue = true;
    this.notifying ??= this.notify().finally(() => (this.notifying = undefined));
  }

  /** Tells nobody anything any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.listeners.clear();
    this.end();
    await Promise.all([this.reading, this.notifying]);
  }

  private async begin(): Promise<void> {
    const now = await this.snapshot();
    this.position = { from: now, until: now, last: null };
    if (this.isStopped || this.listeners.size === 0) return this.end();
    this.listening.start();
    this.wake();
  }

  private forget(listener: OutboxListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.end();
  }

  private end(): void {
    this.beginning = undefined;
    this.position = undefined;
    this.wanted = false;
    clearTimeout(this.timer);
    this.listening.stop();
  }

  private wake(): void {
    if (!this.position) return;
    this.wanted = true;
    this.reading ??= this.look().finally(() => {
      this.reading = undefined;
      if (this.wanted) this.wake();
      else if (this.position) this.timer = setTimeout(() => this.wake(), POLL_MS);
    });
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    this.wanted = false;
    try {
      while (await this.readBatch());
      this.isFailing = false;
    } catch (error) {
      // The database may be restarting: the next look goes on where this one began.
      if (!this.isFailing) this.parts.log.error({ err: error }, 'reading the outbox failed');
      this.isFailing = true;
    }
  }

  /** Reads and tells the next batch; true if there may be more at once. */
  private async readBatch(): Promise<boolean> {
    const { position } = this;
    if (!position) return false;
    if (!position.last) position.until = await this.snapshot();
    if (position.until === position.from) return false;
    const { from, until, last } = position;
    const rows = await this.parts.db.rows<Row>(READ, [from, until, last?.xid ?? '0', last?.id ?? '', BATCH]);
    if (rows.length > 0) this.batches++;
    await this.tell(rows);
    const lastRow = rows.at(-1);
    if (lastRow && rows.length === BATCH) position.last = { xid: lastRow.xid, id: lastRow.id };
    else Object.assign(position, { from: until, last: null });
    return rows.length === BATCH;
  }

  private async tell(rows: OutboxEvent[]): Promise<void> {
    if (rows.length === 0) return;
    for (const listener of this.listeners) {
      try {
        await listener(rows);
      } catch (error) {
        this.parts.log.error({ err: error }, 'a listener to the outbox failed');
      }
    }
  }

  private async snapshot(): Promise<string> {
    const row = await this.parts.db.row<{ now: string }>('select pg_current_snapshot()::text as now');
    return row?.now ?? '';
  }

  private async notify(): Promise<void> {
    while (this.isNotifyDue) {
      this.isNotifyDue = false;
      // Only a hint, and others poll: without a database there is nothing to tell them.
      await this.parts.db.execute('select pg_notify($1, $2)', [CHANNEL, this.name]).catch(() => {});
      await sleep(NOTIFY_EVERY_MS);
    }
  }
}
