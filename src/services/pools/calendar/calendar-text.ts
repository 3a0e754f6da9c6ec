import ical, {
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalEventData,
} from 'ical-generator';
import type { Calendar, CalendarEntry } from './read-feed.ts';

// How often programs ask again that go by what the calendar says.
const ASK_AGAIN_SECONDS = 3_600;

/**
 * A calendar as RFC 5545 writes it. The same bookings make the same text, so that who asks again need not be sent it again.
 *
 * @param host makes the ids of events unlike those of other servers
 */
export function calendarText({ name, isOwn, entries }: Calendar, host: string): string {
  const calendar = ical({
    // The library puts the name in as it is, and all other texts with their signs marked.
    name: marked(plain(name)),
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Mutuality', product: 'bookings' },
    ttl: ASK_AGAIN_SECONDS,
  });
  for (const entry of entries) calendar.createEvent(eventOf(entry, { host, isOwn }));
  return calendar.toString();
}

function eventOf(
  { booking, things, bookerName, purpose }: CalendarEntry,
  { host, isOwn }: { host: string; isOwn: boolean },
): ICalEventData {
  const what = things.map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name)).join(', ');
  const places = new Set(things.flatMap(({ placeName }) => placeName ?? []));
  const isOff = booking.state === 'CANCELLED' || booking.state === 'LAPSED';
  return {
    id: `${booking.id}@${host}`,
    start: booking.fromAt,
    end: booking.untilAt,
    stamp: booking.changedAt,
    lastModified: booking.changedAt,
    sequence: booking.changeCount,
    summary: plain(bookerName === null ? what : `${what} – ${bookerName}`),
    status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    // What others have booked leaves the owner of the calendar free.
    transparency: isOwn ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    ...(places.size > 0 && { location: plain([...places].join(', ')) }),
    ...(purpose !== null && { description: plain(purpose) }),
  };
}

/** Without signs that control devices, which no text of a calendar may hold; line breaks are one sign each. */
function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/** With its signs marked as RFC 5545 wants them in a text (section 3.3.11), so that it does not end where it should not. */
function marked(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}
