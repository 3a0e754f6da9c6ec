import { Writable } from 'node:stream';
import pg from 'pg';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { openLog } from '../../src/kernel/log.ts';
import { mutate, PASSWORD, send, tryMutate, type Caller } from '../support/api.ts';
import { codeOf, STEP_MS } from '../support/identity.ts';
import { Browser, startProvider, type TestProvider } from '../support/oidc.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const SITE = 'http://localhost:4000';
const CALLBACK = `${SITE}/auth/oidc/callback`;

let smtp: TestSmtp;
let provider: TestProvider;
let server: TestServer;
let logged = '';
beforeAll(async () => {
  smtp = await startSmtp();
  provider = await startProvider(CALLBACK);
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const mail = { smtpUrl: smtp.url, from: 'Mutuality <no-reply@example.org>' };
  const config = { publicUrl: SITE, oidc: provider, mail };
  server = await startTestServer(config, openLog({ logLevel: 'trace' }, destination));
});
afterAll(async () => {
  await server.close();
  await provider.close();
  await smtp.close();
});

// Six digits may stand by chance within a longer number, such as a time.
const isLogged = (secret: string) =>
  /^\d+$/.test(secret) ? new RegExp(`\\b${secret}\\b`).test(logged) : logged.includes(secret);

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client(server.databaseUrl('superuser'));
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Sends what waits, and returns the secret in the newest letter. */
async function newestSecret(): Promise<string> {
  await server.app.jobs.runDue();
  const text = (await smtp.letters()).at(-1)?.text ?? '';
  return / secret instead, give it this one: (\S+)/.exec(text)?.[1] ?? '';
}

test('no password, token, code or secret of anybody reaches the log', async () => {
  const secrets: Record<string, string> = { password: PASSWORD, clientSecret: provider.clientSecret };
  const keep = (name: string, secret: string) => {
    expect(secret).toMatch(/./);
    secrets[name] = secret;
    return secret;
  };

  // Registering, while the mail server is out of order, so that a letter fails as well.
  smtp.refuse(true);
  const email = 'ana@example.org';
  await mutate(server, null, 'personRegister', { name: 'Ana', email, password: PASSWORD }, 'person { id }');
  await server.app.jobs.runDue();
  smtp.refuse(false);
  server.clock.advance(10 * SECOND_MS);
  const verification = keep('verification', await newestSecret());
  await mutate(server, null, 'emailVerify', { secret: verification }, 'email');
  await tryMutate(server, null, 'emailVerify', { secret: verification }, 'email');

  // Signing in, right and wrong.
  const wrong = keep('wrongPassword', 'not the right password');
  await tryMutate(server, null, 'sessionStart', { email, password: wrong }, 'token');
  const { token } = await mutate(server, null, 'sessionStart', { email, password: PASSWORD }, 'token');
  const ana: Caller = { personId: '', name: 'Ana', email, token: keep('sessionToken', token) };
  await send(server, '{ viewer { person { id } } }', {}, { token: keep('wrongToken', `${token}x`) });
  await send(server, 'mutation { sessionStart(input: { password: "literal secret" }) { token } }');
  keep('literal', 'literal secret');

  // One-time codes.
  const enrolled = await mutate(server, ana, 'oneTimeCodeEnrol', { password: PASSWORD }, 'secret uri');
  keep('totpSecret', enrolled.secret);
  const code = () => keep(`code at ${server.clock.now().toISOString()}`, codeOf(server, enrolled.secret));
  const confirmed = await mutate(server, ana, 'oneTimeCodeConfirm', { code: code() }, 'recoveryCodes');
  server.clock.advance(STEP_MS);
  await mutate(server, ana, 'sessionConfirm', { code: code() }, 'session { id }');
  await tryMutate(server, ana, 'sessionConfirm', { code: keep('wrongCode', '739261') }, 'session { id }');
  const [first] = confirmed.recoveryCodes;
  const renewed = await mutate(server, ana, 'recoveryCodesRenew', { code: first }, 'recoveryCodes');
  [...confirmed.recoveryCodes, ...renewed.recoveryCodes].forEach((each, index) =>
    keep(`recovery ${index}`, each),
  );

  // Access tokens, passwords and addresses.
  const expiresAt = new Date(server.clock.now().getTime() + STEP_MS * 1000);
  const made = await mutate(server, ana, 'accessTokenCreate', { name: 'x', scopes: [], expiresAt }, 'token');
  await send(server, '{ viewer { person { id } } }', {}, { token: keep('accessToken', made.token) });
  const newPassword = keep('newPassword', 'a whole new password');
  await mutate(server, ana, 'passwordChange', { oldPassword: PASSWORD, newPassword }, 'endedSessionCount');
  await mutate(
    server,
    ana,
    'emailChange',
    { newEmail: 'new@example.org', password: newPassword },
    'pendingEmail',
  );
  await server.app.jobs.runDue();
  const toNew = (await smtp.letters()).find((letter) => letter.to?.[0]?.address === 'new@example.org');
  const change = keep('change', / this one: (\S+)/.exec(toNew?.text ?? '')?.[1] ?? '');
  await mutate(server, null, 'emailVerify', { secret: change }, 'email');
  server.clock.advance(STEP_MS);
  const [, second] = renewed.recoveryCodes;
  await mutate(
    server,
    ana,
    'oneTimeCodeDisable',
    { password: newPassword, code: second },
    'secondFactor { isEnabled }',
  );
  await mutate(server, null, 'passwordResetRequest', { email: 'new@example.org' }, 'isAccepted');
  const reset = {
    secret: keep('reset', await newestSecret()),
    newPassword: keep('last', 'the last password'),
  };
  await mutate(server, null, 'passwordReset', reset, 'isReset');

  // The identity provider, with an answer that is good and one that is not.
  await provider.signIn({ sub: 'olga', email: 'olga@example.net', email_verified: true });
  const browser = new Browser({ [SITE]: server.url });
  for (const isGood of [true, false]) {
    const answer = new URL(await browser.followTo(`${SITE}/auth/oidc/start`, CALLBACK));
    for (const name of ['code', 'state']) {
      keep(`provider ${name} ${isGood}`, answer.searchParams.get(name) ?? '');
    }
    if (!isGood) answer.searchParams.set('code', 'made-up');
    await browser.get(answer.href);
  }
  keep('cookie', browser.cookie(SITE, 'mutuality_session') ?? '');

  // An unexpected failure, of which the log has the whole.
  await asSuperuser('alter table session rename to session_elsewhere');
  const failed = await tryMutate(
    server,
    null,
    'sessionStart',
    { email: 'new@example.org', password: reset.newPassword },
    'token',
  );

  expect(failed.errors).toEqual([expect.objectContaining({ code: 'INTERNAL' })]);
  expect(logged).toContain('relation \\"session\\" does not exist');
  expect(logged).not.toContain('"parameters"');
  expect(logged).toContain('job failed');
  expect(logged).toContain('a provider sign-in failed');
  expect(logged.split('\n').length).toBeGreaterThan(20);
  const leaked = Object.entries(secrets).filter(([, secret]) => isLogged(secret));
  expect(leaked).toEqual([]);
});
