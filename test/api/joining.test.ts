import PostalMime from 'postal-mime';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ask, givenPerson, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import {
  asMember,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
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

const STATE = 'membership { id state }';

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

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

  test('by a member make an applicant whom the member has vouched for', async () => {
    const network = await givenNetwork(server);
    const member = await givenMember(server, network, 'Mia');
    const input = { networkId: network.id, email: 'friend@example.org' };
    await mutate(server, member, 'membershipInvite', input, 'invitation { id }');
    const secret = await secretSentTo('friend@example.org');
    const friend = await givenPerson(server, 'Friend');

    const { membership } = await mutate(server, friend, 'membershipAcceptInvitation', accept(secret), STATE);
    const query = `query($n: ID!, $m: ID!) { network(id: $n) { viewerCan { admit { allowed } }
      membership(id: $m) { sponsors { displayName } } } }`;
    const { network: seen } = await ask(server, network.founder, query, { n: network.id, m: membership.id });

    expect(membership.state).toBe('APPLIED');
    expect(seen).toEqual({
      viewerCan: { admit: { allowed: true } },
      membership: { sponsors: [{ displayName: 'Mia' }] },
    });
  });

  test('are for those who have applied already, too', async () => {
    const network = await givenNetwork(server);
    const ben = await givenApplicant(server, network);
    const secret = await invite(network, ben.email);

    const { membership } = await mutate(server, ben, 'membershipAcceptInvitation', accept(secret), STATE);

    expect(membership).toEqual({ id: ben.membershipId, state: 'ACTIVE' });
  });

  test('admit only while their sender and the rules still do', async () => {
    const network = await givenNetwork(server);
    const sender = await givenOfficer(server, network, 'COORDINATOR');
    const first = { networkId: network.id, email: 'first@example.org' };
    await mutate(server, sender, 'membershipInvite', first, 'invitation { id }');
    const second = await invite(network, 'second@example.org');
    const firstSecret = await secretSentTo('first@example.org');
    const target = { networkId: network.id, membershipId: sender.membershipId };
    await mutate(server, network.founder, 'membershipSuspend', { ...target, reason: 'fraud' }, STATE);

    const friend = await givenPerson(server, 'Friend');
    const byFormer = await mutate(server, friend, 'membershipAcceptInvitation', accept(firstSecret), STATE);
    await mutate(
      server,
      network.founder,
      'networkUpdate',
      { networkId: network.id, joinMode: 'VOTE' },
      'network { id }',
    );
    const other = await givenPerson(server, 'Other');
    const underVote = await mutate(server, other, 'membershipAcceptInvitation', accept(second), STATE);

    expect(byFormer.membership.state).toBe('APPLIED');
    expect(underVote.membership.state).toBe('APPLIED');
  });

  test('to oneself vouch for nobody', async () => {
    const network = await givenNetwork(server);
    const mia = await givenMember(server, network, 'Mia');
    const input = { networkId: network.id, email: mia.email };
    await mutate(server, mia, 'membershipInvite', input, 'invitation { id }');
    const secret = await secretSentTo(mia.email);
    const leave = { networkId: network.id, membershipId: mia.membershipId };
    await mutate(server, mia, 'membershipLeave', leave, STATE);

    const selection = 'membership { state sponsors { id } }';
    const { membership } = await mutate(server, mia, 'membershipAcceptInvitation', accept(secret), selection);

    expect(membership).toEqual({ state: 'APPLIED', sponsors: [] });
  });

  test('are limited to twenty a day for a member', async () => {
    const network = await givenNetwork(server);
    const member = await givenMember(server, network, 'Mia');
    const input = (index: number) => ({ networkId: network.id, email: `neighbour${index}@example.org` });
    for (let index = 0; index < 20; index++) {
      await mutate(server, member, 'membershipInvite', input(index), 'invitation { id }');
    }

    await refused(member, 'membershipInvite', input(20), 'TOO_MANY_INVITATIONS');
    server.clock.advance(24 * 3_600_000);
    await mutate(server, member, 'membershipInvite', input(20), 'invitation { id }');
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

  test('leaving is no way out of a suspension', async () => {
    const network = await givenNetwork(server, { template: 'MUTUAL_AID' });
    const ben = await givenPerson(server, 'Ben');
    await apply(ben, network);
    const { membershipId } = await asMember(server, ben, network.id);
    const target = { networkId: network.id, membershipId };
    await mutate(server, network.founder, 'membershipSuspend', { ...target, reason: 'conflict' }, STATE);
    await mutate(server, ben, 'membershipLeave', target, STATE);

    const { membership } = await apply(ben, network);
    const admitted = await mutate(server, network.founder, 'membershipAdmit', target, STATE);

    expect(membership.state).toBe('APPLIED');
    expect(admitted.membership.state).toBe('ACTIVE');
  });

  test('who vouched for an earlier application did not vouch for the next', async () => {
    const network = await givenNetwork(server, { template: 'ECOVILLAGE' });
    const [one, two] = [await givenMember(server, network, 'One'), await givenMember(server, network, 'Two')];
    const applicant = await givenApplicant(server, network);
    const target = { networkId: network.id, membershipId: applicant.membershipId };
    await mutate(server, one, 'membershipSponsor', target, STATE);
    await mutate(server, applicant, 'membershipLeave', target, STATE);
    await apply(applicant, network);

    const { membership } = await mutate(server, two, 'membershipSponsor', target, STATE);

    expect(membership.state).toBe('APPLIED');
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
