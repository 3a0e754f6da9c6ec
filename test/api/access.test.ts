import { isDeepStrictEqual } from 'node:util';
import { parse, subscribe, type GraphQLObjectType } from 'graphql';
import { buildSchema } from '../../src/server/build-schema.ts';
import { ACTORS, givenCast, membershipOf, type ActorName, type Cast } from '../support/actors.ts';
import { givenPerson, mutate, PASSWORD, send, type Answer, type Caller, type Json } from '../support/api.ts';
import { actionCalls, ACTIONS_TABLE } from '../support/access-actions.ts';
import { BALLOTS_TABLE, ballotCalls } from '../support/access-ballots.ts';
import { bookingCalls, BOOKINGS_TABLE } from '../support/access-bookings.ts';
import { DISCUSSION_TABLE, discussionCalls } from '../support/access-discussion.ts';
import { FILES_TABLE, fileCalls } from '../support/access-files.ts';
import { GOODS_TABLE, goodsCalls } from '../support/access-goods.ts';
import { LEDGER_TABLE, ledgerCalls } from '../support/access-ledger.ts';
import { POLICIES_TABLE, policyCalls } from '../support/access-policies.ts';
import { POOLS_TABLE, poolCalls } from '../support/access-pools.ts';
import { PROPOSALS_TABLE, proposalCalls } from '../support/access-proposals.ts';
import { SCHEDULES_TABLE, scheduleCalls } from '../support/access-schedules.ts';
import { mutationCall, type Call, type Calls } from '../support/access.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connect, gauge, METRICS_TOKEN } from '../support/subscriptions.ts';
import {
  asMember,
  givenApplicant,
  givenMember,
  givenNetwork,
  snapshot,
  type Member,
} from '../support/world.ts';

/**
 * Who may call what. Every root field of the schema has a row, and nobody else's answer is left open:
 *
 *   +  it is done                        U  UNAUTHENTICATED      F  FORBIDDEN      N  NOT_FOUND
 *   r  it may be called, and is refused for what was asked (a coded error in the payload, or null)
 */
const TABLE = `
                            visitor stranger applicant member coordinator treasurer moderator auditor administrator
network                     +       +        +         +      +           +         +         +       +
networks                    +       +        +         +      +           +         +         +       +
node                        U       r        r         +      +           +         +         +       r
nodes                       U       +        +         +      +           +         +         +       +
viewer                      U       +        +         +      +           +         +         +       +

personRegister              +       +        +         +      +           +         +         +       +
sessionStart                +       +        +         +      +           +         +         +       +
passwordResetRequest        +       +        +         +      +           +         +         +       +
passwordReset               r       r        r         r      r           r         r         r       r
emailVerify                 r       r        r         r      r           r         r         r       r
sessionConfirm              U       r        r         r      r           r         r         r       r
personUpdate                U       +        +         +      +           +         +         +       +
emailVerificationRequest    U       +        +         +      +           +         +         +       +
emailChange                 U       r        r         r      r           r         r         r       r
passwordChange              U       r        r         r      r           r         r         r       r
accessTokenCreate           U       +        +         +      +           +         +         +       +
accessTokenRevoke           U       N        N         N      N           N         N         N       N
oneTimeCodeEnrol            U       r        r         r      r           r         r         r       r
oneTimeCodeConfirm          U       r        r         r      r           r         r         r       r
oneTimeCodeDisable          U       r        r         r      r           r         r         r       r
recoveryCodesRenew          U       r        r         r      r           r         r         r       r
sessionEnd                  U       +        +         +      +           +         +         +       +
sessionEndAll               U       +        +         +      +           +         +         +       +

networkCreate               U       +        +         +      +           +         +         +       +
networkUpdate               U       F        F         F      +           F         F         F       F
networkArchive              U       F        F         F      +           F         F         F       +
networkParentRequest        U       F        F         F      +           F         F         F       F
networkChildAccept          U       F        F         F      +           F         F         F       F
networkParentLeave          U       F        F         F      +           F         F         F       F
termsPublish                U       F        F         F      +           F         F         F       F
termsAccept                 U       F        +         +      +           +         +         +       F
membershipApply             U       +        r         r      r           r         r         r       +
membershipAdmit             U       F        F         F      +           F         F         F       F
membershipDecline           U       F        F         F      +           F         F         F       F
membershipSponsor           U       F        F         +      +           +         +         +       F
membershipSuspend           U       F        F         F      +           F         F         F       F
membershipReinstate         U       F        F         F      +           F         F         F       F
membershipLeave             U       F        +         +      +           +         +         +       F
membershipUpdate            U       F        +         +      +           +         +         +       F
membershipInvite            U       F        F         +      +           +         +         +       F
invitationRevoke            U       F        F         F      +           F         F         F       F
membershipAcceptInvitation  U       r        r         r      r           r         r         r       r
roleAssign                  U       F        F         F      +           F         F         F       F
roleRevoke                  U       F        F         F      +           F         F         F       F
groupCreate                 U       F        F         +      +           +         +         +       F
groupUpdate                 U       F        F         F      +           F         F         F       F
groupJoin                   U       F        F         +      +           +         +         +       F
groupLeave                  U       F        F         +      +           +         +         +       F
groupCoordinatorSet         U       F        F         F      +           F         F         F       F
accountChanged              U       F        +         +      +           +         +         +       F
transferChanged             U       F        +         +      +           +         +         +       F
${ACTIONS_TABLE}${BALLOTS_TABLE}${BOOKINGS_TABLE}${DISCUSSION_TABLE}${FILES_TABLE}${GOODS_TABLE}${LEDGER_TABLE}${POLICIES_TABLE}${POOLS_TABLE}${PROPOSALS_TABLE}${SCHEDULES_TABLE}`;

