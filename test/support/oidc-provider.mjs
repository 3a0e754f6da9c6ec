// An OpenID Connect provider on the loopback interface, as a process of its own because its package is an ES module.
// The parent says who is signed in at it: { sub, email, email_verified, name, locale }, or null for nobody.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const CLIENT_ID = 'mutuality';
const accounts = new Map();
let current = null;

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: 'a secret of the client',
      redirect_uris: [redirectUri],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
  cookies: { keys: ['a key of the provider'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => accounts.get(sub) }),
  // Nobody is asked whether the client may know them: the person behind the browser is a test.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: CLIENT_ID, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    // oxlint-disable-next-line no-restricted-properties -- the provider's own rows, not ours
    await grant.save();
    return grant;
  },
});

async function finishInteraction(request, response) {
  const result = current
    ? { login: { accountId: current.sub } }
    : { error: 'access_denied', error_description: 'Nobody is signed in.' };
  await provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  return finishInteraction(request, response).catch((error) => response.writeHead(500).end(String(error)));
});

process.on('message', ({ account }) => {
  current = account;
  if (account) accounts.set(account.sub, account);
  process.send({ done: true });
});
process.on('disconnect', () => process.exit());
process.send({ issuer });
