import type { App } from '../app.ts';
import { Account } from '../entities/account.ts';
import type { Booking } from '../entities/booking.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayAfter, dayAt, instantAt } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import { cancelBooking } from '../services/pools/bookings/cancel.ts';
import { checkOutBooking } from '../services/pools/bookings/check-out.ts';
import { approveBooking } from '../services/pools/bookings/decide.ts';
import { requestBooking } from '../services/pools/bookings/request.ts';
import { returnBooking } from '../services/pools/bookings/return.ts';
import { contributeToStock, correctStock, spoilStock, takeFromStock } from '../services/pools/stock/stock.ts';
import { DEMO_TIME_ZONE } from './demo-data.ts';

interface Booker {
  actor: Actor;
  membershipId: string;
  accountId: string;
}

interface Shared {
  networkId: string;
  members: readonly Booker[];
  steward: Booker;
  poolId: string;
  kitId: string;
  /** Ids of things by name. */
  things: ReadonlyMap<string, string>;
}

/** A booking with the days on which something happens to it, counted from the opening. */
interface Visit {
  /** What is booked; the kit if absent. */
  thing?: string;
  quantity?: number;
  asked: number;
  from: number;
  until: number;
  /** Hours of the day, 8 and 18 unless said otherwise. */
  hours?: [number, number];
  approved?: number;
  cancelled?: number;
  back?: number;
  damage?: { note: string; amount: string };
  purpose: string;
}

// The demo ends 57 days after the opening.
const VISITS: readonly Visit[] = [
  { thing: 'Hammer drill', asked: 1, from: 3, until: 4, back: 4, purpose: 'Shelves in the kitchen' },
  { thing: 'Cargo bicycle', asked: 4, approved: 5, from: 7, until: 8, back: 8, purpose: 'Moving a cooker' },
  { thing: 'Long ladder', asked: 9, from: 10, until: 12, back: 12, purpose: 'Gutters' },
  {
    thing: 'Hammer drill',
    asked: 14,
    from: 16,
    until: 17,
    back: 20,
    damage: { note: 'The depth stop is missing', amount: '0.25' },
    purpose: 'Curtain rails',
  },
  { thing: 'Workshop', asked: 20, from: 24, until: 24, hours: [8, 11], cancelled: 24, purpose: 'A stool' },
  { asked: 18, from: 30, until: 31, back: 31, purpose: 'Party in Mill Lane' },
  { thing: 'Workshop', asked: 35, from: 37, until: 37, hours: [8, 12], back: 37, purpose: 'A bench' },
  { thing: 'Plot by the river', asked: 36, approved: 37, from: 40, until: 150, purpose: 'Beans and squash' },
  { thing: 'Folding chairs', quantity: 12, asked: 44, from: 50, until: 54, purpose: 'A wake' },
  { thing: 'Hammer drill', asked: 52, from: 55, until: 60, purpose: 'A new bathroom' },
  { thing: 'Hammer drill', asked: 54, from: 59, until: 61, purpose: 'Hooks for bicycles' },
  { thing: 'Cargo bicycle', asked: 54, approved: 55, from: 61, until: 62, purpose: 'Paint and brushes' },
  { thing: 'Cargo bicycle', asked: 55, from: 66, until: 67, purpose: 'To the market' },
  { asked: 55, from: 70, until: 71, purpose: 'Party in Church Lane' },
];

type StockStep = [day: number, kind: 'brings' | 'takes' | 'spoils' | 'recounts', amount: string];

const STOCK = 'Apples from the garden';
const HARVEST: readonly StockStep[] = [
  [5, 'brings', '42.0'],
  [6, 'takes', '5.0'],
  [9, 'takes', '3.5'],
  [12, 'brings', '31.5'],
  [13, 'takes', '5.0'],
  [19, 'recounts', '-0.5'],
  [26, 'takes', '4.0'],
  [33, 'spoils', '6.0'],
  [40, 'brings', '18.0'],
  [56, 'takes', '2.5'],
];

/** How the things of a demo community are booked, and how a stock of it is filled and emptied. */
export class DemoBookings {
  private readonly asked = new Map<Visit, { booking: Booking; booker: Booker }>();
  private readonly booked = new Set<Booker>();

