import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CannotStart } from '../../kernel/cannot-start.ts';
import { readBlt } from './blt.ts';
import type { ElectionFile } from './election-file.ts';
import { readPabulib } from './pabulib.ts';
import { readPreflib } from './preflib.ts';
import { readPublished } from './published.ts';

const READERS: Record<string, (text: string, file: string) => ElectionFile> = {
  '.blt': readBlt,
  '.json': readPublished,
  '.pb': readPabulib,
  '.soc': readPreflib,
  '.soi': readPreflib,
  '.toc': readPreflib,
  '.toi': readPreflib,
};

/** Reads a file of ballots; the end of its name says how. */
export function readElectionFile(file: string): ElectionFile {
  const read = READERS[path.extname(file).toLowerCase()];
  if (!read)
    throw new CannotStart(`${file}: expected a file that ends in ${Object.keys(READERS).join(', ')}`);
  return read(textOf(file), file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CannotStart(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
