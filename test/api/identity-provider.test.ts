import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { safeReturnTo } from '../../src/server/oidc.ts';
import { givenPerson, mutate, type Json } from '../support/api.ts';
import { codeOf, givenPersonWithDevice, givenVerifiedPerson } from '../support/identity.ts';
import { mailedSecret } from '../support/mail.ts';
import { Browser, startProvider, type ProviderAccount, type TestProvider } from '../support/oidc.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// Where the browser believes the server to be; the port is another one in each run.
const SITE = 'http://localhost:4000';
const START = `${SITE}/auth/oidc/start`;
const CALLBACK = `${SITE}/auth/oidc/callback`;

let provider: TestProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await startProvider(CALLBACK);
  server = await startTestServer({ publicUrl: SITE, oidc: provider });
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

let subjects = 0;

function givenAccount(account: Partial<ProviderAccount> = {}): ProviderAccount {
  const sub = `subject-${++subjects}`;
  return { sub, email: `${sub}@example.net`, email_verified: true, name: 'Olga', locale: 'fr', ...account };
}

const newBrowser = () => new Browser({ [SITE]: server.url });

/** Goes to the provider as somebody and returns the address to which it sends the browser back. */
async function answerFor(browser: Browser, account: ProviderAccount | null, query = ''): Promise<string> {
  await provider.signIn(account);
  return browser.followTo(START + query, CALLBACK);
}

/** The whole way; where the browser ends up. */
async function signIn(browser: Browser, account: ProviderAccount | null, query = ''): Promise<string | null> {
  return (await browser.get(await answerFor(browser, account, query))).location;
}

async function viewerOf(browser: Browser): Promise<Json> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: `mutuality_session=${browser.cookie(SITE, 'mutuality_session') ?? ''}`,
    },
    body: JSON.stringify({ query: '{ viewer { person { id name email locale isEmailVerified } } }' }),
  });
  const { data, errors }: Json = await response.json();
  return data?.viewer.person ?? errors[0].extensions;
}

const countOf = async () => {
  const count = (table: string) => server.app.database.db.rows(`select * from ${table}`);
  return [
    (await count('person')).length,
    (await count('person_identity')).length,
    (await count('session')).length,
  ];
};

test('registers somebody new without a password, and knows them again', async () => {
  const account = givenAccount();
  const browser = newBrowser();

  const location = await signIn(browser, account, '?returnTo=/welcome%3Fa=1');
  const person = await viewerOf(browser);
  const elsewhere = newBrowser();
  await signIn(elsewhere, { ...account, email: 'moved@example.net', email_verified: false });

  expect(location).toBe(`${SITE}/welcome?a=1`);
  expect(person).toEqual({
    id: expect.stringMatching(/^per_/),
    name: 'Olga',
    email: account.email,
    locale: 'fr',
    isEmailVerified: true,
  });
  expect(browser.cookie(SITE, 'mutuality_oidc')).toBeUndefined();
  expect(await viewerOf(elsewhere)).toEqual(person);
});

test('lets somebody without a password set one by letter', async () => {
  const account = givenAccount();
  await signIn(newBrowser(), account);
  const email = account.email ?? '';

  await mutate(server, null, 'passwordResetRequest', { email }, 'isAccepted');
  const secret = await mailedSecret(server, email);
  await mutate(server, null, 'passwordReset', { secret, newPassword: 'a whole new password' }, 'isReset');

  const { person } = await mutate(
    server,
    null,
    'sessionStart',
    { email, password: 'a whole new password' },
    'person { email }',
  );
  expect(person).toEqual({ email });
});

test('joins the person who has proved the same address', async () => {
  const ana = await givenVerifiedPerson(server);
  const browser = newBrowser();

  await signIn(browser, givenAccount({ email: ana.email.toUpperCase() }));

  expect(await viewerOf(browser)).toMatchObject({ id: ana.personId, name: 'Ana', email: ana.email });
});

