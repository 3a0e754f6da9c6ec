import type { Actor } from './actor.ts';
import { DomainError } from './errors.ts';
import type { NewEvent } from './events.ts';
import type { NewJob } from './jobs.ts';
import { react, type Reactions, type Tx } from './unit-of-work.ts';

export interface PartOptions {
  /** Who does it, whoever asked for the unit of work. */
  actor: Actor;
  reactions: Reactions;
  /** Whether it is only tried: nothing of it stays, its events and jobs included. */
  isTrial: boolean;
}

/**
 * Does a part of a unit of work wholly or not at all, what follows from its facts included. A refusal undoes the part and
 * leaves the rest of the unit of work as it is: the caller may take note of it and go on. Whatever else goes wrong ends
 * the unit of work, which is then tried again.
 */
export async function inPart<T>(
  tx: Tx,
  { actor, reactions, isTrial }: PartOptions,
  work: (part: Tx) => Promise<T>,
): Promise<T> {
  const events: NewEvent[] = [];
  const jobs: NewJob[] = [];
  const part: Tx = {
    ...tx,
    actor,
    emit: (event) => void events.push({ actor, ...event }),
    enqueue: (job) => void jobs.push(job),
  };
  await tx.db.execute('savepoint part');
  let result: T;
  try {
    result = await work(part);
    await react(part, events, reactions);
  } catch (error) {
    if (error instanceof DomainError) await tx.db.execute('rollback to savepoint part');
    throw error;
  }
  if (isTrial) {
    await tx.db.execute('rollback to savepoint part');
    return result;
  }
  await tx.db.execute('release savepoint part');
  for (const event of events) tx.emit({ ...event, isSettled: true });
  for (const job of jobs) tx.enqueue(job);
  return result;
}
