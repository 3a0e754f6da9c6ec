import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { isStorable } from '../kernel/text.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../kernel/page.ts';
import type { EdgeContext } from './operation-summary.ts';

/** What one request may ask for; docs/limits.md tells clients. */
export const LIMITS = {
  bodyBytes: 1_048_576,
  requestMs: 10_000,
  uploadBytes: 10_485_760,
  uploadMs: 120_000,
  uploadsAtOnce: 10,
  tokens: 2_000,
  recursiveSelections: 2_000,
  depth: 16,
  cost: 20_000,
  mutationFields: 10,
  listInput: 100,
  inputDepth: 16,
  messageBytes: 65_536,
  subscriptions: 20,
  bufferedBytes: 16_777_216,
} as const;

// Fields that test a secret: one try per request, or aliases would get round the throttle's rhythm. And the one that posts
// hundreds of transfers at once: others wait for the accounts and the chain until all of them are posted.
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
  'transferImport',
]);

// What a list without paging is taken to hold.
const UNPAGED_LIST = 10;
// Each id is looked for by itself.
const LOOK_UP = 10;
// Fields that hold a whole vote or register in one text, which one asks for one by one.
const DOCUMENTS: ReadonlySet<string> = new Set(['publishedBallotsFile', 'resolutionsDocument']);
const DOCUMENT = 1_000;

type Variables = Record<string, unknown>;

/** Weighs each operation with its variables before anything runs, and refuses what is too much or malformed. */
export function limitsPlugin(): ApolloServerPlugin<EdgeContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request, schema, contextValue }) => {
        if (!operation) return;
        const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
        if (isSubscription !== Boolean(contextValue.accept)) throw notServedHere(isSubscription);
        checkOperation(schema, document, operation, request.variables ?? {});
        contextValue.accept?.(document);
      },
      // A subscription is in order by now; whoever asked for it goes on from here.
      responseForOperation: async ({ contextValue }) =>
        contextValue.accept
          ? { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: {} } }
          : null,
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
  const meter = new CostMeter(schema, document, { ...defaultsOf(operation), ...variables });
  const { cost, depth } = meter.weigh(operation.selectionSet, root);
  if (depth > LIMITS.depth) throw tooComplex('depth', LIMITS.depth);
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

function notServedHere(isSubscription: boolean): GraphQLError {
  const message = isSubscription
    ? 'Subscriptions are not served over HTTP.'
    : 'Only subscriptions are served over WebSocket.';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

function checkValue(value: unknown, depth = 0): void {
  if (depth > LIMITS.inputDepth) throw badInput(`Values may nest at most ${LIMITS.inputDepth} deep.`);
  if (typeof value === 'string') {
    if (!isStorable(value)) throw badInput('A text holds a NUL or half of a character.');
  } else if (Array.isArray(value)) {
    if (value.length > LIMITS.listInput) throw badInput(`A list may have at most ${LIMITS.listInput} items.`);
    for (const item of value) checkValue(item, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) checkValue(item, depth + 1);
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
  if (guarded.length > 1) throw tooComplex('the number of sign-ins, imports and the like', 1);
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

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}

interface Weight {
  /** Fields, each multiplied by the sizes of the lists in which it stands. */
  cost: number;
  /** How many levels of fields. */
  depth: number;
}

/** Weighs selections. Validation has run: names resolve, and fragments make no circle. */
class CostMeter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  // Each fragment is weighed once, however often it is spread.
  private readonly weights = new Map<SelectionSetNode, Weight>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  weigh(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Weight {
    let weight = this.weights.get(selectionSet);
    if (!weight) {
      const parts = selectionSet.selections.map((selection) => this.weighSelection(selection, parent));
      weight = {
        cost: parts.reduce((sum, part) => sum + part.cost, 0),
        depth: Math.max(...parts.map((part) => part.depth)),
      };
      this.weights.set(selectionSet, weight);
    }
    return weight;
  }

  private weighSelection(selection: SelectionNode, parent: GraphQLCompositeType): Weight {
    if (selection.kind === Kind.FIELD) return this.weighField(selection, parent);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
    if (!fragment) return { cost: 0, depth: 0 };
    const type = fragment.typeCondition && this.typeNamed(fragment.typeCondition.name.value);
    return this.weigh(fragment.selectionSet, type ?? parent);
  }

  private weighField(node: FieldNode, parent: GraphQLCompositeType): Weight {
    const leaf = { cost: 1, depth: 1 };
    // Introspection is guarded by the rule on its depth that GraphQL.js brings.
    if (node.name.value.startsWith('__') || !('getFields' in parent)) return leaf;
    const field = parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (DOCUMENTS.has(node.name.value)) return { ...leaf, cost: DOCUMENT };
    if (!field || !node.selectionSet || !isCompositeType(type)) return leaf;
    const { cost, depth } = this.weigh(node.selectionSet, type);
    return { cost: 1 + this.sizeOf(node, field, parent) * cost, depth: 1 + depth };
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
    return Array.isArray(ids) ? ids.length * LOOK_UP : UNPAGED_LIST;
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