let server: TestServer;
let cast: Cast;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer({ metrics: { port: null, token: METRICS_TOKEN } });
  cast = await givenCast(server);
});
afterAll(() => server.close());

/** A network with the caller as its coordinator, for what can be done only once. */
async function spareNetwork(actor: ActorName): Promise<{ id: string }> {
  const caller = cast.callers[actor];
  const network = await givenNetwork(server);
  if (actor === 'administrator') return network;
  if (actor !== 'coordinator' || !caller) return cast.network;
  const input = { networkId: network.id, acceptedTermsVersion: 1 };
  const { membership } = await mutate(server, caller, 'membershipApply', input, 'membership { id }');
  const admit = { networkId: network.id, membershipId: membership.id };
  await mutate(server, network.founder, 'membershipAdmit', admit, 'membership { id }');
  await mutate(
    server,
    network.founder,
    'roleAssign',
    { ...admit, role: 'COORDINATOR' },
    'roleAssignment { id }',
  );
  return network;
}

async function given(field: string, input: object, selection: string): Promise<string> {
  const payload = await mutate(server, cast.network.founder, field, input, selection);
  return payload[selection.split(' ', 1)[0] ?? ''].id;
}

const inNetwork = (input: object) => ({ networkId: cast.network.id, ...input });
const applicantId = async () => (await givenApplicant(server, cast.network, 'Newcomer')).membershipId;
const memberId = async () => (await givenMember(server, cast.network, 'Somebody')).membershipId;
const newGroup = () => given('groupCreate', inNetwork({ name: `Circle ${serial}` }), 'group { id }');

/** Somebody new in the position of the actor, for calls that end a session or a membership. */
async function standIn(actor: ActorName): Promise<Member | null> {
  if (actor === 'visitor') return null;
  if (actor === 'applicant') return givenApplicant(server, cast.network);
  if (actor === 'stranger' || actor === 'administrator') {
    const caller = await givenPerson(server, 'Passer-by');
    return {
      ...caller,
      membershipId: cast.network.founder.membershipId,
      accountId: cast.network.founder.accountId,
    };
  }
  return givenMember(server, cast.network);
}

