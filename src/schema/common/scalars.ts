import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDay } from '../../kernel/calendar.ts';
import { instantText } from '../../kernel/instant-text.ts';

const DECIMAL = /^-?\d{1,19}(\.\d{1,8})?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function parseDecimal(value: unknown): string {
  if (typeof value === 'string' && DECIMAL.test(value)) return value;
  throw new GraphQLError(
    'A Decimal is a string such as "12.50", with at most 19 digits before and 8 after the point.',
  );
}

/** Amounts travel as text: a JSON number would lose digits. */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'A decimal number as a string, such as "12.50": at most 19 digits before and 8 after the point, never an exponent.',
  serialize: parseDecimal,
  parseValue: parseDecimal,
  parseLiteral: (node) => parseDecimal(node.kind === Kind.STRING ? node.value : undefined),
});

function parseInstant(value: unknown): Date {
  if (typeof value === 'string' && INSTANT.test(value)) {
    const instant = new Date(value);
    // JavaScript takes 30 February for 1 March: the day must survive the way there and back.
    const isReal = !Number.isNaN(instant.getTime()) && isDay(value.slice(0, 10));
    if (isReal) return instant;
  }
  throw new GraphQLError('A DateTime is an instant as RFC 3339 writes it, such as "2026-05-01T09:30:00Z".');
}

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant as RFC 3339 writes it. Answers are in UTC with milliseconds; intervals are half open.',
  serialize: (value) => instantText(value as Date),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

function parseDay(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw new GraphQLError('A Date is a day as ISO 8601 writes it, such as "2026-05-01".');
}

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description:
    'A day of the calendar as ISO 8601 writes it, such as "2026-05-01", in the time zone of its network.',
  serialize: parseDay,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : undefined),
});
