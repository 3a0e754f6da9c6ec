import type { Closure, OpenHours, Opening } from '../../entities/opening.ts';
import { dayAfter, isDay } from '../../kernel/calendar.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { optionalText } from '../../kernel/text.ts';

export interface OpeningGiven {
  /** Absent or null for always. */
  weekly?: readonly OpenHours[] | null;
  closures?: readonly { from: string; until: string; note?: string | null }[] | null;
}

const MAX_LINES = 100;
const MAX_CLOSURE_YEARS = 1;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Reads when something is open.
 *
 * @param path the field that says it
 * @throws InvalidInput INVALID_RANGE, INVALID_TEXT, TEXT_TOO_LONG
 */
export function parseOpening({ weekly = null, closures }: OpeningGiven, path: string): Opening {
  return {
    weekly: weekly && linesOf(weekly, `${path}.weekly`, hoursIn),
    closures: linesOf(closures ?? [], `${path}.closures`, closureIn),
  };
}

function linesOf<Given, Line>(
  given: readonly Given[],
  path: string,
  read: (line: Given, path: string) => Line,
): Line[] {
  if (given.length > MAX_LINES) throw new InvalidInput('INVALID_RANGE', path, { min: 0, max: MAX_LINES });
  return given.map((line, index) => read(line, `${path}.${index}`));
}

function hoursIn({ weekday, from, until }: OpenHours, path: string): OpenHours {
  if (weekday < 1 || weekday > 7) {
    throw new InvalidInput('INVALID_RANGE', `${path}.weekday`, { min: 1, max: 7 });
  }
  if (!TIME.test(from))
    throw new InvalidInput('INVALID_RANGE', `${path}.from`, { min: '00:00', max: '23:59' });
  // Times with leading zeros compare as texts.
  if ((!TIME.test(until) && until !== '24:00') || until <= from) {
    throw new InvalidInput('INVALID_RANGE', `${path}.until`, { after: from, max: '24:00' });
  }
  return { weekday, from, until };
}

function closureIn(
  { from, until, note }: { from: string; until: string; note?: string | null },
  path: string,
): Closure {
  if (!isDay(from)) throw new InvalidInput('INVALID_RANGE', `${path}.from`);
  const last = dayAfter(from, { years: MAX_CLOSURE_YEARS });
  if (!isDay(until) || until < from || until > last) {
    throw new InvalidInput('INVALID_RANGE', `${path}.until`, { min: from, max: last });
  }
  return { from, until, note: optionalText(note, `${path}.note`, { max: 200 }) ?? '' };
}
