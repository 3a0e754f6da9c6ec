import { z } from 'zod';
import { COMPLETIONS, TALLY_METHODS, THRESHOLD_BASES } from '../../governance/tally/method.ts';
import { PUBLISHED_FORMAT } from '../../governance/tally/published.ts';
import { BrokenFile, type ElectionFile } from './election-file.ts';
import { jsonLines } from './json-lines.ts';

const whole = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,60}$/)])
  .transform((value) => BigInt(value));
const positive = whole.refine((value) => value > 0n, 'expected a whole number above zero');
const count = z.int().nonnegative();

const SETTINGS = z.strictObject({
  threshold: z.strictObject({ numerator: whole, denominator: positive, isStrict: z.boolean() }).optional(),
  base: z.enum(THRESHOLD_BASES).optional(),
  eligible: whole.optional(),
  maxApprovals: count.optional(),
  maxScore: count.optional(),
  credits: count.optional(),
  budget: whole.optional(),
  completion: z.enum(COMPLETIONS).optional(),
  increment: positive.optional(),
  voters: positive.optional(),
  mostSteps: count.optional(),
  mostChoices: count.optional(),
  startsWhole: z.boolean().optional(),
});

const BALLOT = z.strictObject({
  weight: positive.optional(),
  choice: z.string().optional(),
  reason: z.string().optional(),
  approvals: z.array(z.string()).optional(),
  ranking: z.array(z.array(z.string())).optional(),
  scores: z.array(z.strictObject({ option: z.string(), value: z.number() })).optional(),
});

const PUBLISHED = z.strictObject({
  format: z.literal(PUBLISHED_FORMAT),
  method: z.enum(TALLY_METHODS),
  seats: z.int().positive(),
  seed: z.string(),
  options: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.string(),
        cost: whole.optional(),
        isWithdrawn: z.boolean().optional(),
      }),
    )
    .refine(
      (options) => new Set(options.map(({ id }) => id)).size === options.length,
      'expected different ids',
    ),
  settings: SETTINGS,
  ballots: z.array(BALLOT),
});

/** Reads the ballots of a vote as a server publishes them, in JSON. */
export function readPublished(text: string, file: string): ElectionFile {
  const json = parseJson(text, file);
  const { data, error } = PUBLISHED.safeParse(json);
  if (!data) throw faultOf(text, file, error.issues[0]!);
  const { method, seats, seed, options, settings, ballots } = data;
  let lines: Map<string, number> | undefined;
  return {
    method,
    seats,
    seed,
    options,
    settings,
    ballots: ballots.map(({ weight = 1n, ...input }) => ({ input, weight })),
    lineOf(ballot) {
      lines ??= jsonLines(text, (path) => path.length === 2 && path[0] === 'ballots');
      return lines.get(`ballots.${ballot}`) ?? 1;
    },
    decimals: 0,
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = /position (\d+)/.exec(error.message)?.[1];
    const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
    throw new BrokenFile(file, before.split('\n').length, 'JSON');
  }
}

function faultOf(text: string, file: string, { path, message }: z.core.$ZodIssue): BrokenFile {
  const parts = path.map((part) => (typeof part === 'symbol' ? '' : part));
  // What is missing has no line of its own, and its parent has one.
  const lines = jsonLines(text, (some) => some.every((part, index) => part === parts[index]));
  const nearest = parts
    .map((_, index) => parts.slice(0, parts.length - index).join('.'))
    .find((each) => lines.has(each));
  const line = lines.get(nearest ?? '') ?? 1;
  return new BrokenFile(
    file,
    line,
    `${parts.join('.') || 'an object'} as ${PUBLISHED_FORMAT} has it (${message})`,
  );
}
