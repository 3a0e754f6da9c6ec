import { parseArgs } from 'node:util';
import { benchCrash } from './crash.ts';
import { benchLedger } from './ledger.ts';
import { benchNetworks } from './networks.ts';
import { benchServer } from './server.ts';

/** What a measurement found, and which of its bounds it broke. */
export interface Report {
  figures: Record<string, number>;
  broken: string[];
  /** The figures as people read them best; without it they are listed. */
  text?: string;
}

/** What can be said on the command line; each measurement has its own defaults. */
export interface Options {
  rounds?: number;
  seconds?: number;
  kills?: number;
  seed?: number;
  large: boolean;
  /** How much is in the large books. */
  entries?: number;
}

// Name on the command line → measurement; each starts what it needs and cleans up behind itself.
const BENCHES: Record<string, (options: Options) => Promise<Report>> = {
  crash: benchCrash,
  ledger: benchLedger,
  networks: benchNetworks,
  server: benchServer,
};

const USAGE = `Usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--json]
  ledger [--rounds n] [--seconds s] [--large [--entries n]]
  crash [--kills n] [--seed n]`;

async function main(words: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      entries: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  if (!bench) {
    console.error(USAGE);
    return 2;
  }
  const { json, large, ...numbers } = values;
  const given = Object.entries(numbers).map(([option, value]) => [option, Number(value)] as const);
  const wrong = given.find(([, value]) => !(value > 0));
  if (wrong) throw new Error(`--${wrong[0]} needs a number above zero`);
  const report = await bench({ large, ...Object.fromEntries(given) });
  const { figures, broken } = report;
  if (json) console.log(JSON.stringify({ bench: name, figures, broken }));
  else printReport(report);
  return broken.length === 0 ? 0 : 1;
}

function printReport({ figures, broken, text }: Report): void {
  if (text) console.log(text);
  else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${value}`);
  for (const bound of broken) console.log(`BROKEN: ${bound}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
