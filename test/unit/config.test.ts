import path from 'node:path';
import { ConfigError, readConfig } from '../../src/kernel/config.ts';

test('has a default for everything', () => {
  expect(readConfig({})).toEqual({
    host: 'localhost',
    port: 4000,
    publicUrl: 'http://localhost:4000',
    frontEndUrl: null,
    dataDir: path.resolve('data'),
    database: { url: null, ownerUrl: null, poolSize: 10, isUnsafeAllowed: false },
    mail: { smtpUrl: null, from: 'Mutuality <no-reply@localhost>' },
    oidc: null,
    s3: null,
    secretKey: null,
    metrics: { port: null, token: null },
    logLevel: 'info',
    networkCreation: 'ANYONE',
    defaultLocale: 'en',
    trustedProxies: [],
    corsOrigins: [],
    passwordMemoryKib: 19_456,
    introspection: true,
  });
});

test('reads every setting', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    PORT: '8080',
    PUBLIC_URL: 'https://api.example.org//',
    FRONT_END_URL: 'https://example.org/app/',
    DATA_DIR: '/var/lib/mutuality',
    DATABASE_URL: 'postgres://app@db/mutuality',
    DATABASE_OWNER_URL: 'postgresql://owner@db/mutuality',
    DATABASE_POOL_SIZE: '20',
    ALLOW_UNSAFE_DATABASE: 'true',
    SMTP_URL: 'smtps://user:password@mail.example.org',
    MAIL_FROM: 'Valle <valle@example.org>',
    OIDC_ISSUER: 'https://id.example.org',
    OIDC_CLIENT_ID: 'mutuality',
    OIDC_CLIENT_SECRET: 'secret',
    FILES_S3_ENDPOINT: 'https://s3.example.org/',
    FILES_S3_BUCKET: 'files',
    FILES_S3_REGION: 'garage',
    FILES_S3_ACCESS_KEY: 'key',
    FILES_S3_SECRET_KEY: 'secret key',
    SECRET_KEY: 'k'.repeat(32),
    METRICS_PORT: '9100',
    METRICS_TOKEN: 't'.repeat(16),
    LOG_LEVEL: 'debug',
    NETWORK_CREATION: 'ADMINISTRATORS',
    DEFAULT_LOCALE: 'pt-br',
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,',
    CORS_ORIGINS: 'https://app.example.org',
    PASSWORD_MEMORY_KIB: '8',
    INTROSPECTION: 'false',
  });

  expect(config).toEqual({
    host: '0.0.0.0',
    port: 8080,
    publicUrl: 'https://api.example.org',
    frontEndUrl: 'https://example.org/app',
    dataDir: path.resolve('/var/lib/mutuality'),
    database: {
      url: 'postgres://app@db/mutuality',
      ownerUrl: 'postgresql://owner@db/mutuality',
      poolSize: 20,
      isUnsafeAllowed: true,
    },
    mail: { smtpUrl: 'smtps://user:password@mail.example.org', from: 'Valle <valle@example.org>' },
    oidc: { issuer: 'https://id.example.org', clientId: 'mutuality', clientSecret: 'secret' },
    s3: {
      endpoint: 'https://s3.example.org',
      bucket: 'files',
      region: 'garage',
      accessKey: 'key',
      secretKey: 'secret key',
    },
    secretKey: 'k'.repeat(32),
    metrics: { port: 9100, token: 't'.repeat(16) },
    logLevel: 'debug',
    networkCreation: 'ADMINISTRATORS',
    defaultLocale: 'pt-BR',
    trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    corsOrigins: ['https://app.example.org'],
    passwordMemoryKib: 8,
    introspection: false,
  });
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
  [{ PORT: '-1' }, 'PORT: '],
  [{ PORT: '80.5' }, 'PORT: '],
  [{ PORT: ' ' }, 'PORT: '],
  [{ METRICS_PORT: 'http' }, 'METRICS_PORT: '],
  [{ FRONT_END_URL: 'example.org' }, 'FRONT_END_URL: must be an http or https address'],
  [{ DATABASE_POOL_SIZE: '201' }, 'DATABASE_POOL_SIZE: '],
  [{ MAIL_FROM: 'x' }, 'MAIL_FROM: '],
  [
    { OIDC_ISSUER: 'id.example.org', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' },
    'OIDC_ISSUER: must be an http or https address',
  ],
  [{ OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }, 'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: '],
  [{ FILES_S3_BUCKET: 'files' }, 'FILES_S3_ENDPOINT, FILES_S3_BUCKET, FILES_S3_ACCESS_KEY and '],
  [{ FILES_S3_ENDPOINT: 's3.example.org' }, 'FILES_S3_ENDPOINT: must be an http or https address'],
  [{ FILES_S3_BUCKET: '../files' }, 'FILES_S3_BUCKET: must be the name of a bucket'],
  [{ NETWORK_CREATION: 'NOBODY' }, 'NETWORK_CREATION: '],
  [{ DEFAULT_LOCALE: 'en_GB' }, 'DEFAULT_LOCALE: must be a language tag'],
  [{ TRUSTED_PROXIES: 'proxy.example.org' }, 'TRUSTED_PROXIES: must be addresses or networks'],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES: must be addresses or networks'],
  [{ CORS_ORIGINS: 'https://app.example.org/' }, 'CORS_ORIGINS: must be origins'],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS: must be origins'],
  [{ PASSWORD_MEMORY_KIB: '1' }, 'PASSWORD_MEMORY_KIB: '],
])('refuses %j and names the setting', (environment, sentence) => {
  const read = () => readConfig(environment);

  expect(read).toThrow(ConfigError);
  expect(read).toThrow(sentence);
});

test('names every wrong setting at once', () => {
  expect(() => readConfig({ PORT: 'abc', LOG_LEVEL: 'loud' })).toThrow(/PORT: .*\n {2}LOG_LEVEL: /);
});
