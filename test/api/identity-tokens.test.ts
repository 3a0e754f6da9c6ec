import { AccessToken } from '../../src/entities/access-token.ts';
import { Person } from '../../src/entities/person.ts';
import { DAY_MS } from '../../src/kernel/clock.ts';
import {
  ask,
  byText,
  codesOf,
  givenPerson,
  mutate,
  PASSWORD,
  send,
  tryMutate,
  type Caller,
} from '../support/api.ts';
import { givenVerifiedPerson } from '../support/identity.ts';
import { mailedSecret } from '../support/mail.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const rowOf = (who: Caller) => server.app.database.db.one(Person, { id: who.personId });
const tokensOf = (who: Caller) =>
  server.app.database.db.select(AccessToken, 'where person_id = $1 order by id', [who.personId]);
const inDays = (days: number) => new Date(server.clock.now().getTime() + days * DAY_MS);

async function givenToken(who: Caller, input: object = {}): Promise<{ id: string; asProgram: Caller }> {
  const { token, accessToken } = await mutate(
    server,
    who,
    'accessTokenCreate',
    { name: 'Bookkeeping', scopes: [], expiresAt: inDays(30), ...input },
    'token accessToken { id }',
  );
  return { id: accessToken.id, asProgram: { ...who, token } };
}

const TOKENS = '{ viewer { accessTokens { id name scopes expiresAt lastUsedAt } } }';

describe('access tokens', () => {
  test('are shown once, kept as a hash, and read what their person reads', async () => {
    const ana = await givenPerson(server);
    const expiresAt = inDays(366);

    const { id, asProgram } = await givenToken(ana, { scopes: ['TRADE', 'TRADE'], expiresAt });
    const { viewer } = await ask(server, asProgram, TOKENS);

    expect(asProgram.token).toMatch(/^mut_[\w-]{43}$/);
    expect(viewer.accessTokens).toEqual([
      {
        id,
        name: 'Bookkeeping',
        scopes: ['TRADE'],
        expiresAt: expiresAt.toISOString(),
        lastUsedAt: server.clock.now().toISOString(),
      },
    ]);
    const [stored] = await tokensOf(ana);
    expect(JSON.stringify(stored)).not.toContain(asProgram.token);
  });

  test.each([
    ['expired already', () => ({ expiresAt: server.clock.now() }), 'INVALID_RANGE', 'expiresAt'],
    ['expires too late', () => ({ expiresAt: inDays(366.001) }), 'INVALID_RANGE', 'expiresAt'],
    ['has no name', () => ({ name: ' ' }), 'TEXT_TOO_SHORT', 'name'],
  ])('are refused when one %s', async (_, part, code, path) => {
    const ana = await givenPerson(server);

    const input = { name: 'Bookkeeping', scopes: [], expiresAt: inDays(30), ...part() };
    const payload = await tryMutate(server, ana, 'accessTokenCreate', input, 'token');

    expect(payload).toEqual({ token: null, errors: [expect.objectContaining({ code, path })] });
    expect(await tokensOf(ana)).toEqual([]);
  });

  test('number fifty at most, also when they are made at once', async () => {
    const ana = await givenPerson(server);
    await givenToken(ana);
    await server.app.database.db.execute(
      `insert into access_token
       select overlay(id placing lpad(n::text, 2, '0') from 29), person_id, name, token_hash || n::text::bytea,
              scopes, created_at, expires_at, null, null
         from access_token, generate_series(1, 48) n where person_id = $1`,
      [ana.personId],
    );

    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        tryMutate(server, ana, 'accessTokenCreate', { name: 'x', scopes: [], expiresAt: inDays(1) }, 'token'),
      ),
    );

    const expected = ['DONE', ...Array<string>(4).fill('TOO_MANY_ACCESS_TOKENS')];
    expect(codesOf(answers).toSorted(byText)).toEqual(expected);
    expect(await tokensOf(ana)).toHaveLength(50);
  });

  test('stop when they are revoked and when they expire', async () => {
    const ana = await givenPerson(server);
    const revoked = await givenToken(ana);
    const expiring = await givenToken(ana, { expiresAt: inDays(1) });

    await mutate(server, ana, 'accessTokenRevoke', { accessTokenId: revoked.id }, 'revokedAccessTokenId');
    const afterRevoking = await ask(server, ana, TOKENS);
    server.clock.advance(DAY_MS);

    expect(afterRevoking.viewer.accessTokens).toEqual([expect.objectContaining({ id: expiring.id })]);
    for (const { asProgram } of [revoked, expiring]) {
      const { status, errors } = await send(server, TOKENS, {}, { token: asProgram.token });
      expect(status).toBe(401);
      expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })]);
    }
  });

  test('of others cannot be revoked', async () => {
    const ana = await givenPerson(server);
    const ben = await givenPerson(server, 'Ben');
    const { id } = await givenToken(ana);

    const { errors } = await tryMutate(
      server,
      ben,
      'accessTokenRevoke',
      { accessTokenId: id },
      'revokedAccessTokenId',
    );

    expect(errors).toEqual([expect.objectContaining({ code: 'NOT_FOUND', topLevel: true })]);
    expect(await tokensOf(ana)).toEqual([expect.objectContaining({ id, revokedAt: null })]);
  });

  test('end with a password that is reset, and not with one that is changed', async () => {
    const ana = await givenVerifiedPerson(server);
    const { asProgram } = await givenToken(ana);
    const read = async () => (await send(server, TOKENS, {}, { token: asProgram.token })).status;

    const passwords = { oldPassword: PASSWORD, newPassword: 'a whole new password' };
    await mutate(server, ana, 'passwordChange', passwords, 'endedSessionCount');
    const afterChange = await read();
    await server.app.database.db.execute('delete from throttle');
    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const secret = await mailedSecret(server, ana.email);
    await mutate(server, null, 'passwordReset', { secret, newPassword: PASSWORD }, 'isReset');

    expect([afterChange, await read()]).toEqual([200, 401]);
  });
});

