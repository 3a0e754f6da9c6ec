import { verifyProposal } from '../../src/services/proposals/verify/verify.ts';
import { endVote } from '../support/end-vote.ts';
import { buildProgram, runCommand } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner, cast, givenVote, type TestVote } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// Whoever owns the tables can change what the serving role cannot: verifying finds it, and says where.

let server: TestServer;
let network: TestNetwork;
let voters: Member[];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder];
  for (let index = 1; index < 12; index++) voters.push(await givenMember(server, network, `Voter ${index}`));
}, 60_000);
afterAll(() => server.close());

const OPTIONS = ['Well', 'Shed', 'Fence'];

/** A vote in which all have voted; counted unless it is to go on. */
async function givenCastVote(
  isSecret: boolean,
  { goesOn = false } = {},
): Promise<TestVote & { receipts: string[] }> {
  const vote = await givenVote(server, network, voters, {
    rule: { isSecret, method: 'SCHULZE' },
    options: OPTIONS,
  });
  const receipts: string[] = [];
  for (const [index, voter] of voters.entries()) {
    const ranking = index % 3 === 0 ? [['1'], ['2', '3']] : [[String(1 + (index % 3))], ['1']];
    receipts.push((await cast(server, voter, vote, { ranking })).receipt);
  }
  if (!goesOn) await endVote(server, vote);
  return { ...vote, receipts };
}

const first = () => voters[0]!.membershipId;

async function faultsOf({ proposalId }: TestVote): Promise<string[]> {
  const lines = await verifyProposal(server.databaseUrl('app'), proposalId);
  return lines!.flatMap(({ faults }) => faults.map(({ table, key }) => `${table} ${key}`));
}

test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('a sound vote is found sound; secret: %s, still open: %s', async (isSecret, goesOn) => {
  const vote = await givenCastVote(isSecret, { goesOn });

  const lines = await verifyProposal(server.databaseUrl('app'), vote.proposalId);

  expect(lines!.flatMap(({ faults }) => faults)).toEqual([]);
  const rows = Object.fromEntries(lines!.map((line) => [line.name, line.rows]));
  expect(rows['the electorate is the one that was stored when the vote opened']).toBe(12);
  expect(
    rows[
      isSecret ? 'as many have voted as there are ballots' : 'each ballot is the last one that its voter cast'
    ],
  ).toBe(12);
  expect(rows['another count gives the recorded outcome']).toBe(goesOn ? undefined : 12);
  if (goesOn) await endVote(server, vote);
});

test('a proposal that is not there is not found sound', async () => {
  expect(await verifyProposal(server.databaseUrl('app'), network.id)).toBeNull();
});

