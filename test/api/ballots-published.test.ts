import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Json } from '../support/api.ts';
import { endVote } from '../support/end-vote.ts';
import { buildProgram, runCommand } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { BALLOT, cast, givenVote, proposalAs, type TestVote } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let voters: Member[];
let ana: Member;
let late: Member;

beforeAll(async () => {
  await buildProgram();
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder];
  for (let index = 1; index < 12; index++) voters.push(await givenMember(server, network, `Voter ${index}`));
  ana = voters[1]!;
  late = await givenMember(server, network, 'Late');
}, 120_000);
afterAll(() => server.close());

const SHOWN = `viewerBallot { receipt choice } viewerHasVoted turnout { ballots eligible } voters { nodes { id } }
  publishedBallots(first: 5) { nodes { ${BALLOT} } pageInfo { endCursor hasNextPage } } publishedBallotsFile boxHash`;

const ids = (members: Member[]) => members.map(({ membershipId }) => membershipId).toSorted();

test('of an open vote that goes on it is told who has voted, and to each what they said themselves', async () => {
  const vote = await givenVote(server, network, voters);
  const { receipt } = await cast(server, ana, vote, { choice: 'NO' });

  expect(await proposalAs(server, ana, vote, SHOWN)).toEqual({
    viewerBallot: { receipt, choice: 'NO' },
    viewerHasVoted: true,
    turnout: { ballots: 1, eligible: 12 },
    voters: { nodes: [{ id: ana.membershipId }] },
    publishedBallots: null,
    publishedBallotsFile: null,
    boxHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await proposalAs(server, late, vote, 'viewerBallot { receipt } viewerHasVoted')).toEqual({
    viewerBallot: null,
    viewerHasVoted: false,
  });
});

test('of a secret vote that goes on nothing is told but to a voter that they have voted', async () => {
  const vote = await givenVote(server, network, voters, { rule: { isSecret: true } });
  await cast(server, ana, vote, { choice: 'NO' });

  const nothing = {
    viewerBallot: null,
    turnout: null,
    voters: null,
    publishedBallots: null,
    publishedBallotsFile: null,
    boxHash: null,
  };
  expect(await proposalAs(server, ana, vote, SHOWN)).toEqual({ ...nothing, viewerHasVoted: true });
  expect(await proposalAs(server, network.founder, vote, SHOWN)).toEqual({
    ...nothing,
    viewerHasVoted: false,
  });
});

test('the seal of a secret box changes while the vote goes on, and never for a single ballot', async () => {
  const vote = await givenVote(server, network, voters, { rule: { isSecret: true } });
  const hashes: (string | null)[] = [];
  for (const voter of voters) {
    await cast(server, voter, vote, { choice: 'YES' });
    hashes.push((await proposalAs(server, ana, vote, 'boxHash')).boxHash);
  }
  await endVote(server, vote);
  const { boxHash } = await proposalAs(server, ana, vote, 'boxHash');

  expect(hashes.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => null));
  expect(hashes[9]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(hashes.slice(9)).size).toBe(1);
  expect(boxHash).not.toBe(hashes[9]);
  const seals = await server.app.database.db.rows<{ count: bigint }>(
    `select (select count(*) from jsonb_object_keys(ballots)) as count from ballot_seal
      where proposal_id = $1 order by number`,
    [vote.proposalId],
  );
  expect(seals.map(({ count }) => count)).toEqual([5n, 7n]);
});

describe.each([false, true])('a vote that is counted; secret: %s', (isSecret) => {
  let vote: TestVote;
  let receipts: string[];

  beforeAll(async () => {
    vote = await givenVote(server, network, voters, {
      rule: { isSecret, method: 'STV_SCOTTISH', seats: 2 },
      options: ['Well', 'Shed', 'Fence', 'Gate'],
      weights: [3n],
    });
    receipts = [];
    for (const [index, voter] of voters.slice(0, 11).entries()) {
      const ranking = [[String(1 + (index % 4))], [String(1 + ((index + 1) % 4))]];
      receipts.push((await cast(server, voter, vote, { ranking })).receipt);
    }
    await endVote(server, vote);
  });

  test('shows all ballots page by page, with names only if it was open', async () => {
    const pages: Json[] = [];
    for (let after: string | null = null; ;) {
      const { publishedBallots } = await proposalAs(
        server,
        late,
        vote,
        `publishedBallots(first: 4, after: ${JSON.stringify(after)}) { nodes { ${BALLOT} } pageInfo { endCursor hasNextPage } }`,
      );
      pages.push(...publishedBallots.nodes);
      if (!publishedBallots.pageInfo.hasNextPage) break;
      after = publishedBallots.pageInfo.endCursor;
    }

    expect(pages.map(({ receipt }) => receipt).toSorted()).toEqual(receipts.toSorted());
    expect(pages.map(({ weight }) => weight).toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => '1'),
      '3',
    ]);
    if (isSecret) {
      expect(pages.map(({ receipt }) => receipt)).toEqual(receipts.toSorted());
      expect(pages.every(({ voter, castAt }) => voter === null && castAt === null)).toBe(true);
    } else {
      expect(pages.map(({ voter }) => voter.id)).toEqual(ids(voters.slice(0, 11)));
      expect(pages.every(({ castAt }) => castAt !== null)).toBe(true);
    }
  });

  test('tells the turnout and who has voted', async () => {
    expect(
      await proposalAs(server, late, vote, 'turnout { ballots eligible } voters(first: 20) { nodes { id } }'),
    ).toEqual({
      turnout: { ballots: 11, eligible: 12 },
      voters: { nodes: ids(voters.slice(0, 11)).map((id) => ({ id })) },
    });
  });

  test('is counted again by the command on its published file, with the same outcome', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'published-'));
    const { publishedBallotsFile } = await proposalAs(server, late, vote, 'publishedBallotsFile');
    const [row] = await server.app.database.db.rows<Json>('select outcome from proposal where id = $1', [
      vote.proposalId,
    ]);

    const file = path.join(directory, 'vote.json');
    await writeFile(file, publishedBallotsFile);
    const { stdout, code } = await runCommand(['tally', '--json', file], {});
    await rm(directory, { recursive: true });

    const names = new Map([
      ['1', 'Well'],
      ['2', 'Shed'],
      ['3', 'Fence'],
      ['4', 'Gate'],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'STV_SCOTTISH',
      quota: row.outcome.quota,
      elected: row.outcome.winners.map((id: string) => names.get(id)),
    });
    expect(publishedBallotsFile.includes(network.founder.membershipId)).toBe(false);
  });
});
