import type { ApolloServerPlugin } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { isStorable } from '../kernel/text.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../kernel/page.ts';

/** What one request may ask for; docs/limits.md tells clients. */
export const LIMITS = {
  bodyBytes: 1_048_576,
  tokens: 2_000,
  recursiveSelections: 2_000,
  depth: 16,
  cost: 20_000,
  mutationFields: 10,
  listInput: 100,
} as const;

// Fields that test a secret: one try per request, or aliases would get round the throttle's rhythm.
const ONCE_PER_REQUEST = new Set([
  'sessionStart',
  'sessionConfirm',
  'personRegister',
  'passwordChange',
  'passwordResetRequest',
  'passwordReset',
  'emailVerify',
  'emailChange',
  'oneTimeCodeEnrol',
  'oneTimeCodeConfirm',
  'oneTimeCodeDisable',
  'recoveryCodesRenew',
]);

// What a list without paging is taken to hold.
const UNPAGED_LIST = 10;

type Variables = Record<string, unknown>;

/** Weighs each operation with its variables before anything runs, and refuses what is too much or malformed. */
export function limitsPlugin(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request, schema }) => {
        if (operation) checkOperation(schema, document, operation, request.variables ?? {});
      },
    }),
  };
}

/** @throws GraphQLError QUERY_TOO_COMPLEX or BAD_USER_INPUT */
export function checkOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  checkValue(variables);
  checkLiterals(document);
  if (operation.operation === OperationTypeNode.MUTATION) checkMutationFields(document, operation);
  const root = schema.getRootType(operation.operation);
  if (!root) return;
  const meter = new CostMeter(schema, document, variables);
  const cost = meter.costOf(operation.selectionSet, root, 1);
  if (cost > LIMITS.cost) throw tooComplex('cost', LIMITS.cost);
}

function tooComplex(what: string, limit: number): GraphQLError {
  return new GraphQLError(`The operation is too large: ${what} is limited to ${limit}.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

function checkValue(value: unknown): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) throw badInput('A text holds a NUL or half of a character.');
  } else if (Array.isArray(value)) {
    if (value.length > LIMITS.listInput) throw badInput(`A list may have at most ${LIMITS.listInput} items.`);
    value.forEach(checkValue);
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(checkValue);
  }
}

function checkLiterals(document: DocumentNode): void {
  visit(document, {
    StringValue: (node) => checkValue(node.value),
    ListValue: (node) => {
      if (node.values.length > LIMITS.listInput)
        throw badInput(`A list may have at most ${LIMITS.listInput} items.`);
    },
  });
}

function checkMutationFields(document: DocumentNode, operation: OperationDefinitionNode): void {
  const fields = rootFields(document, operation.selectionSet);
  if (fields.length > LIMITS.mutationFields)
    throw tooComplex('the number of mutations', LIMITS.mutationFields);
  const guarded = fields.filter((field) => ONCE_PER_REQUEST.has(field.name.value));
  if (guarded.length > 1) throw tooComplex('the number of sign-ins and the like', 1);
}

/** The fields that an operation asks of its root, fragments opened. */
export function rootFields(document: DocumentNode, selectionSet: SelectionSetNode): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    ) as FragmentDefinitionNode;
    return rootFields(document, fragment.selectionSet);
  });
}

/** Adds up fields, each multiplied by the sizes of the lists it stands in. Validation has run: names resolve, and fragments make no circle. */
class CostMeter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly costs = new Map<SelectionSetNode, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  costOf(selectionSet: SelectionSetNode, parent: GraphQLCompositeType, depth: number): number {
    if (depth > LIMITS.depth) throw tooComplex('depth', LIMITS.depth);
    const known = this.costs.get(selectionSet);
    if (known !== undefined) return known;
    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) cost += this.costOfField(selection, parent, depth);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition ? this.typeNamed(selection.typeCondition.name.value) : parent;
        cost += this.costOf(selection.selectionSet, type ?? parent, depth);
      } else {
        const fragment = this.fragments.get(selection.name.value);
        const type = fragment && this.typeNamed(fragment.typeCondition.name.value);
        if (fragment && type) cost += this.costOf(fragment.selectionSet, type, depth);
      }
    }
    this.costs.set(selectionSet, cost);
    return cost;
  }

  private costOfField(node: FieldNode, parent: GraphQLCompositeType, depth: number): number {
    // Introspection is guarded by the rule on its depth that GraphQL.js brings.
    if (node.name.value.startsWith('__') || !('getFields' in parent)) return 1;
    const field = parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (!field || !node.selectionSet || !isCompositeType(type)) return 1;
    return 1 + this.sizeOf(node, field, parent) * this.costOf(node.selectionSet, type, depth + 1);
  }

  private sizeOf(
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
  ): number {
    if (field.args.some((argument) => argument.name === 'first')) return this.pageSize(node);
    const isPlainList = isListType(getNullableType(field.type));
    // The size of a connection was counted at the connection.
    if (!isPlainList || (isObjectType(parent) && parent.name.endsWith('Connection'))) return 1;
    const ids = this.argument(node, 'ids');
    return Array.isArray(ids) ? ids.length : UNPAGED_LIST;
  }

  private pageSize(node: FieldNode): number {
    const first = this.argument(node, 'first') ?? DEFAULT_PAGE_SIZE;
    return Math.min(Math.max(Number(first) || 1, 1), MAX_PAGE_SIZE);
  }

  private argument(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    return value && this.valueOf(value);
  }

  private valueOf(value: ValueNode): unknown {
    if (value.kind === Kind.VARIABLE) return this.variables[value.name.value];
    if (value.kind === Kind.LIST) return value.values;
    return 'value' in value ? value.value : null;
  }

  private typeNamed(name: string): GraphQLCompositeType | undefined {
    const type = this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}
