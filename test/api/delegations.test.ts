import { ask, codesOf, mutate, send, type Caller, type Json } from '../support/api.ts';
import { amended, discussionKit, givenConsent } from '../support/discussion.ts';
import { endVote } from '../support/end-vote.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { ballotInput, cast, givenVote, type TestVote } from '../support/votes.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cleo: Member;
let dora: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
  dora = await givenMember(server, network, 'Dora');
});
afterAll(() => server.close());

const { inNetwork, trySay, delegate, revoke, stance, object, node } = discussionKit(() => ({
  server,
  network,
}));
const refused = (caller: Member, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, inNetwork(input), code]);
const stored = () =>
  server.app.database.db.rows<{ from: string; to: string }>(
    'select from_membership_id as from, to_membership_id as to from delegation where network_id = $1 order by id',
    [network.id],
  );
const eventsOf = (kind: string) =>
  server.app.database.db.rows<{ data: object }>(
    'select data from event where network_id = $1 and kind = $2 order by id',
    [network.id, kind],
  );
const SIDES = 'topic delegator { id } delegate { id }';

async function seen(viewer: Caller, of: Member): Promise<Json> {
  const query = `query($id: ID!) { node(id: $id) { ... on Membership {
    delegationsGiven { nodes { ${SIDES} } } delegationsReceived { nodes { ${SIDES} } } } } }`;
  return (await ask(server, viewer, query, { id: of.membershipId })).node;
}

/** What somebody sees of a vote that is over. */
const outcome = (viewer: Member, { proposalId }: TestVote) =>
  node(
    viewer,
    proposalId,
    `... on Proposal { result { reason participants participantWeight rounds { nodes { figures { option value } } } }
      delegatedVotes { count viewerVotedForCount viewerPath { id } } }`,
  );
const figuresOf = ({ result }: Json): Record<string, string> =>
  Object.fromEntries(
    result.rounds.nodes[0].figures.map(({ option, value }: Json) => [option, value] as const),
  );

