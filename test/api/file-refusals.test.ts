import sharp from 'sharp';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { mutate, type Caller } from '../support/api.ts';
import { bombOf, pictureOf, rowsAndBytes, upload } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  givenApplicant,
  givenMember,
  givenNetwork,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let elsewhere: TestNetwork;
let ana: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  elsewhere = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
});

afterAll(() => server.close());

describe('refused, with rows and bytes as before, is', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
  const cases: [string, () => Promise<Buffer | string> | Buffer | string, number, string][] = [
    ['nothing', () => '', 400, 'REQUIRED'],
    ['text that is called a picture', () => 'I am a picture', 415, 'FILE_TYPE_NOT_ACCEPTED'],
    ['a vector graphic with a script', () => svg, 415, 'FILE_TYPE_NOT_ACCEPTED'],
    ['a page', () => '<!doctype html><script>alert(1)</script>', 415, 'FILE_TYPE_NOT_ACCEPTED'],
    [
      'a page that begins as a PDF and never ends',
      () => '%PDF-1.4<script>alert(1)</script>',
      415,
      'FILE_TYPE_NOT_ACCEPTED',
    ],
    [
      'a TIFF',
      () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
          .tiff()
          .toBuffer(),
      415,
      'FILE_TYPE_NOT_ACCEPTED',
    ],
    [
      'an AVIF',
      () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
          .avif()
          .toBuffer(),
      415,
      'FILE_TYPE_NOT_ACCEPTED',
    ],
    ['the first bytes of a JPEG alone', () => Buffer.from('\xff\xd8\xff', 'latin1'), 400, 'PICTURE_DAMAGED'],
    ['a vector graphic behind the first bytes of a GIF', () => `GIF89a${svg}`, 400, 'PICTURE_DAMAGED'],
    [
      'half of a JPEG',
      async () => halfOf(await pictureOf('jpeg', { width: 600, height: 400 })),
      400,
      'PICTURE_DAMAGED',
    ],
    [
      'half of a PNG',
      async () => halfOf(await pictureOf('png', { width: 600, height: 400 })),
      400,
      'PICTURE_DAMAGED',
    ],
    [
      'half of a WebP',
      async () => halfOf(await pictureOf('webp', { width: 600, height: 400 })),
      400,
      'PICTURE_DAMAGED',
    ],
    ['a bomb of 2,500 million pixels', () => bombOf(50_000, 50_000), 400, 'PICTURE_TOO_LARGE'],
    ['a picture one row too large', () => bombOf(10_000, 5_001), 400, 'PICTURE_TOO_LARGE'],
    ['a picture with fewer pixels than it says', () => bombOf(7_000, 7_000), 400, 'PICTURE_DAMAGED'],
  ];

  test.each(cases)('%s', async (_, bytes, status, code) => {
    const before = await rowsAndBytes(server);

    const answer = await upload(server, ana, network.id, await bytes(), { 'content-type': 'image/jpeg' });

    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(await rowsAndBytes(server)).toEqual(before);
  });

  test('what is larger than ten megabytes', async () => {
    const before = await rowsAndBytes(server);

    const answer = await upload(server, ana, network.id, Buffer.alloc(11_000_000, '\xff\xd8\xff', 'latin1'));

    expect([answer.status, answer.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await rowsAndBytes(server)).toEqual(before);
  });

  test.each<[string, () => Promise<Caller | null> | Caller | null, () => string, number, object]>([
    ['a visitor', () => null, () => network.id, 401, { code: 'UNAUTHENTICATED' }],
    [
      'a member of another network',
      () => elsewhere.founder,
      () => network.id,
      403,
      { code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' },
    ],
    [
      'an applicant',
      () => givenApplicant(server, network),
      () => network.id,
      403,
      { code: 'FORBIDDEN', reason: 'MEMBERSHIP_NOT_ACTIVE' },
    ],
    ['who names no network', () => ana, () => '', 400, { code: 'INVALID_ID' }],
    ['who names another thing', () => ana, () => ana.membershipId, 400, { code: 'INVALID_ID' }],
    [
      'who names a network that is none',
      () => ana,
      () => 'net_01h455vb4pex5vsknk084sn02q',
      404,
      { code: 'NOT_FOUND' },
    ],
  ])('%s', async (_, caller, networkId, status, extensions) => {
    const who = await caller();
    const before = await rowsAndBytes(server);

    const answer = await upload(server, who, networkId(), await pictureOf('jpeg'));

    expect(answer.status).toBe(status);
    expect(answer.extensions).toMatchObject(extensions);
    expect(await rowsAndBytes(server)).toEqual(before);
  });

  test('a token that only reads', async () => {
    const expiresAt = new Date(server.clock.now().getTime() + DAY_MS).toISOString();
    const input = { name: 'reader', scopes: [], expiresAt };
    const { token } = await mutate(server, ana, 'accessTokenCreate', input, 'token');

    const answer = await upload(server, { ...ana, token }, network.id, await pictureOf('jpeg'));

    expect(answer.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'SCOPE_REQUIRED' });
  });

  test('a page of another site that uses the cookie of a visitor', async () => {
    const cookie = `mutuality_session=${ana.token}`;
    const bytes = await pictureOf('jpeg');
    const before = await rowsAndBytes(server);

    const foreign = await upload(server, null, network.id, bytes, { cookie, 'content-type': 'text/plain' });
    const afterwards = await rowsAndBytes(server);
    const own = await upload(server, null, network.id, bytes, { cookie, 'apollo-require-preflight': '1' });

    expect([foreign.status, foreign.extensions]).toEqual([
      400,
      { code: 'REQUIRED', input: 'apollo-require-preflight' },
    ]);
    expect(afterwards).toEqual(before);
    expect(own.status).toBe(201);
  });

  test('who uploads without end', async () => {
    const eve = await givenMember(server, network, 'Eve');
    const { throttle } = server.app.services.files;
    for (let count = 0; count < 200; count++) await throttle.count('uploadByPerson', eve.personId);
    const before = await rowsAndBytes(server);

    const answer = await upload(server, eve, network.id, await pictureOf('jpeg'));

    expect([answer.status, answer.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await rowsAndBytes(server)).toEqual(before);
  });
});

function halfOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2);
}