const CALLS: Calls = {
  network: () => ({ field: `network(id: "${cast.network.id}") { slug }` }),
  networks: () => ({ field: 'networks { nodes { slug } }' }),
  node: () => ({ field: `node(id: "${cast.network.founder.accountId}") { id }` }),
  nodes: () => ({ field: `nodes(ids: ["${cast.network.id}"]) { id }` }),
  viewer: () => ({ field: 'viewer { person { id } }' }),

  personRegister: () =>
    mutationCall('personRegister', { name: 'New', email: `new${++serial}@example.org`, password: PASSWORD }),
  sessionStart: async () => {
    const { email } = await givenPerson(server, 'Signer');
    return mutationCall('sessionStart', { email, password: PASSWORD });
  },
  passwordResetRequest: () =>
    mutationCall('passwordResetRequest', { email: `nobody${++serial}@example.org` }),
  passwordReset: () => mutationCall('passwordReset', { secret: 'never sent', newPassword: PASSWORD }),
  emailVerify: () => mutationCall('emailVerify', { secret: 'never sent' }),
  sessionConfirm: () => mutationCall('sessionConfirm', { code: '000000' }),
  personUpdate: () => mutationCall('personUpdate', { locale: 'es' }),
  emailVerificationRequest: async (actor) => ({
    field: 'emailVerificationRequest { errors { code } }',
    ...spent(await standIn(actor)),
  }),
  emailChange: () =>
    mutationCall('emailChange', { newEmail: `other${++serial}@example.org`, password: 'not the one' }),
  passwordChange: () => mutationCall('passwordChange', { oldPassword: 'not the one', newPassword: PASSWORD }),
  accessTokenCreate: () =>
    mutationCall('accessTokenCreate', {
      name: 'Script',
      scopes: ['TRADE'],
      expiresAt: '2026-04-01T00:00:00Z',
    }),
  accessTokenRevoke: () =>
    mutationCall('accessTokenRevoke', { accessTokenId: 'tok_01h455vb4pex5vsknk084sn02q' }),
  oneTimeCodeEnrol: () => mutationCall('oneTimeCodeEnrol', { password: 'not the one' }),
  oneTimeCodeConfirm: () => mutationCall('oneTimeCodeConfirm', { code: '000000' }),
  oneTimeCodeDisable: () => mutationCall('oneTimeCodeDisable', { password: 'not the one', code: '000000' }),
  recoveryCodesRenew: () => mutationCall('recoveryCodesRenew', { code: '000000' }),
  sessionEnd: async (actor) => mutationCall('sessionEnd', {}, spent(await standIn(actor))),
  sessionEndAll: async (actor) => ({
    field: 'sessionEndAll { errors { code } }',
    ...spent(await standIn(actor)),
  }),

  networkCreate: () =>
    mutationCall('networkCreate', { slug: `made-${++serial}`, name: 'Made', template: 'LETS' }),
  networkUpdate: () => mutationCall('networkUpdate', inNetwork({ sponsorsNeeded: 1 })),
  networkArchive: async (actor) =>
    mutationCall('networkArchive', { networkId: (await spareNetwork(actor)).id }),
  networkParentRequest: async (actor) => {
    const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
    return mutationCall('networkParentRequest', {
      networkId: (await spareNetwork(actor)).id,
      parentId: umbrella.id,
    });
  },
  networkChildAccept: async (actor) => {
    const child = await givenNetwork(server);
    const umbrella = await spareUmbrella(actor);
    const request = { networkId: child.id, parentId: umbrella.id };
    await mutate(server, child.founder, 'networkParentRequest', request, 'network { id }');
    return mutationCall(
      'networkChildAccept',
      { networkId: umbrella.id, childId: child.id },
      spent(umbrella.as),
    );
  },
  networkParentLeave: async (actor) => {
    const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
    const child = await spareNetwork(actor);
    const requester = actor === 'coordinator' ? cast.callers.coordinator : null;
    const request = { networkId: child.id, parentId: umbrella.id };
    if (requester) await mutate(server, requester, 'networkParentRequest', request, 'network { id }');
    return mutationCall('networkParentLeave', { networkId: child.id });
  },
  termsPublish: async (actor) =>
    mutationCall('termsPublish', {
      networkId: (await spareNetwork(actor)).id,
      text: [{ locale: 'en', text: 'Be kind' }],
    }),
  termsAccept: () => mutationCall('termsAccept', inNetwork({ version: 1 })),

  membershipApply: async (actor) =>
    mutationCall(
      'membershipApply',
      inNetwork({ acceptedTermsVersion: 1 }),
      outside(actor) ? spent(await standIn(actor)) : {},
    ),
  membershipAdmit: async () =>
    mutationCall('membershipAdmit', inNetwork({ membershipId: await applicantId() })),
  membershipDecline: async () =>
    mutationCall('membershipDecline', inNetwork({ membershipId: await applicantId() })),
  membershipSponsor: async () =>
    mutationCall('membershipSponsor', inNetwork({ membershipId: await applicantId() })),
  membershipSuspend: async () =>
    mutationCall('membershipSuspend', inNetwork({ membershipId: await memberId(), reason: 'absent' })),
  membershipReinstate: async () => {
    const membershipId = await memberId();
    await given('membershipSuspend', inNetwork({ membershipId, reason: 'absent' }), 'membership { id }');
    return mutationCall('membershipReinstate', inNetwork({ membershipId }));
  },
  membershipLeave: async (actor) => {
    const leaver = await standIn(actor);
    const membershipId = leaver?.membershipId ?? cast.network.founder.membershipId;
    return mutationCall('membershipLeave', inNetwork({ membershipId }), spent(leaver));
  },
  membershipUpdate: async (actor) => {
    const { membershipId } = await membershipOf(server, cast, actor);
    return mutationCall('membershipUpdate', inNetwork({ membershipId, phone: '123' }));
  },
  membershipInvite: () =>
    mutationCall('membershipInvite', inNetwork({ email: `guest${++serial}@example.org` })),
  invitationRevoke: async () => {
    const email = `guest${++serial}@example.org`;
    const invitationId = await given('membershipInvite', inNetwork({ email }), 'invitation { id }');
    return mutationCall('invitationRevoke', inNetwork({ invitationId }));
  },
  membershipAcceptInvitation: () => mutationCall('membershipAcceptInvitation', { secret: 'never sent' }),
  roleAssign: async () =>
    mutationCall('roleAssign', inNetwork({ membershipId: await memberId(), role: 'MODERATOR' })),
  roleRevoke: async () => {
    const input = inNetwork({ membershipId: await memberId(), role: 'MODERATOR' });
    const roleAssignmentId = await given('roleAssign', input, 'roleAssignment { id }');
    return mutationCall('roleRevoke', inNetwork({ roleAssignmentId }));
  },

  groupCreate: () => mutationCall('groupCreate', inNetwork({ name: `Circle ${++serial}` })),
  groupUpdate: async () =>
    mutationCall('groupUpdate', inNetwork({ groupId: await newGroup(), joinMode: 'OPEN' })),
  groupJoin: async () => mutationCall('groupJoin', inNetwork({ groupId: await newGroup() })),
  groupLeave: async (actor) => {
    const groupId = await newGroup();
    const caller = cast.callers[actor];
    if (caller && !outside(actor) && actor !== 'applicant') {
      await mutate(server, caller, 'groupJoin', inNetwork({ groupId }), 'group { id }');
    }
    return mutationCall('groupLeave', inNetwork({ groupId }));
  },
  groupCoordinatorSet: async () => {
    const { membershipId } = cast.network.founder;
    return mutationCall(
      'groupCoordinatorSet',
      inNetwork({ groupId: await newGroup(), membershipId, isCoordinator: true }),
    );
  },

  accountChanged: () => ({ field: `accountChanged(networkId: "${cast.network.id}") { id }` }),
  transferChanged: () => ({ field: `transferChanged(networkId: "${cast.network.id}") { id }` }),
  ...actionCalls(() => ({ server, cast })),
  ...ballotCalls(() => ({ server, cast })),
  ...bookingCalls(() => ({ server, cast })),
  ...discussionCalls(() => ({ server, cast })),
  ...fileCalls(() => ({ server, cast })),
  ...goodsCalls(() => ({ server, cast })),
  ...ledgerCalls(() => ({ server, cast })),
  ...policyCalls(() => ({ server, cast })),
  ...poolCalls(() => ({ server, cast })),
  ...proposalCalls(() => ({ server, cast })),
  ...scheduleCalls(() => ({ server, cast })),
};

