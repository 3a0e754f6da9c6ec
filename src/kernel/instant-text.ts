const DAY_MS = 24 * 60 * 60_000;

let writtenDay = NaN;
let written = '';

/**
 * An instant in UTC with milliseconds, exactly as `toISOString` writes it.
 *
 * Lists hold thousands of instants, most of them of the same day as the one before: the day is written once, and the
 * time of the day without the calendar.
 *
 * @throws RangeError for what is no date
 */
export function instantText(instant: Date): string {
  const ms = instant.getTime();
  const day = Math.floor(ms / DAY_MS);
  if (day !== writtenDay) {
    written = instant.toISOString().slice(0, -'00:00:00.000Z'.length);
    writtenDay = day;
  }
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / 1_000);
  const minutes = Math.floor(seconds / 60);
  const millis = rest % 1_000;
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${written}${time}.${millis < 100 ? '0' : ''}${two(millis)}Z`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