describe('of a secret vote', () => {
  const change = (vote: TestVote, receipt: string, set: string) =>
    asOwner(server, `update ballot_seal set ballots = ${set} where proposal_id = $1 and ballots ? $2`, [
      vote.proposalId,
      receipt,
    ]);

  test('a ballot that was changed is named', async () => {
    const vote = await givenCastVote(true);
    const [receipt = ''] = vote.receipts;

    await change(vote, receipt, `jsonb_set(ballots, array[$2, 'vote'], '{"ranking": [["3"]]}')`);

    expect(await faultsOf(vote)).toContain(`ballot_seal ${receipt}`);
  });

  test('a ballot that was dropped is named', async () => {
    const vote = await givenCastVote(true);
    const [, receipt = ''] = vote.receipts;

    await change(vote, receipt, 'ballots - $2');

    expect(await faultsOf(vote)).toEqual(
      expect.arrayContaining([`ballot_seal ${receipt}`, 'ballot_roll all', 'ballot_box weight']),
    );
  });

  test('a ballot that was added is named', async () => {
    const vote = await givenCastVote(true);
    const added = '0123456789abcdef0123456789abcdef';

    await change(
      vote,
      vote.receipts[2]!,
      `ballots || '{"${added}": {"vote": {"ranking": [["3"]]}, "weight": "1"}}'`,
    );

    expect(await faultsOf(vote)).toEqual(
      expect.arrayContaining([`ballot_seal ${added}`, 'ballot_roll all', 'ballot_box weight']),
    );
  });

  test('a ballot that was changed with what was noted of it breaks its seal', async () => {
    const vote = await givenCastVote(true);
    const [receipt = ''] = vote.receipts;
    await change(vote, receipt, `jsonb_set(ballots, array[$2, 'vote'], '{"ranking": [["3"]]}')`);

    const [seal] = await asOwner(
      server,
      `update ballot_seal set digests = digests || jsonb_build_object($2::text,
         ballot_digest(proposal_id, $2, ballots->$2))
        where proposal_id = $1 and ballots ? $2 returning number`,
      [vote.proposalId, receipt],
    );

    expect(await faultsOf(vote)).toContain(`ballot_seal ${String(seal!['number'])}`);
  });

  test('seals that were all made anew are not those of the record', async () => {
    const vote = await givenCastVote(true);
    const [receipt = ''] = vote.receipts;
    await change(vote, receipt, `jsonb_set(ballots, array[$2, 'vote'], '{"ranking": [["3"]]}')`);

    await asOwner(
      server,
      `
      update ballot_seal set digests = (select jsonb_object_agg(b.key, ballot_digest('${vote.proposalId}', b.key, b.value))
        from jsonb_each(ballots) as b) where proposal_id = '${vote.proposalId}';
      with recursive chain as (
        select number, ballot_seal_hash('', proposal_id, number, digests) as hash from ballot_seal
         where proposal_id = '${vote.proposalId}' and number = 1
        union all
        select s.number, ballot_seal_hash(c.hash, s.proposal_id, s.number, s.digests)
          from chain c join ballot_seal s on s.proposal_id = '${vote.proposalId}' and s.number = c.number + 1)
      update ballot_seal s set hash = c.hash from chain c
       where s.proposal_id = '${vote.proposalId}' and s.number = c.number;
      update ballot_box b set head = (select hash from ballot_seal s where s.proposal_id = b.proposal_id
        order by number desc limit 1) where proposal_id = '${vote.proposalId}';
      update ballot_box b set pool_hash = ballot_pool_hash(b) where proposal_id = '${vote.proposalId}'`,
    );

    expect(await faultsOf(vote)).toContainEqual(expect.stringMatching(/^ballot_seal [12]$/));
  });

  test('a whole seal that was dropped is missed', async () => {
    const vote = await givenCastVote(true);

    await asOwner(server, 'delete from ballot_seal where proposal_id = $1 and number = 1', [vote.proposalId]);

    expect(await faultsOf(vote)).toContain('ballot_seal 1');
  });

  test('what waits in an open box is guarded too: nothing is cast into one that was opened', async () => {
    const vote = await givenVote(server, network, voters, { rule: { isSecret: true } });
    const { receipt } = await cast(server, voters[0]!, vote, { choice: 'YES' });
    await asOwner(
      server,
      `update ballot_box set pool = jsonb_set(pool, array[$2, 'vote', 'choice'], '"NO"') where proposal_id = $1`,
      [vote.proposalId, receipt],
    );

    expect(await faultsOf(vote)).toEqual([`ballot_box ${receipt}`, 'ballot_box pool']);
    await expect(cast(server, voters[1]!, vote, { choice: 'YES' })).rejects.toThrow(/INTERNAL/);
    expect(
      await asOwner(
        server,
        'select 1 from ballot_roll where proposal_id = $1 and cardinality(membership_ids) > 1',
        [vote.proposalId],
      ),
    ).toEqual([]);
  });

  test('a voter who was taken from the roll, or put on it, is missed', async () => {
    for (const set of ['membership_ids[2:]', `membership_ids || '{${network.founder.membershipId}x}'`]) {
      const vote = await givenCastVote(true);

      await asOwner(server, `update ballot_roll set membership_ids = ${set} where proposal_id = $1`, [
        vote.proposalId,
      ]);

      expect(await faultsOf(vote)).toEqual(expect.arrayContaining(['ballot_roll 0', 'ballot_roll all']));
    }
  });
});

