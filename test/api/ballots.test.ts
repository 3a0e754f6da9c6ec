import { codesOf, mutate, send, tryMutate, type Json } from '../support/api.ts';
import { endVote } from '../support/end-vote.ts';
import { atOnce } from '../support/many.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  ballotInput,
  cast,
  givenVote,
  proposalAs,
  tryCast,
  VOTE_MS,
  type TestVote,
  type VoteOptions,
} from '../support/votes.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  snapshot,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let voters: Member[];
let ana: Member;
let ben: Member;
let guest: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder];
  for (const name of ['Ana', 'Ben', 'Cleo']) voters.push(await givenMember(server, network, name));
  [, ana, ben] = voters as [Member, Member, Member];
  guest = await givenMember(server, network, 'Guest');
});
afterAll(() => server.close());

const rowsOf = (table: string, { proposalId }: TestVote) =>
  server.app.database.db.rows<Json>(`select * from ${table} where proposal_id = $1`, [proposalId]);

describe('an open ballot', () => {
  test('is cast with the name of its voter, an instant and a receipt', async () => {
    const vote = await givenVote(server, network, voters);

    const ballot = await cast(server, ana, vote, { choice: 'YES' });

    expect(ballot).toEqual({
      receipt: expect.stringMatching(/^blt_/),
      choice: 'YES',
      approvals: null,
      ranking: null,
      scores: null,
      weight: null,
      castAt: server.clock.now().toISOString(),
      sealNumber: 1,
      voter: { id: ana.membershipId },
    });
  });

  test('is changed until the vote closes, and what it said before is kept', async () => {
    const vote = await givenVote(server, network, voters);

    const first = await cast(server, ana, vote, { choice: 'YES' });
    await cast(server, ben, vote, { choice: 'YES' });
    const second = await cast(server, ana, vote, { choice: 'NO' });

    expect(await rowsOf('ballot', vote)).toHaveLength(2);
    const versions = await rowsOf('ballot_version', vote);
    expect(
      versions
        .toSorted((a, b) => a.number - b.number)
        .map(({ membershipId, vote: said, id }) => [membershipId, said.choice, id]),
    ).toEqual([
      [ana.membershipId, 'YES', first.receipt],
      [ben.membershipId, 'YES', expect.anything()],
      [ana.membershipId, 'NO', second.receipt],
    ]);
    await endVote(server, vote);
    const [proposal] = await server.app.database.db.rows<Json>('select outcome from proposal where id = $1', [
      vote.proposalId,
    ]);
    expect(proposal.outcome).toMatchObject({ isPassed: false, reason: 'THRESHOLD_NOT_MET', participants: 2 });
  });

  test('is a fact of the network, without what it says', async () => {
    const vote = await givenVote(server, network, voters);

    await cast(server, ana, vote, { choice: 'NO' });

    const events = await server.app.database.db.rows<Json>(
      `select kind, actor_person_id, data from event where subject_id = $1 and kind = 'BallotCast'`,
      [vote.proposalId],
    );
    expect(events).toEqual([
      {
        kind: 'BallotCast',
        actorPersonId: ana.personId,
        data: { number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  test('is kept in the order of the options where its own order says nothing', async () => {
    const options = ['Well', 'Shed', 'Fence'];
    const vote = await givenVote(server, network, voters, { rule: { method: 'APPROVAL' }, options });

    expect((await cast(server, ana, vote, { approvals: ['3', '1'] })).approvals).toEqual(['1', '3']);
  });

  test('is told again for its key, also when it has been changed since and when the vote is over', async () => {
    const vote = await givenVote(server, network, voters);
    const first = await cast(server, ana, vote, { choice: 'YES' }, 'once');
    await cast(server, ana, vote, { choice: 'NO' });

    expect(await cast(server, ana, vote, { choice: 'YES' }, 'once')).toEqual(first);
    await endVote(server, vote);
    expect(await cast(server, ana, vote, { choice: 'YES' }, 'once')).toEqual(first);

    expect(await rowsOf('ballot_version', vote)).toHaveLength(2);
  });
});

describe('a secret ballot', () => {
  const SECRET = { rule: { isSecret: true } };

  test('is cast without a name and an instant, and its receipt comes again for its key alone', async () => {
    const vote = await givenVote(server, network, voters, SECRET);

    const ballot = await cast(server, ana, vote, { choice: 'YES' }, 'mine');

    expect(ballot).toMatchObject({
      receipt: expect.stringMatching(/^[0-9a-f]{32}$/),
      choice: 'YES',
      castAt: null,
      voter: null,
    });
    expect(await cast(server, ana, vote, { choice: 'YES' }, 'mine')).toEqual(ballot);
    const input = ballotInput(vote, { choice: 'YES' }, 'another');
    await expectRefusal(server, ana, ['ballotCast', input, 'ALREADY_VOTED']);
    const changed = ballotInput(vote, { choice: 'NO' }, 'mine');
    await expectRefusal(server, ana, ['ballotCast', changed, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('leaves no key, and no event that names its voter', async () => {
    const vote = await givenVote(server, network, voters, SECRET);
    const { db } = server.app.database;
    const traces = () =>
      db.row('select (select count(*) from idempotency_key) as keys, (select count(*) from event) as events');
    const before = await traces();

    for (const voter of voters) await cast(server, voter, vote, { choice: 'NO' });

    expect(await traces()).toEqual(before);
  });

  test('gives one voter’s receipt to no other with the same key', async () => {
    const vote = await givenVote(server, network, voters, SECRET);

    const receipts = [];
    for (const voter of voters)
      receipts.push((await cast(server, voter, vote, { choice: 'YES' }, 'a common key')).receipt);

    expect(new Set(receipts).size).toBe(voters.length);
  });

  test('can be asked for again for a day after the vote, and then by nobody', async () => {
    const vote = await givenVote(server, network, voters, SECRET);
    const ballot = await cast(server, ana, vote, { choice: 'YES' }, 'kept');

    await endVote(server, vote);
    expect((await cast(server, ana, vote, { choice: 'YES' }, 'kept')).receipt).toBe(ballot.receipt);
    await expectRefusal(server, ben, ['ballotCast', ballotInput(vote, { choice: 'YES' }), 'VOTE_CLOSED']);
    await server.app.jobs.schedule();
    server.clock.advance(25 * VOTE_MS);
    await server.app.jobs.runDue();

    expect(await rowsOf('ballot_salt', vote)).toEqual([]);
    const input = ballotInput(vote, { choice: 'YES' }, 'kept');
    await expectRefusal(server, ana, ['ballotCast', input, 'ALREADY_VOTED']);
  });
});

describe('nothing changes for', () => {
  const RANKING = { rule: { method: 'INSTANT_RUNOFF' as const }, options: ['Well', 'Shed', 'Fence'] };
  const DOTS = { rule: { method: 'DOT' as const, credits: 10 }, options: ['Well', 'Shed'] };
  const SCORE = { rule: { method: 'SCORE' as const, maxScore: 5 }, options: ['Well', 'Shed'] };

  test.each<[string, VoteOptions, object, string[]]>([
    ['a word that is none', {}, { choice: 'PERHAPS' }, ['UNKNOWN_OPTION choice']],
    ['two that share a rank', RANKING, { ranking: [['1', '2'], ['3']] }, ['EQUAL_RANK ranking.0']],
    [
      'an option that is not there, and one twice',
      RANKING,
      { ranking: [['9'], ['1'], ['1']] },
      ['UNKNOWN_OPTION ranking.0.0', 'OPTION_TWICE ranking.2.0'],
    ],
    [
      '11 dots of 10',
      DOTS,
      {
        scores: [
          { option: '1', value: 6 },
          { option: '2', value: 5 },
        ],
      },
      ['TOO_MANY_DOTS scores'],
    ],
    ['6 points of 5', SCORE, { scores: [{ option: '1', value: 6 }] }, ['OUT_OF_RANGE scores.0.value']],
    ['points below none', SCORE, { scores: [{ option: '1', value: -1 }] }, ['OUT_OF_RANGE scores.0.value']],
    ['an empty ballot', SCORE, {}, ['EMPTY_BALLOT scores']],
    ['a part that is not asked for', {}, { choice: 'YES', approvals: ['1'] }, ['NOT_ASKED_FOR approvals']],
  ])('%s', async (_, options, ballot, faults) => {
    for (const isSecret of [false, true]) {
      const vote = await givenVote(server, network, voters, {
        ...options,
        rule: { ...options.rule, isSecret },
      });

      const error = await expectRefusal(server, ana, [
        'ballotCast',
        ballotInput(vote, ballot),
        'INVALID_BALLOT',
      ]);

      expect(error.faults.map(({ code, path }: Json) => `${code} ${path}`.trimEnd())).toEqual(faults);
    }
  });

  test.each([false, true])('an option that was withdrawn, in a vote that is secret: %s', async (isSecret) => {
    const vote = await givenVote(server, network, voters, { ...SCORE, rule: { ...SCORE.rule, isSecret } });
    const scores = [
      { option: '1', value: 5 },
      { option: '2', value: 1 },
    ];
    await cast(server, ana, vote, { scores });
    await asWithdrawn(vote, '1');

    const input = ballotInput(vote, { scores });
    const error = await expectRefusal(server, ben, ['ballotCast', input, 'INVALID_BALLOT']);

    expect(error.faults).toEqual([{ code: 'WITHDRAWN_OPTION', path: 'scores.0.option' }]);
    // What was cast before is counted, and passed over.
    await endVote(server, vote);
    expect(await outcomeOf(vote)).toMatchObject({ participants: 1, isPassed: true, winners: ['2'] });
  });

  test.each([false, true])(
    'who may not vote, and after the end, in a vote that is secret: %s',
    async (isSecret) => {
      const vote = await givenVote(server, network, voters, { rule: { isSecret } });
      const input = ballotInput(vote, { choice: 'YES' });
      const stranger = (await givenNetwork(server)).founder;

      await expectRefusal(server, guest, ['ballotCast', input, 'NOT_AN_ELECTOR']);
      await expectRefusal(server, stranger, ['ballotCast', input, 'FORBIDDEN']);
      await expectRefusal(server, null, ['ballotCast', input, 'UNAUTHENTICATED']);
      // To the second: the vote is over when its time is, whether it has been counted or not.
      server.clock.advance(VOTE_MS);
      await expectRefusal(server, ana, ['ballotCast', input, 'VOTE_CLOSED']);
      await endVote(server, vote);
      await expectRefusal(server, ana, ['ballotCast', input, 'VOTE_CLOSED']);
    },
  );

  test('a proposal of another network, and one that is not there', async () => {
    const elsewhere = await givenNetwork(server);
    const foreign = await givenVote(server, elsewhere, [elsewhere.founder]);

    const input = ballotInput({ ...foreign, networkId: network.id }, { choice: 'YES' });
    await expectRefusal(server, ana, ['ballotCast', input, 'NOT_FOUND']);
    const unknown = ballotInput({ networkId: network.id, proposalId: network.id }, { choice: 'YES' });
    await expectRefusal(server, ana, ['ballotCast', unknown, 'INVALID_ID']);
  });

  test('a key that stands for another ballot, or is none', async () => {
    const vote = await givenVote(server, network, voters);
    await cast(server, ana, vote, { choice: 'YES' }, 'the key');

    const other = ballotInput(vote, { choice: 'NO' }, 'the key');
    await expectRefusal(server, ana, ['ballotCast', other, 'IDEMPOTENCY_KEY_REUSED']);
    await expectRefusal(server, ana, ['ballotCast', ballotInput(vote, { choice: 'NO' }, ''), 'INVALID_KEY']);
  });
});

describe('at once', () => {
  test.each([false, true])(
    '50 ballots of one voter leave one, in a vote that is secret: %s',
    async (isSecret) => {
      const vote = await givenVote(server, network, voters, { rule: { isSecret } });

      const payloads = await atOnce(50, (index) =>
        tryCast(server, ana, vote, { choice: index % 2 ? 'YES' : 'NO' }),
      );

      const codes = codesOf(payloads);
      expect(codes.filter((code) => code === 'DONE')).toHaveLength(isSecret ? 1 : 50);
      expect(codes.filter((code) => code === 'ALREADY_VOTED')).toHaveLength(isSecret ? 49 : 0);
      await endVote(server, vote);
      expect(await outcomeOf(vote)).toMatchObject({ participants: 1, participantWeight: '1' });
    },
  );

  test.each([false, true])(
    'the same request 100 times is one ballot with one receipt, in a vote that is secret: %s',
    async (isSecret) => {
      const vote = await givenVote(server, network, voters, { rule: { isSecret } });

      const payloads = await atOnce(100, () => tryCast(server, ana, vote, { choice: 'YES' }, 'hammer'));

      expect(codesOf(payloads)).toEqual(payloads.map(() => 'DONE'));
      expect(new Set(payloads.map(({ ballot }) => ballot.receipt)).size).toBe(1);
      await endVote(server, vote);
      expect(await outcomeOf(vote)).toMatchObject({ participants: 1 });
    },
  );

  test.each([false, true])(
    'those who may not vote hinder nobody who may, in a vote that is secret: %s',
    async (isSecret) => {
      const vote = await givenVote(server, network, voters, { rule: { isSecret } });
      const people = [...voters, guest];

      const payloads = await atOnce(40, (index) =>
        tryCast(server, people[index % people.length]!, vote, { choice: 'YES' }, `${index % people.length}`),
      );

      const expected = payloads.map((_, index) =>
        index % people.length === voters.length ? 'NOT_AN_ELECTOR' : 'DONE',
      );
      expect(codesOf(payloads)).toEqual(expected);
      await endVote(server, vote);
      expect(await outcomeOf(vote)).toMatchObject({ participants: voters.length, isPassed: true });
    },
  );
});

test('weights count, in open votes and in secret ones', async () => {
  for (const isSecret of [false, true]) {
    const vote = await givenVote(server, network, voters, { rule: { isSecret }, weights: [1n, 1n, 5n, 1n] });
    for (const [index, voter] of voters.entries())
      await cast(server, voter, vote, { choice: index === 2 ? 'NO' : 'YES' });

    await endVote(server, vote);

    expect(await outcomeOf(vote)).toMatchObject({ isPassed: false, participantWeight: '8', participants: 4 });
  }
});

test('a helper casts an open ballot in both names, and no secret one', async () => {
  const helper = await givenMember(server, network, 'Helper');
  const role = { networkId: network.id, membershipId: helper.membershipId, role: 'HELPER' };
  const assigned = await tryMutate(
    server,
    network.founder,
    'roleAssign',
    { ...role, forMembershipId: ana.membershipId },
    'roleAssignment { id }',
  );
  expect(assigned.errors).toEqual([]);
  const acting = { 'acting-for': ana.membershipId };
  const open = await givenVote(server, network, voters);
  const secret = await givenVote(server, network, voters, { rule: { isSecret: true } });

  const payload = await tryMutate(
    server,
    helper,
    'ballotCast',
    ballotInput(open, { choice: 'YES' }),
    'ballot { voter { id } }',
    acting,
  );
  const before = await snapshot(server);
  const refused = await tryMutate(
    server,
    helper,
    'ballotCast',
    ballotInput(secret, { choice: 'YES' }),
    'ballot { receipt }',
    acting,
  );

  expect(payload).toEqual({ ballot: { voter: { id: ana.membershipId } }, errors: [] });
  const [version] = await rowsOf('ballot_version', open);
  expect(version).toMatchObject({
    castByPersonId: helper.personId,
    actingForMembershipId: ana.membershipId,
    membershipId: ana.membershipId,
  });
  expect(refused.errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
  expect(await snapshot(server)).toEqual(before);
});

test('a helper is not told whether the member has voted secretly, before the vote is counted', async () => {
  const helper = await givenMember(server, network, 'Hanna');
  const role = { role: 'HELPER', membershipId: helper.membershipId, forMembershipId: ana.membershipId };
  await mutate(server, network.founder, 'roleAssign', { networkId: network.id, ...role }, '__typename');
  const query = 'query($id: ID!) { node(id: $id) { ... on Proposal { viewerHasVoted } } }';
  const options = { token: helper.token, headers: { 'acting-for': ana.membershipId } };
  const told = async ({ proposalId }: TestVote) =>
    (await send(server, query, { id: proposalId }, options)).data.node.viewerHasVoted;
  const open = await givenVote(server, network, voters);
  const secret = await givenVote(server, network, voters, { rule: { isSecret: true } });
  expect([await told(open), await told(secret)]).toEqual([false, null]);

  for (const vote of [open, secret]) await cast(server, ana, vote, { choice: 'YES' });

  expect([await told(open), await told(secret)]).toEqual([true, null]);
  expect(await proposalAs(server, ana, secret, 'viewerHasVoted')).toEqual({ viewerHasVoted: true });
  await endVote(server, secret);
  expect(await told(secret)).toBe(true);
});

async function outcomeOf({ proposalId }: TestVote): Promise<Json> {
  const [row] = await server.app.database.db.rows<Json>('select outcome from proposal where id = $1', [
    proposalId,
  ]);
  return row.outcome;
}

async function asWithdrawn({ networkId, proposalId }: TestVote, option: string): Promise<void> {
  await server.app.database.db.execute(
    `update proposal set options = (
       select jsonb_agg(case when o->>'id' = $3 then o || '{"isWithdrawn": true}' else o end)
         from jsonb_array_elements(options) as o)
      where network_id = $1 and id = $2`,
    [networkId, proposalId, option],
  );
}
