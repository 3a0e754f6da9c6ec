import { checkLedgers } from '../src/services/ledger/check.ts';

/** What is wrong with the books, a sentence each; none if they are right. */
export type Faults = string[];

/** What `ledger check` finds: every row, every sum, every link of the chain. */
export async function proveBooks(url: string): Promise<Faults> {
  const faults: Faults = [];
  await checkLedgers(url, null, ({ slug }, { name, fault }) => {
    if (fault) faults.push(`${slug}: ${name} (${fault.table} ${fault.key.join(' ')})`);
  });
  return faults;
}
