import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { lapseBookings } from '../../src/services/pools/bookings/due-bookings.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import { START, type TestServer } from './server.ts';
import { expectRefusal, type Member, type TestNetwork } from './world.ts';

export interface BookingWorld {
  server: TestServer;
  network: TestNetwork;
  pool: Pool;
}

const HOUR_MS = 3_600_000;

/** So many hours after the beginning of the test. */
export const hours = (count: number) => new Date(START.getTime() + count * HOUR_MS).toISOString();

export const BOOKING =
  'booking { id state from until isOverdue fee { value } deposit { value } lateFee { value } damage { value } unpaid { value } }';

let keys = 0;

/** What tests of bookings do and look at, in a world that is made anew for each of them. */
export function bookingKit(world: () => BookingWorld) {
  const keyed = (input: object) => ({
    networkId: world().network.id,
    idempotencyKey: `booking-${++keys}`,
    ...input,
  });
  /** Asks for one piece of a thing from one hour to another. */
  const requestInput = (thing: Resource, from: number, until: number, change: object = {}) =>
    keyed({
      poolId: thing.poolId,
      items: [{ resourceId: thing.id, quantity: 1 }],
      from: hours(from),
      until: hours(until),
      ...change,
    });
  const named = (bookingId: string, change: object = {}) => keyed({ bookingId, ...change });
  const act = async (
    caller: Caller,
    field: string,
    bookingId: string,
    change: object = {},
  ): Promise<Json> => {
    const { booking } = await mutate(world().server, caller, field, named(bookingId, change), BOOKING);
    return booking;
  };
  return {
    keyed,
    requestInput,
    named,

    tryRequest: (caller: Caller, input: object): Promise<Json> =>
      tryMutate(
        world().server,
        caller,
        'bookingRequest',
        input,
        `${BOOKING} errors { ... on BookingConflict { conflicts { resource { id } from until } } }`,
      ),

    request: async (
      caller: Caller,
      thing: Resource,
      [from, until]: [number, number],
      change: object = {},
    ): Promise<Json> => {
      const input = requestInput(thing, from, until, change);
      return (await mutate(world().server, caller, 'bookingRequest', input, BOOKING)).booking;
    },

    /** One of `bookingApprove`, `bookingCancel` and so on. */
    act,

    tryAct: (caller: Caller, field: string, bookingId: string, change: object = {}): Promise<Json> =>
      tryMutate(world().server, caller, field, named(bookingId, change), BOOKING),

    refuse: (caller: Caller | null, [field, input, code]: [string, object, string]): Promise<Json> =>
      expectRefusal(world().server, caller, [field, input, code]),

    stateOf: async (bookingId: string): Promise<string> => {
      const row = await world().server.app.database.db.row<{ state: string }>(
        'select state from booking where id = $1',
        [bookingId],
      );
      return row?.state ?? '';
    },

    /** Balance, reserved and available of a member's account, as its holder sees them. */
    accountOf: async (member: Member): Promise<string[]> => {
      const { server, network } = world();
      const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) {
        balance { value } reserved { value } available { value } } } }`;
      const data = await ask(server, member, query, { n: network.id, a: member.accountId });
      const { balance, reserved, available } = data.network.account;
      return [balance.value, reserved.value, available.value];
    },

    eventsOf: async (subjectId: string): Promise<string[]> => {
      const rows = await world().server.app.database.db.rows<{ kind: string }>(
        'select kind from event where network_id = $1 and subject_id = $2 order by at, id',
        [world().network.id, subjectId],
      );
      return rows.map(({ kind }) => kind);
    },

    moveTo: (hour: number): void => world().server.clock.moveTo(new Date(hours(hour))),

    /** Runs the job that lets bookings lapse. */
    lapse: async (): Promise<void> => {
      const { app, clock } = world().server;
      await lapseBookings({ db: app.database.db, run: app.services.run }, clock.now());
    },
  };
}
