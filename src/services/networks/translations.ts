import type { Translations } from '../../entities/translations.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { boundedText, requireLocale } from '../../kernel/text.ts';

/** A text in one language, as clients give it. */
export interface TranslationInput {
  locale: string;
  text: string;
}

const MAX_SUBTAGS = 10;
const SORT_NAME_LENGTH = 150;

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
 * The text in a language, else in a wider one (`pt` for `pt-BR`), else in the default one, else in any there is.
 * Null only if there is no text at all.
 */
export function textIn(
  translations: Translations,
  locale: string | null | undefined,
  defaultLocale: string,
): string | null {
  for (const wanted of [locale, defaultLocale]) {
    for (const tag of wanted ? widerTags(wanted) : []) {
      const known = Object.keys(translations).find((key) => key.toLowerCase() === tag);
      if (known) return translations[known] ?? null;
    }
  }
  return Object.values(translations)[0] ?? null;
}

/** A text in all its languages, as voters read it: `“Bread” (en) “Pan” (es)`. */
export function translationsInWords(translations: Translations): string {
  const texts = Object.entries(translations).map(([locale, text]) => `“${text}” (${locale})`);
  return texts.join(' ') || 'none';
}

/** A language tag in lower case and the wider ones around it: `zh-hant-tw`, `zh-hant`, `zh`. */
function widerTags(tag: string): string[] {
  const parts = tag.toLowerCase().split('-', MAX_SUBTAGS);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** How a name sorts in lists: without accents and case. One letter can become many, so it is cut. */
export function sortNameOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...plain].slice(0, SORT_NAME_LENGTH).join('');
}
