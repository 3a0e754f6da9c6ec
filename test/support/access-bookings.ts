import { BookingSeries } from '../../src/entities/booking-series.ts';
import type { Booking } from '../../src/entities/booking.ts';
import { KitItem } from '../../src/entities/kit-item.ts';
import { Kit } from '../../src/entities/kit.ts';
import { newId } from '../../src/kernel/ids.ts';
import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { hours } from './bookings.ts';
import { givenBooking } from './given-booking.ts';
import { givenPool, givenResource } from './pools.ts';

/** Who may book, and do what with the booking of another; the letters are those of the table it belongs to. */
export const BOOKINGS_TABLE = `
bookingRequest              U       F        F         +      +           +         +         +       F
bookingSeriesRequest        U       F        F         +      +           +         +         +       F
bookingApprove              U       F        F         F      +           F         F         F       F
bookingDecline              U       F        F         F      +           F         F         F       F
bookingCancel               U       F        F         F      +           F         F         F       F
bookingCheckOut             U       F        F         F      +           F         F         F       F
bookingReturn               U       F        F         F      +           F         F         F       F
bookingExtend               U       F        F         F      +           F         F         F       F
bookingShorten              U       F        F         F      +           F         F         F       F
bookingPay                  U       F        F         F      +           F         F         F       F
bookingReverse              U       F        F         F      +           F         F         F       F
bookingSeriesCancel         U       F        F         F      +           F         F         F       F
kitSet                      U       F        F         F      +           F         F         F       F
kitEnd                      U       F        F         F      +           F         F         F       F
`;

let serial = 0;

export function bookingCalls(stage: Stage): Calls {
  const once = (input: object) => ({
    networkId: stage().cast.network.id,
    idempotencyKey: `bookings-${++serial}`,
    ...input,
  });
  const newThing = async () => {
    const { server, cast } = stage();
    return givenResource(server, await givenPool(server, cast.network));
  };

  const now = () => stage().server.clock.now();
  const later = (hour: number) => new Date(now().getTime() + hour * 3_600_000);
  const asked = () => ({ state: 'REQUESTED', decidedAt: null, fromAt: later(1), untilAt: later(2) }) as const;

  /** What somebody has asked for, who is none of those that call. */
  async function newBooking(given: Partial<Booking>): Promise<Booking> {
    const { server, cast } = stage();
    return givenBooking(server, cast.network.founder, [await newThing()], { ...asked(), ...given });
  }
  const onBooking =
    (field: string, given: Partial<Booking>, more: object = {}) =>
    async () =>
      mutationCall(field, once({ bookingId: (await newBooking(given)).id, ...more }));

  const ofThing = async () => {
    const { id, poolId } = await newThing();
    return { poolId, items: [{ resourceId: id, quantity: 1 }] };
  };

  /** What is owed for a booking that came back. */
  const owed = () => {
    const { network } = stage().cast;
    const { unitId, founder } = network;
    const ended = { state: 'RETURNED', checkedOutAt: now(), endedAt: now() } as const;
    return { ...ended, unitId, payeeAccountId: founder.accountId, damageMinor: 1n, unpaidMinor: 1n };
  };

  async function newSeries(): Promise<string> {
    const { server, cast } = stage();
    const thing = await newThing();
    const { networkId, poolId } = thing;
    const { founder } = cast.network;
    const id = newId('bookingSeries');
    await server.app.services.db.insert(BookingSeries, {
      networkId,
      id,
      poolId,
      membershipId: founder.membershipId,
      rule: 'FREQ=DAILY;COUNT=1',
      startsAtLocal: '2026-03-03T09:00',
      timeZone: 'UTC',
      durationMinutes: 60,
      occurrenceCount: 1,
      refusals: [],
      createdAt: now(),
    });
    await givenBooking(server, founder, [thing], { ...asked(), seriesId: id });
    return id;
  }

  async function newKit(): Promise<string> {
    const { server } = stage();
    const { networkId, poolId, id: resourceId } = await newThing();
    const kit = { networkId, id: newId('kit'), poolId, name: 'Kit', description: '' };
    await server.app.services.db.insert(Kit, { ...kit, createdAt: now(), endedAt: null });
    await server.app.services.db.insert(KitItem, { networkId, kitId: kit.id, resourceId, quantity: 1 });
    return kit.id;
  }

  return {
    bookingRequest: async () =>
      mutationCall('bookingRequest', once({ ...(await ofThing()), from: hours(1), until: hours(2) })),
    bookingSeriesRequest: async () => {
      const times = { rule: 'FREQ=DAILY;COUNT=2', startsAt: '2026-03-10T09:00', durationMinutes: 60 };
      return mutationCall('bookingSeriesRequest', once({ ...(await ofThing()), ...times }));
    },
    bookingApprove: onBooking('bookingApprove', {}),
    bookingDecline: onBooking('bookingDecline', {}),
    bookingCancel: onBooking('bookingCancel', {}),
    bookingCheckOut: async () => onBooking('bookingCheckOut', { state: 'APPROVED', fromAt: now() })(),
    bookingReturn: async () => onBooking('bookingReturn', { state: 'CHECKED_OUT', checkedOutAt: now() })(),
    bookingExtend: async () =>
      onBooking('bookingExtend', { state: 'APPROVED' }, { until: later(5).toISOString() })(),
    bookingShorten: async () => {
      const given = { state: 'APPROVED', fromAt: later(1), untilAt: later(3) } as const;
      return onBooking('bookingShorten', given, { until: later(2).toISOString() })();
    },
    bookingPay: async (actor: ActorName) => {
      const { server, cast } = stage();
      const { accountId: payerAccountId } = await membershipOf(server, cast, actor);
      return onBooking('bookingPay', owed(), { payerAccountId: payerAccountId || null })();
    },
    bookingReverse: async () => onBooking('bookingReverse', owed(), { reason: 'a mistake' })(),
    bookingSeriesCancel: async () =>
      mutationCall('bookingSeriesCancel', once({ bookingSeriesId: await newSeries() })),
    kitSet: async () => {
      const input = { networkId: stage().cast.network.id, ...(await ofThing()), name: 'Kit' };
      return mutationCall('kitSet', input);
    },
    kitEnd: async () => {
      const { id: networkId } = stage().cast.network;
      return mutationCall('kitEnd', { networkId, kitId: await newKit() });
    },
  };
}
