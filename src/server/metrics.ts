import type pg from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../kernel/clock.ts';
import type { DatabaseProbe } from '../kernel/database-probe.ts';
import type { OperationSummary } from './operation-summary.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface MetricsParts {
  pool: pg.Pool;
  probe: DatabaseProbe;
  clock: Clock;
}

/**
 * What the server counts and measures, for Prometheus. Labels take values from the code and the schema only: a client
 * that could choose one could fill the memory with them.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'mutuality_http_requests_total',
    help: 'Answered HTTP requests by route and status.',
    labelNames: ['route', 'status'],
    registers: [this.registry],
  });
  private readonly operations = new Histogram({
    name: 'mutuality_graphql_operation_seconds',
    help: 'Duration of GraphQL operations by type and outcome: OK, REFUSED, INVALID or FAILED.',
    labelNames: ['type', 'outcome'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly gauges = {
    connections: this.gauge('database_pool_connections', 'Open connections of the pool.'),
    idle: this.gauge('database_pool_idle', 'Connections of the pool that nobody uses.'),
    waiting: this.gauge('database_pool_waiting', 'Requests that wait for a connection.'),
    answering: this.gauge('database_answering', 'Whether the database answers: 1 or 0.'),
    sockets: this.gauge('websocket_connections', 'Open WebSocket connections.'),
    subscriptions: this.gauge('subscriptions', 'Subscriptions that run.'),
    jobsDue: this.gauge('jobs_due', 'Jobs that should have run by now.'),
    jobsFailed: this.gauge('jobs_failed', 'Jobs that were given up and need a person.'),
  };

  constructor(private readonly parts: MetricsParts) {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  countRequest(route: string, status: number): void {
    this.requests.inc({ route, status });
  }

  countOperation({ operation, outcome }: OperationSummary, seconds: number): void {
    this.operations.observe({ type: operation ?? 'unknown', outcome }, seconds);
  }

  /** One more, or with −1 one less. */
  countSockets(change: 1 | -1): void {
    this.gauges.sockets.inc(change);
  }

  /** One more, or with −1 one less. */
  countSubscriptions(change: 1 | -1): void {
    this.gauges.subscriptions.inc(change);
  }

  /** Everything in the text format of Prometheus. */
  async text(): Promise<string> {
    const { pool, probe } = this.parts;
    this.gauges.connections.set(pool.totalCount);
    this.gauges.idle.set(pool.idleCount);
    this.gauges.waiting.set(pool.waitingCount);
    this.gauges.answering.set(probe.isAnswering ? 1 : 0);
    await this.countJobs();
    return this.registry.metrics();
  }

  private async countJobs(): Promise<void> {
    const { probe, clock } = this.parts;
    const counts = await probe
      .rows<{ due: string; failed: string }>(
        `select count(*) filter (where failed_at is null and due_at <= $1) as due,
                count(*) filter (where failed_at is not null) as failed from job`,
        [clock.now()],
      )
      // Without a database the other figures are wanted most.
      .catch(() => []);
    this.gauges.jobsDue.set(Number(counts[0]?.due ?? NaN));
    this.gauges.jobsFailed.set(Number(counts[0]?.failed ?? NaN));
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `mutuality_${name}`, help, registers: [this.registry] });
  }
}