describe('of an open vote', () => {
  test.each([
    [
      'changed',
      `update ballot set vote = '{"ranking": [["3"]]}' where proposal_id = $1 and membership_id = $2`,
    ],
    ['dropped', 'delete from ballot where proposal_id = $1 and membership_id = $2'],
  ])('a ballot that was %s is named by its voter', async (_, statement) => {
    const vote = await givenCastVote(false);

    await asOwner(server, statement, [vote.proposalId, first()]);

    expect(await faultsOf(vote)).toContain(`ballot ${first()}`);
  });

  test('a ballot that was added is named by its voter', async () => {
    const vote = await givenVote(server, network, voters);
    await cast(server, voters[1]!, vote, { choice: 'YES' });
    await endVote(server, vote);

    await asOwner(server, `insert into ballot values ($1, $2, $3, 2, '{"choice": "NO"}')`, [
      vote.networkId,
      vote.proposalId,
      first(),
    ]);

    expect(await faultsOf(vote)).toEqual([
      `ballot ${first()}`,
      `proposal ${vote.proposalId}`,
      `resolution ${vote.proposalId}`,
    ]);
  });

  test('a ballot that was changed with its history is named by its receipt', async () => {
    const vote = await givenCastVote(false);
    for (const table of ['ballot', 'ballot_version'])
      await asOwner(
        server,
        `update ${table} set vote = '{"ranking": [["3"]]}' where proposal_id = $1 and membership_id = $2`,
        [vote.proposalId, first()],
      );

    expect(await faultsOf(vote)).toContain(`ballot_version ${vote.receipts[0]}`);
  });

  test('the last ballots that were dropped with their history are missed', async () => {
    const vote = await givenCastVote(false);
    for (const table of ['ballot', 'ballot_version'])
      await asOwner(server, `delete from ${table} where proposal_id = $1 and number = 12`, [vote.proposalId]);

    expect(await faultsOf(vote)).toContain('ballot_version 12');
  });
});

describe('of any vote', () => {
  test.each([false, true])('an outcome that is not that of the ballots; secret: %s', async (isSecret) => {
    const vote = await givenCastVote(isSecret);

    await asOwner(
      server,
      `update proposal set outcome = jsonb_set(outcome, '{winners}', '["3"]') where id = $1`,
      [vote.proposalId],
    );

    expect(await faultsOf(vote)).toEqual([`proposal ${vote.proposalId}`]);
  });

  test('a line of the register that says otherwise', async () => {
    const vote = await givenCastVote(false);

    await asOwner(server, `update resolution set outcome = 'FAILED' where source_id = $1`, [vote.proposalId]);

    expect(await faultsOf(vote)).toEqual([`resolution ${vote.proposalId}`]);
  });

  test('electors who were added or weigh something else', async () => {
    const vote = await givenCastVote(false);

    await asOwner(server, 'update elector set weight = 2 where proposal_id = $1 and membership_id = $2', [
      vote.proposalId,
      first(),
    ]);

    expect(await faultsOf(vote)).toContain('elector all');
  });
});

describe('the command', () => {
  beforeAll(buildProgram, 60_000);

  const verify = (...words: string[]) =>
    runCommand(['verify', ...words], {
      DATABASE_URL: server.databaseUrl('app'),
      DATABASE_OWNER_URL: server.databaseUrl('owner'),
    });

  test('ends with 0 for a sound vote, and with 1 and the place for one that was tampered with', async () => {
    const vote = await givenCastVote(true);
    const [receipt = ''] = vote.receipts;

    const sound = await verify('--proposal', vote.proposalId);
    await asOwner(
      server,
      'update ballot_seal set ballots = ballots - $2 where proposal_id = $1 and ballots ? $2',
      [vote.proposalId, receipt],
    );
    const broken = await verify('--proposal', vote.proposalId);
    const json = await verify('--proposal', vote.proposalId, '--json');

    expect(sound).toMatchObject({ code: 0, stderr: '' });
    expect(sound.stdout).toContain('another count gives the recorded outcome (12): ok\n');
    expect(broken).toMatchObject({ code: 1, stderr: '' });
    expect(broken.stdout).toMatch(
      new RegExp(`^  ballot_seal ${receipt}: expected [0-9a-f]{64}, found nothing$`, 'm'),
    );
    expect(json.code).toBe(1);
    const lines = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { faults: object[] });
    expect(lines.flatMap(({ faults }) => faults)).toContainEqual(
      expect.objectContaining({ table: 'ballot_seal', key: receipt, found: 'nothing' }),
    );
  });

  test('ends with 2 when it is called in the wrong way or cannot look', async () => {
    const unknown = await verify('--proposal', 'prp_01h455vb4pex5vsknk084sn02q');

    expect(unknown).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There is no proposal with the id prp_01h455vb4pex5vsknk084sn02q.\n',
    });
    expect(await verify()).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--proposal'),
    });
  });
});
