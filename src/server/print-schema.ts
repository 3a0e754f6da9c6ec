import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from './build-schema.ts';

/** The public contract as text: sorted, so that two versions can be compared line by line. */
export function printSchemaText(): string {
  return `${printSchema(lexicographicSortSchema(buildSchema()))}\n`;
}
