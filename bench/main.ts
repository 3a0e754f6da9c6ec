import { parseArgs } from 'node:util';

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

type Bench = (options: Options) => Promise<Report>;

// Name on the command line → measurement, which brings its own modules, starts what it needs and cleans up behind itself.
const BENCHES: Record<string, () => Promise<Bench>> = {
  crash: async () => (await import('./crash.ts')).benchCrash,
  ledger: async () => (await import('./ledger.ts')).benchLedger,
  networks: async () => (await import('./networks.ts')).benchNetworks,
  pools: async () => (await import('./pools.ts')).benchPools,
  server: async () => (await import('./server.ts')).benchServer,
  tally: async () => (await import('./tally.ts')).benchTally,
  votes: async () => (await import('./votes.ts')).benchVotes,
};

const USAGE = `Usage: npm run bench -- <${Object.keys(BENCHES).join('|')}> [--json]
  ledger [--rounds n] [--seconds s] [--large [--entries n]]
  crash [--kills n] [--seed n]
  votes [--rounds n] [--seconds s]
  tally [--seed n]
  pools [--rounds n]`;

interface Order {
  name: string;
  bench: () => Promise<Bench>;
  options: Options;
  json: boolean;
}

/** What the words ask for, or what is wrong with them. */
function orderOf(words: string[]): Order | string {
  const parsed = parse(words);
  if (typeof parsed === 'string') return parsed;
  const [name = '', ...others] = parsed.positionals;
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (!bench || others.length > 0) return 'Name one measurement';
  const { json, large, ...numbers } = parsed.values;
  const given = Object.entries(numbers).map(([option, value]) => [option, Number(value)] as const);
  const wrong = given.find(([, value]) => !(value > 0));
  if (wrong) return `--${wrong[0]} needs a number above zero`;
  return { name, bench, options: { large, ...Object.fromEntries(given) }, json };
}

function parse(words: string[]) {
  try {
    return parseArgs({
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
  } catch (error) {
    if (isFaultOfWords(error)) return error.message;
    throw error;
  }
}

function isFaultOfWords(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

async function main(words: string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const order = orderOf(words);
  if (typeof order === 'string') {
    console.error(`${order}\n${USAGE}`);
    return 2;
  }
  const measure = await order.bench();
  const report = await measure(order.options);
  const { figures, broken } = report;
  if (order.json) console.log(JSON.stringify({ bench: order.name, figures, broken }));
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
