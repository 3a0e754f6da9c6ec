import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

// A second net below the rule that nothing secret is handed to the log in the first place.
const SECRETS = [
  'password',
  'newPassword',
  'token',
  'oneTimeCode',
  'code',
  'secret',
  'authorization',
  'cookie',
];
const REDACTED = [
  ...SECRETS,
  ...SECRETS.map((name) => `*.${name}`),
  'req.headers.authorization',
  'req.headers.cookie',
  'variables',
];

/** Structured logs, one JSON object a line on standard error, so that standard output stays for what commands print. */
export function openLog(config: Pick<Config, 'logLevel'>): Log {
  return pino(
    { level: config.logLevel, base: null, redact: { paths: REDACTED, censor: '[secret]' } },
    pino.destination(2),
  );
}
