import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import { errorFormatter } from './format-error.ts';
import { LIMITS, limitsPlugin } from './limits.ts';
import { summaryPlugin, type EdgeContext } from './operation-summary.ts';

/** The GraphQL engine with its limits. */
export function makeApollo(schema: GraphQLSchema, config: Config, log: Log): ApolloServer<EdgeContext> {
  return new ApolloServer<EdgeContext>({
    schema,
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // They save a client some bytes, and let it fill the server's memory with operations.
    persistedQueries: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    maxRecursiveSelections: LIMITS.recursiveSelections,
    formatError: errorFormatter(log),
    logger: log,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      // Before the limits: what they refuse is reported with its fields.
      summaryPlugin(),
      limitsPlugin(),
      statusForPlainJson(),
    ],
  });
}

const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'QUERY_TOO_COMPLEX',
]);

/**
 * GraphQL over HTTP: who asks for `application/json` gets 200 for a well-formed request whatever GraphQL says of
 * it; who asks for `application/graphql-response+json` gets 400.
 */
function statusForPlainJson(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response }) => {
        const accept = request.http?.headers.get('accept') ?? '';
        if (response.body.kind !== 'single' || accept.includes('application/graphql-response+json')) return;
        const code = response.body.singleResult.errors?.[0]?.extensions?.['code'];
        if (response.http.status === 400 && typeof code === 'string' && REQUEST_FAULTS.has(code)) {
          response.http.status = 200;
        }
      },
    }),
  };
}
