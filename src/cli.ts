#!/usr/bin/env node
import { Command } from 'commander';
import { NETWORK_TEMPLATES } from './entities/network-template.ts';
import { CannotStart } from './kernel/cannot-start.ts';
import { ConfigError } from './kernel/config.ts';
import { DomainError } from './kernel/errors.ts';
import { packageVersion } from './kernel/package-root.ts';

// Each command brings its own modules: counting a file of ballots needs none of a server's.
function program(): Command {
  const cli = new Command('mutuality').version(packageVersion());
  cli.description(
    'Runs what a server of Mutuality needs beside serving. Settings come from the environment.',
  );
  cli
    .command('migrate')
    .description('bring the tables up to date')
    .action(async () => (await import('./commands/migrate.ts')).migrateCommand());
  cli
    .command('demo')
    .description('fill a network with forty members and six months of life')
    .action(async () => (await import('./commands/demo.ts')).demoCommand());

  const schema = cli.command('schema').description('the public contract');
  schema
    .command('print')
    .description('print the GraphQL schema')
    .option('--check <file>', 'compare with a file instead; exit status 1 if they differ')
    .action(async (options) => (await import('./commands/schema-print.ts')).schemaPrintCommand(options));

  const network = cli.command('network').description('communities');
  network
    .command('create')
    .description('make a network; its founder is registered if need be')
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--template <template>', `one of ${NETWORK_TEMPLATES.join(', ')}`)
    .requiredOption('--email <email>', 'address of its founder')
    .option('--slug <slug>', 'short name for addresses; made from the name if absent')
    .option('--locale <tag>', 'its language, such as pt-BR')
    .option('--time-zone <name>', 'its time zone, such as Europe/Madrid')
    .action(async (options) => (await import('./commands/network-create.ts')).networkCreateCommand(options));

  const ledger = cli.command('ledger').description('the books');
  ledger
    .command('check')
    .description(
      'prove the books beside a running server; exit status 1 if they are broken, 2 if it could not look',
    )
    .option('--network <slug>', 'only those of one network')
    .option('--json', 'a JSON object for each line')
    .exitOverride((error) => process.exit(error.exitCode && 2))
    .action(async (options) => (await import('./commands/ledger-check.ts')).ledgerCheckCommand(options));

  cli
    .command('tally')
    .description('count a file of ballots as a server would; exit status 2 if it cannot be counted')
    .argument('<file>', 'ballots as .blt, .soc, .soi, .toc, .toi, .pb or .json')
    .option('--method <name>', 'how to count, such as STV_SCOTTISH; published ballots say it themselves')
    .option('--seats <n>', 'how many are elected; otherwise as the file says, or one')
    .option('--seed <text>', 'seed of the lot that decides between equals; otherwise as the file says, or 0')
    .option('--completion <name>', 'for PB_EQUAL_SHARES: NONE, ADD1 or ADD1_UTILITARIAN')
    .option('--json', 'one JSON object')
    .exitOverride((error) => process.exit(error.exitCode && 2))
    .action(async (file, options) => (await import('./commands/tally.ts')).tallyCommand(file, options));

  cli
    .command('verify')
    .description(
      'prove the ballots of a vote and count them again; exit status 1 if something is broken, 2 if it could not look',
    )
    .requiredOption('--proposal <id>', 'the proposal that was voted on')
    .option('--json', 'a JSON object for each line')
    .exitOverride((error) => process.exit(error.exitCode && 2))
    .action(async (options) => (await import('./commands/verify.ts')).verifyCommand(options));

  const administrator = cli.command('administrator').description('administrators of the server');
  administrator
    .command('grant')
    .description('make a registered person an administrator')
    .argument('<email>', 'address of the person')
    .action((email: string) => setAdministrator(email, true));
  administrator
    .command('revoke')
    .description('make an administrator a person like others')
    .argument('<email>', 'address of the person')
    .action((email: string) => setAdministrator(email, false));
  return cli;
}

async function setAdministrator(email: string, isOne: boolean): Promise<void> {
  const { administratorCommand } = await import('./commands/administrator.ts');
  await administratorCommand(email, isOne);
}

// Whoever reads has heard enough, as with `| head`: no fault, and no verdict either.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(2);
});

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof DomainError)
      process.stderr.write(`${error.code}: ${error.message} ${detailsOf(error)}\n`);
    else if (error instanceof ConfigError || error instanceof CannotStart)
      process.stderr.write(`${error.message}\n`);
    else console.error(error);
    process.exitCode ??= 1;
  });

function detailsOf({ path, fields }: DomainError): string {
  const details = { ...(path && { path }), ...fields };
  return Object.keys(details).length > 0 ? JSON.stringify(details) : '';
}
