import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROLES } from '../../entities/role-assignment.ts';
import { UNIT_KINDS } from '../../entities/unit.ts';
import { BALANCE_VISIBILITIES, JOIN_MODES } from '../../entities/network.ts';
import type { NetworkTemplateCode } from '../../entities/network-template.ts';
import { RULED_KINDS } from '../../governance/actions.ts';
import { ruleFaults } from '../../governance/bylaw-faults.ts';
import { TALLY_METHODS, THRESHOLD_BASES } from '../../governance/tally/method.ts';
import { packageRoot } from '../../kernel/package-root.ts';

const translations = z.record(z.string(), z.string().min(1));
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const role = z.enum(ROLES);

const decider = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ROLE'), role }),
  z.strictObject({ by: z.literal('SIGNATURES'), role, count: z.int() }),
  z.strictObject({
    by: z.literal('VOTE'),
    method: z.enum(TALLY_METHODS),
    threshold: z.string(),
    base: z.enum(THRESHOLD_BASES),
    quorum: z.string(),
    periodDays: z.int(),
    delayDays: z.int().default(0),
  }),
]);

const template = z.strictObject({
  name: translations,
  description: translations,
  joinMode: z.enum(JOIN_MODES),
  sponsorsNeeded: z.int().min(0).max(20),
  balancesVisibleTo: z.enum(BALANCE_VISIBILITIES),
  treasurersNeedOneTimeCode: z.boolean(),
  memberClasses: z
    .array(z.strictObject({ code: z.string(), name: translations, votes: z.int().min(0) }))
    .min(1),
  units: z.array(
    z.strictObject({
      code: z.string(),
      name: translations,
      symbol: z.string(),
      kind: z.enum(UNIT_KINDS),
      scale: z.int().min(0).max(8),
      defaultFloor: decimal.nullable(),
      defaultCeiling: decimal.nullable(),
      opensMemberAccounts: z.boolean(),
    }),
  ),
  networkAccounts: z.array(z.strictObject({ unit: z.string(), name: z.string() })),
  categories: z.array(z.strictObject({ name: translations })),
  terms: translations,
  bylaws: z.strictObject({
    legalForm: z.string(),
    founderRoles: z.array(role),
    rules: z
      .array(z.strictObject({ action: z.enum(RULED_KINDS), upTo: decimal.nullable(), decidedBy: decider }))
      .refine((rules) => ruleFaults(rules).length === 0, 'something could never be decided'),
  }),
});

export type NetworkTemplate = z.infer<typeof template>;

const loaded = new Map<NetworkTemplateCode, NetworkTemplate>();

/** What a template brings, read from its file once. */
export function templateFor(code: NetworkTemplateCode): NetworkTemplate {
  let found = loaded.get(code);
  if (!found) {
    const file = `${code.toLowerCase().replace('_', '-')}.yaml`;
    found = template.parse(parse(readFileSync(path.join(packageRoot(), 'templates', file), 'utf8')));
    loaded.set(code, found);
  }
  return found;
}
