import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's own directory, the same whether the code runs from `src` or from `dist/src`. */
export function packageRoot(): string {
  for (let directory = __dirname; ; directory = path.dirname(directory)) {
    const manifest = path.join(directory, 'package.json');
    if (existsSync(manifest)) return directory;
    if (directory === path.dirname(directory)) throw new Error('No package.json above the program');
  }
}

export function packageVersion(): string {
  const manifest = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
