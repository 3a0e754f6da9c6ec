import * as openid from 'openid-client';
import type { Config } from '../kernel/config.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { ProviderIdentity, SignInChecks } from '../services/people/provider-sign-in.ts';

/** The provider does not answer; trying again later may help. */
export class ProviderUnavailable extends DomainError {
  constructor() {
    super('PROVIDER_UNAVAILABLE', 'The identity provider cannot be reached. Try again later.');
  }
}

/** The person or the provider said no, or the answer does not belong to this sign-in. */
export class ProviderRefused extends DomainError {
  constructor() {
    super('PROVIDER_REFUSED', 'The identity provider did not sign you in.');
  }
}

type OidcConfig = NonNullable<Config['oidc']>;

const TIMEOUT_SECONDS = 5;

/** The identity provider that the configuration names, seen from here (OpenID Connect Core 1.0). */
export class IdentityProvider {
  private discovered: Promise<openid.Configuration> | undefined;

  constructor(
    private readonly oidc: OidcConfig,
    private readonly redirectUri: string,
    private readonly log: Log,
  ) {}

  /**
   * Where the person goes to sign in.
   *
   * @throws ProviderUnavailable
   */
  async authorizationUrl({ state, nonce, codeVerifier }: SignInChecks): Promise<string> {
    const configuration = await this.configuration();
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /**
   * Turns the provider's answer into who it speaks of.
   *
   * @param query what the provider added to the redirect address
   * @throws ProviderRefused, ProviderUnavailable
   */
  async identityFrom(query: string, checks: SignInChecks): Promise<ProviderIdentity> {
    const configuration = await this.configuration();
    try {
      const tokens = await openid.authorizationCodeGrant(
        configuration,
        new URL(`${this.redirectUri}?${query}`),
        {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.codeVerifier,
          idTokenExpected: true,
        },
      );
      const claims = tokens.claims();
      if (!claims) throw new ProviderRefused();
      // Many providers put the address into the ID token, others tell it only when asked.
      const hasEmail = claims['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint;
      const more = hasEmail ? {} : await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return identityOf({ ...more, ...claims });
    } catch (error) {
      throw this.refusalFor(error);
    }
  }

  /** Read at the first sign-in and kept; a failure is not kept, so the next sign-in asks again. */
  private async configuration(): Promise<openid.Configuration> {
    this.discovered ??= this.discover();
    try {
      return await this.discovered;
    } catch (error) {
      this.discovered = undefined;
      this.log.warn({ reason: reasonOf(error), issuer: this.oidc.issuer }, 'the provider is not reachable');
      throw new ProviderUnavailable();
    }
  }

  private discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.oidc;
    const url = new URL(issuer);
    return openid.discovery(url, clientId, undefined, authentication(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      // Only for an issuer that the operator has written with http: a provider on the same machine.
      execute: url.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
    });
  }

  private refusalFor(error: unknown): unknown {
    const isAnswer =
      error instanceof openid.ClientError ||
      error instanceof openid.AuthorizationResponseError ||
      error instanceof openid.ResponseBodyError ||
      error instanceof openid.WWWAuthenticateChallengeError;
    const isUnreachable = reasonOf(error) === 'OAUTH_TIMEOUT' || (error as Error).name === 'TypeError';
    if (!isAnswer && !isUnreachable) return error;
    // The reason only: the whole error may hold what the provider sent, tokens among it.
    this.log.warn({ reason: reasonOf(error), issuer: this.oidc.issuer }, 'a provider sign-in failed');
    return isUnreachable ? new ProviderUnavailable() : new ProviderRefused();
  }
}

// A provider that takes both ways expects the first unless the client was registered otherwise.
function authentication(clientSecret: string): openid.ClientAuth {
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isBasic = methods.includes('client_secret_basic');
    const apply = isBasic ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret);
    apply(server, client, body, headers);
  };
}

function identityOf(claims: openid.UserInfoResponse & { iss: string }): ProviderIdentity {
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: claims.email ?? null,
    isEmailVerified: claims.email_verified === true,
    name: claims.name ?? claims.preferred_username ?? null,
    locale: claims.locale ?? null,
  };
}

function reasonOf(error: unknown): string {
  const { code, error: answered, name } = error as { code?: unknown; error?: unknown; name?: unknown };
  return String(answered ?? code ?? name);
}
