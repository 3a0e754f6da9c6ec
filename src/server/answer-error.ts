import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../kernel/errors.ts';
import { isTransient } from '../kernel/transient.ts';
import { UNAVAILABLE } from './format-error.ts';

// With which status a refusal goes out where there is no GraphQL to carry it.
const STATUSES: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  FILE_TYPE_NOT_ACCEPTED: 415,
  TOO_MANY_ATTEMPTS: 429,
  OVERLOADED: 503,
  FILES_UNAVAILABLE: 503,
  OUTCOME_UNKNOWN: 503,
};

/** Answers what a route threw: a refusal with its code, a fault of the request, or an id under which the log has the rest. */
export function answerError(
  error: FastifyError | DomainError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof DomainError) return answerRefusal(error, request, reply);
  const status = error.statusCode ?? 500;
  if (status === 413) return reply.code(413).send(errorBody('PAYLOAD_TOO_LARGE', 'The body is too large.'));
  if (status < 500) return reply.code(status).send(errorBody('BAD_REQUEST', error.message));
  request.log.error({ err: error }, 'a request failed');
  if (isTransient(error)) {
    const { code, message, retryable } = UNAVAILABLE;
    return reply.code(503).send(errorBody(code, message, { retryable, errorId: request.id }));
  }
  return reply
    .code(500)
    .send(errorBody('INTERNAL', 'Something went wrong. Report this id.', { errorId: request.id }));
}

function answerRefusal(error: DomainError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, message, fields, path } = error;
  if (error.cause) request.log.error({ err: error.cause, code }, 'a request failed');
  const { retryAfterSeconds } = fields;
  if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
  return reply
    .code(STATUSES[code] ?? 400)
    .send(errorBody(code, message, { ...fields, ...(path && { input: path }) }));
}

/** A refusal in the shape that clients know from GraphQL. */
export function errorBody(code: string, message: string, fields: object = {}): object {
  return { errors: [{ message, extensions: { code, ...fields } }] };
}
