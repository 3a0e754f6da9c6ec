import type { App } from '../app.ts';
import { Account } from '../entities/account.ts';
import type { Actor } from '../kernel/actor.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type TravelClock } from '../kernel/clock.ts';
import type { Tx } from '../kernel/unit-of-work.ts';
import { CeilingExceeded, InsufficientCredit } from '../services/ledger/errors.ts';
import { createTransfer } from '../services/ledger/transfers.ts';
import { createNetwork } from '../services/networks/create-network.ts';
import { acceptChild, requestParent } from '../services/networks/federation.ts';
import { createGroup, joinGroup } from '../services/networks/groups.ts';
import { admitMember, applyForMembership } from '../services/networks/admission.ts';
import { updateProfile } from '../services/networks/profiles.ts';
import { assignRole } from '../services/networks/roles.ts';
import { registerPerson } from '../services/people/register.ts';
import { DEMO_PASSWORD, DEMO_TIME_ZONE, emailOf, type DemoData } from './demo-data.ts';
import { DemoDecisions } from './demo-decisions.ts';
import { DemoLibrary } from './demo-library.ts';
import { personActor, WITHOUT_LIMIT } from './with-app.ts';

interface DemoMember {
  actor: Actor;
  membershipId: string;
  accountId: string;
  skills: string[];
}

// When members decide on how the community presents itself; it is decided before the demo ends.
const DECISION_DAY = 150;
// When everybody has joined, the community opens its library of things.
const LIBRARY_DAY = 125;
// Newcomers join during the first four months, a few each week.
const JOINING_DAYS = 120;
const RIVERBEND = { latitude: 43.2612, longitude: -2.9253 };

/** A community that lives day by day, always in the same way. */
export class DemoCommunity {
  private readonly joined: DemoMember[] = [];
  private networkId = '';
  private deciding: DemoDecisions | null = null;
  private library: DemoLibrary | null = null;
  private trades = 0;

  constructor(
    private readonly app: App,
    private readonly clock: TravelClock,
    private readonly data: DemoData,
  ) {}

  get members(): number {
    return this.joined.length;
  }

  /** The first day: the founder makes the network and an umbrella above it. */
  async found(slug: string, umbrellaSlug: string): Promise<void> {
    const founder = await this.register(0);
    const common = { locale: 'en', timeZone: DEMO_TIME_ZONE };
    const umbrella = await this.as(founder, (tx) =>
      createNetwork(
        tx,
        { ...common, slug: umbrellaSlug, name: 'Valley Federation', template: 'UMBRELLA' },
        WITHOUT_LIMIT,
      ),
    );
    const network = await this.as(founder, (tx) =>
      createNetwork(tx, { ...common, slug, name: 'Riverbend Timebank', template: 'TIMEBANK' }, WITHOUT_LIMIT),
    );
    this.networkId = network.id;
    await this.as(founder, (tx) => requestParent(tx, { networkId: network.id, parentId: umbrella.id }));
    await this.as(founder, (tx) => acceptChild(tx, { networkId: umbrella.id, childId: network.id }));
    await this.settle(0, founder);
  }

  /** Somebody may join, some trade, and the night comes. */
  async liveOneDay(day: number): Promise<void> {
    this.clock.advance(8 * HOUR_MS);
    const expected = Math.ceil(((day + 1) / JOINING_DAYS) * this.data.people.length);
    while (this.joined.length < Math.min(expected, this.data.people.length))
      await this.welcome(this.joined.length);
    if (day === JOINING_DAYS) await this.formGroups();
    if (day === DECISION_DAY) await this.decisions.voteOnDescription(this.joined);
    if (day > DECISION_DAY) await this.decisions.settle();
    if (day === LIBRARY_DAY) await this.openLibrary();
    await this.library?.liveOneDay(day - LIBRARY_DAY);
    for (let trades = this.pick(8); trades > 0; trades--) {
      this.clock.advance((20 + this.pick(100)) * MINUTE_MS);
      await this.trade();
    }
    this.clock.moveTo(new Date((Math.floor(this.clock.now().getTime() / DAY_MS) + 1) * DAY_MS));
  }

  /** What is still to be decided on the last day. */
  async leaveUndecided(): Promise<void> {
    const [, treasurer, payee, ...others] = this.joined;
    if (!treasurer || !payee) throw new Error('The network has no treasurer yet');
    await this.decisions.voteOnStatement(others);
    await this.decisions.submitPayment(treasurer, payee);
  }

  /** How often something was paid, trades and what things cost. */
  async countTransfers(): Promise<bigint> {
    const row = await this.app.database.db.row<{ count: bigint }>(
      'select count(*) from transfer where network_id = $1',
      [this.networkId],
    );
    return row?.count ?? 0n;
  }

