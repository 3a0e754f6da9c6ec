import DataLoader from 'dataloader';
import type { Account } from '../../entities/account.ts';
import type { Entry } from '../../entities/entry.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Day } from '../../kernel/calendar.ts';
import type { Db } from '../../kernel/database.ts';
import { positionsAt, type Point, type Position } from '../../services/ledger/positions.ts';
import { dueDaysOf } from '../../services/ledger/read-schedules.ts';
import { entriesOfTransfers, sealsOf, type Seal } from '../../services/ledger/transfer-details.ts';
import { suppliesOf, turnoverOf, type Turnover } from '../../services/ledger/unit-figures.ts';

/** What lists of accounts, transfers and units ask for in each row, read for all rows at once. */
export interface LedgerLoaders {
  /** Where an account stood at an instant. */
  position: (account: Account, at: Date) => Promise<Position>;
  /** The entries of a transfer, by account and number. */
  entriesOf: (transfer: Transfer) => Promise<Entry[]>;
  /** What seals a transfer; null while it is not posted. */
  seal: (transfer: Transfer) => Promise<Seal | null>;
  /** The day on which a transfer fell due by a schedule; null for others. */
  dueOn: (transfer: Transfer) => Promise<Day | null>;
  /** The sum of a unit's positive balances. */
  supply: (unit: Unit) => Promise<bigint>;
  /** How a unit turned over in so many days; once for all fields that ask. */
  turnover: (unit: Unit, days: number) => Promise<Turnover>;
}

const idOf = ({ id }: { id: string }) => id;

export function makeLedgerLoaders(db: Db, now: Date): LedgerLoaders {
  const positions = new DataLoader<Point, Position, string>((points) => positionsAt(db, points), {
    cacheKeyFn: ({ account, at }) => `${account.id} ${at.getTime()}`,
  });
  const entries = new DataLoader<Transfer, Entry[], string>(
    (transfers) => entriesOfTransfers(db, transfers),
    {
      cacheKeyFn: idOf,
    },
  );
  const seals = new DataLoader<Transfer, Seal | null, string>((transfers) => sealsOf(db, transfers), {
    cacheKeyFn: idOf,
  });
  const dueDays = new DataLoader<Transfer, Day | null, string>((transfers) => dueDaysOf(db, transfers), {
    cacheKeyFn: idOf,
  });
  const supplies = new DataLoader<Unit, bigint, string>((units) => suppliesOf(db, units), {
    cacheKeyFn: idOf,
  });
  const turnovers = new DataLoader<{ unit: Unit; days: number }, Turnover, string>(
    (keys) => Promise.all(keys.map(({ unit, days }) => turnoverOf(db, unit, { days, now }))),
    { cacheKeyFn: ({ unit, days }) => `${unit.id} ${days}` },
  );
  return {
    position: (account, at) => positions.load({ account, at }),
    entriesOf: (transfer) => entries.load(transfer),
    seal: (transfer) => seals.load(transfer),
    dueOn: (transfer) => dueDays.load(transfer),
    supply: (unit) => supplies.load(unit),
    turnover: (unit, days) => turnovers.load({ unit, days }),
  };
}
