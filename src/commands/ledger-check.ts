import { openDatabaseAccess } from '../app.ts';
import { CannotStart } from '../kernel/cannot-start.ts';
import { readConfig } from '../kernel/config.ts';
import { openLog } from '../kernel/log.ts';
import { checkLedgers, type CheckedNetwork, type CheckLine } from '../services/ledger/check.ts';

const COULD_NOT_LOOK = 2;

/**
 * Proves the books beside a running server and says what it looked at, a line for each check. Exit status 1 if
 * something is broken, 2 if it could not look.
 */
export async function ledgerCheckCommand(options: { network?: string; json?: boolean }): Promise<void> {
  // Who asks whether the books are sound must not take a failure to look for an answer.
  process.exitCode = COULD_NOT_LOOK;
  const config = readConfig();
  const write = options.json ? writeJson : writeText;
  const access = await openDatabaseAccess(config, openLog(config));
  try {
    const isSound = await checkLedgers(access.appUrl, options.network ?? null, write);
    if (isSound === null)
      throw new CannotStart(`There is no network with the short name ${options.network}.`);
    process.exitCode = isSound ? 0 : 1;
  } finally {
    await access.close();
  }
}

function writeJson(network: CheckedNetwork, line: CheckLine): void {
  process.stdout.write(`${JSON.stringify({ network: network.slug, ...line })}\n`);
}

function writeText({ slug }: CheckedNetwork, { name, rows, fault }: CheckLine): void {
  const verdict = fault
    ? `BROKEN: ${fault.table} ${fault.key.join(' ')}: expected ${fault.expected}, found ${fault.found}`
    : 'ok';
  process.stdout.write(`${slug}: ${name} (${rows}): ${verdict}\n`);
}