test('joins once when somebody comes in five browsers at once', async () => {
  const ana = await givenVerifiedPerson(server);
  const account = givenAccount({ email: ana.email });
  const browsers = Array.from({ length: 5 }, newBrowser);
  const answers: string[] = [];
  for (const browser of browsers) answers.push(await answerFor(browser, account));

  const ends = await Promise.all(browsers.map((browser, index) => browser.get(answers[index] ?? '')));

  expect(ends.map(({ location }) => location)).toEqual(Array<string>(5).fill(`${SITE}/`));
  const joined = await server.app.database.db.rows(
    'select person_id from person_identity where subject = $1',
    [account.sub],
  );
  expect(joined).toEqual([{ personId: ana.personId }]);
});

describe('refuses, and stores nothing,', () => {
  test.each([
    [
      'an address that the provider has not verified',
      { email_verified: false },
      'PROVIDER_EMAIL_NOT_VERIFIED',
    ],
    ['a provider that tells no address', { email: undefined }, 'PROVIDER_EMAIL_NOT_VERIFIED'],
    ['an address that is none', { email: 'not an address' }, 'INVALID_EMAIL'],
  ])('%s', async (_, part, code) => {
    const browser = newBrowser();
    const before = await countOf();

    const location = await signIn(browser, givenAccount(part), '?returnTo=/there');

    expect(location).toBe(`${SITE}/there?error=${code}`);
    expect(browser.cookie(SITE, 'mutuality_session')).toBeUndefined();
    expect(await countOf()).toEqual(before);
  });

  test('an address that somebody registered here without proving it', async () => {
    const ana = await givenPerson(server);
    const before = await countOf();

    const location = await signIn(newBrowser(), givenAccount({ email: ana.email }));

    expect(location).toBe(`${SITE}/?error=EMAIL_NOT_VERIFIED`);
    expect(await countOf()).toEqual(before);
  });

  test('somebody who says no at the provider', async () => {
    const before = await countOf();

    const location = await signIn(newBrowser(), null, '?returnTo=/there');

    expect(location).toBe(`${SITE}/there?error=PROVIDER_REFUSED`);
    expect(await countOf()).toEqual(before);
  });

  test('the same answer a second time', async () => {
    const browser = newBrowser();
    const answer = await answerFor(browser, givenAccount());
    const state = browser.cookie(SITE, 'mutuality_oidc');
    await browser.get(answer);
    const before = await countOf();

    const replay = await fetch(answer.replace(SITE, server.url), {
      redirect: 'manual',
      headers: { cookie: `mutuality_oidc=${state}` },
    });

    expect(replay.headers.get('location')).toBe(`${SITE}/?error=SIGN_IN_EXPIRED`);
    expect(await countOf()).toEqual(before);
  });

  test('the answer in another browser, and keeps it for the right one', async () => {
    const browser = newBrowser();
    const answer = await answerFor(browser, givenAccount());
    const before = await countOf();

    const foreign = await newBrowser().get(answer);
    const between = await countOf();
    const own = await browser.get(answer);

    expect(foreign.location).toBe(`${SITE}/?error=SIGN_IN_EXPIRED`);
    expect(between).toEqual(before);
    expect(own.location).toBe(`${SITE}/`);
  });

  test('an answer after ten minutes', async () => {
    const browser = newBrowser();
    const answer = await answerFor(browser, givenAccount());
    const before = await countOf();

    server.clock.advance(10 * MINUTE_MS);
    const { location } = await browser.get(answer);

    expect(location).toBe(`${SITE}/?error=SIGN_IN_EXPIRED`);
    expect(await countOf()).toEqual(before);
  });

  test.each([
    ['a made-up code', (url: URL) => url.searchParams.set('code', 'made-up')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://other.example.net')],
    ['no code', (url: URL) => url.searchParams.delete('code')],
  ])('%s', async (_, change) => {
    const browser = newBrowser();
    const answer = new URL(await answerFor(browser, givenAccount(), '?returnTo=/there'));
    const before = await countOf();

    change(answer);
    const { location } = await browser.get(answer.href);

    expect(location).toBe(`${SITE}/there?error=PROVIDER_REFUSED`);
    expect(await countOf()).toEqual(before);
  });

  test('an ID token that was made for another sign-in', async () => {
    const browser = newBrowser();
    await provider.signIn(givenAccount());
    const request = new URL((await browser.get(START)).location ?? '');
    const before = await countOf();

    request.searchParams.set('nonce', 'of another sign-in');
    const { location } = await browser.get(await browser.followTo(request.href, CALLBACK));

    expect(location).toBe(`${SITE}/?error=PROVIDER_REFUSED`);
    expect(await countOf()).toEqual(before);
  });
});

test('asks the provider with a state, a nonce and a code challenge', async () => {
  const { location } = await newBrowser().get(START);

  const { searchParams } = new URL(location ?? '');
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'mutuality',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid email profile',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
});

test('holds the session of somebody with one-time codes until one was given', async () => {
  const ana = await givenPersonWithDevice(server);
  const browser = newBrowser();

  const location = await signIn(browser, givenAccount({ email: ana.email }), '?returnTo=/there');
  const held = await viewerOf(browser);
  const token = browser.cookie(SITE, 'mutuality_session') ?? '';
  const code = codeOf(server, ana.secret);
  await mutate(server, { ...ana, token }, 'sessionConfirm', { code }, 'session { id }');

  expect(location).toBe(`${SITE}/there?error=ONE_TIME_CODE_NEEDED`);
  expect(held).toEqual({ code: 'UNAUTHENTICATED', reason: 'ONE_TIME_CODE_NEEDED' });
  expect(await viewerOf(browser)).toMatchObject({ id: ana.personId });
});

test('sends the browser back to the front end, if there is one', async () => {
  const other = await startTestServer({
    publicUrl: SITE,
    frontEndUrl: 'https://front.example.org/app',
    oidc: provider,
  });
  try {
    const browser = new Browser({ [SITE]: other.url });

    const location = await signIn(browser, givenAccount(), '?returnTo=/welcome');

    expect(location).toBe('https://front.example.org/app/welcome');
  } finally {
    await other.close();
  }
});

test('asks again for a provider that could not be reached', async () => {
  const { issuer, clientId, clientSecret } = provider;
  const settings = { issuer: 'http://127.0.0.1:9', clientId, clientSecret };
  const other = await startTestServer({ publicUrl: SITE, oidc: settings });
  try {
    const browser = new Browser({ [SITE]: other.url });

    const before = await browser.get(`${START}?returnTo=/there`);
    settings.issuer = issuer;
    const after = await browser.get(START);

    expect(before.location).toBe(`${SITE}/there?error=PROVIDER_UNAVAILABLE`);
    expect(after.location).toMatch(`${issuer}/auth?`);
  } finally {
    await other.close();
  }
});

test('has no such routes without a provider', async () => {
  const other = await startTestServer();
  try {
    const answers = await Promise.all(
      ['start', 'callback'].map((route) => fetch(`${other.url}/auth/oidc/${route}`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  } finally {
    await other.close();
  }
});

test.each([
  ['/welcome?a=1#b', '/welcome?a=1#b'],
  ['/', '/'],
  ['https://evil.example', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/a\\b', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['.evil.example', '/'],
  ['@evil.example', '/'],
  ['', '/'],
  ['/\ud800', '/'],
  [['/a', '/b'], '/'],
  [undefined, '/'],
])('of %j as the way back only %j is followed', (given, followed) => {
  expect(safeReturnTo(given)).toBe(followed);
});

test('a way back of more than two thousand characters is not followed', () => {
  expect(safeReturnTo(`/${'a'.repeat(1_999)}`)).toHaveLength(2_000);
  expect(safeReturnTo(`/${'a'.repeat(2_000)}`)).toBe('/');
});
