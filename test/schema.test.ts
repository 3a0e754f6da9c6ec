import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLField,
  type GraphQLInputObjectType,
} from 'graphql';
import { buildSchema } from '../src/server/build-schema.ts';
import { printSchemaText } from '../src/server/print-schema.ts';

const schema = buildSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const withFields = types.filter((type) => isObjectType(type) || isInterfaceType(type));
const inputs = types.filter(isInputObjectType);
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const isRoot = (name: string) => ['Query', 'Mutation', 'Subscription'].includes(name);

type AnyField = GraphQLField<unknown, unknown>;
interface Place {
  at: string;
  field: AnyField;
  owner: string;
}
const fields: Place[] = withFields.flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({
    at: `${type.name}.${field.name}`,
    field,
    owner: type.name,
  })),
);
const mutationFields = fields.filter(({ owner }) => owner === 'Mutation');

test('schema.graphql is what the code says', () => {
  const committed = readFileSync(path.resolve(__dirname, '../schema.graphql'), 'utf8');

  expect(committed).toBe(printSchemaText());
});

describe('descriptions', () => {
  // A sentence, or the end of an example in quotation marks or code.
  const isSentence = (text: string | null | undefined) => /[A-Z`“"].{2,}[.`”"]$/s.test(text ?? '');

  const described: [string, string | null | undefined][] = [
    ...types.map((type): [string, string | null | undefined] => [type.name, type.description]),
    ...fields.map(({ at, field }): [string, string | null | undefined] => [at, field.description]),
    ...fields.flatMap(({ at, field }) =>
      field.args.map((argument): [string, string | null | undefined] => [
        `${at}(${argument.name}:)`,
        argument.description,
      ]),
    ),
    ...inputs.flatMap((type) =>
      Object.values(type.getFields()).map((field): [string, string | null | undefined] => [
        `${type.name}.${field.name}`,
        field.description,
      ]),
    ),
    ...types
      .filter(isEnumType)
      .flatMap((type) =>
        type
          .getValues()
          .map((value): [string, string | null | undefined] => [
            `${type.name}.${value.name}`,
            value.description,
          ]),
      ),
  ];
  // The roots are described by what stands in them.
  const needed = described.filter(([at]) => !isRoot(at));

  test('are there for every type, field, argument and value', () => {
    expect(needed.length).toBeGreaterThan(500);
    expect(needed.filter(([, text]) => !isSentence(text))).toEqual([]);
  });

  test('hold no line breaks, and no double spaces', () => {
    expect(needed.filter(([, text]) => /\n| {2}/.test(text ?? ''))).toEqual([]);
  });
});

describe('mutations', () => {
  // What a mutation is about stands first in its name.
  const OBJECTS = [
    'accessToken',
    'account',
    'action',
    'ballot',
    'booking',
    'bookingSeries',
    'calendarFeed',
    'comment',
    'conversion',
    'conversionRate',
    'custody',
    'delegation',
    'demurrage',
    'dispute',
    'dues',
    'email',
    'group',
    'hold',
    'invitation',
    'kit',
    'limit',
    'maintenance',
    'membership',
    'network',
    'objection',
    'oneTimeCode',
    'password',
    'person',
    'pool',
    'proposal',
    'recoveryCodes',
    'requestRule',
    'resource',
    'role',
    'session',
    'share',
    'shares',
    'signatory',
    'stance',
    'stock',
    'terms',
    'transfer',
    'transfers',
    'unit',
  ];
  // These say all by their name.
  const WITHOUT_INPUT = ['emailVerificationRequest', 'sessionEndAll'];
  // What belongs to a person or makes a network; all else happens in a network that the input names.
  const OUTSIDE_NETWORKS = [
    'accessTokenCreate',
    'accessTokenRevoke',
    'emailChange',
    'emailVerify',
    'membershipAcceptInvitation',
    'networkCreate',
    'oneTimeCodeConfirm',
    'oneTimeCodeDisable',
    'oneTimeCodeEnrol',
    'passwordChange',
    'passwordReset',
    'passwordResetRequest',
    'personRegister',
    'personUpdate',
    'recoveryCodesRenew',
    'sessionConfirm',
    'sessionEnd',
    'sessionStart',
  ];
  const MOVE_VALUE = [
    'accountClose',
    'actionSign',
    'actionSubmit',
    'ballotCast',
    'bookingApprove',
    'bookingCancel',
    'bookingCheckOut',
    'bookingDecline',
    'bookingExtend',
    'bookingPay',
    'bookingRequest',
    'bookingReturn',
    'bookingReverse',
    'bookingSeriesCancel',
    'bookingSeriesRequest',
    'bookingShorten',
    'conversionCreate',
    'demurrageRun',
    'disputeResolve',
    'duesPay',
    'duesRun',
    'holdCapture',
    'holdPlace',
    'proposalDraft',
    'proposalOpen',
    'resourceAcquire',
    'resourceCostSplit',
    'shareOfferAccept',
    'shareOffer',
    'shareTransfer',
    'sharesAssign',
    'sharesIssue',
    'stockContribute',
    'stockCorrect',
    'stockSpoil',
    'stockTake',
    'transferAccept',
    'transferCreate',
    'transferImport',
    'transferRequest',
    'transferReverse',
    'transferSchedule',
    'transfersCreate',
  ];
  const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  const inputOf = (name: string) => schema.getType(`${capital(name)}Input`) as GraphQLInputObjectType;
  const namesWhere = (isSo: (name: string) => boolean) => mutations.map(({ name }) => name).filter(isSo);

  test('put the object first, and what is done last', () => {
    const wrong = namesWhere(
      (name) =>
        !OBJECTS.some((object) => name.startsWith(object) && /^[A-Z]/.test(name.slice(object.length))),
    );

    expect(wrong).toEqual([]);
  });

  test.each(mutationFields)('$at takes one input and answers with a payload of its own', ({ field }) => {
    const { name, args, type } = field;
    const expectedArgs = WITHOUT_INPUT.includes(name) ? [] : [`input: ${capital(name)}Input!`];

    expect(args.map((argument) => `${argument.name}: ${String(argument.type)}`)).toEqual(expectedArgs);
    expect(String(type)).toBe(`${capital(name)}Payload!`);
    const payload = getNamedType(type);
    if (!isObjectType(payload)) throw new Error('A payload is an object');
    const { errors, ...results } = payload.getFields();
    expect(String(errors?.type)).toBe('[MutationError!]!');
    expect(Object.values(results).length).toBeGreaterThan(0);
    for (const result of Object.values(results)) expect(isNonNullType(result.type)).toBe(false);
  });

  test('name the network in which something changes', () => {
    const isOutside = namesWhere(
      (name) =>
        !WITHOUT_INPUT.includes(name) && String(inputOf(name).getFields()['networkId']?.type) !== 'ID!',
    );

    expect(isOutside.toSorted()).toEqual(OUTSIDE_NETWORKS);
  });

  test('that move value, and only they, carry an idempotency key', () => {
    const withKey = inputs.filter((type) => String(type.getFields()['idempotencyKey']?.type) === 'ID!');

    expect(withKey.map((type) => type.name).toSorted()).toEqual(
      MOVE_VALUE.map((name) => `${capital(name)}Input`),
    );
  });

  test('use every input and every payload', () => {
    const used = new Set(
      mutationFields.flatMap(({ field }) =>
        [...field.args, field].map(({ type }) => getNamedType(type).name),
      ),
    );
    const named = types.map((type) => type.name).filter((name) => name.endsWith('Payload'));

    expect(named.filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('subscriptions', () => {
  const subscriptions = Object.values(schema.getSubscriptionType()?.getFields() ?? {});

  test('say by their names that a thing has changed, or what they tell of', () => {
    const wrong = subscriptions.filter(({ name, type }) => {
      const told = getNamedType(type).name.toLowerCase();
      return ![`${told}changed`, told].includes(name.toLowerCase());
    });

    expect(subscriptions.length).toBeGreaterThan(0);
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('name the network that is followed, and are null for what may not be seen any more', () => {
    const wrong = subscriptions.filter(
      ({ args, type }) =>
        isNonNullType(type) ||
        !args.some((argument) => `${argument.name}: ${String(argument.type)}` === 'networkId: ID!'),
    );

    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe('fields', () => {
  // Lists of a handful of objects, with why they need no bound.
  const SHORT_LISTS: Record<string, string> = {
    'Ballot.scores': 'one item for each option at most',
    'Membership.visibility': 'one item for each part of a profile',
    'Network.categories': 'a template brings them',
    'Network.memberClasses': 'bylaws name them, at most 20',
    'Network.units': 'coordinators make them, one by one',
    'SignedAction.signatures': 'each holder of a role signs once',
  };
  // Ids of what no object can stand for.
  const BARE_IDS: Record<string, string> = {
    'AccessTokenRevokePayload.revokedAccessTokenId': 'the token is no more',
    'Event.actorPersonId': 'other people are seen through their memberships alone',
    'Event.subjectId': 'it may be of any kind; `node` finds it for whom may see it',
    'SessionEndPayload.endedSessionId': 'the session is no more',
    'Voters.groupId': 'bylaws name the group as they were made; `node` finds it for members',
  };
  const COORDINATES = ['latitude', 'longitude', 'radiusKm'];

  test('with lists of objects are connections or say how long they can be', () => {
    const lists = fields.filter(
      ({ field, owner }) =>
        isListType(getNullableType(field.type)) &&
        isCompositeType(getNamedType(field.type)) &&
        field.name !== 'errors' &&
        !owner.endsWith('Connection'),
    );
    const unbounded = lists
      .filter(({ field }) => !/at most|up to|can have/i.test(field.description ?? ''))
      .map(({ at }) => at);

    expect(unbounded.toSorted()).toEqual(Object.keys(SHORT_LISTS));
  });

  test('of connections can be paged', () => {
    const wrong = fields.filter(
      ({ field }) =>
        getNamedType(field.type).name.endsWith('Connection') &&
        !['first: Int', 'after: String'].every((argument) =>
          field.args.some(({ name, type }) => `${name}: ${String(type)}` === argument),
        ),
    );

    expect(wrong.map(({ at }) => at)).toEqual([]);
  });

  test('hold no floating-point numbers but coordinates', () => {
    const all = [...withFields, ...inputs].flatMap((type) =>
      Object.values<{ name: string; type: AnyField['type'] | GraphQLInputObjectType }>(
        type.getFields() as never,
      ),
    );
    const floats = all.filter(({ type }) => getNamedType(type as AnyField['type']).name === 'Float');

    expect(floats.map(({ name }) => name).filter((name) => !COORDINATES.includes(name))).toEqual([]);
  });

  test('lead to objects rather than to their ids', () => {
    const bare = fields.filter(({ field }) => getNamedType(field.type).name === 'ID' && field.name !== 'id');

    expect(bare.map(({ at }) => at).toSorted()).toEqual(Object.keys(BARE_IDS));
  });

  test('of inputs that name a thing are ids', () => {
    const wrong = inputs.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => /Ids?$/.test(field.name) && getNamedType(field.type).name !== 'ID')
        .map((field) => `${type.name}.${field.name}`),
    );

    expect(wrong).toEqual([]);
  });

  test('that are deprecated say what replaces them and when they go', () => {
    const silent = fields.filter(
      ({ field }) => field.deprecationReason && !/`\w+`.*\d{4}-\d\d-\d\d/.test(field.deprecationReason),
    );

    expect(silent.map(({ at }) => at)).toEqual([]);
  });
});
