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
  return namesIn(type).map((field) => ({ field, selection: selectionOf(type, field, 2) }));
}

/** Fields that can be asked for without saying more. */
function namesIn(type: GraphQLObjectType): string[] {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  return fields.map(({ name }) => name).filter((name) => !DOCUMENTS.includes(name));
}

function selectionOf(parent: GraphQLObjectType, name: string, depth: number): string {
  const field = parent.getFields()[name]!;
  const type = getNamedType(field.type);
  const args = field.args.some((argument) => argument.name === 'first') ? `(first: ${FIRST})` : '';
  if (isLeafType(type)) return name;
  if (!isObjectType(type) || depth === 1) return `${name}${args} { __typename }`;
  // What a page holds is one step away, not two.
  const isPage = type.name.endsWith('Connection');
  const inner = isPage ? (getNamedType(type.getFields()['nodes']!.type) as GraphQLObjectType) : type;
  const selections = namesIn(inner).map((each) => selectionOf(inner, each, depth - 1));
  const selection = `{ ${selections.join(' ')} }`;
  return isPage ? `${name}${args} { nodes ${selection} }` : `${name}${args} ${selection}`;
}
