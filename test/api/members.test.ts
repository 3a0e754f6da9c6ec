import { ask, givenPerson, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import {
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  transferInput,
  type Member,
  type TestNetwork,
  expectRefusal,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.clock.moveTo(START));

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('roles', () => {
  test('are held for a term', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = {
      networkId: network.id,
      membershipId: ben.membershipId,
      role: 'COORDINATOR',
      startsAt: '2026-03-10T00:00:00Z',
      endsAt: '2026-03-20T00:00:00Z',
    };
    await mutate(server, network.founder, 'roleAssign', input, 'roleAssignment { id }');
    const can = async () => {
      const query = 'query($id: ID!) { network(id: $id) { viewerCan { update { allowed reason } } } }';
      return (await ask(server, ben, query, { id: network.id })).network.viewerCan.update;
    };

    const before = await can();
    server.clock.moveTo(new Date('2026-03-10T00:00:00Z'));
    const during = await can();
    server.clock.moveTo(new Date('2026-03-20T00:00:00Z'));
    const afterwards = await can();

    expect(before).toEqual({ allowed: false, reason: 'ROLE_REQUIRED' });
    expect(during).toEqual({ allowed: true, reason: null });
    expect(afterwards).toEqual({ allowed: false, reason: 'ROLE_REQUIRED' });
  });

  test('refuse a term that ends before it begins, a second time, and a helper of nobody', async () => {
    const network = await givenNetwork(server);
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const input = { networkId: network.id, membershipId: auditor.membershipId, role: 'AUDITOR' };

    await refused(network.founder, 'roleAssign', input, 'ROLE_HELD');
    await refused(
      network.founder,
      'roleAssign',
      { ...input, endsAt: '2026-01-01T00:00:00Z' },
      'INVALID_RANGE',
    );
    await refused(network.founder, 'roleAssign', { ...input, role: 'HELPER' }, 'INVALID_CHOICE');
    const self = { ...input, role: 'HELPER', forMembershipId: auditor.membershipId };
    await refused(network.founder, 'roleAssign', self, 'INVALID_CHOICE');
  });

  test('begin now or later, and a coordinator without end is not replaced by one about to go', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, membershipId: ben.membershipId, role: 'COORDINATOR' };
    await refused(
      network.founder,
      'roleAssign',
      { ...input, startsAt: '2026-03-01T00:00:00Z' },
      'INVALID_RANGE',
    );
    const soonOver = { ...input, endsAt: '2026-03-02T09:00:03Z' };
    await mutate(server, network.founder, 'roleAssign', soonOver, 'roleAssignment { id }');
    const query = 'query($id: ID!) { network(id: $id) { viewerMembership { roles { id role } } } }';
    const { network: seen } = await ask(server, network.founder, query, { id: network.id });
    const own = seen.viewerMembership.roles.find(({ role }: Json) => role === 'COORDINATOR');

    const revoke = { networkId: network.id, roleAssignmentId: own.id };
    await refused(network.founder, 'roleRevoke', revoke, 'LAST_COORDINATOR');
    await mutate(
      server,
      network.founder,
      'roleAssign',
      { ...input, startsAt: '2026-03-02T09:00:03Z' },
      'roleAssignment { id }',
    );
    server.clock.moveTo(new Date('2026-03-02T09:00:04Z'));
    await mutate(server, network.founder, 'roleRevoke', revoke, 'roleAssignment { revokedAt }');
  });

  test('a treasurer needs a one-time code where the network says so', async () => {
    const network = await givenNetwork(server);
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const account = { networkId: network.id, unitId: network.unitId, name: 'Pot' };
    const opened = await mutate(server, network.founder, 'accountOpen', account, 'account { id }');
    const settings = { networkId: network.id, treasurersNeedOneTimeCode: true };
    await mutate(server, network.founder, 'networkUpdate', settings, 'network { id }');

    const input = {
      ...transferInput(network, treasurer, network.founder, '1'),
      payerAccountId: opened.account.id,
    };
    const error = await refused(treasurer, 'transferCreate', input, 'FORBIDDEN');
    await server.app.database.db.execute('update session set second_factor_at = $2 where person_id = $1', [
      treasurer.personId,
      START,
    ]);
    const paid = await mutate(server, treasurer, 'transferCreate', input, 'transfer { id }');

    expect(error.reason).toBe('SECOND_FACTOR_REQUIRED');
    expect(paid.transfer.id).toMatch(/^trf_/);
  });
});

