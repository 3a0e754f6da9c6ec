type Value = string | number | boolean | null | undefined | object;

/** The same without fields that were not given, all the way down, as it is kept in JSON. */
export function withoutGaps<T extends object>(given: T): T {
  return JSON.parse(JSON.stringify(given)) as T;
}

/**
 * Settings as voters read them, by the names of their fields: `leadMinutes 60, opening (weekly (weekday 1, from 09:00, until
 * 12:00))`.
 */
export function settingsInWords(settings: object): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]: [string, Value]) => `${field} ${inWords(value)}`)
    .join(', ');
}

function inWords(value: Value): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inWords).join(' ');
  return typeof value === 'object' ? `(${settingsInWords(value)})` : String(value);
}
