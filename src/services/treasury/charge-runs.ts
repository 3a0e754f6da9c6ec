import { ChargeRun, type ChargeRunKind } from '../../entities/charge-run.ts';
import type { Network } from '../../entities/network.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { once } from '../../kernel/idempotency.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { formatAmount } from '../../kernel/money.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { authorOf } from '../ledger/posting.ts';
import { noteArrears } from './arrears.ts';
import { NAMED, type ChargeKind, type Slice } from './charge-kind.ts';
import { demurrageCharges } from './demurrage-charges.ts';
import { duesCharges } from './dues-charges.ts';
import { NothingToCharge } from './errors.ts';
import { parsePeriod } from './periods.ts';

export interface RunCharges {
  networkId: string;
  idempotencyKey: string;
  unitId: string;
  /** Such as `2026`, `2026-Q1`, `2026-03`. */
  period: string;
}

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

const KINDS: Record<ChargeRunKind, ChargeKind> = { DEMURRAGE: demurrageCharges, DUES: duesCharges };
const OPERATIONS: Record<ChargeRunKind, string> = { DEMURRAGE: 'demurrageRun', DUES: 'duesRun' };
const EVENTS: Record<ChargeRunKind, string> = { DEMURRAGE: 'DemurrageRun', DUES: 'DuesRun' };

/**
 * Charges everybody for a period who was not charged yet.
 *
 * It walks through accounts, or members, in the order of their ids, a few hundred in each unit of work: one for all
 * would hold every account, and keep everybody from paying, for as long as it takes. Each unit of work is complete for
 * those whom it charges and notes how far it has come, so a run that was cut off goes on where it stopped: when it is sent
 * again, when somebody begins another for the same period, or by the server itself. Two at the same time are one.
 *
 * @throws Forbidden, NotFound, NothingToCharge, IdempotencyKeyReused, InvalidInput, and what the kind has to say
 * @emits DemurrageRun or DuesRun with the totals, TransferPosted for each charge
 */
export async function runCharges(run: Run, kind: ChargeRunKind, command: RunCharges): Promise<ChargeRun> {
  return completeRun(run, await run((tx) => beginRun(tx, kind, command)));
}

async function beginRun(tx: Tx, kind: ChargeRunKind, command: RunCharges): Promise<ChargeRun> {
  const { network, ...standing } = await standingIn(tx, command.networkId, 'shared');
  authorize({ network, ...standing }, 'ledger.run');
  return once(tx, {
    networkId: network.id,
    key: command.idempotencyKey,
    operation: OPERATIONS[kind],
    content: command,
    work: async () => {
      const result = await openRun(tx, network, { kind, command });
      return { id: result.id, result };
    },
    again: async (id) => {
      const result = await tx.db.one(ChargeRun, { networkId: network.id, id });
      assert(result, 'what a key stands for is there');
      return result;
    },
  });
}

async function openRun(
  tx: Tx,
  network: Network,
  { kind, command }: { kind: ChargeRunKind; command: RunCharges },
): Promise<ChargeRun> {
  const networkId = network.id;
  // Locked, so that of two who begin at the same time the second joins the first.
  const unit = await tx.db.lock(Unit, { networkId, id: requireId('unit', command.unitId, 'unitId') });
  if (!unit) throw new NotFound('Unit');
  const period = parsePeriod(command.period, 'period');
  const match = { networkId, unitId: unit.id, kind, period: period.text };
  const unfinished = await tx.db.one(ChargeRun, { ...match, finishedAt: null });
  if (unfinished) return unfinished;
  if (!(await KINDS[kind].isLeft(tx, { network, unit, period }))) throw new NothingToCharge();
  const { personId, system } = authorOf(tx.actor);
  const run: ChargeRun = {
    ...match,
    id: newId('chargeRun'),
    reachedId: null,
    chargedCount: 0,
    totalMinor: '0',
    leftOutCount: 0,
    leftOutIds: [],
    begunByPersonId: personId,
    actorSystem: system,
    begunAt: tx.now,
    finishedAt: null,
  };
  await tx.db.insert(ChargeRun, run);
  return run;
}

/** Goes on with a run until it is finished; also one that somebody else has begun. */
export async function completeRun(run: Run, begun: ChargeRun): Promise<ChargeRun> {
  let current = begun;
  while (current.finishedAt === null) {
    const { networkId, id } = current;
    current = await run((tx) => advance(tx, networkId, id));
  }
  return current;
}

async function advance(tx: Tx, networkId: string, id: string): Promise<ChargeRun> {
  const { network, ...standing } = await standingIn(tx, networkId, 'shared');
  authorize({ network, ...standing }, 'ledger.run');
  // Whoever works on the same run waits here, and goes on behind.
  const current = await tx.db.lock(ChargeRun, { networkId, id });
  assert(current, 'a run that was begun is there');
  if (current.finishedAt) return current;
  const unit = await tx.db.one(Unit, { networkId, id: current.unitId });
  assert(unit, 'a run has a unit');
  const period = parsePeriod(current.period, 'period');
  const slice = await KINDS[current.kind].charge(tx, { network, unit, period }, current);
  const set = slice ? progress(current, slice) : { finishedAt: tx.now };
  await tx.db.update(ChargeRun, { networkId, id }, set);
  const advanced = { ...current, ...set };
  if (!slice) await finish(tx, unit, advanced);
  return advanced;
}

function progress(current: ChargeRun, { reachedId, chargedMinor, leftOutIds }: Slice): Partial<ChargeRun> {
  return {
    reachedId,
    chargedCount: current.chargedCount + chargedMinor.length,
    totalMinor: String(chargedMinor.reduce((sum, minor) => sum + minor, BigInt(current.totalMinor))),
    leftOutCount: current.leftOutCount + leftOutIds.length,
    leftOutIds: [...current.leftOutIds, ...leftOutIds].slice(0, NAMED),
  };
}

async function finish(tx: Tx, unit: Unit, run: ChargeRun): Promise<void> {
  if (run.kind === 'DUES') await noteArrears(tx, run.networkId);
  tx.emit({
    networkId: run.networkId,
    kind: EVENTS[run.kind],
    subjectId: unit.id,
    data: {
      runId: run.id,
      period: run.period,
      charged: run.chargedCount,
      total: formatAmount(BigInt(run.totalMinor), unit.scale),
      leftOut: run.leftOutCount,
    },
  });
}

const PAGE = 100;

/**
 * Runs that were begun before an instant and not brought to their end, of networks that are in use; a page at a time, so
 * that those which cannot be finished keep nobody else from it.
 */
export async function* unfinishedRuns(db: Db, before: Date): AsyncGenerator<ChargeRun> {
  let reached: string | null = null;
  do {
    const runs: ChargeRun[] = await db.select(
      ChargeRun,
      `where finished_at is null and begun_at < $1 and ($2::text is null or id > $2)
          and network_id in (select id from network where archived_at is null)
        order by id limit ${PAGE}`,
      [before, reached],
    );
    yield* runs;
    reached = runs.length < PAGE ? null : runs.at(-1)!.id;
  } while (reached !== null);
}
