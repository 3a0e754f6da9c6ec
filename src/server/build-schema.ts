import 'reflect-metadata';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { Context } from '../resolvers/context.ts';
import { resolvers } from '../resolvers/index.ts';
import { DateTimeScalar } from '../schema/common/scalars.ts';
import { errorTypes } from '../schema/common/errors.ts';
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

/** Builds the executable schema of the whole API. */
export function buildSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resolvers as unknown as [(typeof resolvers)[number]],
    orphanedTypes: errorTypes,
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    validate: false,
    disableInferringDefaultValues: true,
  });
  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root) closeRootFields(root);
  return schema;
}

function closeRootFields(root: GraphQLObjectType): void {
  for (const field of Object.values(root.getFields())) {
    if (PUBLIC_OPERATIONS.has(field.name)) continue;
    const resolve = (field.resolve ?? defaultFieldResolver) as GraphQLFieldResolver<unknown, Context>;
    field.resolve = (source, args, ctx: Context, info) => {
      if (ctx.actor.kind === 'visitor') requirePerson(ctx.actor);
      return resolve(source, args, ctx, info);
    };
  }
}
