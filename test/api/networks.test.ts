import { NETWORK_TEMPLATES } from '../../src/entities/network-template.ts';
import { ask, givenPerson, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  givenApplicant,
  givenMember,
  givenNetwork,
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

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('templates', () => {
  test.each(NETWORK_TEMPLATES)(
    '%s brings units, accounts, categories, terms, bylaws and a founder',
    async (template) => {
      const founder = await givenPerson(server, 'Fay');
      const slug = `from-${template.toLowerCase().replace('_', '-')}`;

      const { network } = await mutate(
        server,
        founder,
        'networkCreate',
        { slug, name: 'Río Abajo', template, locale: 'es', timeZone: 'Europe/Madrid' },
        `network { slug name template defaultLocale timeZone joinMode memberCount
        units { code scale } categories { name } terms { version text } bylaws { version legalForm rules { action sentence } }
        memberClasses { code votes } accounts(filter: { isCommon: true }) { nodes { name balance { value } } }
        viewerMembership { state roles { role } accounts { nodes { unit { code opensMemberAccounts } } } } }`,
      );

      expect(network).toMatchObject({
        slug,
        name: 'Río Abajo',
        template,
        defaultLocale: 'es',
        memberCount: 1,
      });
      expect(network.units.length).toBeGreaterThan(0);
      expect(network.categories.length).toBeGreaterThan(0);
      expect(network.terms).toEqual({ version: 1, text: expect.stringMatching(/.{40}/s) });
      expect(network.bylaws.rules.map((rule: Json) => rule.action)).toContain('bylawsAmend');
      expect(network.accounts.nodes.length).toBeGreaterThan(0);
      const roles = network.viewerMembership.roles.map(({ role }: Json) => role);
      expect(roles.toSorted()).toEqual(['COORDINATOR', 'TREASURER']);
      for (const { unit } of network.viewerMembership.accounts.nodes)
        expect(unit.opensMemberAccounts).toBe(true);
    },
  );

  test.each([
    [{ slug: 'ab' }, 'INVALID_SLUG'],
    [{ slug: 'Has-Capitals' }, 'INVALID_SLUG'],
    [{ slug: 'two--hyphens' }, 'INVALID_SLUG'],
    [{ name: ' ' }, 'TEXT_TOO_SHORT'],
    [{ name: 'x'.repeat(121) }, 'TEXT_TOO_LONG'],
    [{ locale: 'not a tag' }, 'INVALID_LOCALE'],
    [{ timeZone: 'Mars/Olympus' }, 'INVALID_TIME_ZONE'],
    [{ template: 'COMMUNE' }, 'BAD_USER_INPUT'],
    [
      {
        description: [
          { locale: 'en', text: 'a' },
          { locale: 'EN', text: 'b' },
        ],
      },
      'INVALID_CHOICE',
    ],
  ])('refuse %j', async (change, code) => {
    const founder = await givenPerson(server, 'Fay');
    await refused(
      founder,
      'networkCreate',
      { slug: 'fine', name: 'Fine', template: 'LETS', ...change },
      code,
    );
  });

  test('one short name belongs to one network, also when ten ask at once', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => givenPerson(server, 'Fay')));
    const input = { slug: 'contested', name: 'Contested', template: 'TIMEBANK' };

    const answers = await Promise.all(
      people.map((person) => tryMutate(server, person, 'networkCreate', input, 'network { id }')),
    );

    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    const codes = answers.flatMap(({ errors }) => errors.map((error: Json) => error.code));
    expect(new Set(codes)).toEqual(new Set(['SLUG_TAKEN']));
  });
});

