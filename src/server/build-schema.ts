import 'reflect-metadata';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { assert } from '../kernel/errors.ts';
import type { Context } from '../resolvers/context.ts';
import { resolvers } from '../resolvers/index.ts';
import { DateTimeScalar } from '../schema/common/scalars.ts';
import { errorTypes } from '../schema/common/errors.ts';
import { ONE_OF } from '../schema/common/one-of.ts';
import { DecisionRequiredType } from '../schema/networks/bylaws.ts';
import { BookingConflictType } from '../schema/pools/booking.ts';
import { requirePerson } from '../services/people/authenticate.ts';

/** The root fields that need no signed-in person; every other one is closed before its resolver runs. */
export const PUBLIC_OPERATIONS: ReadonlySet<string> = new Set([
  'network',
  'networks',
  'personRegister',
  'sessionStart',
  'sessionConfirm',
  'emailVerify',
  'passwordResetRequest',
  'passwordReset',
]);

let built: GraphQLSchema | undefined;

/** The executable schema of the whole API. It knows no server, so one is enough for all of a process. */
export function buildSchema(): GraphQLSchema {
  return (built ??= generateSchema());
}

function generateSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resolvers as unknown as [(typeof resolvers)[number]],
    orphanedTypes: [...errorTypes, BookingConflictType, DecisionRequiredType],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    validate: false,
    // Apollo Server checks it when it starts.
    skipCheck: true,
    disableInferringDefaultValues: true,
    pubSub: noTopics,
  });
  for (const type of Object.values(schema.getTypeMap())) if (isMarked(type)) type.isOneOf = true;
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const root of roots) if (root) closeRootFields(root);
  return schema;
}

/** The library has no decorator of its own for `@oneOf`. */
function isMarked(type: GraphQLNamedType): type is GraphQLInputObjectType {
  return type instanceof GraphQLInputObjectType && type.extensions[ONE_OF] === true;
}

// The library asks for one; our subscriptions follow the outbox, which loses nothing.
const noTopics: PubSub = {
  publish: () => assert(false, 'what has happened is told by events'),
  subscribe: () => assert(false, 'subscriptions follow the outbox') as never,
};

function closeRootFields(root: GraphQLObjectType): void {
  for (const field of Object.values(root.getFields())) {
    if (PUBLIC_OPERATIONS.has(field.name)) continue;
    field.resolve = closed(field.resolve ?? defaultFieldResolver);
    if (field.subscribe) field.subscribe = closed(field.subscribe);
  }
}

function closed(
  resolve: GraphQLFieldResolver<unknown, Context>,
): GraphQLFieldResolver<unknown, Context, Record<string, unknown>> {
  return (source, args, ctx, info) => {
    if (ctx.actor.kind === 'visitor') requirePerson(ctx.actor);
    return resolve(source, args, ctx, info);
  };
}
