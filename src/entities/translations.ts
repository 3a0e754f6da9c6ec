/** A text in one or more languages, by BCP 47 language tag. */
export type Translations = Record<string, string>;