type Letters = Partial<Record<ActorName, string>>;

const outside = (actor: ActorName) =>
  actor === 'stranger' || actor === 'administrator' || actor === 'visitor';
const spent = (caller: Caller | null | undefined): Partial<Call> => (caller ? { as: caller } : {});

/** An umbrella that the actor coordinates if it is a coordinator; founded by somebody else for all others. */
async function spareUmbrella(actor: ActorName): Promise<{ id: string; as: Caller | null }> {
  const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
  return { id: umbrella.id, as: actor === 'coordinator' ? umbrella.founder : null };
}

/** The calls of those who are refused. What does not ask who calls is made once, since a refusal leaves it as it is. */
async function callsOf(field: string, refused: readonly ActorName[]): Promise<Map<ActorName, Call>> {
  const make = CALLS[field]!;
  const calls = new Map<ActorName, Call>();
  const forAll = make.length === 0 && refused[0] ? await make(refused[0]) : null;
  for (const actor of refused) calls.set(actor, forAll ?? (await make(actor)));
  return calls;
}

async function answerTo(field: string, actor: ActorName, call: Call): Promise<string> {
  const inputType = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const head = call.input ? `mutation($input: ${inputType}!)` : isMutation(field) ? 'mutation' : 'query';
  const token = (call.as ?? cast.callers[actor])?.token ?? null;
  if (isSubscription(field)) return answerToSubscription(call.field, token);
  const { data, errors } = await send(server, `${head} { ${call.field} }`, { input: call.input }, { token });
  return answerIn(field, data, errors);
}

