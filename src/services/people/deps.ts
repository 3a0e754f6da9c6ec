import type { Clock } from '../../kernel/clock.ts';
import type { Config } from '../../kernel/config.ts';
import type { Db } from '../../kernel/database.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import type { Passwords } from './passwords.ts';
import type { SecretBox } from './secret-box.ts';
import type { Throttle } from './throttle.ts';

/**
 * What signing in and its relatives work with. They are given the means to open transactions, since hashing a
 * password takes too long to hold one open, and a failed attempt counts although it changes nothing else.
 */
export interface PeopleDeps {
  config: Config;
  clock: Clock;
  db: Db;
  run: RunUnit;
  passwords: Passwords;
  throttle: Throttle;
  secretBox: SecretBox;
}