  private get decisions(): DemoDecisions {
    this.deciding ??= new DemoDecisions(this.app, this.clock, this.networkId);
    return this.deciding;
  }

  private async welcome(index: number): Promise<void> {
    const newcomer = await this.register(index);
    const { networkId } = this;
    const applicant = await this.as(newcomer, (tx) =>
      applyForMembership(tx, {
        networkId,
        application: 'A neighbour told me of you.',
        acceptedTermsVersion: 1,
      }),
    );
    this.clock.advance(2 * HOUR_MS);
    await this.as(this.founder.actor, (tx) => admitMember(tx, { networkId, membershipId: applicant.id }));
    await this.settle(index, newcomer);
    const role = (['TREASURER', 'AUDITOR'] as const)[index - 1];
    if (role) {
      await this.as(this.founder.actor, (tx) =>
        assignRole(tx, { networkId, membershipId: applicant.id, role }),
      );
    }
  }

  /** A new member writes the profile. */
  private async settle(index: number, actor: Actor): Promise<void> {
    const person = this.data.people[index];
    if (!person || actor.kind !== 'person') return;
    const { networkId } = this;
    const row = await this.app.database.db.row<{ id: string }>(
      'select id from membership where network_id = $1 and person_id = $2',
      [networkId, actor.personId],
    );
    const membershipId = row?.id ?? '';
    const [account] = await this.app.database.db.all(Account, { networkId, membershipId });
    await this.as(actor, (tx) =>
      updateProfile(tx, {
        networkId,
        membershipId,
        about: [{ locale: 'en', text: person.about }],
        skills: person.skills,
        placePrecision: 'NEIGHBOURHOOD',
        place: {
          name: 'Riverbend',
          latitude: RIVERBEND.latitude + this.pick(40) / 1_000,
          longitude: RIVERBEND.longitude + this.pick(40) / 1_000,
        },
      }),
    );
    this.joined.push({ actor, membershipId, accountId: account?.id ?? '', skills: person.skills });
  }

  private async formGroups(): Promise<void> {
    const { networkId } = this;
    for (const { name, purpose, members } of this.data.groups) {
      const [first, ...others] = this.some(members);
      if (!first) continue;
      const group = await this.as(first.actor, (tx) =>
        createGroup(tx, { networkId, name, purpose: [{ locale: 'en', text: purpose }] }),
      );
      for (const other of others)
        await this.as(other.actor, (tx) => joinGroup(tx, { networkId, groupId: group.id }));
    }
  }

  private async openLibrary(): Promise<void> {
    const members = this.joined.map((member, index) => ({
      ...member,
      name: this.data.people[index]?.name ?? '',
    }));
    this.library = new DemoLibrary(this.app, this.clock, { networkId: this.networkId, members });
    await this.library.open(this.data.library);
  }

  /** Somebody did something for somebody else, who now pays; at a limit the two agree on something later. */
  private async trade(): Promise<void> {
    const [payer, payee] = this.some(2);
    const skill = payee?.skills[this.pick(payee.skills.length)] ?? '';
    const task = this.data.tasks[skill];
    if (!payer || !payee || !task) return;
    const { networkId } = this;
    const command = {
      networkId,
      idempotencyKey: `demo ${this.trades}`,
      payerAccountId: payer.accountId,
      payeeAccountId: payee.accountId,
      amount: task.hours[this.pick(task.hours.length)] ?? '1.00',
      description: task.text,
    };
    try {
      await createTransfer(this.app.services.ledger, payer.actor, command);
      this.trades++;
    } catch (error) {
      if (!(error instanceof InsufficientCredit) && !(error instanceof CeilingExceeded)) throw error;
    }
  }

  private async register(index: number): Promise<Actor> {
    const name = this.data.people[index]?.name ?? '';
    const command = { name, email: emailOf(name), password: DEMO_PASSWORD, locale: 'en' };
    const system = { kind: 'system', name: 'demo' } as const;
    return personActor((await registerPerson(this.app.services.people, system, command)).id);
  }

  private as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.app.services.run(actor, work);
  }

  private get founder(): DemoMember {
    const [founder] = this.joined;
    if (!founder) throw new Error('The network has no founder yet');
    return founder;
  }

  /** So many different members. */
  private some(count: number): DemoMember[] {
    const left = [...this.joined];
    const chosen: DemoMember[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.pick(left.length), 1));
    return chosen;
  }

  private seed = 20_260_301;

  /** A whole number from 0 up to but not including the bound; the same sequence every time (Park and Miller 1988). */
  private pick(bound: number): number {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed % bound;
  }
}
