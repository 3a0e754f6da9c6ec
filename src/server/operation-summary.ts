import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../resolvers/context.ts';
import { rootFields } from './limits.ts';

export type Outcome = 'OK' | 'REFUSED' | 'INVALID' | 'FAILED';

/** What the log and the metrics say of an operation: names that stand in the schema or the code, no values. */
export interface OperationSummary {
  /** Absent if the operation could not be made out. */
  operation?: 'query' | 'mutation' | 'subscription';
  fields?: string[];
  codes?: string[];
  /** Absent for visitors, and for who casts a ballot. */
  personId?: string;
  outcome: Outcome;
}

/** The context of a request at the edge; resolvers see only what they need of it. */
export interface EdgeContext extends Context {
  /** Called once with what became of the operation. */
  report: (summary: OperationSummary, seconds: number) => void;
  /** Over WebSocket: takes the document of a subscription that has passed all checks, in place of running it. */
  accept?: (document: DocumentNode) => void;
}

const MAX_NAMES = 10;
const CODE = /^[A-Z][A-Z0-9_]{1,50}$/;
// When who cast a secret ballot stands nowhere else: beside copies of the box it would tell how they voted.
const NAMELESS_FIELDS = new Set(['ballotCast']);
// Before anything ran: the request itself was at fault.
const INVALID = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'QUERY_TOO_COMPLEX',
]);

/** Reports each operation when its answer is ready. */
export function summaryPlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => {
      const startedAt = performance.now();
      let operation: Pick<OperationSummary, 'operation' | 'fields'> = {};
      return {
        didResolveOperation: async ({ document, operation: node }) => {
          if (!node) return;
          const names = rootFields(document, node.selectionSet).map((field) => field.name.value);
          operation = { operation: node.operation, fields: [...new Set(names)].slice(0, MAX_NAMES) };
        },
        willSendResponse: async ({ contextValue, response }) => {
          const seconds = (performance.now() - startedAt) / 1000;
          const person = operation.fields?.some(isNameless) ? {} : personOf(contextValue.actor);
          contextValue.report({ ...operation, ...outcomeOf(response), ...person }, seconds);
        },
      };
    },
  };
}

function isNameless(field: string): boolean {
  return NAMELESS_FIELDS.has(field);
}

function personOf(actor: Actor): { personId?: string } {
  return actor.kind === 'person' ? { personId: actor.personId } : {};
}

function outcomeOf({ body }: GraphQLResponse): Pick<OperationSummary, 'codes' | 'outcome'> {
  if (body.kind !== 'single') return { outcome: 'OK' };
  const { data, errors = [] } = body.singleResult;
  const refusals = Object.values(data ?? {}).flatMap((payload) => (payload as Payload | null)?.errors ?? []);
  const codes = [
    ...errors.map((error) => error.extensions?.['code']),
    ...refusals.map((refusal) => refusal?.code),
  ];
  // A client may give any field the name `code`: what does not look like one of ours is left out.
  const known = [...new Set(codes)].filter((code) => typeof code === 'string' && CODE.test(code)) as string[];
  if (errors.length === 0 && refusals.length === 0) return { outcome: 'OK' };
  return { codes: known.slice(0, MAX_NAMES), outcome: worstOf(known) };
}

interface Payload {
  errors?: ({ code?: unknown } | null)[];
}

function worstOf(codes: string[]): Outcome {
  if (codes.includes('INTERNAL') || codes.includes('UNAVAILABLE')) return 'FAILED';
  return codes.some((code) => INVALID.has(code)) ? 'INVALID' : 'REFUSED';
}
