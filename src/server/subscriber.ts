import type { ApolloServer } from '@apollo/server';
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { SignedIn } from '../kernel/actor.ts';
import { MINUTE_MS } from '../kernel/clock.ts';
import { DomainError, Unauthenticated } from '../kernel/errors.ts';
import type { AppServices, Context } from '../resolvers/context.ts';
import type { RowLoaders } from '../resolvers/loaders/loaders.ts';
import { authenticate, requirePerson, type Presented } from '../services/people/authenticate.ts';
import { contextFor } from './context.ts';
import { Delivery } from './delivery.ts';
import type { errorFormatter } from './format-error.ts';
import type { Gate } from './gate.ts';
import { LIMITS } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { EdgeContext, OperationSummary } from './operation-summary.ts';

/** What all sockets share. */
export interface SubscriberParts {
  app: AppServices;
  schema: GraphQLSchema;
  apollo: ApolloServer<EdgeContext>;
  metrics: Metrics;
  format: ReturnType<typeof errorFormatter>;
  /** So that deliveries to many leave connections of the database to requests. */
  gate: Gate;
  /** Rows that deliveries of the same batch of events share. */
  rows: () => RowLoaders;
}

class TooManySubscriptions extends DomainError {
  constructor() {
    super('TOO_MANY_SUBSCRIPTIONS', 'The connection carries as many subscriptions as it may.', {
      limit: LIMITS.subscriptions,
    });
  }
}

/** An error that is already as the client shall see it. */
class Formatted extends GraphQLError {
  constructor(private readonly formatted: GraphQLFormattedError) {
    super(formatted.message);
  }

  override toJSON(): GraphQLFormattedError {
    return this.formatted;
  }
}

// A session that ends, or a token that is revoked, is noticed after so long at the latest.
const TRUSTED_MS = MINUTE_MS;

/** Who subscribes over one socket, for how long that is believed, and what they subscribe to. */
export class Subscriber {
  private readonly deliveries = new Set<Delivery>();
  private opening = 0;
  private presented: Presented | undefined;
  private actor: SignedIn | undefined;
  private looking: Promise<SignedIn> | undefined;
  private trustedUntil = -Infinity;
  private isOver = false;

  /** @param onSignedOut called when the session or the token is no longer good */
  constructor(
    private readonly parts: SubscriberParts,
    private readonly edge: Pick<Context, 'requestId' | 'userAgent'>,
    private readonly onSignedOut: (error: Unauthenticated) => void,
  ) {}

  /** @throws Unauthenticated unless it is a person's, and no held session */
  async signIn(presented: Presented): Promise<void> {
    this.presented = presented;
    await this.authenticate();
  }

  /** Whether it is time to look again at who signed in. */
  get isDue(): boolean {
    return this.actor !== undefined && !this.isTrusted && !this.looking;
  }

  /**
   * Looks whether the session or the token is good.
   *
   * @throws Unauthenticated
   */
  authenticate(): Promise<SignedIn> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** Begins a subscription, or says why not. The arguments that it returns have the deliveries as their context. */
  async subscribe(payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    if (this.opening + this.deliveries.size >= LIMITS.subscriptions) {
      return [this.formatted(new TooManySubscriptions())];
    }
    this.opening++;
    try {
      return await this.open(payload);
    } catch (error) {
      return [this.formatted(error)];
    } finally {
      this.opening--;
    }
  }

  /** Ends all that runs. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.deliveries].map((delivery) => delivery.return()));
  }

  /** As clients see errors of requests, too. */
  format(error: GraphQLError): GraphQLFormattedError {
    return error instanceof Formatted ? error.toJSON() : this.parts.format(error.toJSON(), error);
  }

  private formatted(error: unknown): GraphQLError {
    if (error instanceof GraphQLError) return new Formatted(this.format(error));
    return new Formatted(this.format(new GraphQLError('', { originalError: error as Error })));
  }

  private get isTrusted(): boolean {
    return this.parts.app.clock.now().getTime() < this.trustedUntil;
  }

  private async look(): Promise<SignedIn> {
    const { app } = this.parts;
    if (!this.presented) throw new Unauthenticated();
    try {
      this.actor = requirePerson(await authenticate(app.db, app.clock, this.presented));
    } catch (error) {
      if (error instanceof Unauthenticated) this.onSignedOut(error);
      throw error;
    }
    this.trustedUntil = app.clock.now().getTime() + TRUSTED_MS;
    return this.actor;
  }

  private async open(payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const contextValue = await this.context();
    const checked = await this.check(payload, contextValue);
    if (!('document' in checked)) return checked;
    const args: ExecutionArgs = {
      schema: this.parts.schema,
      document: checked.document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
    };
    const changes = await createSourceEventStream({ ...args, contextValue });
    if (!(Symbol.asyncIterator in changes)) return (changes.errors ?? []).map((error) => this.refusal(error));
    return { ...args, contextValue: this.deliver(changes, args) };
  }

  /** Passes an operation through all that requests over HTTP pass, but for running it. */
  private async check(
    { query, operationName, variables }: SubscribePayload,
    context: Context,
  ): Promise<{ document: DocumentNode } | readonly GraphQLError[]> {
    let accepted: { document: DocumentNode } | undefined;
    const { body } = await this.parts.apollo.executeOperation(
      { query, ...(operationName && { operationName }), ...(variables && { variables }) },
      {
        contextValue: {
          ...context,
          report: (summary, seconds) => this.report(summary, seconds),
          accept: (document) => void (accepted = { document }),
        },
      },
    );
    const errors = (body.kind === 'single' && body.singleResult.errors) || [];
    return errors.length === 0 && accepted ? accepted : errors.map((error) => new Formatted(error));
  }

  private report(summary: OperationSummary, seconds: number): void {
    this.parts.metrics.countOperation(summary, seconds);
    this.parts.app.log.info({ requestId: this.edge.requestId, ...summary }, 'subscription');
  }

  // What is wrong with the variables GraphQL.js says without a code.
  private refusal(error: GraphQLError): GraphQLError {
    if (error.originalError) return this.formatted(error);
    const { nodes, source, positions, path } = error;
    const extensions = { code: 'BAD_USER_INPUT' };
    return this.formatted(new GraphQLError(error.message, { nodes, source, positions, path, extensions }));
  }

  private deliver(changes: AsyncIterable<unknown>, args: ExecutionArgs): Delivery {
    const { gate, metrics } = this.parts;
    const delivery = new Delivery(
      changes[Symbol.asyncIterator](),
      (change) => gate.run(() => this.resolve(change, args)),
      () => {
        this.deliveries.delete(delivery);
        metrics.countSubscriptions(-1);
      },
    );
    this.deliveries.add(delivery);
    metrics.countSubscriptions(1);
    // The socket may have been closed meanwhile.
    if (this.isOver) void delivery.return();
    return delivery;
  }

  /** What the client gets for a change: read now, and only what may be seen now. */
  private async resolve(change: unknown, args: ExecutionArgs): Promise<ExecutionResult | null> {
    if (this.isOver) return null;
    const contextValue = await this.context(this.parts.rows());
    const result = await execute({ ...args, rootValue: change, contextValue });
    const isNothing = !result.errors && Object.values(result.data ?? {}).every((value) => value === null);
    return isNothing ? null : result;
  }

  private async context(rows?: RowLoaders): Promise<Context> {
    const actor = this.actor && this.isTrusted ? this.actor : await this.authenticate();
    const edge = { ...this.edge, setSessionCookie: () => {} };
    return contextFor(this.parts.app, actor, edge, rows);
  }
}
