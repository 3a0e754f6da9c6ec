import type { Booking } from '../../src/entities/booking.ts';
import type { Pool } from '../../src/entities/pool.ts';
import { ResourceRecord } from '../../src/entities/resource-record.ts';
import { Resource } from '../../src/entities/resource.ts';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { ask, codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { givenFile, here, keptFiles, PDF, upload, urlOf } from '../support/files.ts';
import { givenBooking } from '../support/given-booking.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let steward: Member;
let pool: Pool;
let drill: Resource;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  steward = await givenMember(server, network, 'Sol');
  pool = await givenPool(server, network, { stewards: [steward] });
});

beforeEach(async () => {
  drill = await givenResource(server, pool);
});

afterAll(() => server.close());

const PHOTOS = 'resource { photos { caption file { id contentType url thumbnail: url(size: THUMBNAIL) } } }';

const about = (fields: object) => ({ networkId: network.id, resourceId: drill.id, ...fields });

/** A picture that somebody has uploaded and added to the drill. */
async function givenPhoto(member: Member, caption?: string): Promise<string> {
  const fileId = await givenFile(server, network, member);
  await mutate(server, member, 'resourcePhotoAdd', about({ fileId, caption }), '__typename');
  return fileId;
}

async function photosSeen(): Promise<Json[]> {
  const input = about({ condition: 'GOOD' });
  const { resource } = await mutate(server, steward, 'resourceConditionReport', input, PHOTOS);
  return resource.photos;
}

describe('a picture of a thing', () => {
  test('is shown to whoever sees the thing, behind those that are there', async () => {
    const first = await givenPhoto(steward, '  From the left ');
    const second = await givenPhoto(network.founder);

    const photos = await photosSeen();

    expect(photos.map(({ caption, file }) => [caption, file.id])).toEqual([
      ['From the left', first],
      ['', second],
    ]);
    expect((await fetch(here(server, photos[0].file.thumbnail))).headers.get('content-type')).toBe(
      'image/webp',
    );
    expect(await urlOf(server, ana, first)).toBeNull();
  });

  test('stays when a day is over', async () => {
    const fileId = await givenPhoto(steward);

    await travel(server, DAY_MS);
    await server.app.jobs.runDue();

    expect((await photosSeen()).map(({ file }) => file.id)).toEqual([fileId]);
    expect((await keptFiles(server)).filter((file) => file.includes(fileId))).toHaveLength(2);
  });

  test('is added by who lends the thing', async () => {
    drill = await givenResource(server, pool, { ownerKind: 'MEMBER', ownerMembershipId: ana.membershipId });

    await givenPhoto(ana, 'Mine');

    expect((await photosSeen()).map(({ caption }) => caption)).toEqual(['Mine']);
  });

  test('is removed with its bytes, whoever added it', async () => {
    const fileId = await givenPhoto(steward);
    const url = here(server, (await photosSeen())[0].file.url);
    expect((await fetch(url)).status).toBe(200);

    const { resource } = await mutate(
      server,
      network.founder,
      'resourcePhotoRemove',
      about({ fileId }),
      PHOTOS,
    );
    await server.app.jobs.runDue();

    expect(resource.photos).toEqual([]);
    expect((await fetch(url)).status).toBe(404);
    expect((await keptFiles(server)).filter((file) => file.includes(fileId))).toEqual([]);
  });

  test('is the twentieth at most, also when several come at once', async () => {
    for (let count = 0; count < 18; count++) await givenPhoto(steward);
    const files = [];
    for (let count = 0; count < 4; count++) files.push(await givenFile(server, network, steward));

    const answers = await Promise.all(
      files.map((fileId) => tryMutate(server, steward, 'resourcePhotoAdd', about({ fileId }), '__typename')),
    );

    expect(codesOf(answers).toSorted()).toEqual(['DONE', 'DONE', 'TOO_MANY_PHOTOS', 'TOO_MANY_PHOTOS']);
    expect(await photosSeen()).toHaveLength(20);
  });

  test('is used once, also when it is added to two things at once', async () => {
    const other = await givenResource(server, pool);
    const fileId = await givenFile(server, network, steward);

    const answers = await Promise.all(
      [drill.id, other.id, drill.id, other.id].map((resourceId) =>
        tryMutate(server, steward, 'resourcePhotoAdd', about({ fileId, resourceId }), '__typename'),
      ),
    );

    expect(codesOf(answers).toSorted()).toEqual(['DONE', 'FILE_IN_USE', 'FILE_IN_USE', 'FILE_IN_USE']);
  });
});

test('pictures of many things are read in as many statements as those of few', async () => {
  const shared = await givenPool(server, network, { stewards: [steward] });
  for (let count = 0; count < 6; count++) {
    drill = await givenResource(server, shared);
    await givenPhoto(steward);
    await givenPhoto(steward);
  }
  const query = `query($id: ID!, $first: Int!) { node(id: $id) { ... on Pool {
    resources(first: $first) { nodes { photos { file { url } } } } } } }`;
  const asked = async (first: number) => {
    const queries = jest.spyOn(server.app.database.pool, 'query');
    const { node } = await ask(server, ana, query, { id: shared.id, first });
    const count = queries.mock.calls.length;
    queries.mockRestore();
    return { photos: node.resources.nodes.flatMap(({ photos }: Json) => photos).length, count };
  };
  await asked(1);

  const [few, many] = [await asked(2), await asked(6)];

  expect([few.photos, many.photos]).toEqual([4, 12]);
  expect(many.count).toBeLessThanOrEqual(few.count);
});