  constructor(
    private readonly app: App,
    private readonly clock: Clock,
    private readonly shared: Shared,
  ) {}

  /** What happens on a day, in the order of the lists above. */
  async liveOneDay(day: number): Promise<void> {
    for (const visit of VISITS) {
      if (visit.asked === day) await this.ask(visit, day);
      await this.goOn(visit, day);
    }
    for (const step of HARVEST.filter(([at]) => at === day)) await this.moveStock(step);
  }

  private async goOn(visit: Visit, day: number): Promise<void> {
    const asked = this.asked.get(visit);
    if (!asked) return;
    const { run } = this.app.services;
    const { networkId, steward } = this.shared;
    const named = { networkId, bookingId: asked.booking.id };
    if (visit.approved === day) await run(steward.actor, (tx) => approveBooking(tx, named));
    if (visit.cancelled === day) await run(asked.booker.actor, (tx) => cancelBooking(tx, named));
    else if (visit.from === day) await run(steward.actor, (tx) => checkOutBooking(tx, named));
    if (visit.back === day) await this.bringBack(visit, named.bookingId);
  }

  private async ask(visit: Visit, day: number): Promise<void> {
    const { networkId, poolId, kitId } = this.shared;
    const booker = await this.nextBooker();
    const [fromHour, untilHour] = visit.hours ?? [8, 18];
    const what = visit.thing
      ? { items: [{ resourceId: this.idOf(visit.thing), quantity: visit.quantity ?? 1 }] }
      : { kitId };
    const booking = await this.app.services.run(booker.actor, (tx) =>
      requestBooking(tx, {
        ...what,
        networkId,
        poolId,
        from: this.at(visit.from - day, fromHour),
        until: this.at(visit.until - day, untilHour),
        purpose: visit.purpose,
        payerAccountId: booker.accountId,
        waits: true,
      }),
    );
    this.asked.set(visit, { booking, booker });
  }

  private async bringBack(visit: Visit, bookingId: string): Promise<void> {
    const { networkId, steward } = this.shared;
    const { thing, damage } = visit;
    const seen = damage && {
      items: [{ resourceId: this.idOf(thing ?? ''), condition: 'WORN', damageNote: damage.note } as const],
      damageAmount: damage.amount,
    };
    await this.app.services.run(steward.actor, (tx) => returnBooking(tx, { networkId, bookingId, ...seen }));
  }

  private async moveStock([day, kind, amount]: StockStep): Promise<void> {
    const { run } = this.app.services;
    const { networkId, members, steward } = this.shared;
    const what = { networkId, resourceId: this.idOf(STOCK), amount };
    const member = members[day % members.length] ?? steward;
    if (kind === 'brings') await run(member.actor, (tx) => contributeToStock(tx, what));
    if (kind === 'takes') await run(member.actor, (tx) => takeFromStock(tx, what));
    if (kind === 'spoils')
      await run(steward.actor, (tx) => spoilStock(tx, { ...what, note: 'Brown at the core' }));
    if (kind === 'recounts') {
      await run(steward.actor, (tx) =>
        correctStock(tx, { ...what, change: amount, reason: 'Weighed again' }),
      );
    }
  }

  /** Who has most hours and has booked nothing yet: nobody is refused for want of credit. */
  private async nextBooker(): Promise<Booker> {
    const { networkId, members, steward } = this.shared;
    const accounts = await this.app.database.db.all(Account, { networkId, holderKind: 'MEMBERSHIP' });
    const hours = new Map(accounts.map(({ id, balanceMinor }) => [id, balanceMinor]));
    const [booker] = members
      .filter((member) => member !== steward && !this.booked.has(member))
      .toSorted((a, b) => Number((hours.get(b.accountId) ?? 0n) - (hours.get(a.accountId) ?? 0n)));
    if (!booker) throw new Error('Everybody has booked something already');
    this.booked.add(booker);
    return booker;
  }

  /** An hour of the day that lies so many days ahead. */
  private at(daysAhead: number, hour: number): Date {
    const today = dayAt(this.clock.now(), DEMO_TIME_ZONE);
    return instantAt(dayAfter(today, { days: daysAhead }), hour, DEMO_TIME_ZONE);
  }

  private idOf(thing: string): string {
    return this.shared.things.get(thing) ?? '';
  }
}
