import PostalMime from 'postal-mime';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ask, givenPerson, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import {
  asMember,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.clock.moveTo(START));

const STATE = 'membership { id state }';

async function refused(caller: Caller | null, field: string, input: object, code: string): Promise<Json> {
  const before = await snapshot(server);
  const { errors } = await tryMutate(server, caller, field, input, '__typename');
  expect(errors).toEqual([expect.objectContaining({ code })]);
  expect(await snapshot(server)).toEqual(before);
  return errors[0];
}

const apply = (caller: Caller, network: TestNetwork) =>
  mutate(server, caller, 'membershipApply', { networkId: network.id, acceptedTermsVersion: 1 }, STATE);

/** The letters that have left so far, newest last. */
async function letters(): Promise<{ to: string; subject: string; text: string }[]> {
  await server.app.jobs.runDue();
  const directory = path.join(server.dataDir, 'mail');
  const files = (await fs.readdir(directory)).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const letter = await PostalMime.parse(await fs.readFile(path.join(directory, file)));
      return { to: letter.to?.[0]?.address ?? '', subject: letter.subject ?? '', text: letter.text ?? '' };
    }),
  );
}

async function secretSentTo(email: string): Promise<string> {
  const letter = (await letters()).findLast(({ to, text }) => to === email && text.includes('net_'));
  return /net_[0-9a-z]{26}\.[\w-]{43}/.exec(letter?.text ?? '')?.[0] ?? 'no secret in the letter';
}

describe('joining', () => {
  test('an applicant waits, is admitted, and has accounts at once', async () => {
    const network = await givenNetwork(server);
    const ben = await givenPerson(server, 'Ben');

    const applied = await apply(ben, network);
    const input = { networkId: network.id, membershipId: applied.membership.id };
    const admitted = await mutate(server, network.founder, 'membershipAdmit', input, STATE);

    expect(applied.membership.state).toBe('APPLIED');
    expect(admitted.membership.state).toBe('ACTIVE');
    const { accountId } = await asMember(server, ben, network.id);
    expect(accountId).toMatch(/^acc_/);
    expect((await letters()).at(-1)).toMatchObject({
      to: ben.email,
      subject: expect.stringContaining(network.slug),
    });
  });

  test('an open network takes whoever accepts its terms', async () => {
    const network = await givenNetwork(server, { template: 'MUTUAL_AID' });

    const { membership } = await apply(await givenPerson(server), network);

    expect(membership.state).toBe('ACTIVE');
  });

  test('the last sponsor needed makes an applicant a member, and only once when both vouch at once', async () => {
    const network = await givenNetwork(server, { template: 'ECOVILLAGE' });
    const sponsors = [await givenMember(server, network, 'S1'), await givenMember(server, network, 'S2')];
    const applicant = await givenApplicant(server, network);
    const input = { networkId: network.id, membershipId: applicant.membershipId };
    await refused(applicant, 'membershipSponsor', input, 'FORBIDDEN');

    const answers = await Promise.all(
      sponsors.map((sponsor) => mutate(server, sponsor, 'membershipSponsor', input, STATE)),
    );

    expect(answers.map(({ membership }) => membership.state).toSorted()).toEqual(['ACTIVE', 'APPLIED']);
    await refused(sponsors[0]!, 'membershipSponsor', input, 'MEMBERSHIP_STATE');
    const { accountId } = await asMember(server, applicant, network.id);
    expect(accountId).toMatch(/^acc_/);
  });

  test('nobody vouches twice', async () => {
    const network = await givenNetwork(server, { template: 'ECOVILLAGE' });
    const sponsor = await givenMember(server, network);
    const { membershipId } = await givenApplicant(server, network);
    const input = { networkId: network.id, membershipId };
    await mutate(server, sponsor, 'membershipSponsor', input, STATE);

    await refused(sponsor, 'membershipSponsor', input, 'ALREADY_SPONSORED');
  });

  test('where shares admit, a coordinator needs a reason', async () => {
    const network = await givenNetwork(server, { template: 'COOPERATIVE' });
    const { membershipId } = await givenApplicant(server, network);

    await refused(network.founder, 'membershipAdmit', { networkId: network.id, membershipId }, 'REQUIRED');
  });

  test('terms are accepted as they stand', async () => {
    const network = await givenNetwork(server);
    const ben = await givenPerson(server, 'Ben');
    const terms = { networkId: network.id, text: [{ locale: 'en', text: 'New terms' }] };
    await mutate(server, network.founder, 'termsPublish', terms, 'terms { version text }');

    await refused(ben, 'membershipApply', { networkId: network.id }, 'TERMS_NOT_ACCEPTED');
    const outdated = { networkId: network.id, acceptedTermsVersion: 1 };
    const error = await refused(ben, 'membershipApply', outdated, 'TERMS_NOT_ACCEPTED');
    const applied = await mutate(
      server,
      ben,
      'membershipApply',
      { ...outdated, acceptedTermsVersion: 2 },
      STATE,
    );

    expect(JSON.parse(error.details)).toEqual({ currentVersion: 2 });
    expect(applied.membership.state).toBe('APPLIED');
  });

  test('one person applies once, also twenty times at once', async () => {
    const network = await givenNetwork(server);
    const ben = await givenPerson(server, 'Ben');
    const input = { networkId: network.id, acceptedTermsVersion: 1 };

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tryMutate(server, ben, 'membershipApply', input, STATE)),
    );

    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    const rest = answers.flatMap(({ errors }) => errors.map((error: Json) => error.code));
    expect(new Set(rest)).toEqual(new Set(['MEMBERSHIP_STATE']));
  });

  test('who was declined may apply again and sees why', async () => {
    const network = await givenNetwork(server);
    const ben = await givenApplicant(server, network);
    const input = {
      networkId: network.id,
      membershipId: ben.membershipId,
      reason: 'Come to a meeting first',
    };

    await mutate(server, network.founder, 'membershipDecline', input, STATE);
    const query = 'query($id: ID!) { network(id: $id) { viewerMembership { state stateReason } } }';
    const { network: seen } = await ask(server, ben, query, { id: network.id });
    const { membership } = await apply(ben, network);

    expect(seen.viewerMembership).toEqual({ state: 'DECLINED', stateReason: 'Come to a meeting first' });
    expect(membership).toEqual({ id: ben.membershipId, state: 'APPLIED' });
  });
});