describe('a helper', () => {
  async function givenHelp(): Promise<{ network: TestNetwork; helper: Member; helped: Member }> {
    const network = await givenNetwork(server);
    const helper = await givenMember(server, network, 'Hal');
    const helped = await givenMember(server, network, 'Ida');
    const input = {
      networkId: network.id,
      membershipId: helper.membershipId,
      role: 'HELPER',
      forMembershipId: helped.membershipId,
    };
    await mutate(server, network.founder, 'roleAssign', input, 'roleAssignment { id }');
    return { network, helper, helped };
  }

  test('pays for the member, and both names are in the record', async () => {
    const { network, helper, helped } = await givenHelp();
    const input = transferInput(network, helped, network.founder, '1');

    const payload = await tryMutate(
      server,
      helper,
      'transferCreate',
      input,
      'transfer { createdBy { displayName } actingFor { displayName } }',
      { 'acting-for': helped.membershipId },
    );
    const query = `query($id: ID!) { network(id: $id) { auditLog(filter: { kind: "TransferPosted" }) { nodes {
      actor { displayName } actingFor { displayName } } } } }`;
    const { network: seen } = await ask(server, network.founder, query, { id: network.id });

    const names = { displayName: 'Ida' };
    expect(payload).toEqual({
      transfer: { createdBy: { displayName: 'Hal' }, actingFor: names },
      errors: [],
    });
    expect(seen.auditLog.nodes).toEqual([{ actor: { displayName: 'Hal' }, actingFor: names }]);
  });

  test('needs the header to pay for the member, and has no own rights with it', async () => {
    const { network, helper, helped } = await givenHelp();
    const before = await snapshot(server);

    const without = await tryMutate(
      server,
      helper,
      'transferCreate',
      transferInput(network, helped, helper, '1'),
      'transfer { id }',
    );
    const own = await tryMutate(
      server,
      helper,
      'transferCreate',
      transferInput(network, helper, helped, '1'),
      'transfer { id }',
      { 'acting-for': helped.membershipId },
    );

    expect(without.errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
    expect(own.errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
    expect(await snapshot(server)).toEqual(before);
  });

  test('neither vouches, invites nor rules a group in the member’s name', async () => {
    const { network, helper, helped } = await givenHelp();
    const group = await mutate(
      server,
      helped,
      'groupCreate',
      { networkId: network.id, name: 'Circle' },
      'group { id }',
    );
    const target = { networkId: network.id, groupId: group.group.id, membershipId: helper.membershipId };
    const before = await snapshot(server);

    const attempts: [string, object][] = [
      ['groupJoin', target],
      ['groupCoordinatorSet', { ...target, isCoordinator: true }],
      ['membershipInvite', { networkId: network.id, email: 'a@example.org' }],
    ];
    for (const [field, input] of attempts) {
      const { errors } = await tryMutate(server, helper, field, input, '__typename', {
        'acting-for': helped.membershipId,
      });
      expect(errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
    }

    expect(await snapshot(server)).toEqual(before);
  });

  test('joins nothing and changes nobody’s sign-in in the member’s name', async () => {
    const { network, helper, helped } = await givenHelp();
    const acting = { 'acting-for': helped.membershipId };
    const before = await snapshot(server);

    const attempts: [string, object][] = [
      ['networkCreate', { slug: 'in-her-name', name: 'x', template: 'LETS' }],
      ['membershipApply', { networkId: network.id, acceptedTermsVersion: 1 }],
      ['personUpdate', { name: 'Somebody else' }],
      ['accessTokenCreate', { name: 'x', scopes: [], expiresAt: '2026-06-01T00:00:00Z' }],
    ];
    for (const [field, input] of attempts) {
      const { errors } = await tryMutate(server, helper, field, input, '__typename', acting);
      expect(errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
    }

    expect(await snapshot(server)).toEqual(before);
  });

  test('cannot act for anybody else', async () => {
    const { network, helper } = await givenHelp();
    const other = await givenMember(server, network, 'Other');
    const before = await snapshot(server);

    const input = transferInput(network, other, helper, '1');
    const { errors } = await tryMutate(server, helper, 'transferCreate', input, 'transfer { id }', {
      'acting-for': other.membershipId,
    });

    expect(errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' })]);
    expect(await snapshot(server)).toEqual(before);
  });
});

describe('profiles', () => {
  const PROFILE = 'displayName about skills phone email place { name latitude longitude }';
  const QUERY = `query($n: ID!, $m: ID!) { network(id: $n) { membership(id: $m) { ${PROFILE} } } }`;

  test('are seen as far as the member lets them be seen', async () => {
    const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
    const [network, sister] = [await givenNetwork(server), await givenNetwork(server)];
    for (const child of [network, sister]) {
      const request = { networkId: child.id, parentId: umbrella.id };
      await mutate(server, child.founder, 'networkParentRequest', request, 'network { id }');
      const taken = { networkId: umbrella.id, childId: child.id };
      await mutate(server, umbrella.founder, 'networkChildAccept', taken, 'network { id }');
    }
    const ana = await givenMember(server, network, 'Ana');
    await mutate(
      server,
      ana,
      'membershipUpdate',
      {
        networkId: network.id,
        membershipId: ana.membershipId,
        about: [
          { locale: 'en', text: 'I bake' },
          { locale: 'es', text: 'Hago pan' },
        ],
        skills: ['bread'],
        phone: '555',
        place: { name: 'Old town', latitude: 43.26271, longitude: -2.92528 },
        placePrecision: 'NEIGHBOURHOOD',
        visibility: [
          { field: 'displayName', visibleTo: 'PUBLIC' },
          { field: 'about', visibleTo: 'PUBLIC' },
          { field: 'skills', visibleTo: 'FEDERATION' },
          { field: 'phone', visibleTo: 'NETWORK' },
          { field: 'email', visibleTo: 'NOBODY' },
        ],
      },
      'membership { id }',
    );
    const seenBy = async (caller: Caller | null) =>
      (await ask(server, caller, QUERY, { n: network.id, m: ana.membershipId })).network.membership;

    const nothing = { skills: null, phone: null, email: null, place: null };
    const place = { name: 'Old town', latitude: 43.26, longitude: -2.93 };
    const open = { displayName: 'Ana', about: 'I bake' };
    expect(await seenBy(null)).toEqual({ ...open, ...nothing });
    expect(await seenBy(await givenPerson(server))).toEqual({ ...open, ...nothing });
    expect(await seenBy(sister.founder)).toEqual({ ...open, ...nothing, skills: ['bread'] });
    expect(await seenBy(network.founder)).toEqual({
      ...open,
      skills: ['bread'],
      phone: '555',
      email: null,
      place,
    });
    expect(await seenBy(ana)).toEqual({ ...open, skills: ['bread'], phone: '555', email: ana.email, place });
    const spanish = `query($n: ID!, $m: ID!) { network(id: $n) { membership(id: $m) { about(locale: "es-MX") } } }`;
    const { network: seen } = await ask(server, null, spanish, { n: network.id, m: ana.membershipId });
    expect(seen.membership.about).toBe('Hago pan');
  });

  test('of who has left show the name in the books, and nothing else', async () => {
    const network = await givenNetwork(server);
    const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
    const profile = {
      networkId: network.id,
      membershipId: ana.membershipId,
      phone: '555',
      skills: ['bread'],
    };
    const visibility = [{ field: 'phone', visibleTo: 'PUBLIC' }];
    await mutate(server, ana, 'membershipUpdate', { ...profile, visibility }, 'membership { id }');
    await mutate(
      server,
      ana,
      'membershipLeave',
      { networkId: network.id, membershipId: ana.membershipId },
      'membership { id }',
    );

    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { holder { ... on Membership {
      displayName phone skills } } } } }`;
    const { network: seen } = await ask(server, ben, query, { n: network.id, a: ana.accountId });

    expect(seen.account.holder).toEqual({ displayName: 'Ana', phone: null, skills: null });
  });

  test('are not found by what they hide', async () => {
    const network = await givenNetwork(server);
    const ana = await givenMember(server, network, 'Ana');
    const input = {
      networkId: network.id,
      membershipId: ana.membershipId,
      skills: ['midwife'],
      visibility: [
        { field: 'displayName', visibleTo: 'PUBLIC' },
        { field: 'skills', visibleTo: 'NOBODY' },
      ],
    };
    await mutate(server, ana, 'membershipUpdate', input, 'membership { id }');
    const query = `query($id: ID!, $filter: MemberFilterInput) { network(id: $id) { members(filter: $filter) { nodes {
      displayName roles { role } sponsors { displayName } } } } }`;

    const hidden = await ask(server, null, query, { id: network.id, filter: { skill: 'midwife' } });
    const open = await ask(server, null, query, { id: network.id, filter: { text: 'ana' } });
    const groupId = 'grp_01h455vb4pex5vsknk084sn02q';
    const long = await send(server, query, { id: network.id, filter: { text: 'a%_b'.repeat(100) } });
    expect(long.errors?.[0]?.extensions['code']).toBe('TEXT_TOO_LONG');
    const byGroup = await send(server, query, { id: network.id, filter: { groupId } });

    expect(hidden.network.members.nodes).toEqual([]);
    expect(open.network.members.nodes).toEqual([{ displayName: 'Ana', roles: null, sponsors: null }]);
    expect(byGroup.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  test('are changed by their member, and their texts by a moderator', async () => {
    const network = await givenNetwork(server);
    const ana = await givenMember(server, network, 'Ana');
    const moderator = await givenOfficer(server, network, 'MODERATOR');
    const target = { networkId: network.id, membershipId: ana.membershipId };

    await refused(network.founder, 'membershipUpdate', { ...target, displayName: 'Fool' }, 'FORBIDDEN');
    await refused(moderator, 'membershipUpdate', { ...target, displayName: 'Fool' }, 'FORBIDDEN');
    const moderated = await mutate(
      server,
      moderator,
      'membershipUpdate',
      { ...target, about: null },
      'membership { about }',
    );

    expect(moderated.membership.about).toBeNull();
  });

  test.each([
    [{ displayName: null }, 'REQUIRED'],
    [{ displayName: 'x'.repeat(101) }, 'TEXT_TOO_LONG'],
    [{ skills: Array.from({ length: 31 }, (_, index) => `skill ${index}`) }, 'INVALID_RANGE'],
    [{ place: { latitude: 91, longitude: 0 } }, 'INVALID_COORDINATES'],
    [{ place: { latitude: 9 } }, 'INVALID_COORDINATES'],
    [{ about: [{ locale: 'not a language', text: 'x' }] }, 'INVALID_LOCALE'],
    [{ visibility: [{ field: 'displayName', visibleTo: 'NOBODY' }] }, 'INVALID_CHOICE'],
  ])('refuse %j', async (change, code) => {
    const network = await givenNetwork(server);
    const { founder } = network;
    const input = { networkId: network.id, membershipId: founder.membershipId, ...change };
    await refused(founder, 'membershipUpdate', input, code);
  });
});

test('lists members page by page, by name, with filters', async () => {
  const network = await givenNetwork(server);
  for (const name of ['Élodie', 'eve', 'Dan', 'Zoe']) await givenMember(server, network, name);
  const query = `query($id: ID!, $after: String, $filter: MemberFilterInput) { network(id: $id) {
    memberCount members(first: 2, after: $after, filter: $filter) { nodes { displayName } pageInfo { hasNextPage endCursor } } } }`;
  const names: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { network: seen }: Json = await ask(server, network.founder, query, { id: network.id, after });
    names.push(...seen.members.nodes.map((node: Json) => node.displayName));
    ({ endCursor: after, hasNextPage: more } = seen.members.pageInfo);
  }
  const filtered = await ask(server, network.founder, query, { id: network.id, filter: { text: 'E_' } });
  const bad = await send(
    server,
    query,
    { id: network.id, after: 'bm9uc2Vuc2U' },
    { token: network.founder.token },
  );

  expect(names).toEqual(['Dan', 'Élodie', 'eve', 'Fay', 'Zoe']);
  expect(filtered.network.members.nodes).toEqual([]);
  expect(filtered.network.memberCount).toBe(5);
  expect(bad.errors?.[0]?.extensions['code']).toBe('INVALID_CURSOR');
});
