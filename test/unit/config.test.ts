import { ConfigError, readConfig } from '../../src/kernel/config.ts';

test('has a default for everything', () => {
  const config = readConfig({});

  expect(config).toMatchObject({ host: 'localhost', port: 4000, publicUrl: 'http://localhost:4000' });
  expect(config.database).toEqual({ url: null, ownerUrl: null, poolSize: 10 });
});

test('takes an empty variable for an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
});

test.each([
  [{ PORT: 'abc' }, 'PORT: '],
  [{ PORT: '70000' }, 'PORT: '],
  [{ DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL: must look like postgres://'],
  [{ DATABASE_OWNER_URL: 'postgres://localhost/a' }, 'DATABASE_OWNER_URL: needs DATABASE_URL'],
  [{ DATABASE_POOL_SIZE: '1' }, 'DATABASE_POOL_SIZE: '],
  [{ PUBLIC_URL: 'ftp://example.org' }, 'PUBLIC_URL: must be an http or https address'],
  [{ SMTP_URL: 'mail.example.org' }, 'SMTP_URL: must look like smtp://'],
  [{ SECRET_KEY: 'short' }, 'SECRET_KEY: must have at least 32 characters'],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN: must have at least 16 characters'],
  [{ OIDC_ISSUER: 'https://id.example.org' }, 'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: '],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: '],
  [{ INTROSPECTION: 'yes' }, 'INTROSPECTION: '],
])('refuses %j and names the setting', (environment, sentence) => {
  const read = () => readConfig(environment);

  expect(read).toThrow(ConfigError);
  expect(read).toThrow(sentence);
});

test('names every wrong setting at once', () => {
  expect(() => readConfig({ PORT: 'abc', LOG_LEVEL: 'loud' })).toThrow(/PORT: .*\n {2}LOG_LEVEL: /);
});