describe('invitations', () => {
  async function invite(network: TestNetwork, email: string): Promise<string> {
    const input = { networkId: network.id, email, validDays: 7 };
    await mutate(server, network.founder, 'membershipInvite', input, 'invitation { id }');
    return secretSentTo(email);
  }

  const accept = (secret: string) => ({ secret, acceptedTermsVersion: 1 });

  test('let one person join, and prove the address', async () => {
    const network = await givenNetwork(server);
    const ben = await givenPerson(server, 'Ben');
    const secret = await invite(network, ben.email);

    const { membership } = await mutate(server, ben, 'membershipAcceptInvitation', accept(secret), STATE);

    expect(membership.state).toBe('ACTIVE');
    const { viewer } = await ask(server, ben, '{ viewer { person { isEmailVerified } } }');
    expect(viewer.person.isEmailVerified).toBe(true);
  });

  test('work once', async () => {
    const network = await givenNetwork(server);
    const secret = await invite(network, 'twice@example.org');
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, index) => givenPerson(server, `P${index}`)),
    );

    const answers = await Promise.all(
      people.map((person) => tryMutate(server, person, 'membershipAcceptInvitation', accept(secret), STATE)),
    );

    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    await refused(
      await givenPerson(server),
      'membershipAcceptInvitation',
      accept(secret),
      'INVITATION_INVALID',
    );
  });

  test('expire', async () => {
    const network = await givenNetwork(server);
    const secret = await invite(network, 'late@example.org');
    const ben = await givenPerson(server, 'Ben');

    server.clock.advance(7 * 24 * 3_600_000);

    await refused(ben, 'membershipAcceptInvitation', accept(secret), 'INVITATION_INVALID');
  });

  test('can be taken back', async () => {
    const network = await givenNetwork(server);
    const secret = await invite(network, 'unwanted@example.org');
    const query =
      'query($id: ID!) { network(id: $id) { invitations { nodes { id email invitedBy { displayName } } } } }';
    const { network: seen } = await ask(server, network.founder, query, { id: network.id });
    const input = { networkId: network.id, invitationId: seen.network?.id ?? seen.invitations.nodes[0].id };

    await mutate(server, network.founder, 'invitationRevoke', input, 'invitation { revokedAt }');

    expect(seen.invitations.nodes[0]).toMatchObject({
      email: 'unwanted@example.org',
      invitedBy: { displayName: 'Fay' },
    });
    await refused(
      await givenPerson(server),
      'membershipAcceptInvitation',
      accept(secret),
      'INVITATION_INVALID',
    );
    await refused(network.founder, 'invitationRevoke', input, 'INVITATION_INVALID');
  });

  test.each(['', 'nonsense', 'net_01h455vb4pex5vsknk084sn02q.x', 'a.b.c', '.'])(
    'refuse the secret %j',
    async (secret) => {
      const ben = await givenPerson(server, 'Ben');
      await refused(ben, 'membershipAcceptInvitation', accept(secret), 'INVITATION_INVALID');
    },
  );

  test('refuse an address that is none, and a life of a year', async () => {
    const network = await givenNetwork(server);
    await refused(
      network.founder,
      'membershipInvite',
      { networkId: network.id, email: 'nobody' },
      'INVALID_EMAIL',
    );
    const long = { networkId: network.id, email: 'a@example.org', validDays: 365 };
    await refused(network.founder, 'membershipInvite', long, 'INVALID_RANGE');
  });
});

