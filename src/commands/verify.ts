import { openDatabaseAccess } from '../app.ts';
import { CannotStart } from '../kernel/cannot-start.ts';
import { readConfig } from '../kernel/config.ts';
import { openLog } from '../kernel/log.ts';
import type { VerifyLine } from '../services/proposals/verify/verify-chain.ts';
import { verifyProposal } from '../services/proposals/verify/verify.ts';

const COULD_NOT_LOOK = 2;

/**
 * Proves a vote beside a running server and says what it looked at, a line for each check and for each ballot that is not as
 * it was cast. Exit status 1 if something is broken, 2 if it could not look.
 */
export async function verifyCommand(options: { proposal: string; json?: boolean }): Promise<void> {
  process.exitCode = COULD_NOT_LOOK;
  const config = readConfig();
  const access = await openDatabaseAccess(config, openLog(config));
  try {
    const lines = await verifyProposal(access.appUrl, options.proposal);
    if (!lines) throw new CannotStart(`There is no proposal with the id ${options.proposal}.`);
    for (const line of lines) (options.json ? writeJson : writeText)(line);
    process.exitCode = lines.every(({ faults }) => faults.length === 0) ? 0 : 1;
  } finally {
    await access.close();
  }
}

function writeJson(line: VerifyLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function writeText({ name, rows, faults }: VerifyLine): void {
  process.stdout.write(`${name} (${rows}): ${faults.length === 0 ? 'ok' : 'BROKEN'}\n`);
  for (const { table, key, expected, found } of faults)
    process.stdout.write(`  ${table} ${key}: expected ${expected}, found ${found}\n`);
}
