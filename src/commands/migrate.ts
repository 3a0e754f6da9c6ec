import { migrateDatabase, openDatabaseAccess } from '../app.ts';
import { readConfig } from '../kernel/config.ts';
import { openLog } from '../kernel/log.ts';

export async function migrateCommand(): Promise<void> {
  const config = readConfig();
  const access = await openDatabaseAccess(config, openLog(config));
  try {
    const applied = await migrateDatabase(access);
    const report = applied.length > 0 ? `Applied ${applied.join(', ')}` : 'Everything was up to date';
    process.stdout.write(`${report}\n`);
  } finally {
    await access.close();
  }
}