describe('settings', () => {
  test('change what is named and leave the rest', async () => {
    const network = await givenNetwork(server);
    const name = [
      { locale: 'en', text: 'River' },
      { locale: 'es', text: 'Río' },
    ];

    const input = { networkId: network.id, name, joinMode: 'SPONSORED', sponsorsNeeded: 2 };
    const selection =
      'network { slug joinMode sponsorsNeeded name(locale: "es") nameTranslations { locale text } isListed }';
    const updated = await mutate(server, network.founder, 'networkUpdate', input, selection);

    expect(updated.network).toEqual({
      slug: network.slug,
      joinMode: 'SPONSORED',
      sponsorsNeeded: 2,
      name: 'Río',
      nameTranslations: name,
      isListed: true,
    });
  });

  test.each([
    [{ slug: null }, 'REQUIRED'],
    [{ name: [] }, 'REQUIRED'],
    [{ joinMode: 'SPONSORED' }, 'INVALID_RANGE'],
    [{ sponsorsNeeded: 21 }, 'INVALID_RANGE'],
    [{ sponsorsNeeded: 2 ** 31 }, 'BAD_USER_INPUT'],
    [{ place: { latitude: 0, longitude: 181 } }, 'INVALID_COORDINATES'],
  ])('refuse %j', async (change, code) => {
    const network = await givenNetwork(server);
    await refused(network.founder, 'networkUpdate', { networkId: network.id, ...change }, code);
  });

  test('a short name that is taken stays with its network', async () => {
    const [first, second] = [await givenNetwork(server), await givenNetwork(server)];
    await refused(second.founder, 'networkUpdate', { networkId: second.id, slug: first.slug }, 'SLUG_TAKEN');
  });
});

test('a network is asked for by its short name or its id', async () => {
  const network = await givenNetwork(server);
  const codes = async (args: string) =>
    (await send(server, `{ network${args} { id } }`)).errors?.map((error) => error.extensions['code']);

  expect(await codes(`(slug: "${network.slug}")`)).toBeUndefined();
  expect(await codes(`(id: "${network.id}")`)).toBeUndefined();
  expect(await codes('(slug: "")')).toEqual(['INVALID_CHOICE']);
  expect(await codes(`(slug: "${network.slug}", id: "${network.id}")`)).toEqual(['INVALID_CHOICE']);
});

test('an archived network can be read, and nothing in it changes', async () => {
  const network = await givenNetwork(server);
  const ben = await givenMember(server, network, 'Ben');
  const { founder } = network;
  const inNetwork = { networkId: network.id };
  await mutate(server, founder, 'networkArchive', inNetwork, 'network { archivedAt }');

  const text = [{ locale: 'en', text: 'x' }];
  const unit = { code: 'X', name: text, symbol: 'x', kind: 'GIFT', scale: 0 };
  const attempts: [Caller, string, object][] = [
    [founder, 'networkArchive', inNetwork],
    [founder, 'networkUpdate', { ...inNetwork, isListed: false }],
    [founder, 'termsPublish', { ...inNetwork, text }],
    [founder, 'membershipInvite', { ...inNetwork, email: 'a@example.org' }],
    [await givenPerson(server), 'membershipApply', { ...inNetwork, acceptedTermsVersion: 1 }],
    [ben, 'membershipLeave', { ...inNetwork, membershipId: ben.membershipId }],
    [ben, 'membershipUpdate', { ...inNetwork, membershipId: ben.membershipId, phone: '1' }],
    [founder, 'roleAssign', { ...inNetwork, membershipId: ben.membershipId, role: 'AUDITOR' }],
    [ben, 'groupCreate', { ...inNetwork, name: 'Circle' }],
    [founder, 'unitCreate', { ...inNetwork, ...unit }],
    [
      ben,
      'accountOpen',
      { ...inNetwork, unitId: network.unitId, membershipId: ben.membershipId, name: 'More' },
    ],
    [ben, 'accountUpdate', { ...inNetwork, accountId: ben.accountId, name: 'Mine' }],
    [ben, 'accountClose', { ...inNetwork, idempotencyKey: 'close', accountId: ben.accountId }],
    [ben, 'transferCreate', transferInput(network, ben, founder, '1')],
  ];
  for (const [caller, field, input] of attempts) await refused(caller, field, input, 'NETWORK_ARCHIVED');

  expect(await balanceOf(server, network, ben)).toBe('0.00');
  const { networks } = await ask(
    server,
    null,
    `{ networks(filter: { text: "${network.slug}" }) { nodes { id } } }`,
  );
  expect(networks.nodes.filter((node: Json) => node.id === network.id)).toEqual([]);
});

