import { randomBytes } from 'node:crypto';
import autocannon from 'autocannon';
import type { Report } from './main.ts';
import { inTemporaryDirectory, startServer, stopServer, type Running } from './server-process.ts';

const STARTS = 5;
const REQUESTS = 10_000;
const WARM_UP = 1_000;
const CONNECTIONS = 16;

// What we promise to whoever runs a server on a small machine.
const MAX_READY_MS = 10_000;
const MAX_MEMORY_MB = 250;

const METRICS_TOKEN = randomBytes(16).toString('hex');
const PASSWORD = randomBytes(12).toString('hex');

/** Starts the built server several times, then asks it ten thousand questions over sixteen connections. */
export function benchServer(): Promise<Report> {
  return inTemporaryDirectory(async (dataDir) => {
    // The first start makes the database; it is not what people wait for every day.
    await stopServer(await start(dataDir));
    const readyMs: number[] = [];
    for (let count = 1; count < STARTS; count++) {
      const running = await start(dataDir);
      readyMs.push(running.readyMs);
      await stopServer(running);
    }
    const running = await start(dataDir);
    readyMs.push(running.readyMs);
    try {
      return reportOf({ readyMs, ...(await load(running)) });
    } finally {
      await stopServer(running);
    }
  });
}

function start(dataDir: string): Promise<Running> {
  return startServer({ DATA_DIR: dataDir, METRICS_TOKEN });
}

interface Load {
  result: autocannon.Result;
  memoryBefore: number;
  memoryAfter: number;
}

async function load({ url }: Running): Promise<Load> {
  const token = await signUp(url);
  const memoryBefore = await memoryOf(url);
  await fire(url, token, WARM_UP);
  const result = await fire(url, token, REQUESTS);
  return { result, memoryBefore, memoryAfter: await memoryOf(url) };
}

/** Half of the requests carry a session and read from the database, half are public. */
function fire(url: string, token: string, amount: number): Promise<autocannon.Result> {
  const request = (query: string, headers: Record<string, string> = {}) => ({
    method: 'POST' as const,
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return autocannon({
    url,
    amount,
    connections: CONNECTIONS,
    requests: [
      request('{ viewer { person { id name } sessions { id isCurrent } } }', {
        authorization: `Bearer ${token}`,
      }),
      request('{ networks(first: 5) { nodes { slug name memberCount } pageInfo { hasNextPage } } }'),
    ],
    verifyBody: (body) => !String(body).includes('"errors"'),
  });
}

async function signUp(url: string): Promise<string> {
  const email = 'bench@example.org';
  await ask(
    url,
    'mutation($input: PersonRegisterInput!) { personRegister(input: $input) { errors { code } } }',
    {
      name: 'Bench',
      email,
      password: PASSWORD,
    },
  );
  const data = await ask(
    url,
    'mutation($input: SessionStartInput!) { sessionStart(input: $input) { token } }',
    {
      email,
      password: PASSWORD,
    },
  );
  return data.sessionStart.token;
}

async function ask(url: string, query: string, input: object): Promise<{ sessionStart: { token: string } }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = (await response.json()) as { data: { sessionStart: { token: string } } };
  return data;
}

/** Resident memory of the API process in MB, as it says itself. */
async function memoryOf(url: string): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(text) ?? [];
  return Number(bytes) / 1_000_000;
}

function reportOf({ readyMs, result, memoryBefore, memoryAfter }: Load & { readyMs: number[] }): Report {
  const figures = {
    readyMsMedian: Math.round(readyMs.toSorted((a, b) => a - b)[Math.floor(readyMs.length / 2)] ?? NaN),
    readyMsWorst: Math.round(Math.max(...readyMs)),
    requests: result['2xx'],
    requestsPerSecond: Math.round(result['2xx'] / result.duration),
    latencyMsP50: result.latency.p50,
    latencyMsP99: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx + result.mismatches,
    memoryMbBefore: Math.round(memoryBefore),
    memoryMbAfter: Math.round(memoryAfter),
  };
  const bounds: [boolean, string][] = [
    [figures.readyMsWorst < MAX_READY_MS, `ready within ${MAX_READY_MS} ms`],
    [figures.memoryMbAfter < MAX_MEMORY_MB, `less than ${MAX_MEMORY_MB} MB of memory`],
    [figures.failed === 0, 'every request answered without an error'],
  ];
  return { figures, broken: bounds.filter(([holds]) => !holds).map(([, bound]) => bound) };
}
