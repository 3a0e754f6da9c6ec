import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A source file: its path from the project's directory, with forward slashes, and what it says. */
export interface Source {
  path: string;
  text: string;
}

export interface Import {
  /** As it is written: `./ids.ts`, `pg`, `node:path`. */
  specifier: string;
  /** The imported file of the project; null for a package. */
  target: string | null;
  /** The compiler removes it: only types cross. */
  isTypeOnly: boolean;
  /** The names that are imported as values; `*` for whole modules, effects and dynamic imports. */
  values: string[];
}

const ROOT = path.resolve(__dirname, '../..');

/** Every TypeScript file below a directory of the project. */
export function sourcesUnder(directory: string): Source[] {
  return readdirSync(path.join(ROOT, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(ROOT, file).replaceAll(path.sep, '/');
      return { path: name, text: readFileSync(file, 'utf8') };
    });
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?([^'";]*?)\s*from\s*'([^']+)'/gm;
const EFFECT = /^import\s+'([^']+)'/gm;
const DYNAMIC = /\b(?:import|require)\(\s*'([^']+)'\s*\)/g;

/** Finds the imports of a file. Prettier's layout is relied on: statements begin a line, quotes are single. */
export function importsOf({ path: file, text }: Source): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, clause = '', specifier = '']) => {
    const values = type ? [] : valuesOf(clause);
    return { specifier, values, isTypeOnly: values.length === 0 };
  });
  const others = [...text.matchAll(EFFECT), ...text.matchAll(DYNAMIC)].map(([, specifier = '']) => {
    return { specifier, values: ['*'], isTypeOnly: false };
  });
  return [...statements, ...others].map((found) => ({ ...found, target: targetOf(file, found.specifier) }));
}

function valuesOf(clause: string): string[] {
  const [, outside = '', , named = ''] = /^([^{]*)(\{([^}]*)\})?/.exec(clause) ?? [];
  return [...outside.split(','), ...named.split(',')]
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

function targetOf(file: string, specifier: string): string | null {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : null;
}

/** The circles among files that import each other's values, each as the files along it. */
export function circlesIn(sources: Source[]): string[][] {
  const targets = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ target, isTypeOnly }) => (target && !isTypeOnly ? [target] : [])),
    ]),
  );
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): void => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file]);
    if (trail.includes(file) || done.has(file)) return;
    for (const target of targets.get(file) ?? []) walk(target, [...trail, file]);
    done.add(file);
  };
  for (const file of targets.keys()) walk(file, []);
  return circles;
}
