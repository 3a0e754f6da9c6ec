import { readFileSync } from 'node:fs';
import { printSchemaText } from '../server/print-schema.ts';

/** Prints the schema, or compares it with a file. Needs neither a database nor a configuration. */
export function schemaPrintCommand({ check }: { check?: string }): void {
  const text = printSchemaText();
  if (!check) {
    process.stdout.write(text);
    return;
  }
  if (readFileSync(check, 'utf8') === text) return;
  process.stderr.write(
    `${check} is not what the code says: run npm run --silent cli -- schema print > ${check}\n`,
  );
  process.exitCode = 1;
}
