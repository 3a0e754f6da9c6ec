import { benchNetworks } from './networks.ts';
import { benchServer } from './server.ts';

/** What a measurement found, and which of its bounds it broke. */
export interface Report {
  figures: Record<string, number>;
  broken: string[];
}

// Name on the command line → measurement; each starts what it needs and cleans up behind itself.
const BENCHES: Record<string, () => Promise<Report>> = {
  networks: benchNetworks,
  server: benchServer,
};

async function main(words: string[]): Promise<number> {
  const isJson = words.includes('--json');
  const [name = ''] = words.filter((word) => !word.startsWith('--'));
  const bench = BENCHES[name];
  if (!bench) {
    console.error(`Usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--json]`);
    return 2;
  }
  const report = await bench();
  if (isJson) console.log(JSON.stringify({ bench: name, ...report }));
  else printReport(report);
  return report.broken.length === 0 ? 0 : 1;
}

function printReport({ figures, broken }: Report): void {
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${value}`);
  for (const bound of broken) console.log(`BROKEN: ${bound}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
