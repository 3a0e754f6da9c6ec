import type { Clock } from '../../kernel/clock.ts';
import type { Config } from '../../kernel/config.ts';
import type { Db } from '../../kernel/database.ts';
import type { FileStore } from '../../kernel/file-store.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import type { SecretBox } from '../people/secret-box.ts';
import type { Throttle } from '../people/throttle.ts';
import type { Pictures } from './pictures.ts';

/**
 * What keeping files works with. It is given the means to open transactions, since none is held open while a picture is
 * read or bytes travel.
 */
export interface FileDeps {
  config: Pick<Config, 'publicUrl'>;
  clock: Clock;
  db: Db;
  run: RunUnit;
  store: FileStore;
  pictures: Pictures;
  secretBox: SecretBox;
  throttle: Throttle;
}
