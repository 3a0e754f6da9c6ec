import { MINUTE_MS } from '../../../kernel/clock.ts';
import type { Db } from '../../../kernel/database.ts';
import type { JobHandlers, RecurringJob } from '../../../kernel/jobs.ts';
import type { RunUnit } from '../../../kernel/unit-of-work.ts';
import { DECISION, type DecisionDeps } from './carry-out.ts';
import { closeDueProposal } from './close.ts';
import { CLOSING, EXECUTION } from './deadlines.ts';
import { executeDueProposal } from './execute.ts';
import type { NamedProposal } from './take-proposal.ts';

/** Finds what no job of its own has brought to its end: after the clock was set, or a database restored. */
export const DUE_PROPOSALS: RecurringJob = { kind: 'dueProposals', everyMs: MINUTE_MS };

/** What people wait for at a time that was announced. */
export const PROMPT_JOBS = [CLOSING, EXECUTION, DUE_PROPOSALS.kind];

const BATCH = 100;

interface Parts {
  db: Db;
  run: RunUnit;
  decisions: DecisionDeps;
}

type Settle = (proposal: NamedProposal) => Promise<void>;

export function proposalJobs(parts: Parts): JobHandlers {
  const { close, execute } = settling(parts);
  return {
    [CLOSING]: (proposal: NamedProposal) => close(proposal),
    [EXECUTION]: (proposal: NamedProposal) => execute(proposal),
    [DUE_PROPOSALS.kind]: (_: never, now: Date) => settleDueProposals(parts, now),
  };
}

/**
 * Closes every vote whose time is over, and carries out what waits no longer, each in a unit of work of its own. One that
 * fails does not hinder the others.
 *
 * @throws what went wrong with the first that failed, once all others are done
 */
export async function settleDueProposals(parts: Parts, now: Date): Promise<void> {
  const { close, execute } = settling(parts);
  const faults = [
    ...(await settleAll(parts.db, { state: 'OPEN', column: 'closes_at', now, settle: close })),
    ...(await settleAll(parts.db, { state: 'PASSED', column: 'execute_at', now, settle: execute })),
  ];
  if (faults.length > 0) throw faults[0];
}

function settling({ run, decisions }: Parts): { close: Settle; execute: Settle } {
  return {
    close: (proposal) => run({ kind: 'system', name: CLOSING }, (tx) => closeDueProposal(tx, proposal)),
    execute: (proposal) => run(DECISION, (tx) => executeDueProposal(tx, decisions, proposal)),
  };
}

interface Due {
  state: 'OPEN' | 'PASSED';
  column: 'closes_at' | 'execute_at';
  now: Date;
  settle: Settle;
}

async function settleAll(db: Db, { state, column, now, settle }: Due): Promise<unknown[]> {
  const faults: unknown[] = [];
  let reachedId = '';
  for (;;) {
    const due = await db.rows<NamedProposal>(
      `select network_id, id as proposal_id from proposal
        where state = '${state}' and ${column} <= $1 and id > $2
          and network_id in (select id from network where archived_at is null)
        order by id limit ${BATCH}`,
      [now, reachedId],
    );
    for (const proposal of due) await settle(proposal).catch((error: unknown) => faults.push(error));
    const last = due.at(-1);
    if (!last || due.length < BATCH) return faults;
    reachedId = last.proposalId;
  }
}
