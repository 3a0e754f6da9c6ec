import type * as Argon2 from '@node-rs/argon2';
import { ask, givenPerson, PASSWORD, send, tryMutate } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const VIEWER = '{ viewer { person { name email isEmailVerified } sessions { isCurrent } } }';

test('signs a person in and shows what is theirs', async () => {
  const ana = await givenPerson(server, 'Ana');

  const { viewer } = await ask(server, ana, VIEWER);

  expect(viewer).toEqual({
    person: { name: 'Ana', email: ana.email, isEmailVerified: false },
    sessions: [{ isCurrent: true }],
  });
});

test('refuses a visitor what needs a person', async () => {
  const { data, errors } = await send(server, VIEWER);

  expect(data).toBeNull();
  expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })]);
});

test('answers alike for an unknown person and a wrong password', async () => {
  const ana = await givenPerson(server, 'Ana');

  const wrong = await tryMutate(
    server,
    null,
    'sessionStart',
    { email: ana.email, password: 'not hers at all' },
    'token',
  );
  const unknown = await tryMutate(
    server,
    null,
    'sessionStart',
    { email: 'no@example.org', password: PASSWORD },
    'token',
  );

  expect(wrong).toEqual({ token: null, errors: [expect.objectContaining({ code: 'SIGN_IN_REFUSED' })] });
  expect(unknown).toEqual(wrong);
});

test('refuses a second person with the same address in other case', async () => {
  const ana = await givenPerson(server, 'Ana');
  const before = await server.app.database.db.rows('select id from person order by id');

  const again = { name: 'Other', email: ana.email.toUpperCase(), password: PASSWORD };
  const payload = await tryMutate(server, null, 'personRegister', again, 'person { id }');

  expect(payload).toEqual({
    person: null,
    errors: [expect.objectContaining({ code: 'EMAIL_TAKEN', path: 'email' })],
  });
  expect(await server.app.database.db.rows('select id from person order by id')).toEqual(before);
});

test('verifies a hash for an unknown person too, so that both take as long', async () => {
  const ana = await givenPerson(server, 'Ana');
  const verify = jest.spyOn(jest.requireActual<typeof Argon2>('@node-rs/argon2'), 'verify');

  for (const email of [ana.email, 'nobody@example.org']) {
    await tryMutate(server, null, 'sessionStart', { email, password: 'not hers at all' }, 'token');
  }

  const settings = verify.mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4).join('$'));
  expect(settings).toEqual(['$argon2id$v=19$m=8,t=2,p=1', '$argon2id$v=19$m=8,t=2,p=1']);
  verify.mockRestore();
});