/** The letters of all who are refused, which together change nothing. */
async function refusalsOf(field: string, refused: readonly ActorName[]): Promise<Letters> {
  const letters: Letters = {};
  const calls = await callsOf(field, refused);
  const before = await snapshot(server);
  for (const [actor, call] of calls) letters[actor] = await answerTo(field, actor, call);
  const after = await snapshot(server);
  if (!isDeepStrictEqual(after, before)) expect(await whoChangesSomething(field, refused)).toEqual([]);
  expect(after).toEqual(before);
  return letters;
}

async function whoChangesSomething(field: string, refused: readonly ActorName[]): Promise<ActorName[]> {
  const found: ActorName[] = [];
  for (const actor of refused) {
    const call = await CALLS[field]!(actor);
    const before = await snapshot(server);
    await answerTo(field, actor, call);
    if (!isDeepStrictEqual(await snapshot(server), before)) found.push(actor);
  }
  return found;
}

/** A subscription that runs is allowed, whether something comes or not. */
async function answerToSubscription(field: string, token: string | null): Promise<string> {
  const connection = connect(server, token);
  const feed = connection.subscribe(`subscription { ${field} }`);
  const running = () => gauge(server, 'subscriptions');
  await until('it runs or is refused', async () => feed.isOver || (await running()) === 1);
  // What closes the socket comes as an error of another kind.
  const closing = Array.isArray(feed.error) ? null : feed.error?.code;
  const isRefused = feed.isOver;
  await connection.client.dispose();
  await until('it has ended', async () => (await running()) === 0);
  if (closing) return closing === 4401 ? 'U' : `${closing}`;
  return isRefused ? answerIn(field, null, feed.error) : '+';
}

/** One letter for what came back. */
function answerIn(field: string, data: Json, errors: Answer['errors']): string {
  const code = errors?.[0]?.extensions['code'];
  if (code) return { UNAUTHENTICATED: 'U', FORBIDDEN: 'F', NOT_FOUND: 'N' }[code as string] ?? `${code}`;
  const result = data[field];
  return result === null || result.errors?.length > 0 ? 'r' : '+';
}

const schema = buildSchema();
const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {});
const isMutation = (field: string) => fieldsOf(schema.getMutationType()).includes(field);
const isSubscription = (field: string) => fieldsOf(schema.getSubscriptionType()).includes(field);

const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .filter((line) => line.trim() !== '')
  .map((line) => line.trim().split(/\s+/))
  .map(([field = '', ...answers]) => ({ field, answers }));

test('every root field of the schema has a row, and every row a field', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap(fieldsOf);

  expect(rows.map((row) => row.field).toSorted()).toEqual(fields.toSorted());
  expect(Object.keys(CALLS).toSorted()).toEqual(fields.toSorted());
});

test.each(rows)('$field answers each as the table says', async ({ field, answers }) => {
  const letters = await refusalsOf(
    field,
    ACTORS.filter((_, index) => answers[index] !== '+'),
  );
  // What is expected to be done may change everything.
  for (const [index, actor] of ACTORS.entries())
    if (answers[index] === '+') letters[actor] = await answerTo(field, actor, await CALLS[field]!(actor));

  expect(letters).toEqual(Object.fromEntries(ACTORS.map((actor, index) => [actor, answers[index]])));
});

test.each(fieldsOf(schema.getSubscriptionType()))(
  '%s is closed to visitors itself, not by the socket alone',
  async (field) => {
    const { field: selection } = await CALLS[field]!('visitor');
    const contextValue = { actor: { kind: 'visitor', address: '' } };

    const result = await subscribe({
      schema,
      document: parse(`subscription { ${selection} }`),
      contextValue,
    });

    expect(result).toMatchObject({ errors: [{ originalError: { code: 'UNAUTHENTICATED' } }] });
  },
);

test('a member of another network is a stranger also with the other network’s id', async () => {
  const { network, elsewhere } = cast;
  const stranger = await asMember(server, elsewhere.founder, elsewhere.id);
  const input = {
    networkId: elsewhere.id,
    idempotencyKey: 'crossing',
    payerAccountId: network.founder.accountId,
    payeeAccountId: stranger.accountId,
    amount: '1',
    description: 'reaching over',
  };

  const answer = await send(
    server,
    'mutation($input: TransferCreateInput!) { transferCreate(input: $input) { errors { code } } }',
    { input },
    { token: stranger.token },
  );

  expect(answer.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
});
