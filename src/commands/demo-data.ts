import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  FEE_PERIODS,
  OPENING_SCOPES,
  QUOTA_HOLDERS,
  QUOTA_PERIODS,
  RESOURCE_KINDS,
} from '../entities/resource.ts';
import { packageRoot } from '../kernel/package-root.ts';

const fee = z.strictObject({ per: z.enum(FEE_PERIODS), amount: z.string() });
const thing = z.strictObject({
  name: z.string(),
  kind: z.enum(RESOURCE_KINDS),
  description: z.string(),
  instructions: z.string().optional(),
  quantity: z.int().optional(),
  stock: z.strictObject({ unit: z.string(), decimals: z.int() }).optional(),
  quota: z
    .strictObject({ amount: z.string(), per: z.enum(QUOTA_HOLDERS), period: z.enum(QUOTA_PERIODS) })
    .optional(),
  place: z.string().optional(),
  value: z.string().optional(),
  fee: fee.optional(),
  rates: z.array(z.strictObject({ memberClass: z.string(), amount: z.string() })).optional(),
  deposit: z.string().optional(),
  lateFee: fee.optional(),
  rules: z
    .strictObject({
      needsApproval: z.boolean().optional(),
      longestMinutes: z.int().optional(),
      bufferAfterMinutes: z.int().optional(),
      openingScope: z.enum(OPENING_SCOPES).optional(),
    })
    .optional(),
  /** The member who lends it, and the shares of those who own it together, by name. */
  lentBy: z.string().optional(),
  ownedBy: z.record(z.string(), z.int()).optional(),
  maintenance: z
    .strictObject({ name: z.string(), everyDays: z.int().optional(), everyUses: z.int().optional() })
    .optional(),
});
const library = z.strictObject({
  name: z.string(),
  description: z.string(),
  steward: z.string(),
  rules: z.strictObject({
    aheadDays: z.int(),
    memberBookings: z.int(),
    cancelFreeMinutes: z.int(),
    cancelFee: z.string(),
    lateGraceMinutes: z.int(),
  }),
  /** On each day of the week. */
  hours: z.array(z.strictObject({ from: z.string(), until: z.string() })),
  things: z.array(thing),
  kit: z.strictObject({
    name: z.string(),
    description: z.string(),
    items: z.record(z.string(), z.int()),
  }),
});
export type DemoThing = z.infer<typeof thing>;

const community = z.strictObject({
  people: z.array(
    z.strictObject({ name: z.string(), skills: z.array(z.string()).min(1), about: z.string() }),
  ),
  tasks: z.record(z.string(), z.strictObject({ text: z.string(), hours: z.array(z.string()).min(1) })),
  groups: z.array(z.strictObject({ name: z.string(), purpose: z.string(), members: z.int() })),
  library,
});
export type DemoData = z.infer<typeof community>;

export const DEMO_PASSWORD = 'mutual aid demo';
export const DEMO_TIME_ZONE = 'Europe/Madrid';

export function readDemoData(): DemoData {
  return community.parse(parse(readFileSync(path.join(packageRoot(), 'demo', 'community.yaml'), 'utf8')));
}

/** An address that never exists (RFC 2606), so that no letter of the demo reaches anybody. */
export function emailOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase();
  return `${plain.replaceAll(/[^a-z]+/g, '.')}@demo.invalid`;
}
