import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

// A second net below the rule that nothing secret is handed to the log in the first place. `code` is not among them:
// operators need the code of an error.
const SECRETS = [
  'password',
  'newPassword',
  'token',
  'oneTimeCode',
  'recoveryCodes',
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

/**
 * An error without the values that the database was given: they hold hashes of passwords and tokens, and the text of
 * letters. PostgreSQL repeats them in the detail of some refusals.
 */
function withoutValues(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const {
    parameters: _parameters,
    driverError: _driverError,
    detail: _detail,
    ...rest
  } = stdSerializers.err(error as Error);
  return rest;
}

/** Structured logs, one JSON object a line on standard error, so that standard output stays for what commands print. */
export function openLog(
  config: Pick<Config, 'logLevel'>,
  destination: DestinationStream = pino.destination(2),
): Log {
  return pino(
    {
      level: config.logLevel,
      base: null,
      redact: { paths: REDACTED, censor: '[secret]' },
      serializers: { err: withoutValues },
    },
    destination,
  );
}
