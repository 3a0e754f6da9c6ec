import type { Translations } from '../../entities/translations.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { boundedText, requireLocale } from '../../kernel/text.ts';

/** A text in one language, as clients give it. */
export interface TranslationInput {
  locale: string;
  text: string;
}

/**
 * Reads texts in several languages, each once.
 *
 * @throws InvalidInput INVALID_LOCALE, INVALID_CHOICE for a language that comes twice, or a fault of a text
 */
export function parseTranslations(
  given: readonly TranslationInput[],
  path: string,
  bounds: { min?: number; max: number },
): Translations {
  const translations: Translations = {};
  for (const [index, { locale, text }] of given.entries()) {
    const tag = requireLocale(locale, `${path}.${index}.locale`);
    if (tag in translations) throw new InvalidInput('INVALID_CHOICE', `${path}.${index}.locale`);
    translations[tag] = boundedText(text, `${path}.${index}.text`, bounds);
  }
  return translations;
}

/**
 * The text in a language, else in a near one (`pt` for `pt-BR`), else in the default one, else in any there is.
 * Null only if there is no text at all.
 */
export function textIn(
  translations: Translations,
  locale: string | null | undefined,
  defaultLocale: string,
): string | null {
  for (const wanted of [locale, defaultLocale]) {
    if (!wanted) continue;
    const exact = translations[wanted] ?? translations[wanted.split('-')[0] ?? ''];
    if (exact !== undefined) return exact;
  }
  return Object.values(translations)[0] ?? null;
}

/** How a name sorts in lists: without accents and case. */
export function sortNameOf(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