describe('a federation', () => {
  const join = async (child: TestNetwork, umbrella: TestNetwork) => {
    const request = { networkId: child.id, parentId: umbrella.id };
    await mutate(server, child.founder, 'networkParentRequest', request, 'network { id }');
    const taken = { networkId: umbrella.id, childId: child.id };
    return mutate(server, umbrella.founder, 'networkChildAccept', taken, 'network { parent { id } }');
  };

  test('sees counts and sums of its networks, and never a balance', async () => {
    const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
    const [a, b] = [await givenNetwork(server), await givenNetwork(server)];
    const members = [];
    for (const name of ['Ana', 'Bo', 'Cy', 'Di']) members.push(await givenMember(server, a, name));
    const [ana, bo] = members as [Member, Member];
    await mutate(server, ana, 'transferCreate', transferInput(a, ana, bo, '1.5'), 'transfer { id }');
    await mutate(server, bo, 'transferCreate', transferInput(a, bo, ana, '1'), 'transfer { id }');
    // Too small to be counted: who pays in it would be known.
    const lone = await givenMember(server, b, 'Lone');
    await mutate(server, lone, 'transferCreate', transferInput(b, lone, b.founder, '7'), 'transfer { id }');
    await join(a, umbrella);
    const joined = await join(b, umbrella);

    const query = `query($id: ID!) { network(id: $id) { federation { networks members transfers hours }
      children { nodes { slug memberCount accounts { nodes { balance { value } } } } } } }`;
    const { data, errors } = await send(
      server,
      query,
      { id: umbrella.id },
      { token: umbrella.founder.token },
    );

    expect(joined.network.parent).toEqual({ id: umbrella.id });
    expect(data.network.federation).toEqual({ networks: 2, members: 7, transfers: 2, hours: '2.50' });
    expect(data.network.children.nodes.map((node: Json) => node.accounts)).toEqual([null, null]);
    expect(new Set(errors?.map((error) => error.extensions['code']))).toEqual(new Set(['FORBIDDEN']));
  });

  test('needs both sides, an umbrella, and no circle', async () => {
    const [top, middle] = [
      await givenNetwork(server, { template: 'UMBRELLA' }),
      await givenNetwork(server, { template: 'UMBRELLA' }),
    ];
    const plain = await givenNetwork(server);
    const take = { networkId: top.id, childId: plain.id };
    await refused(top.founder, 'networkChildAccept', take, 'FEDERATION_CONFLICT');
    const toPlain = { networkId: top.id, parentId: plain.id };
    await refused(top.founder, 'networkParentRequest', toPlain, 'FEDERATION_CONFLICT');
    await refused(
      top.founder,
      'networkParentRequest',
      { networkId: top.id, parentId: top.id },
      'FEDERATION_CONFLICT',
    );
    await join(middle, top);
    await mutate(
      server,
      top.founder,
      'networkParentRequest',
      { networkId: top.id, parentId: middle.id },
      'network { id }',
    );

    const circle = { networkId: middle.id, childId: top.id };
    const error = await refused(middle.founder, 'networkChildAccept', circle, 'FEDERATION_CONFLICT');

    expect(JSON.parse(error.details)).toEqual({ reason: 'WOULD_BE_CIRCLE' });
  });

  test('makes no circle when two umbrellas take each other in at once', async () => {
    const [a, b] = [
      await givenNetwork(server, { template: 'UMBRELLA' }),
      await givenNetwork(server, { template: 'UMBRELLA' }),
    ];
    await mutate(
      server,
      a.founder,
      'networkParentRequest',
      { networkId: a.id, parentId: b.id },
      'network { id }',
    );
    await mutate(
      server,
      b.founder,
      'networkParentRequest',
      { networkId: b.id, parentId: a.id },
      'network { id }',
    );

    const answers = await Promise.all([
      tryMutate(
        server,
        a.founder,
        'networkChildAccept',
        { networkId: a.id, childId: b.id },
        'network { id }',
      ),
      tryMutate(
        server,
        b.founder,
        'networkChildAccept',
        { networkId: b.id, childId: a.id },
        'network { id }',
      ),
    ]);

    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  });

  test('makes no circle of four when all four take their neighbour in at once', async () => {
    const ring: TestNetwork[] = [];
    for (let index = 0; index < 4; index++) ring.push(await givenNetwork(server, { template: 'UMBRELLA' }));
    const parentOf = (index: number) => ring[(index + 1) % 4] as TestNetwork;
    for (const [index, child] of ring.entries()) {
      const request = { networkId: child.id, parentId: parentOf(index).id };
      await mutate(server, child.founder, 'networkParentRequest', request, 'network { id }');
    }

    const answers = await Promise.all(
      ring.map((child, index) =>
        tryMutate(
          server,
          parentOf(index).founder,
          'networkChildAccept',
          { networkId: parentOf(index).id, childId: child.id },
          'network { id }',
        ),
      ),
    );

    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(3);
  });

  test('can be left', async () => {
    const umbrella = await givenNetwork(server, { template: 'UMBRELLA' });
    const child = await givenNetwork(server);
    await refused(child.founder, 'networkParentLeave', { networkId: child.id }, 'FEDERATION_CONFLICT');
    await join(child, umbrella);

    const left = await mutate(
      server,
      child.founder,
      'networkParentLeave',
      { networkId: child.id },
      'network { parent { id } }',
    );

    expect(left.network.parent).toBeNull();
  });
});

