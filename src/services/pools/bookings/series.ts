import { BookingSeries, type SeriesRefusal } from '../../../entities/booking-series.ts';
import { Booking } from '../../../entities/booking.ts';
import { assert, DomainError, InvalidInput, NotFound, type ErrorFields } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { inPart } from '../../../kernel/part.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn } from '../../access/standing.ts';
import { LONGEST_MINUTES } from '../may-book.ts';
import { poolFor } from '../pool-access.ts';
import { BOOKING_STEPS } from './booking-steps.ts';
import { callOff } from './cancel.ts';
import { REASON_BOUNDS } from './decide.ts';
import { deskFor, type AskForThings, type Desk } from './desk.ts';
import { BookingConflict, BookingStateConflict, type TakenTime } from './errors.ts';
import { takeBooking } from './in-hand.ts';
import { bookAt } from './request.ts';
import { occurrencesOf, requireTime, type Occurrence, type Recurrence } from './series-dates.ts';

export interface RequestSeries extends AskForThings, Recurrence {}

/** What came of one time of a series: a booking, or why there is none. */
export interface SeriesAnswer {
  /** By the clocks of the network. */
  startsAt: string;
  booking: Booking | null;
  refusal: DomainError | null;
}

export interface AnsweredSeries {
  id: string;
  series: BookingSeries;
  answers: SeriesAnswer[];
}

/**
 * Asks for things again and again by a rule of RFC 5545, at the same time of the network's clocks. Each time is asked for by
 * itself and has its own answer: one that is refused does not hinder the others.
 *
 * @throws Forbidden, what asking for a booking refuses whatever its time, InvalidRecurrence, InvalidLocalTime, SeriesTooLong,
 *   InvalidInput
 * @emits BookingSeriesRequested, and for each booking BookingRequested, BookingApproved, HoldPlaced
 */
export async function requestSeries(tx: Tx, command: RequestSeries): Promise<AnsweredSeries> {
  const { rule, startsAt, durationMinutes } = command;
  if (durationMinutes < 1 || durationMinutes > LONGEST_MINUTES) {
    throw new InvalidInput('INVALID_RANGE', 'durationMinutes', { min: 1, max: LONGEST_MINUTES });
  }
  const desk = await deskFor(tx, command);
  const { timeZone } = desk.standing.network;
  const occurrences = occurrencesOf(command, timeZone);
  const series: BookingSeries = {
    networkId: desk.pool.networkId,
    id: newId('bookingSeries'),
    poolId: desk.pool.id,
    membershipId: desk.booker.id,
    rule,
    startsAtLocal: startsAt,
    timeZone,
    durationMinutes,
    occurrenceCount: occurrences.length,
    refusals: [],
    createdAt: tx.now,
  };
  await tx.db.insert(BookingSeries, series);
  tx.emit({ networkId: series.networkId, kind: 'BookingSeriesRequested', subjectId: series.id });
  const answers: SeriesAnswer[] = [];
  for (const occurrence of occurrences) answers.push(await answerTo(tx, desk, series, occurrence));
  const refusals = answers.flatMap(({ startsAt: at, refusal }) =>
    refusal ? [{ startsAt: at, ...storedRefusal(refusal) }] : [],
  );
  const { networkId, id } = series;
  await tx.db.update(BookingSeries, { networkId, id }, { refusals });
  return { id, series: { ...series, refusals }, answers };
}

async function answerTo(
  tx: Tx,
  desk: Desk,
  { id }: BookingSeries,
  occurrence: Occurrence,
): Promise<SeriesAnswer> {
  const { startsAt } = occurrence;
  try {
    const part = { actor: tx.actor, reactions: {}, isTrial: false };
    const booking = await inPart(tx, part, (inner) => bookAt(inner, desk, requireTime(occurrence), id));
    return { startsAt, booking, refusal: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { startsAt, booking: null, refusal: error };
  }
}

function storedRefusal({ code, message, path, fields, shown }: DomainError): Omit<SeriesRefusal, 'startsAt'> {
  return { code, message, path, fields: { ...fields, ...shown } };
}

/** A refusal as it was told then. */
function toldBefore({ code, message, path, fields }: SeriesRefusal): DomainError {
  const { conflicts } = fields as { conflicts?: Record<keyof TakenTime, string>[] };
  if (!conflicts) return new DomainError(code, message, fields as ErrorFields, path);
  return new BookingConflict(
    conflicts.map(({ networkId, resourceId, from, until }) => ({
      networkId,
      resourceId,
      from: new Date(from),
      until: new Date(until),
    })),
  );
}

/**
 * What a series was answered for a key before, with its bookings as they are now.
 *
 * @throws Forbidden
 */
export async function seriesAgain(tx: Tx, networkId: string, id: string): Promise<AnsweredSeries> {
  authorize(await standingIn(tx, networkId), 'pool.read');
  const series = await tx.db.one(BookingSeries, { networkId, id });
  assert(series, 'what a key stands for is there');
  const { rule, startsAtLocal: startsAt, durationMinutes, timeZone, refusals } = series;
  const bookings = await tx.db.all(Booking, { networkId, seriesId: id });
  const answers = occurrencesOf({ rule, startsAt, durationMinutes }, timeZone).map(
    (occurrence): SeriesAnswer => {
      const refusal = refusals.find((former) => former.startsAt === occurrence.startsAt);
      const begins = occurrence.time?.from.getTime();
      return {
        startsAt: occurrence.startsAt,
        booking: bookings.find(({ fromAt }) => fromAt.getTime() === begins) ?? null,
        refusal: refusal ? toldBefore(refusal) : null,
      };
    },
  );
  return { id, series, answers };
}

export interface CancelSeries {
  networkId: string;
  bookingSeriesId: string;
  reason?: string | null;
}

/**
 * Calls off all bookings of a series that have not begun, each by the rule of its pool. For the booker, stewards and
 * coordinators.
 *
 * @throws Forbidden, NotFound, PoolArchived, BookingStateConflict if none is left, InvalidInput
 * @emits BookingCancelled for each, HoldCaptured, HoldReleased, TransferPosted
 */
export async function cancelSeries(tx: Tx, command: CancelSeries): Promise<BookingSeries> {
  const member = await standingIn(tx, command.networkId);
  authorize(member, 'pool.read');
  const networkId = member.network.id;
  const id = requireId('bookingSeries', command.bookingSeriesId, 'bookingSeriesId');
  const series = await tx.db.one(BookingSeries, { networkId, id });
  if (!series) throw new NotFound('BookingSeries');
  const { standing, isSteward } = await poolFor(tx, { networkId, poolId: series.poolId });
  const isOwn = series.membershipId === standing.membership?.id;
  authorize(standing, 'booking.change', { isOwn: isOwn || isSteward });
  const reason = optionalText(command.reason, 'reason', REASON_BOUNDS);
  const bookings = await tx.db.select(
    Booking,
    `where network_id = $1 and series_id = $2 and state in ('WAITING', 'REQUESTED', 'APPROVED') and from_at > $3
      order by id`,
    [networkId, id, tx.now],
  );
  let count = 0;
  for (const { id: bookingId } of bookings) {
    const hand = await takeBooking(tx, { networkId, bookingId }, { frees: true });
    // It may have been called off since it was found.
    if (!BOOKING_STEPS.cancel.includes(hand.booking.state)) continue;
    await callOff(tx, hand, { state: 'CANCELLED', reason });
    count++;
  }
  if (count === 0) throw new BookingStateConflict('CANCELLED');
  return series;
}