// Every mutation that concerns who one is or how one proves it.
const IDENTITY_MUTATIONS: [string, object, string][] = [
  ['personUpdate', { name: 'Mallory' }, 'person { id }'],
  ['emailChange', { newEmail: 'mallory@example.org', password: PASSWORD }, 'pendingEmail'],
  ['passwordChange', { oldPassword: PASSWORD, newPassword: 'a whole new password' }, 'endedSessionCount'],
  ['accessTokenCreate', { name: 'x', scopes: [], expiresAt: '2026-03-05T00:00:00Z' }, 'token'],
  ['accessTokenRevoke', { accessTokenId: 'tok_01h455vb4pex5vsknk084sn02q' }, 'revokedAccessTokenId'],
  ['oneTimeCodeEnrol', { password: PASSWORD }, 'secret'],
  ['oneTimeCodeConfirm', { code: '123456' }, 'recoveryCodes'],
  ['oneTimeCodeDisable', { password: PASSWORD, code: '123456' }, 'secondFactor { isEnabled }'],
  ['recoveryCodesRenew', { code: '123456' }, 'recoveryCodes'],
  ['sessionConfirm', { code: '123456' }, 'session { id }'],
  ['sessionEnd', {}, 'endedSessionId'],
];

describe.each(IDENTITY_MUTATIONS)('%s', (field, input, selection) => {
  test('needs a session: a visitor and a token with all scopes are refused', async () => {
    const ana = await givenVerifiedPerson(server);
    const { asProgram } = await givenToken(ana, { scopes: ['TRADE', 'MANAGE'] });
    const before = [await rowOf(ana), (await tokensOf(ana)).length];

    const visitor = await tryMutate(server, null, field, input, selection);
    const program = await tryMutate(server, asProgram, field, input, selection);

    expect(visitor.errors).toEqual([expect.objectContaining({ code: 'UNAUTHENTICATED', topLevel: true })]);
    expect(program.errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN', reason: 'SCOPE_REQUIRED', topLevel: true }),
    ]);
    expect([await rowOf(ana), (await tokensOf(ana)).length]).toEqual(before);
  });
});
