import { Network } from '../entities/network.ts';
import { DAY_MS, systemClock, TravelClock } from '../kernel/clock.ts';
import { whileJobsRest } from '../kernel/jobs.ts';
import { DemoCommunity } from './demo-community.ts';
import { DEMO_PASSWORD, emailOf, readDemoData, type DemoData } from './demo-data.ts';
import { withApp } from './with-app.ts';

const DAYS = 182;
const SLUG = 'riverbend';
const UMBRELLA_SLUG = 'valley-federation';

const FOUND_THERE =
  'One vote is decided and stands in the register, one goes on, and a payment waits for the coordinator’s signature.\n' +
  'A library of things has something fetched, something overdue, something asked for and somebody waiting.\n';

/**
 * Fills a network with forty members and six months of life, through the services and travelling in time, so that a
 * newcomer has something to look at. The same every time.
 */
export async function demoCommand(): Promise<void> {
  const data = readDemoData();
  // From midnight to midnight, so that the last day is over.
  const today = Math.floor(systemClock.now().getTime() / DAY_MS);
  const clock = new TravelClock(new Date((today - DAYS) * DAY_MS));
  await withApp(async (app) => {
    if (await app.database.db.exists(Network, { slug: SLUG })) {
      process.stdout.write(`The network ${SLUG} is there already.\n${signIns(data)}`);
      return;
    }
    const demo = new DemoCommunity(app, clock, data);
    await whileJobsRest(app.database.pool, async () => {
      await demo.found(SLUG, UMBRELLA_SLUG);
      for (let day = 0; day < DAYS; day++) await demo.liveOneDay(day);
      await demo.leaveUndecided();
    });
    const transfers = await demo.countTransfers();
    process.stdout.write(
      `Made the network ${SLUG}: ${demo.members} members, ${transfers} transfers.\n${FOUND_THERE}${signIns(data)}`,
    );
  }, clock);
}

function signIns({ people, library }: DemoData): string {
  const roles = ['coordinator', 'treasurer', 'auditor', 'member'];
  const lines = roles.map((role, index) => `  ${emailOf(people[index]?.name ?? '')}  (${role})`);
  lines.push(`  ${emailOf(library.steward)}  (steward)`);
  return `Sign in with the password "${DEMO_PASSWORD}" as\n${lines.join('\n')}\n`;
}
