import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../kernel/config.ts';
import { packageRoot } from '../../kernel/package-root.ts';
import { LETTER_NAMES, type LetterJob } from './letter-job.ts';
import { linkFor, siteOf } from './links.ts';

export interface LetterText {
  subject: string;
  text: string;
}

const lettersOfLanguage = z.record(
  z.enum(LETTER_NAMES),
  z.strictObject({ subject: z.string(), text: z.string() }),
);
export type Letters = z.infer<typeof lettersOfLanguage>;

let languages: Map<string, Letters> | undefined;

/** The letters of all languages by their tag, from the files in `letters/`; read once. */
export function allLetters(): Map<string, Letters> {
  languages ??= new Map(readLetters(path.join(packageRoot(), 'letters')));
  return languages;
}

function readLetters(directory: string): [string, Letters][] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const text = readFileSync(path.join(directory, file), 'utf8');
      return [path.basename(file, '.yaml'), lettersOfLanguage.parse(parse(text))];
    });
}

/** The subject and text of a letter in the receiver's language, with its values filled in. */
export function writeLetter(
  { letter, locale, values }: LetterJob,
  config: Pick<Config, 'publicUrl' | 'frontEndUrl'>,
): LetterText {
  const pattern = lettersFor(locale)[letter];
  const all: Record<string, string> = {
    ...values,
    link: linkFor(letter, values['secret'] ?? '', config),
    site: siteOf(config),
  };
  return { subject: fill(pattern.subject, all), text: fill(pattern.text, all) };
}

/** The closest language there is: `pt-BR` is answered in `pt`, what is unknown in English. */
function lettersFor(locale: string): Letters {
  for (let tag = locale; tag !== ''; tag = tag.slice(0, Math.max(tag.lastIndexOf('-'), 0))) {
    const letters = allLetters().get(tag);
    if (letters) return letters;
  }
  const english = allLetters().get('en');
  if (!english) throw new Error('letters/en.yaml is missing');
  return english;
}

// People choose their names: a line break in one must begin neither a header nor a paragraph of its own.
function fill(pattern: string, values: Record<string, string>): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    (values[name] ?? '').replaceAll(/[\s\p{Cc}]+/gu, ' '),
  );
}