describe('a delegation', () => {
  test('is known to who gives it and who receives it, and to nobody else', async () => {
    const id = await delegate(ana, ben);
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const entry = { topic: null, delegator: { id: ana.membershipId }, delegate: { id: ben.membershipId } };

    expect(await seen(ana, ana)).toEqual({
      delegationsGiven: { nodes: [entry] },
      delegationsReceived: { nodes: [] },
    });
    expect(await seen(ben, ben)).toEqual({
      delegationsGiven: { nodes: [] },
      delegationsReceived: { nodes: [entry] },
    });
    for (const viewer of [cleo, network.founder, treasurer]) {
      expect(await seen(viewer, ana)).toEqual({ delegationsGiven: null, delegationsReceived: null });
      expect(await node(viewer, id, 'id')).toBeNull();
    }
    expect(await node(ben, id, 'id')).toEqual({ id });
    expect(await eventsOf('DelegationSet')).toEqual([{ data: {} }]);
  });

  test('takes the place of the one before, for its topic alone', async () => {
    await delegate(ana, ben);
    await delegate(ana, cleo, 'land');

    await delegate(ana, dora);

    const { delegationsGiven } = await seen(ana, ana);
    expect(delegationsGiven.nodes.map(({ topic, delegate: { id } }: Json) => [topic, id])).toEqual([
      ['land', cleo.membershipId],
      [null, dora.membershipId],
    ]);
  });

  test('that is given again stays the same', async () => {
    const id = await delegate(ana, ben);

    expect(await delegate(ana, ben)).toBe(id);
    expect(await stored()).toHaveLength(1);
    expect(await eventsOf('DelegationSet')).toEqual([{ data: {} }]);
  });

  test('is ended by either side, and by nobody else', async () => {
    const first = await delegate(ana, ben);
    await refused(cleo, 'delegationRevoke', { delegationId: first }, 'NOT_FOUND');

    await revoke(ana, first);
    await revoke(ben, await delegate(ana, ben));

    expect(await stored()).toEqual([]);
    await refused(ana, 'delegationRevoke', { delegationId: first }, 'NOT_FOUND');
  });

  test('ends when one of the two leaves', async () => {
    await delegate(ana, ben);
    await delegate(ben, cleo);
    await delegate(cleo, dora);

    const input = inNetwork({ membershipId: ben.membershipId });
    await mutate(server, ben, 'membershipLeave', input, 'membership { id }');

    expect(await stored()).toEqual([{ from: cleo.membershipId, to: dora.membershipId }]);
  });

  test.each<[string, () => object, string]>([
    ['oneself', () => ({ delegateMembershipId: ana.membershipId }), 'INVALID_CHOICE'],
    ['nobody', () => ({ delegateMembershipId: 'mbr_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['what is no member', () => ({ delegateMembershipId: network.id }), 'INVALID_ID'],
    [
      'a topic that is too long',
      () => ({ delegateMembershipId: ben.membershipId, topic: 'x'.repeat(101) }),
      'TEXT_TOO_LONG',
    ],
  ])('is not given to %s', async (_, input, code) => {
    await refused(ana, 'delegationSet', input(), code);
  });

  test('is not given to who is suspended', async () => {
    const input = inNetwork({ membershipId: ben.membershipId, reason: 'a quarrel' });
    await mutate(server, network.founder, 'membershipSuspend', input, 'membership { id }');

    await refused(ana, 'delegationSet', { delegateMembershipId: ben.membershipId }, 'MEMBERSHIP_STATE');
  });

  test('is not given by a helper', async () => {
    const help = { membershipId: cleo.membershipId, role: 'HELPER', forMembershipId: ana.membershipId };
    await mutate(server, network.founder, 'roleAssign', inNetwork(help), 'roleAssignment { id }');
    const before = await snapshot(server);

    const payload = await trySay(
      cleo,
      'delegationSet',
      { delegateMembershipId: ben.membershipId },
      { 'acting-for': ana.membershipId },
    );

    expect(payload.errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
    expect(await snapshot(server)).toEqual(before);
  });

  test('is not shown to a helper', async () => {
    const id = await delegate(ana, ben);
    const help = { membershipId: cleo.membershipId, role: 'HELPER', forMembershipId: ana.membershipId };
    await mutate(server, network.founder, 'roleAssign', inNetwork(help), 'roleAssignment { id }');
    const query = `query($m: ID!, $d: ID!) { delegation: node(id: $d) { id }
      member: node(id: $m) { ... on Membership { delegationsGiven { nodes { id } } delegationsReceived { nodes { id } } } } }`;
    const seenBy = async ({ token }: Caller, headers = {}) =>
      (await send(server, query, { m: ana.membershipId, d: id }, { token, headers })).data;

    expect(await seenBy(ana)).toEqual({
      delegation: { id },
      member: { delegationsGiven: { nodes: [{ id }] }, delegationsReceived: { nodes: [] } },
    });
    expect(await seenBy(cleo, { 'acting-for': ana.membershipId })).toEqual({
      delegation: null,
      member: { delegationsGiven: null, delegationsReceived: null },
    });
  });

  test('is one of twenty at most', async () => {
    for (let topic = 1; topic <= 20; topic++) await delegate(ana, ben, `topic ${topic}`);

    await refused(ana, 'delegationSet', { delegateMembershipId: ben.membershipId }, 'TOO_MANY_DELEGATIONS');
    await delegate(ana, cleo, 'topic 20');
  });

  test.each<[string, string | undefined]>([
    ['everything', undefined],
    ['a topic', 'land'],
  ])('that would lead back is refused for %s', async (_, topic) => {
    await delegate(ana, ben);
    await delegate(ben, cleo);

    await refused(
      cleo,
      'delegationSet',
      { delegateMembershipId: ana.membershipId, topic },
      'DELEGATION_CIRCLE',
    );
  });

  test('never closes a circle, however many are given at once', async () => {
    const pairs: [Member, Member][] = [
      [ana, ben],
      [ben, cleo],
      [cleo, ana],
    ];
    for (let attempt = 0; attempt < 60; attempt++) {
      const topic = `topic ${attempt % 20}`;
      await server.app.database.db.execute('delete from delegation where network_id = $1', [network.id]);

      const answers = await Promise.all(
        pairs.map(([from, to]) =>
          trySay(from, 'delegationSet', { delegateMembershipId: to.membershipId, topic }),
        ),
      );

      expect(codesOf(answers).toSorted()).toEqual(['DELEGATION_CIRCLE', 'DONE', 'DONE']);
      expect(await stored()).toHaveLength(2);
    }
  });
});

describe('when a vote closes', () => {
  test('who did not vote is counted with whoever their delegations lead to', async () => {
    const vote = await givenVote(server, network, [ana, ben, cleo, dora], { weights: [1n, 2n, 3n, 4n] });
    await delegate(ana, ben);
    await delegate(ben, cleo);
    await cast(server, cleo, vote, { choice: 'YES' });
    await cast(server, dora, vote, { choice: 'NO' });

    await endVote(server, vote);

    const asAna = await outcome(ana, vote);
    expect(figuresOf(asAna)).toMatchObject({ YES: '6', NO: '4' });
    expect(asAna.result).toMatchObject({ reason: 'PASSED', participants: 4, participantWeight: '10' });
    expect(asAna.delegatedVotes).toEqual({
      count: 2,
      viewerVotedForCount: 0,
      viewerPath: [{ id: ben.membershipId }, { id: cleo.membershipId }],
    });
    expect((await outcome(cleo, vote)).delegatedVotes).toEqual({
      count: 2,
      viewerVotedForCount: 2,
      viewerPath: [],
    });
    expect((await outcome(dora, vote)).delegatedVotes).toEqual({
      count: 2,
      viewerVotedForCount: 0,
      viewerPath: [],
    });
  });

  test('who votes is counted for themselves, whatever they delegated', async () => {
    const vote = await givenVote(server, network, [ana, ben]);
    await delegate(ana, ben);
    await cast(server, ana, vote, { choice: 'NO' });
    await cast(server, ben, vote, { choice: 'YES' });

    await endVote(server, vote);

    expect(figuresOf(await outcome(ana, vote))).toMatchObject({ YES: '1', NO: '1' });
  });

  test('delegations for its topic come first', async () => {
    const vote = await givenVote(server, network, [ana, ben, cleo], { topic: 'land' });
    await delegate(ana, ben);
    await delegate(ana, cleo, 'land');
    await cast(server, ben, vote, { choice: 'NO' });
    await cast(server, cleo, vote, { choice: 'YES' });

    await endVote(server, vote);

    expect(figuresOf(await outcome(ana, vote))).toMatchObject({ YES: '2', NO: '1' });
  });

  test('nobody is counted by whom they may not lead to: no elector, nobody who votes', async () => {
    const vote = await givenVote(server, network, [ana, ben, cleo]);
    await delegate(ana, dora);
    await delegate(ben, ana);
    await cast(server, cleo, vote, { choice: 'YES' });

    await endVote(server, vote);

    const asAna = await outcome(ana, vote);
    expect(asAna.result.participants).toBe(1);
    expect(asAna.delegatedVotes).toEqual({ count: 0, viewerVotedForCount: 0, viewerPath: [] });
  });

  test('what is delegated later changes nothing of it', async () => {
    const vote = await givenVote(server, network, [ana, ben]);
    const id = await delegate(ana, ben);
    await cast(server, ben, vote, { choice: 'YES' });
    await endVote(server, vote);
    const before = await outcome(ana, vote);

    await revoke(ana, id);
    await delegate(ana, cleo);

    expect(await outcome(ana, vote)).toEqual(before);
    expect(before.delegatedVotes.count).toBe(1);
  });

  test('nobody votes for others in a secret vote', async () => {
    const vote = await givenVote(server, network, [ana, ben], { rule: { isSecret: true } });
    await delegate(ana, ben);
    await mutate(
      server,
      ben,
      'ballotCast',
      ballotInput(vote, { choice: 'YES' }, 'a key that nobody guesses'),
      'ballot { receipt }',
    );

    await endVote(server, vote);

    const asAna = await outcome(ana, vote);
    expect(asAna.result.participants).toBe(1);
    expect(asAna.delegatedVotes).toBeNull();
  });

  test('delegates consent and object for others, too', async () => {
    const vote = await givenConsent(server, network, [ana, ben, cleo]);
    await delegate(ana, ben);
    await delegate(cleo, ana);
    await amended(server, network, vote);
    await object(ben, vote);

    await endVote(server, vote);

    expect(figuresOf(await outcome(ana, vote))).toMatchObject({ CONSENT: '0', OBJECT: '3' });
  });

  test('it is not closed early for who could still vote themselves', async () => {
    const vote = await givenConsent(server, network, [ana, ben], { rule: { allowsEarlyClose: true } });
    await delegate(ana, ben);
    await stance(ben, vote, 'CONSENT');

    await refused(network.founder, 'proposalClose', vote, 'CLOSE_TOO_EARLY');
    await stance(ana, vote, 'CONSENT');
    await mutate(server, network.founder, 'proposalClose', vote, 'proposal { state }');

    expect((await outcome(ana, vote)).delegatedVotes.count).toBe(0);
  });

  test('while it is open nothing is told of delegations', async () => {
    const vote = await givenVote(server, network, [ana, ben]);
    await delegate(ana, ben);
    await cast(server, ben, vote, { choice: 'YES' });

    expect((await outcome(ana, vote)).delegatedVotes).toBeNull();
  });
});
