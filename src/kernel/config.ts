import net from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { CannotStart } from './cannot-start.ts';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number' })
    .transform(Number)
    .pipe(z.int().min(min).max(max));
const port = integer(0, 65_535);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const listOf = (isItem: (text: string) => boolean, error: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .refine((items) => items.every(isItem), { error });
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgres://user:password@host/database',
});

const locale = z
  .string()
  .refine(isLocale, { error: 'must be a language tag such as pt-BR' })
  .transform((tag) => Intl.getCanonicalLocales(tag)[0] ?? tag);

// One row per setting; README.md carries the same table for people.
const settings = z.object({
  HOST: z.string().min(1).default('localhost'),
  PORT: port.default(4000),
  PUBLIC_URL: httpUrl.optional(),
  FRONT_END_URL: httpUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: integer(2, 200).default(10),
  ALLOW_UNSAFE_DATABASE: flag.default(false),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' }).optional(),
  MAIL_FROM: z.string().min(3).default('Mutuality <no-reply@localhost>'),
  OIDC_ISSUER: httpUrl.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  FILES_S3_ENDPOINT: httpUrl.optional(),
  FILES_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be the name of a bucket' })
    .optional(),
  FILES_S3_REGION: z.string().min(1).default('us-east-1'),
  FILES_S3_ACCESS_KEY: z.string().min(1).optional(),
  FILES_S3_SECRET_KEY: z.string().min(1).optional(),
  SECRET_KEY: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  METRICS_PORT: port.optional(),
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NETWORK_CREATION: z.enum(['ANYONE', 'ADMINISTRATORS']).default('ANYONE'),
  DEFAULT_LOCALE: locale.default('en'),
  TRUSTED_PROXIES: listOf(isProxy, 'must be addresses or networks such as 10.0.0.0/8').default([]),
  CORS_ORIGINS: listOf(isOrigin, 'must be origins such as https://app.example.org').default([]),
  PASSWORD_MEMORY_KIB: integer(8, 4_194_304).default(19_456),
  INTROSPECTION: flag.default(true),
});

/** A bucket in a store that speaks as Amazon S3 does. */
export interface S3Config {
  /** Without a trailing slash. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secretKey: string;
}

export interface Config {
  host: string;
  port: number;
  /** Where people reach the server, without a trailing slash. */
  publicUrl: string;
  /** The community's own site, without a trailing slash: links in letters lead there; null means the explorer. */
  frontEndUrl: string | null;
  dataDir: string;
  database: {
    url: string | null;
    ownerUrl: string | null;
    poolSize: number;
    /** Whether to serve although a crash of the database could lose what was acknowledged. */
    isUnsafeAllowed: boolean;
  };
  mail: { smtpUrl: string | null; from: string };
  oidc: { issuer: string; clientId: string; clientSecret: string } | null;
  /** Where uploaded files lie; null means: in the data directory. */
  s3: S3Config | null;
  /** Seals one-time-code secrets and signs addresses of files; null means: made at the first start and kept in the data directory. */
  secretKey: string | null;
  metrics: { port: number | null; token: string | null };
  logLevel: z.infer<typeof settings>['LOG_LEVEL'];
  networkCreation: 'ANYONE' | 'ADMINISTRATORS';
  defaultLocale: string;
  trustedProxies: string[];
  corsOrigins: string[];
  passwordMemoryKib: number;
  introspection: boolean;
}

/** A setting is wrong; the message says which one and why. */
export class ConfigError extends CannotStart {
  override name = 'ConfigError';
}

/**
 * Reads the typed configuration. An empty variable counts as absent.
 *
 * @throws ConfigError with one line for each wrong setting
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration is not valid:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    frontEndUrl: env.FRONT_END_URL?.replace(/\/+$/, '') ?? null,
    dataDir: path.resolve(env.DATA_DIR),
    database: databaseOf(env),
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
    oidc: oidcOf(env),
    s3: s3Of(env),
    secretKey: env.SECRET_KEY ?? null,
    metrics: { port: env.METRICS_PORT ?? null, token: env.METRICS_TOKEN ?? null },
    logLevel: env.LOG_LEVEL,
    networkCreation: env.NETWORK_CREATION,
    defaultLocale: env.DEFAULT_LOCALE,
    trustedProxies: env.TRUSTED_PROXIES,
    corsOrigins: env.CORS_ORIGINS,
    passwordMemoryKib: env.PASSWORD_MEMORY_KIB,
    introspection: env.INTROSPECTION,
  };
}

// Enough to find and load a program, on each system.
const CHILD_VARIABLES = ['PATH', 'HOME', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];

/** What a child process gets of our environment: no settings and so no secrets, which are not its business. */
export function childEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(CHILD_VARIABLES.map((name) => [name, process.env[name]]));
}

// Names that stand for the machine itself and for private networks.
const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function isProxy(text: string): boolean {
  if (NAMED_NETWORKS.includes(text)) return true;
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = net.isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

// A browser sends an origin without a path: one with a slash would never match.
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

type Settings = z.infer<typeof settings>;

function databaseOf(env: Settings): Config['database'] {
  if (env.DATABASE_OWNER_URL && !env.DATABASE_URL) {
    throw new ConfigError(
      'The configuration is not valid:\n  DATABASE_OWNER_URL: needs DATABASE_URL beside it',
    );
  }
  return {
    url: env.DATABASE_URL ?? null,
    ownerUrl: env.DATABASE_OWNER_URL ?? null,
    poolSize: env.DATABASE_POOL_SIZE,
    isUnsafeAllowed: env.ALLOW_UNSAFE_DATABASE,
  };
}

function oidcOf(env: Settings): Config['oidc'] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (issuer && clientId && clientSecret) return { issuer, clientId, clientSecret };
  if (!issuer && !clientId && !clientSecret) return null;
  throw new ConfigError(
    'The configuration is not valid:\n  OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: give all three or none',
  );
}

function s3Of(env: Settings): S3Config | null {
  const { FILES_S3_ENDPOINT: endpoint, FILES_S3_BUCKET: bucket, FILES_S3_REGION: region } = env;
  const { FILES_S3_ACCESS_KEY: accessKey, FILES_S3_SECRET_KEY: secretKey } = env;
  if (endpoint && bucket && accessKey && secretKey) {
    return { endpoint: endpoint.replace(/\/+$/, ''), bucket, region, accessKey, secretKey };
  }
  if (!endpoint && !bucket && !accessKey && !secretKey) return null;
  throw new ConfigError(
    'The configuration is not valid:\n  FILES_S3_ENDPOINT, FILES_S3_BUCKET, FILES_S3_ACCESS_KEY and FILES_S3_SECRET_KEY: give all four or none',
  );
}
