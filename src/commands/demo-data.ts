import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../kernel/package-root.ts';

const community = z.strictObject({
  people: z.array(
    z.strictObject({ name: z.string(), skills: z.array(z.string()).min(1), about: z.string() }),
  ),
  tasks: z.record(z.string(), z.strictObject({ text: z.string(), hours: z.array(z.string()).min(1) })),
  groups: z.array(z.strictObject({ name: z.string(), purpose: z.string(), members: z.int() })),
});
export type DemoData = z.infer<typeof community>;

export const DEMO_PASSWORD = 'mutual aid demo';

export function readDemoData(): DemoData {
  return community.parse(parse(readFileSync(path.join(packageRoot(), 'demo', 'community.yaml'), 'utf8')));
}

/** An address that never exists (RFC 2606), so that no letter of the demo reaches anybody. */
export function emailOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase();
  return `${plain.replaceAll(/[^a-z]+/g, '.')}@demo.invalid`;
}
