import type { Actor } from './actor.ts';
import { newId } from './ids.ts';
import type { Tx } from './unit-of-work.ts';

export type EventData = Record<string, string | number | boolean | null>;

/** A fact about a network: what happened to which thing. */
export interface NewEvent {
  networkId: string;
  /** A past tense such as `TransferPosted`. */
  kind: string;
  subjectId: string;
  data?: EventData;
  /** Who made it happen, if not who asked for the unit of work. */
  actor?: Actor;
  /** Whether others have reacted to it already, before a part of the unit of work ended. */
  isSettled?: boolean;
}

const COLUMNS =
  'network_id, id, kind, subject_id, actor_person_id, acting_for_membership_id, actor_system, data, at';

/**
 * Stores the facts of a unit of work with who made them happen and on whose behalf. The table is the network's
 * record of what was done, and the outbox from which others learn of it.
 */
export async function writeEvents(tx: Tx, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const actors = events.map(({ actor = tx.actor }) => actor);
  await tx.db.execute(
    `insert into event (${COLUMNS})
     select network_id, id, kind, subject_id, person_id, acting_for, system, data::jsonb, $8
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $9::text[])
         as fact(network_id, id, kind, subject_id, person_id, acting_for, system, data)`,
    [
      events.map((event) => event.networkId),
      events.map(() => newId('event')),
      events.map((event) => event.kind),
      events.map((event) => event.subjectId),
      actors.map((actor) => (actor.kind === 'person' ? actor.personId : null)),
      actors.map((actor) => (actor.kind === 'person' ? actor.actingForMembershipId : null)),
      actors.map((actor) => (actor.kind === 'system' ? actor.name : null)),
      tx.now,
      events.map((event) => JSON.stringify(event.data ?? {})),
    ],
  );
}
