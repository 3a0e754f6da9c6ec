import { MINUTE_MS } from '../../../kernel/clock.ts';
import type { Db } from '../../../kernel/database.ts';
import type { JobHandlers, RecurringJob } from '../../../kernel/jobs.ts';
import type { RunUnit, Tx } from '../../../kernel/unit-of-work.ts';
import { BOOKING_STEPS, lapsesAt } from './booking-steps.ts';
import { callOff } from './cancel.ts';
import { endFree } from './decide.ts';
import { takeBooking, type NamedBooking } from './in-hand.ts';

export const DUE_BOOKINGS: RecurringJob = { kind: 'dueBookings', everyMs: MINUTE_MS };

const BATCH = 100;

interface Parts {
  db: Db;
  run: RunUnit;
}

export function bookingJobs(parts: Parts): JobHandlers {
  return { [DUE_BOOKINGS.kind]: (_: never, now: Date) => lapseBookings(parts, now) };
}

/**
 * Lets bookings lapse that waited in vain when their time comes, and those that nobody answered or fetched once it is over:
 * what was approved costs what calling it off so late would have, but nothing in a network that is archived. Each in a unit of work of its own; safe to run twice, also at the same time. One
 * that fails does not hinder the others.
 *
 * @throws what went wrong with the first that failed, once all others have ended, so that the job is tried again
 * @emits BookingLapsed for each
 */
export async function lapseBookings({ db, run }: Parts, now: Date): Promise<void> {
  const faults: unknown[] = [];
  let reachedId = '';
  for (;;) {
    const due = await db.rows<{ networkId: string; id: string }>(
      `select network_id, id from booking
        where state in ('WAITING', 'REQUESTED', 'APPROVED') and from_at <= $1
          and (state = 'WAITING' or until_at <= $1) and id > $2
        order by id limit ${BATCH}`,
      [now, reachedId],
    );
    for (const { networkId, id } of due) {
      const system = { kind: 'system', name: DUE_BOOKINGS.kind } as const;
      await run(system, (tx) => lapse(tx, { networkId, bookingId: id })).catch((error: unknown) =>
        faults.push(error),
      );
    }
    const last = due.at(-1);
    if (!last || due.length < BATCH) break;
    reachedId = last.id;
  }
  if (faults.length > 0) throw faults[0];
}

async function lapse(tx: Tx, named: NamedBooking): Promise<void> {
  const hand = await takeBooking(tx, named, { frees: true });
  const { booking, standing } = hand;
  const isDue = BOOKING_STEPS.lapse.includes(booking.state) && lapsesAt(booking) <= tx.now;
  if (!isDue) return;
  const end = standing.network.archivedAt ? endFree : callOff;
  await end(tx, hand, { state: 'LAPSED' });
}
