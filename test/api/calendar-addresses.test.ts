import { Writable } from 'node:stream';
import { personActor } from '../../src/commands/with-app.ts';
import { openLog } from '../../src/kernel/log.ts';
import { expelMember, leaveNetwork } from '../../src/services/networks/membership-changes.ts';
import { ask, mutate, tryMutate } from '../support/api.ts';
import { givenFeed } from '../support/calendar.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let steward: Member;
let logged = '';

beforeAll(async () => {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  server = await startTestServer({}, openLog({ logLevel: 'trace' }, destination));
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  steward = await givenMember(server, network, 'Sol');
});

afterAll(() => server.close());

async function read(url: string): Promise<void> {
  expect((await fetch(url)).status).toBe(200);
}

const secretOf = (url: string) => url.split('/').at(-1)!.replace('.ics', '');

describe('an address', () => {
  test('is one of the owner’s calendars, and is never shown again', async () => {
    const zoe = await givenMember(server, network, 'Zoe');
    const { id, url } = await givenFeed(server, network, zoe);
    const query = `query($n: ID!, $id: ID!) {
      network(id: $n) { viewerMembership { calendarFeeds { id scope readAt pool { id } resource { id } } } }
      node(id: $id) { ... on CalendarFeed { scope } } }`;
    const feeds = async (member: Member) => {
      const { network: seen, node } = await ask(server, member, query, { n: network.id, id });
      return [seen.viewerMembership.calendarFeeds, node];
    };
    const none = { pool: null, resource: null };
    expect(await feeds(zoe)).toEqual([[{ id, scope: 'MEMBER', readAt: null, ...none }], { scope: 'MEMBER' }]);

    await read(url);

    const readAt = server.clock.now().toISOString();
    expect(await feeds(zoe)).toEqual([[{ id, scope: 'MEMBER', readAt, ...none }], { scope: 'MEMBER' }]);
    expect((await feeds(ben))[1]).toBeNull();
    const secret = secretOf(url);
    const rows = await server.app.services.db.rows('select * from calendar_feed');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('of others is nobody’s business', async () => {
    const { id } = await givenFeed(server, network, ben);
    const query = `query($id: ID!) { node(id: $id) { ... on Membership { calendarFeeds { id } } } }`;

    const seen = await ask(server, network.founder, query, { id: ben.membershipId });

    expect(seen.node.calendarFeeds).toBeNull();
    await expectRefusal(server, network.founder, [
      'calendarFeedRevoke',
      { networkId: network.id, calendarFeedId: id },
      'NOT_FOUND',
    ]);
  });

  test('leads nowhere once it is revoked, as one that was guessed does', async () => {
    const { id, url } = await givenFeed(server, network, ana);
    await read(url);
    const input = { networkId: network.id, calendarFeedId: id };

    const { calendarFeed } = await mutate(
      server,
      ana,
      'calendarFeedRevoke',
      input,
      'calendarFeed { revokedAt }',
    );

    expect(calendarFeed.revokedAt).toBe(server.clock.now().toISOString());

    const revoked = await fetch(url);
    const guessed = await fetch(url.replace(/\/[^/]+$/, `/${'A'.repeat(43)}.ics`));
    expect([revoked.status, guessed.status]).toEqual([404, 404]);
    expect(await revoked.json()).toEqual(await guessed.json());
    await expectRefusal(server, ana, ['calendarFeedRevoke', input, 'NOT_FOUND']);
  });

  test.each<[string, (url: string) => string]>([
    ['without its ending', (url) => url.replace('.ics', '')],
    ['of another network', (url) => url.replace(/net_\w+/, 'net_01h455vb4pex5vsknk084sn02q')],
    ['of no network', (url) => url.replace(/net_\w+/, 'network')],
    ['with a path that leads elsewhere', (url) => url.replace(/\/[^/]+$/, '/..%2f..%2fsecret.key')],
    ['cut short', (url) => url.replace(/.\.ics$/, '.ics')],
  ])('%s leads nowhere', async (_, change) => {
    const { url } = await givenFeed(server, network, steward);

    expect((await fetch(change(url))).status).toBe(404);
  });

  test('works while its owner is an active member', async () => {
    const eli = await givenMember(server, network, 'Eli');
    const { url } = await givenFeed(server, network, eli);
    const about = { networkId: network.id, membershipId: eli.membershipId };
    await read(url);

    await mutate(server, network.founder, 'membershipSuspend', { ...about, reason: 'absent' }, '__typename');
    expect((await fetch(url)).status).toBe(404);
    await mutate(server, network.founder, 'membershipReinstate', about, '__typename');
    expect((await fetch(url)).status).toBe(200);
    await mutate(server, eli, 'membershipLeave', about, '__typename');
    expect((await fetch(url)).status).toBe(404);
  });

  test.each([
    ['leaves', (member: Member) => member, leaveNetwork],
    ['is expelled', () => network.founder, expelMember],
  ] as const)('works no more once its owner %s, also when they come back', async (_, by, end) => {
    const eli = await givenMember(server, network, 'Eli');
    const { id, url } = await givenFeed(server, network, eli);
    const about = { networkId: network.id, membershipId: eli.membershipId };
    await read(url);

    await server.app.services.run(personActor(by(eli).personId), (tx) =>
      end(tx, { ...about, reason: 'moved away' }),
    );
    await server.app.services.db.execute(`update membership set state = 'ACTIVE' where id = $1`, [
      eli.membershipId,
    ]);

    expect((await fetch(url)).status).toBe(404);
    const query = 'query($n: ID!) { network(id: $n) { viewerMembership { calendarFeeds { id } } } }';
    const seen = await ask(server, eli, query, { n: network.id });
    expect(seen.network.viewerMembership.calendarFeeds).toEqual([]);
    const events = await server.app.services.db.rows(
      'select kind from event where subject_id = $1 order by id',
      [id],
    );
    expect(events).toEqual([{ kind: 'CalendarFeedCreated' }, { kind: 'CalendarFeedRevoked' }]);
  });

  test('stays out of the log, also when it is revoked or cannot be read', async () => {
    const { id, url } = await givenFeed(server, network, ben);
    await read(url);
    await mutate(
      server,
      ben,
      'calendarFeedRevoke',
      { networkId: network.id, calendarFeedId: id },
      '__typename',
    );
    await fetch(url);
    await fetch(url.replace('.ics', '.txt'));

    expect(logged).toContain('"path":"/calendar/:networkId/:file","status":200');
    expect(logged).toContain('"path":"/calendar/:networkId/:file","status":404');
    expect(logged).not.toContain(secretOf(url));
  });

  test('is read sixty times an hour, and guessed at sixty times', async () => {
    const { url } = await givenFeed(server, network, steward);
    const { throttle } = server.app.services.people;
    const wrong = url.replace(/\/[^/]+$/, `/${'B'.repeat(43)}.ics`);

    let answer = await fetch(url);
    while (answer.status === 200) answer = await fetch(url);
    expect(answer.status).toBe(429);
    for (let count = 0; count < 60; count++)
      await throttle.count('calendarMissByAddress', '127.0.0.1').catch(() => {});
    expect((await fetch(wrong)).status).toBe(429);
  });
});

describe('refused, with everything as before, is', () => {
  test('what no calendar can show', async () => {
    const pool = await givenPool(server, network);
    const drill = await givenResource(server, pool);
    const elsewhere = await givenNetwork(server);
    const foreign = await givenPool(server, elsewhere);
    const about = (fields: object) => ({ networkId: network.id, ...fields });

    const both = about({ poolId: pool.id, resourceId: drill.id });
    await expectRefusal(server, ana, ['calendarFeedCreate', both, 'INVALID_CHOICE']);
    await expectRefusal(server, ana, ['calendarFeedCreate', about({ poolId: foreign.id }), 'NOT_FOUND']);
    await expectRefusal(server, ana, ['calendarFeedCreate', about({ poolId: drill.id }), 'INVALID_ID']);
    await expectRefusal(server, ana, ['calendarFeedCreate', about({ resourceId: pool.id }), 'INVALID_ID']);
  });

  test('the twenty-first calendar, also when several are made at once', async () => {
    const max = await givenMember(server, network, 'Max');
    for (let count = 0; count < 18; count++) await givenFeed(server, network, max);
    const input = { networkId: network.id };

    const answers = await Promise.all(
      Array.from({ length: 4 }, () => tryMutate(server, max, 'calendarFeedCreate', input, 'url')),
    );

    const codes = answers.map(({ errors }) => errors[0]?.code ?? 'DONE').toSorted();
    expect(codes).toEqual(['DONE', 'DONE', 'TOO_MANY_CALENDAR_FEEDS', 'TOO_MANY_CALENDAR_FEEDS']);
    await expectRefusal(server, max, ['calendarFeedCreate', input, 'TOO_MANY_CALENDAR_FEEDS']);
  });
});