describe('leaving and suspension', () => {
  test('who leaves brings the accounts to zero first', async () => {
    const network = await givenNetwork(server);
    const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
    await mutate(server, ana, 'transferCreate', transferInput(network, ana, ben, '1'), 'transfer { id }');
    const leave = { networkId: network.id, membershipId: ben.membershipId };
    await refused(ben, 'membershipLeave', leave, 'ACCOUNT_NOT_EMPTY');

    await mutate(server, ben, 'transferCreate', transferInput(network, ben, ana, '1'), 'transfer { id }');
    const left = await mutate(server, ben, 'membershipLeave', leave, STATE);

    expect(left.membership.state).toBe('LEFT');
    await refused(ana, 'transferCreate', transferInput(network, ana, ben, '1'), 'ACCOUNT_NOT_OPEN');
  });

  test('who comes back finds the old account', async () => {
    const network = await givenNetwork(server, { template: 'MUTUAL_AID' });
    const ben = await givenPerson(server, 'Ben');
    await apply(ben, network);
    const before = await asMember(server, ben, network.id);
    await mutate(
      server,
      ben,
      'membershipLeave',
      { networkId: network.id, membershipId: before.membershipId },
      STATE,
    );

    await apply(ben, network);

    expect(await asMember(server, ben, network.id)).toEqual(before);
  });

  test('a suspended member reads and does not pay', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, membershipId: ben.membershipId };
    await refused(network.founder, 'membershipSuspend', input, 'REQUIRED');
    await mutate(server, network.founder, 'membershipSuspend', { ...input, reason: 'conflict' }, STATE);

    await refused(ben, 'transferCreate', transferInput(network, ben, network.founder, '1'), 'FORBIDDEN');
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { balance { value } viewerCan { pay { allowed reason } } } } }`;
    const { network: seen } = await ask(server, ben, query, { n: network.id, a: ben.accountId });
    const reinstated = await mutate(server, network.founder, 'membershipReinstate', input, STATE);

    expect(seen.account).toEqual({
      balance: { value: '0.00' },
      viewerCan: { pay: { allowed: false, reason: 'MEMBERSHIP_NOT_ACTIVE' } },
    });
    expect(reinstated.membership.state).toBe('ACTIVE');
  });

  test('the last coordinator stays, also when two go at once', async () => {
    const network = await givenNetwork(server);
    const other = await givenOfficer(server, network, 'COORDINATOR');
    const leave = (member: Member) =>
      tryMutate(
        server,
        member,
        'membershipLeave',
        { networkId: network.id, membershipId: member.membershipId },
        STATE,
      );

    const answers = await Promise.all([leave(network.founder), leave(other)]);

    const codes = answers.flatMap(({ errors }) => errors.map((error: Json) => error.code));
    expect(codes).toEqual(['LAST_COORDINATOR']);
  });
});

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
