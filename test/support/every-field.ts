import {
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchema } from '../../src/server/build-schema.ts';

/** How many of each list are asked for. */
const FIRST = 3;
// A whole vote or register in one text is a document and no line of a list: they are asked for one by one.
const DOCUMENTS = ['publishedBallotsFile', 'resolutionsDocument'];

/** Each field of a type as it is asked for: with the leaves of what it leads to, and what that leads to by its name. */
export function fieldsWithin(typeName: string): { field: string; selection: string }[] {
  const schema: GraphQLSchema = buildSchema();
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  return namesIn(type).flatMap((field) =>
    selectionsOf(type, field, 2).map((selection) => ({ field, selection })),
  );
}

/** Fields that can be asked for without saying more. */
function namesIn(type: GraphQLObjectType): string[] {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  return fields.map(({ name }) => name).filter((name) => !DOCUMENTS.includes(name));
}

// So many fields are asked for together: all of a large type for each line of a list of lists would be refused.
const TOGETHER = 16;

function selectionsOf(parent: GraphQLObjectType, name: string, depth: number): string[] {
  const field = parent.getFields()[name]!;
  const type = getNamedType(field.type);
  const args = field.args.some((argument) => argument.name === 'first') ? `(first: ${FIRST})` : '';
  if (isLeafType(type)) return [name];
  if (!isObjectType(type) || depth === 1) return [`${name}${args} { __typename }`];
  // What a page holds is one step away, not two.
  const isPage = type.name.endsWith('Connection');
  const inner = isPage ? (getNamedType(type.getFields()['nodes']!.type) as GraphQLObjectType) : type;
  const all = namesIn(inner).flatMap((each) => selectionsOf(inner, each, depth - 1));
  const parts = Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, index) =>
    all.slice(index * TOGETHER, (index + 1) * TOGETHER).join(' '),
  );
  return parts.map((part) => `${name}${args} ${isPage ? `{ nodes { ${part} } }` : `{ ${part} }`}`);
}
