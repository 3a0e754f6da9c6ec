import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../src/app.ts';
import { Proposal } from '../src/entities/proposal.ts';
import { after, MINUTE_MS } from '../src/kernel/clock.ts';
import { closeDueProposal } from '../src/services/proposals/life/close.ts';
import type { Community, Holder } from './community.ts';
import { freePort, startServer, stopServer, type Running } from './server-process.ts';
import { endNow, givenVote } from './votes-made.ts';

const CLIENTS = 64;
// So long that a slow machine is done, too; how long it takes is told.
const PERIOD_MS = 10 * MINUTE_MS;
const KILLS = [0.25, 0.6];
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;
// Some ask again although they were told, as after a crash of their own.
const ASKS_AGAIN = 0.1;
const QUERY =
  'mutation($input: BallotCastInput!) { ballotCast(input: $input) { ballot { receipt } errors { code } } }';

/** What voters were told. */
interface Told {
  receipts: Map<Holder, string>;
  contradictions: number;
  refusals: string[];
  repetitions: number;
}

/**
 * Everybody votes at the last moment, while the server is killed twice and started again. Voters repeat their request with the same key
 * until they are told. Then the vote ends and is counted.
 */
export async function benchLastMinute(
  app: App,
  community: Community,
  settings: Record<string, string>,
): Promise<{ figures: Record<string, number>; broken: string[] }> {
  const figures: Record<string, number> = {};
  const broken: string[] = [];
  for (const isSecret of [false, true]) {
    const closesAt = after(app.services.clock.now(), PERIOD_MS);
    const proposalId = await givenVote(app, community, { isSecret, closesAt });
    const begun = performance.now();
    const { told, kills } = await voteUnderFire(community, proposalId, settings);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    await endNow(settings['DATABASE_OWNER_URL'] ?? '', proposalId);
    const found = await countFound(app, community, { proposalId, told });
    const name = isSecret ? 'secret' : 'open';
    const prefixed = {
      acknowledged: told.receipts.size,
      kills,
      seconds,
      repetitions: told.repetitions,
      ...found,
    };
    for (const [figure, value] of Object.entries(prefixed))
      figures[`${name}${figure[0]!.toUpperCase()}${figure.slice(1)}`] = value;
    const bounds: [boolean, string][] = [
      [told.receipts.size === community.holders.length, 'everybody who voted was told'],
      [told.refusals.length === 0, `no ballot is refused (${told.refusals[0] ?? ''})`],
      [told.contradictions === 0, 'a key always stands for the same receipt'],
      [found.lost === 0, 'no ballot that was acknowledged is lost'],
      [found.counted === told.receipts.size, 'no ballot is counted twice'],
    ];
    broken.push(...bounds.filter(([holds]) => !holds).map(([, bound]) => `${name}: ${bound}`));
  }
  return { figures, broken };
}

async function voteUnderFire(
  { networkId, holders }: Community,
  proposalId: string,
  settings: Record<string, string>,
): Promise<{ told: Told; kills: number }> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  let server: Running = await startServer({ ...settings, PORT: port });
  const told: Told = { receipts: new Map(), contradictions: 0, refusals: [], repetitions: 0 };
  const waiting = [...holders];
  const client = async () => {
    for (let voter = waiting.pop(); voter; voter = waiting.pop()) {
      const input = {
        networkId,
        proposalId,
        idempotencyKey: `vote ${voter.personId}`,
        ballot: { choice: 'YES' },
      };
      const body = JSON.stringify({ query: QUERY, variables: { input } });
      await voteUntilTold(url, { voter, body }, told);
      if (Math.random() < ASKS_AGAIN) await voteUntilTold(url, { voter, body }, told);
    }
  };
  const voting = Promise.all(Array.from({ length: CLIENTS }, client));
  let kills = 0;
  for (const part of KILLS) {
    while (told.receipts.size + told.refusals.length < holders.length * part) await sleep(1);
    server.child.kill('SIGKILL');
    kills++;
    server = await startServer({ ...settings, PORT: port });
  }
  await voting;
  await stopServer(server);
  return { told, kills };
}

async function voteUntilTold(
  url: string,
  { voter, body }: { voter: Holder; body: string },
  told: Told,
): Promise<void> {
  for (;;) {
    const payload = await ask(url, voter.token, body);
    const receipt = payload?.ballot?.receipt;
    if (receipt) {
      const before = told.receipts.get(voter);
      if (before !== undefined && before !== receipt) told.contradictions++;
      told.receipts.set(voter, receipt);
      return;
    }
    const code = payload?.errors[0]?.code;
    if (code && code !== 'OVERLOADED') {
      told.refusals.push(code);
      return;
    }
    told.repetitions++;
    await sleep(PAUSE_MS);
  }
}

interface Payload {
  ballot: { receipt: string } | null;
  errors: { code: string }[];
}

/** Null if there was no answer, or none that decides anything. */
async function ask(url: string, token: string, body: string): Promise<Payload | null> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer = (await response.json()) as { data?: { ballotCast: Payload | null } };
    return answer.data?.ballotCast ?? null;
  } catch {
    return null;
  }
}

/** Compares what voters were told with what was counted. */
async function countFound(
  app: App,
  { networkId }: Community,
  { proposalId, told }: { proposalId: string; told: Told },
): Promise<{ counted: number; lost: number }> {
  const { db, run } = app.services;
  const system = { kind: 'system', name: 'bench' } as const;
  await run(system, (tx) => closeDueProposal(tx, { networkId, proposalId }));
  const proposal = await db.one(Proposal, { networkId, id: proposalId });
  const rows = await db.rows<{ receipt: string }>(
    `select v.id::text as receipt from ballot b join ballot_version v using (network_id, proposal_id, number)
      where b.network_id = $1 and b.proposal_id = $2
     union all
     select e.key from ballot_seal s cross join lateral jsonb_each(s.ballots) as e
      where s.network_id = $1 and s.proposal_id = $2`,
    [networkId, proposalId],
  );
  const receipts = new Set(rows.map(({ receipt }) => receipt));
  const lost = [...told.receipts.values()].filter((receipt) => !receipts.has(receipt)).length;
  return { counted: proposal?.outcome?.participants ?? 0, lost };
}
