import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { isTransient } from '../kernel/transient.ts';

// Codes of the GraphQL layer itself; their messages speak of the request alone.
const REQUEST_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COMPLEX',
]);

/** The database is busy, restarting or away: the same request succeeds a little later. */
export const UNAVAILABLE = {
  code: 'UNAVAILABLE',
  message: 'The database is not available just now. Try again in a moment.',
  retryable: true,
} as const;

const INTERNAL = { code: 'INTERNAL', message: 'Something went wrong. Report this id.' } as const;

/**
 * Decides what a client sees of an error: refusals with their code and fields, faults of the request as they are,
 * and of everything else an id only, under which the log has the whole, and whether it will pass.
 */
export function errorFormatter(
  log: Log,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const { locations, path } = formatted;
    const original = originalOf(error);
    if (original instanceof DomainError) {
      const retryable = original.code === 'OUTCOME_UNKNOWN' ? { retryable: true } : {};
      return {
        message: original.message,
        ...(locations && { locations }),
        ...(path && { path }),
        extensions: {
          code: original.code,
          ...original.fields,
          ...(original.path && { input: original.path }),
          ...retryable,
        },
      };
    }
    const code = isVariableOverflow(error) ? 'BAD_USER_INPUT' : formatted.extensions?.['code'];
    if (typeof code === 'string' && REQUEST_CODES.has(code) && isRequestFault(error)) {
      return {
        message: formatted.message,
        ...(locations && { locations }),
        ...(path && { path }),
        extensions: { code },
      };
    }
    const errorId = newId('event');
    log.error({ err: original, errorId, path }, 'a request failed');
    const { message, ...extensions } = isTransient(original) ? UNAVAILABLE : INTERNAL;
    return { message, ...(path && { path }), extensions: { ...extensions, errorId } };
  };
}

// Errors of resolvers and of the context both wrap what was thrown.
function originalOf(error: unknown): unknown {
  const unwrapped = unwrapResolverError(error);
  return unwrapped instanceof GraphQLError ? (unwrapped.originalError ?? unwrapped) : unwrapped;
}

// GraphQL.js gives up after fifty faults in the variables, and does so without a code.
function isVariableOverflow(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.startsWith('Too many errors processing variables');
}

// A library that throws a GraphQLError from a resolver could carry anything in its message.
function isRequestFault(error: unknown): boolean {
  return (
    error instanceof GraphQLError &&
    (error.originalError === undefined || error.originalError instanceof GraphQLError)
  );
}
