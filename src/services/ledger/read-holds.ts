import { Account } from '../../entities/account.ts';
import { Hold, type HoldState } from '../../entities/hold.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Standing } from '../access/standing.ts';
import { seesEntries, tiesTo } from './account-access.ts';

export interface HoldFilter {
  state?: HoldState | null;
}

/** On which side of its holds an account stands: what it has promised, or what it was promised. */
export type HoldSide = 'ACCOUNT' | 'PAYEE';

const COLUMN_OF_SIDE: Record<HoldSide, string> = { ACCOUNT: 'account_id', PAYEE: 'payee_account_id' };

/** Holds on one side of an account, newest first. */
export async function listHolds(
  db: Db,
  account: Account,
  { side, filter }: { side: HoldSide; filter: HoldFilter },
  request: PageRequest,
): Promise<Page<Hold>> {
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Hold,
    `where network_id = $1 and ${COLUMN_OF_SIDE[side]} = $2 and ($3::text is null or state = $3)
        and ($4::text is null or id < $4)
      order by id desc limit $5`,
    [account.networkId, account.id, filter.state ?? null, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** The transfers that captured a hold, oldest first. */
export async function listCaptures(db: Db, hold: Hold, request: PageRequest): Promise<Page<Transfer>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Transfer,
    `where network_id = $1 and hold_id = $2 and ($3::text is null or id > $3) order by id limit $4`,
    [hold.networkId, hold.id, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** A hold on either side of which the viewer may read the statement, or null. */
export async function readableHold(db: Db, standing: Standing, hold: Hold | undefined): Promise<Hold | null> {
  if (!hold) return null;
  const accounts = await db.all(Account, { networkId: hold.networkId, id: sidesOf(hold) });
  const ties = await tiesTo(db, standing, accounts);
  const isReadable = accounts.some((account, index) => seesEntries(standing, account, ties[index] ?? null));
  return isReadable ? hold : null;
}

/** Its account, and the payee that it names: whoever reads the statement of one of them may know of the hold. */
export function sidesOf({ accountId, payeeAccountId }: Hold): string[] {
  return payeeAccountId ? [accountId, payeeAccountId] : [accountId];
}
