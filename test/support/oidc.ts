import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface ProviderAccount {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  locale?: string;
}

/** An identity provider at which somebody, or nobody, is signed in. */
export interface TestProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  signIn(account: ProviderAccount | null): Promise<void>;
  close(): Promise<void>;
}

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const script = path.join(__dirname, 'oidc-provider.mjs');
  const child = fork(script, [redirectUri], { silent: true, execArgv: [] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [started] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    { issuer?: string },
  ];
  if (!started.issuer) throw new Error(`The provider did not start: ${complaints}`);
  return {
    issuer: started.issuer,
    clientId: 'mutuality',
    clientSecret: 'a secret of the client',
    async signIn(account) {
      child.send({ account });
      await once(child, 'message');
    },
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** A browser that follows no redirect by itself and keeps cookies by host. */
export class Browser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** @param aliases addresses that lead elsewhere, as a name server would have it: public origin to real one */
  constructor(private readonly aliases: Record<string, string>) {}

  async get(address: string): Promise<{ status: number; location: string | null; text: string }> {
    const url = new URL(address);
    const cookies = this.cookiesOf(url);
    const target = (this.aliases[url.origin] ?? url.origin) + url.pathname + url.search;
    const response = await fetch(target, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookies, cookie);
    const location = response.headers.get('location');
    return {
      status: response.status,
      location: location && new URL(location, url).href,
      text: await response.text(),
    };
  }

  /** Follows redirects until one leads to an address that begins so, and returns that address. */
  async followTo(address: string, end: string): Promise<string> {
    for (let next = address, steps = 0; steps < 10; steps++) {
      const { location, status, text } = await this.get(next);
      if (!location) throw new Error(`${next} answered ${status}: ${text}`);
      if (location.startsWith(end)) return location;
      next = location;
    }
    throw new Error('Too many redirects');
  }

  cookie(origin: string, name: string): string | undefined {
    return this.cookiesOf(new URL(origin)).get(name);
  }

  private cookiesOf({ host }: URL): Map<string, string> {
    const cookies = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, cookies);
    return cookies;
  }

  private keep(cookies: Map<string, string>, header: string): void {
    const [pair = ''] = header.split(';');
    const at = pair.indexOf('=');
    const isGone = /; *(max-age=0|expires=thu, 01 jan 1970)/i.test(header);
    if (isGone) cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