describe('groups', () => {
  async function givenGroup(): Promise<{
    network: TestNetwork;
    ana: Member;
    ben: Member;
    group: { networkId: string; groupId: string };
  }> {
    const network = await givenNetwork(server);
    const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
    const input = {
      networkId: network.id,
      name: 'Garden',
      purpose: [{ locale: 'en', text: 'By the river' }],
    };
    const made = await mutate(server, ana, 'groupCreate', input, 'group { id }');
    return { network, ana, ben, group: { networkId: network.id, groupId: made.group.id } };
  }

  test('have members and coordinators', async () => {
    const { ana, ben, group } = await givenGroup();
    const selection = 'group { name purpose members { nodes { displayName } } coordinators { displayName } }';

    await mutate(server, ben, 'groupJoin', group, 'group { id }');
    const input = { ...group, membershipId: ben.membershipId, isCoordinator: true };
    const payload = await mutate(server, ana, 'groupCoordinatorSet', input, selection);

    expect(payload.group).toEqual({
      name: 'Garden',
      purpose: 'By the river',
      members: { nodes: [{ displayName: 'Ana' }, { displayName: 'Ben' }] },
      coordinators: [{ displayName: 'Ana' }, { displayName: 'Ben' }],
    });
    await refused(ben, 'groupJoin', group, 'GROUP_CONFLICT');
  });

  test('can be for those whom a coordinator adds', async () => {
    const { network, ana, ben, group } = await givenGroup();
    await refused(ben, 'groupUpdate', { ...group, joinMode: 'BY_COORDINATOR' }, 'FORBIDDEN');
    await mutate(server, ana, 'groupUpdate', { ...group, joinMode: 'BY_COORDINATOR' }, 'group { joinMode }');
    await refused(ben, 'groupJoin', group, 'GROUP_CONFLICT');
    await refused(ben, 'groupJoin', { ...group, membershipId: network.founder.membershipId }, 'FORBIDDEN');
    const applicant = await givenApplicant(server, network);
    await refused(ana, 'groupJoin', { ...group, membershipId: applicant.membershipId }, 'MEMBERSHIP_STATE');

    await mutate(server, ana, 'groupJoin', { ...group, membershipId: ben.membershipId }, 'group { id }');
    await mutate(
      server,
      network.founder,
      'groupLeave',
      { ...group, membershipId: ben.membershipId },
      'group { id }',
    );

    await refused(ben, 'groupLeave', group, 'GROUP_CONFLICT');
  });

  test('out of use take nobody in', async () => {
    const { ana, ben, group } = await givenGroup();
    await mutate(server, ana, 'groupUpdate', { ...group, isArchived: true }, 'group { archivedAt }');
    await refused(ben, 'groupJoin', group, 'GROUP_CONFLICT');
  });

  test('hold accounts that their coordinators sign for', async () => {
    const { network, ana, ben, group } = await givenGroup();
    const input = { ...group, unitId: network.unitId, name: 'Garden pot' };
    const opened = await mutate(
      server,
      network.founder,
      'accountOpen',
      input,
      'account { id holder { ... on Group { name } } }',
    );
    const payment = { ...transferInput(network, ana, ben, '1'), payerAccountId: opened.account.id };

    await refused(ben, 'transferCreate', payment, 'FORBIDDEN');
    await mutate(server, ana, 'transferCreate', payment, 'transfer { id }');

    expect(opened.account.holder).toEqual({ name: 'Garden' });
    expect(await balanceOf(server, network, ben)).toBe('1.00');
  });
});
