import sharp from 'sharp';
import { UNUSED_FILE_JOB } from '../../src/services/content/unused-files.ts';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { ask, givenPerson, send } from '../support/api.ts';
import { givenFile, keptFiles, PDF, pictureOf, upload, urlOf } from '../support/files.ts';
import { startS3 } from '../support/s3.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let elsewhere: TestNetwork;
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  elsewhere = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});

afterAll(() => server.close());

const FILE = `query($id: ID!) { node(id: $id) { ... on File {
  id contentType byteCount width height url thumbnail: url(size: THUMBNAIL) expiresAt } } }`;

async function bytesAt(url: string | null): Promise<Buffer> {
  const response = await fetch(url ?? '');
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe('a picture', () => {
  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('comes in as %s and goes out as WebP', async (kind) => {
    const { status, id } = await upload(server, ana, network.id, await pictureOf(kind), {
      'content-type': 'text/html',
    });

    expect(status).toBe(201);
    const { node } = await ask(server, ana, FILE, { id });
    expect(node).toMatchObject({ id, contentType: 'image/webp', width: 60, height: 40 });
    const full = await bytesAt(await urlOf(server, ana, id));
    expect(full.length).toBe(node.byteCount);
    const { format, width, height } = await sharp(full).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 60, height: 40 });
  });

  test('loses where, when and with what it was taken, and stands upright', async () => {
    const bytes = await sharp(await pictureOf('jpeg'))
      .withExif({
        IFD0: { Make: 'Camera', Software: 'Secret' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { exif, orientation } = await sharp(bytes).metadata();
    expect([exif?.includes('Camera'), orientation]).toEqual([true, 6]);

    const { id } = await upload(server, ana, network.id, bytes);

    for (const size of ['FULL', 'THUMBNAIL'] as const) {
      const kept = await bytesAt(await urlOf(server, ana, id, size));
      const metadata = await sharp(kept).metadata();
      expect([metadata.width, metadata.height]).toEqual([40, 60]);
      expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.icc]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
    // What was at the left is at the top now.
    const { data } = await sharp(await bytesAt(await urlOf(server, ana, id)))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeGreaterThan(200);
    expect(data.at(-1)).toBeGreaterThan(200);
  });

  test('is at most 2,000 pixels on a side, and its thumbnail 400', async () => {
    const { id } = await upload(
      server,
      ana,
      network.id,
      await pictureOf('jpeg', { width: 3_000, height: 1_500 }),
    );

    const { node } = await ask(server, ana, FILE, { id });
    expect([node.width, node.height]).toEqual([2_000, 1_000]);
    const thumbnail = await sharp(await bytesAt(await urlOf(server, ana, id, 'THUMBNAIL'))).metadata();
    expect([thumbnail.width, thumbnail.height]).toEqual([400, 200]);
  });

  test('carries nothing of what was hidden behind it', async () => {
    const script = '<script>alert(document.domain)</script>';
    const polyglot = Buffer.concat([await pictureOf('gif'), Buffer.from(script)]);

    const { id } = await upload(server, ana, network.id, polyglot);

    expect((await bytesAt(await urlOf(server, ana, id))).includes('script')).toBe(false);
  });

  test('can be sent by ten members at once', async () => {
    const bytes = await pictureOf('jpeg', { width: 1_200, height: 800 });

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => upload(server, ben, network.id, bytes)),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(10);
  });
});

test('a PDF is kept as it is, and offered to be saved', async () => {
  const { status, id } = await upload(server, ana, network.id, PDF, { 'content-type': 'image/jpeg' });

  expect(status).toBe(201);
  const { node } = await ask(server, ana, FILE, { id });
  expect(node).toMatchObject({
    contentType: 'application/pdf',
    byteCount: PDF.length,
    width: null,
    height: null,
    thumbnail: null,
  });
  const response = await fetch((await urlOf(server, ana, id)) ?? '');
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${id}.pdf"`);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(PDF);
});

describe('an address', () => {
  let id: string;
  let url: string;

  beforeAll(async () => {
    id = await givenFile(server, network, ana);
    url = (await urlOf(server, ana, id)) ?? '';
  });

  test('is for whoever knows it, and lets nothing in the file run', async () => {
    const response = await fetch(url);

    expect(response.status).toBe(200);
    const shown = [
      'content-type',
      'x-content-type-options',
      'content-security-policy',
      'content-disposition',
      'cache-control',
    ];
    expect(shown.map((name) => response.headers.get(name))).toEqual([
      'image/webp',
      'nosniff',
      "default-src 'none'; sandbox; frame-ancestors 'none'",
      `inline; filename="${id}.webp"`,
      'private, max-age=3600, immutable',
    ]);
  });

  test('is the same again for a while, and its content is not sent twice', async () => {
    const etag = (await fetch(url)).headers.get('etag') ?? '';

    const again = await fetch(url, { headers: { 'if-none-match': etag } });

    expect(await urlOf(server, ana, id)).toBe(url);
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test.each<[string, (address: string) => string]>([
    ['another signature', (address) => address.replace(/signature=./, 'signature=_')],
    ['no signature', (address) => address.replace(/&signature=.*/, '')],
    ['an empty signature', (address) => address.replace(/signature=.*/, 'signature=')],
    ['two signatures', (address) => `${address}&signature=a`],
    ['a later end', (address) => address.replace(/expires=\d+/, 'expires=99999999999')],
    ['no end', (address) => address.replace(/expires=\d+&/, '')],
    ['an end that is no number', (address) => address.replace(/expires=\d+/, 'expires=never')],
    ['another size', (address) => address.replace('/full', '/thumbnail')],
    ['an unknown size', (address) => address.replace('/full', '/original')],
    ['the name of a property', (address) => address.replace('/full', '/constructor')],
    ['another network', (address) => address.replace(network.id, elsewhere.id)],
    ['a path that leads elsewhere', (address) => address.replace('/full', '/..%2f..%2fsecret.key')],
    ['an id that is none', (address) => address.replace(/fil_\w+/, 'fil_..')],
  ])('with %s leads nowhere', async (_, change) => {
    expect(change(url)).not.toBe(url);

    const response = await fetch(change(url));

    expect(response.status).toBe(404);
    expect(((await response.json()) as { errors: object[] }).errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_FOUND' }) }),
    ]);
  });

  test('ends', async () => {
    const { node } = await ask(server, ana, FILE, { id });
    const left = new Date(node.expiresAt).getTime() - server.clock.now().getTime();
    expect(left).toBeGreaterThanOrEqual(HOUR_MS);

    await travel(server, left - 1);
    expect((await fetch(url)).status).toBe(200);
    await travel(server, 1);
    expect((await fetch(url)).status).toBe(404);
  });

  test('is told to the one who uploaded and to nobody else', async () => {
    expect(await urlOf(server, ana, id)).not.toBeNull();
    expect(await urlOf(server, ben, id)).toBeNull();
    expect(await urlOf(server, elsewhere.founder, id)).toBeNull();
    const visitor = await send(server, FILE, { id });
    expect(visitor.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('a file that nothing uses', () => {
  test('is deleted a day after its upload, with its bytes', async () => {
    const id = await givenFile(server, network, ana);
    expect((await keptFiles(server)).filter((file) => file.includes(id))).toHaveLength(2);

    await travel(server, DAY_MS - 1);
    await server.app.jobs.runDue();
    expect(await urlOf(server, ana, id)).not.toBeNull();
    await travel(server, 1);
    await server.app.jobs.runDue();

    expect(await urlOf(server, ana, id)).toBeNull();
    expect((await keptFiles(server)).filter((file) => file.includes(id))).toEqual([]);
  });

  test('leaves no bytes either if its upload broke off', async () => {
    const { db, files } = server.app.services;
    const real = files.store;
    const bytes = await pictureOf('jpeg');
    const before = await keptFiles(server);
    files.store = {
      get: (key) => real.get(key),
      delete: (key) => real.delete(key),
      async put(key, content) {
        await real.put(key, content);
        throw new Error('the process ended here');
      },
    };

    const { status } = await upload(server, ana, network.id, bytes);

    files.store = real;
    expect(status).toBe(500);
    expect(await keptFiles(server)).toHaveLength(before.length + 1);
    await travel(server, DAY_MS);
    await server.app.jobs.runDue();
    expect((await keptFiles(server)).filter((file) => !before.includes(file))).toEqual([]);
    expect(await db.row('select 1 from job where kind = $1', [UNUSED_FILE_JOB])).toBeUndefined();
  });
});

describe('with a bucket', () => {
  test('files go there and come from there, and the data directory stays empty', async () => {
    const s3 = await startS3();
    const other = await startTestServer({ s3: s3.config });
    try {
      const home = await givenNetwork(other);
      const id = await givenFile(other, home, home.founder);

      const { format } = await sharp(await bytesAt(await urlOf(other, home.founder, id))).metadata();

      expect(format).toBe('webp');
      await expect(keptFiles(other)).rejects.toThrow('ENOENT');
    } finally {
      await other.close();
      await s3.close();
    }
  });

  test('that is away an upload is refused, leaves no row and succeeds later', async () => {
    const s3 = await startS3();
    await s3.close();
    const other = await startTestServer({ s3: s3.config });
    try {
      const home = await givenNetwork(other);

      const { status, code } = await upload(other, home.founder, home.id, await pictureOf('jpeg'));

      expect([status, code]).toEqual([503, 'FILES_UNAVAILABLE']);
      expect(await other.app.services.db.row('select 1 from file')).toBeUndefined();
    } finally {
      await other.close();
    }
  });
});

test('somebody who is nowhere a member has no files', async () => {
  const nobody = await givenPerson(server, 'Nobody');

  expect(await urlOf(server, nobody, await givenFile(server, network, ana))).toBeNull();
});