describe('refused, with everything as before, is', () => {
  test('a file of somebody else, of another network, or of nobody', async () => {
    const elsewhere = await givenNetwork(server);
    const ofBen = await givenFile(server, network, ben);
    const foreign = await givenFile(server, elsewhere, elsewhere.founder);

    for (const fileId of [ofBen, foreign, 'fil_01h455vb4pex5vsknk084sn02q']) {
      await expectRefusal(server, steward, ['resourcePhotoAdd', about({ fileId }), 'NOT_FOUND']);
      const report = about({ fileId, condition: 'WORN' });
      await expectRefusal(server, steward, ['resourceConditionReport', report, 'NOT_FOUND']);
    }
  });

  test('what is no picture, or no file', async () => {
    const { id: pdf } = await upload(server, steward, network.id, PDF);

    await expectRefusal(server, steward, [
      'resourcePhotoAdd',
      about({ fileId: pdf }),
      'FILE_TYPE_NOT_ACCEPTED',
    ]);
    await expectRefusal(server, steward, ['resourcePhotoAdd', about({ fileId: drill.id }), 'INVALID_ID']);
    await expectRefusal(server, steward, [
      'resourcePhotoAdd',
      about({ fileId: '../secret.key' }),
      'INVALID_ID',
    ]);
  });

  test('a caption that is too long', async () => {
    const fileId = await givenFile(server, network, steward);

    const input = about({ fileId, caption: 'x'.repeat(201) });
    await expectRefusal(server, steward, ['resourcePhotoAdd', input, 'TEXT_TOO_LONG']);
  });

  test('who neither owns the thing nor looks after it', async () => {
    const fileId = await givenFile(server, network, ben);
    const shown = await givenPhoto(steward);

    await expectRefusal(server, ben, ['resourcePhotoAdd', about({ fileId }), 'FORBIDDEN']);
    await expectRefusal(server, ben, ['resourcePhotoRemove', about({ fileId: shown }), 'FORBIDDEN']);
    await expectRefusal(server, ben, ['resourceConditionReport', about({ condition: 'WORN' }), 'FORBIDDEN']);
  });

  test('a picture that the thing does not have', async () => {
    const fileId = await givenPhoto(steward);
    drill = await givenResource(server, pool);

    await expectRefusal(server, steward, ['resourcePhotoRemove', about({ fileId }), 'NOT_FOUND']);
  });

  test('a thing that is retired', async () => {
    const fileId = await givenFile(server, network, steward);
    drill = await givenResource(server, pool, { state: 'RETIRED', retiredAt: server.clock.now() });

    await expectRefusal(server, steward, ['resourcePhotoAdd', about({ fileId }), 'RESOURCE_NOT_ACTIVE']);
    const report = about({ condition: 'WORN' });
    await expectRefusal(server, steward, ['resourceConditionReport', report, 'RESOURCE_NOT_ACTIVE']);
  });
});

describe('the condition of a thing', () => {
  async function lastRecord(): Promise<ResourceRecord | undefined> {
    const match = { networkId: network.id, resourceId: drill.id };
    return (await server.app.services.db.all(ResourceRecord, match, 'order by id desc limit 1'))[0];
  }

  test('is written down for good with a note and a picture, and holds from then on', async () => {
    const fileId = await givenFile(server, network, steward);

    const input = about({ condition: 'DAMAGED', note: ' The cable is broken ', fileId });
    const { resource } = await mutate(
      server,
      steward,
      'resourceConditionReport',
      input,
      'resource { condition }',
    );

    expect(resource.condition).toBe('DAMAGED');
    expect(await lastRecord()).toMatchObject({
      kind: 'CONDITION',
      condition: 'DAMAGED',
      note: 'The cable is broken',
      byMembershipId: steward.membershipId,
      fileId,
      at: server.clock.now(),
    });
    expect(await server.app.services.db.one(Resource, { networkId: network.id, id: drill.id })).toMatchObject(
      {
        condition: 'DAMAGED',
      },
    );
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'who keeps it',
      async () => {
        drill = await givenResource(server, pool, { custodianMembershipId: ben.membershipId });
      },
    ],
    [
      'who lends it',
      async () => {
        drill = await givenResource(server, pool, {
          ownerKind: 'MEMBER',
          ownerMembershipId: ben.membershipId,
        });
      },
    ],
    ['who has taken it out', () => givenTakenOut(ben)],
  ])('is reported by %s', async (_, given) => {
    await given();

    await mutate(server, ben, 'resourceConditionReport', about({ condition: 'WORN' }), '__typename');

    expect(await lastRecord()).toMatchObject({ condition: 'WORN', note: '', fileId: null });
  });

  test('is not for who had it once', async () => {
    await givenTakenOut(ben, { state: 'RETURNED', endedAt: server.clock.now() });

    await expectRefusal(server, ben, ['resourceConditionReport', about({ condition: 'WORN' }), 'FORBIDDEN']);
  });
});

/** A booking of the drill that has been fetched. */
async function givenTakenOut(member: Member, given: Partial<Booking> = {}): Promise<void> {
  await givenBooking(server, member, [drill], { state: 'CHECKED_OUT', ...given });
}
