import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('Translation', { description: 'A text in one language.' })
export class TranslationType {
  @Field(() => String, { description: 'Language as a BCP 47 tag, such as `pt-BR`.' })
  locale: string;

  @Field(() => String, { description: 'The text.' })
  text: string;
}

@InputType({ description: 'A text in one language.' })
export class TranslationInput {
  @Field(() => String, {
    description: 'Language as a BCP 47 tag, such as `pt-BR`; each language at most once.',
  })
  locale: string;

  @Field(() => String, { description: 'The text.' })
  text: string;
}

/** What clients see of a stored text in all its languages. */
export function translationsOf(stored: Record<string, string>): TranslationType[] {
  return Object.entries(stored).map(([locale, text]) => ({ locale, text }));
}
