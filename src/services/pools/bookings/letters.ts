import { Temporal } from 'temporal-polyfill';
import type { Booking } from '../../../entities/booking.ts';
import { Membership } from '../../../entities/membership.ts';
import type { Network } from '../../../entities/network.ts';
import { Person } from '../../../entities/person.ts';
import type { Resource } from '../../../entities/resource.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { textIn } from '../../networks/translations.ts';

type BookingLetter = 'BOOKING_REQUESTED' | 'BOOKING_APPROVED' | 'BOOKING_DECLINED';

interface Told {
  network: Network;
  booking: Booking;
  things: readonly Resource[];
  membershipIds: readonly string[];
}

/** Tells the booker what became of a booking that somebody else, or the waiting list, has answered. */
export async function tellBooker(
  tx: Tx,
  letter: 'BOOKING_APPROVED' | 'BOOKING_DECLINED',
  told: Omit<Told, 'membershipIds'>,
): Promise<void> {
  const { membershipId } = told.booking;
  const [booker] = await personsOf(tx, { ...told, membershipIds: [membershipId] });
  const isOwnDoing = tx.actor.kind === 'person' && tx.actor.personId === booker?.id;
  if (booker && !isOwnDoing) enqueue(tx, letter, booker, told);
}

/** Asks the stewards of the pool to answer. */
export async function tellStewards(tx: Tx, told: Omit<Told, 'membershipIds'>): Promise<void> {
  const { networkId, poolId } = told.booking;
  const rows = await tx.db.rows<{ membershipId: string }>(
    'select membership_id from pool_steward where network_id = $1 and pool_id = $2 order by membership_id',
    [networkId, poolId],
  );
  const membershipIds = rows.map(({ membershipId }) => membershipId);
  for (const steward of await personsOf(tx, { ...told, membershipIds })) {
    enqueue(tx, 'BOOKING_REQUESTED', steward, told);
  }
}

async function personsOf(tx: Tx, { network, membershipIds }: Pick<Told, 'network' | 'membershipIds'>) {
  const members = await tx.db.all(Membership, {
    networkId: network.id,
    id: membershipIds,
    state: 'ACTIVE',
  });
  return tx.db.all(Person, { id: members.map(({ personId }) => personId) });
}

function enqueue(
  tx: Tx,
  letter: BookingLetter,
  { name, email, locale }: Person,
  { network, booking, things }: Omit<Told, 'membershipIds'>,
): void {
  const timeOf = (at: Date) =>
    Temporal.Instant.fromEpochMilliseconds(at.getTime())
      .toZonedDateTimeISO(network.timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .replace('T', ' ');
  tx.enqueue({
    kind: 'letter',
    payload: {
      letter,
      to: email,
      locale,
      values: {
        name,
        network: textIn(network.name, locale, network.defaultLocale) ?? network.slug,
        things: things.map((thing) => thing.name).join(', '),
        from: timeOf(booking.fromAt),
        until: timeOf(booking.untilAt),
      },
    },
  });
}
