import { checkLedgers } from '../src/services/ledger/check.ts';
import { withClient } from './community.ts';

/** What is wrong with the books, a sentence each; none if they are right. */
export type Faults = string[];

/** What `ledger check` finds in books that were kept by the server alone: every row, every sum, every link of the chain. */
export async function proveBooks(url: string): Promise<Faults> {
  const faults: Faults = [];
  await checkLedgers(url, null, ({ slug }, { name, fault }) => {
    if (fault) faults.push(`${slug}: ${name} (${fault.table} ${fault.key.join(' ')})`);
  });
  return faults;
}

// For books that were filled past the server, which have no chain. Each finds rows that must not be.
const CHECKS: [sentence: string, query: string][] = [
  [
    'the balances of each unit add up to zero',
    `select unit_id from account group by network_id, unit_id having sum(balance_minor) <> 0`,
  ],
  [
    'each balance is the sum of its entries, and each account counts its entries',
    `select 1 from account a
       left join (select network_id, account_id, sum(amount_minor) as sum, count(*) as count, max(seq) as last
                    from entry group by network_id, account_id) e
         on e.network_id = a.network_id and e.account_id = a.id
      where a.balance_minor <> coalesce(e.sum, 0) or a.entry_count <> coalesce(e.count, 0)
         or a.entry_count <> coalesce(e.last, 0)`,
  ],
  [
    'each entry carries the balance on from the one before it',
    `select 1 from (
       select amount_minor, balance_after_minor, seq,
              lag(balance_after_minor, 1, 0::bigint) over w as before, lag(seq, 1, 0::bigint) over w as last
         from entry window w as (partition by network_id, account_id order by seq)) e
      where balance_after_minor <> before + amount_minor or seq <> last + 1`,
  ],
  [
    'the entries of each transfer add up to zero, and each posted transfer has them',
    `select 1 from (select network_id, id from transfer where posted_at is not null) t
       full join (select network_id, transfer_id, sum(amount_minor) as sum, count(*) as count
                    from entry group by network_id, transfer_id) e
         on e.network_id = t.network_id and e.transfer_id = t.id
      where t.id is null or e.sum is distinct from 0 or e.count < 2`,
  ],
];

/** Looks through the whole ledger as its owner. */
export function checkBooks(ownerUrl: string): Promise<Faults> {
  return withClient(ownerUrl, async (client) => {
    const faults: Faults = [];
    for (const [sentence, query] of CHECKS) {
      const { rows } = await client.query(`select count(*)::int as count from (${query}) as wrong`);
      const { count } = rows[0] as { count: number };
      if (count > 0) faults.push(`${sentence} (${count} do not)`);
    }
    return faults;
  });
}
