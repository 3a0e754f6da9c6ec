import { closeDueProposal } from '../../src/services/proposals/life/close.ts';
import { ask, codesOf, tryMutate } from '../support/api.ts';
import { amended, discussionKit, givenConsent } from '../support/discussion.ts';
import { endVote } from '../support/end-vote.ts';
import { atOnce } from '../support/many.ts';
import { letClose } from '../support/proposals.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { ballotInput, givenVote, VOTE_MS, type TestVote } from '../support/votes.ts';
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
let guest: Member;
let vote: TestVote;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
  guest = await givenMember(server, network, 'Guest');
  vote = await givenConsent(server, network, [ana, ben, cleo]);
});
afterAll(() => server.close());

const { inNetwork, trySay, stance, object, resolve, facilitate, node } = discussionKit(() => ({
  server,
  network,
}));
const proposal = (selection: string) => node(ana, vote.proposalId, `... on Proposal { ${selection} }`);
const RESULT = 'state result { reason participants participantWeight }';
const ended = async () => {
  await endVote(server, vote);
  return proposal(RESULT);
};
const refused = (caller: Member, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, inNetwork(input), code]);

describe('a proposal that is decided by consent', () => {
  test('passes if somebody consents and nobody objects', async () => {
    await stance(ana, vote, 'CONSENT');
    await stance(ben, vote, 'ABSTAIN', 'I am away in summer.');

    expect(await ended()).toEqual({
      state: 'EXECUTED',
      result: { reason: 'PASSED', participants: 2, participantWeight: '2' },
    });
  });

  test('does not pass if all stand aside', async () => {
    await stance(ana, vote, 'ABSTAIN');

    expect(await ended()).toMatchObject({ state: 'FAILED', result: { reason: 'NO_WINNER' } });
  });

  test('does not pass as long as an objection is open', async () => {
    await stance(ana, vote, 'CONSENT');
    await object(ben, vote);

    expect(await ended()).toEqual({
      state: 'FAILED',
      result: { reason: 'OBJECTION_OPEN', participants: 2, participantWeight: '2' },
    });
  });

  test('passes once all objections are settled', async () => {
    await stance(ana, vote, 'CONSENT');
    await resolve(ben, await object(ben, vote), 'WITHDRAWN');

    expect(await ended()).toEqual({
      state: 'EXECUTED',
      result: { reason: 'PASSED', participants: 1, participantWeight: '1' },
    });
  });

  test('asks everybody anew when it is amended, and leaves objections open', async () => {
    await stance(ana, vote, 'CONSENT');
    await stance(ben, vote, 'CONSENT');
    await object(cleo, vote);
    await amended(server, network, vote);

    expect(
      await proposal(
        'version stances { nodes { stance } } viewerStance { stance } objections { nodes { state version } }',
      ),
    ).toEqual({
      version: 2,
      stances: { nodes: [] },
      viewerStance: null,
      objections: { nodes: [{ state: 'RAISED', version: 1 }] },
    });
    await stance(ana, vote, 'CONSENT');
    await letClose(server, vote);
    expect(await proposal(RESULT)).toEqual({
      state: 'FAILED',
      result: { reason: 'OBJECTION_OPEN', participants: 2, participantWeight: '2' },
    });
  });

  test('shows who says what, and what the viewer says', async () => {
    await stance(ana, vote, 'ABSTAIN', 'I am away in summer.');
    await stance(ana, vote, 'CONSENT');
    await object(ben, vote, 'The yard floods.');

    expect(
      await proposal(
        'viewerStance { stance reason version } stances { nodes { stance member { id } } } objections(state: RAISED) { nodes { reason raisedBy { id } resolvedBy { id } } }',
      ),
    ).toEqual({
      viewerStance: { stance: 'CONSENT', reason: null, version: 1 },
      stances: { nodes: [{ stance: 'CONSENT', member: { id: ana.membershipId } }] },
      objections: {
        nodes: [{ reason: 'The yard floods.', raisedBy: { id: ben.membershipId }, resolvedBy: null }],
      },
    });
  });

  test('is due to vote on for those who have said nothing to it as it reads now', async () => {
    const due = async (member: Member) =>
      (await ask(server, member, '{ viewer { votesDue { nodes { id } } } }')).viewer.votesDue.nodes.length;
    await stance(ana, vote, 'CONSENT');
    await object(ben, vote);

    expect([await due(ana), await due(ben), await due(cleo)]).toEqual([0, 0, 1]);
    await amended(server, network, vote);
    expect([await due(ana), await due(ben), await due(cleo)]).toEqual([1, 0, 1]);
  });
});

describe('a stance', () => {
  test('that is taken again says nothing new and changes nothing', async () => {
    await stance(ana, vote, 'CONSENT');
    const before = await snapshot(server);

    await stance(ana, vote, 'CONSENT');

    expect(await snapshot(server)).toEqual(before);
  });

  test('is to the version that was read, and to no other', async () => {
    await amended(server, network, vote);

    const read = { ...vote, stance: 'CONSENT' };
    const error = await refused(ana, 'stanceTake', { ...read, version: 1 }, 'PROPOSAL_AMENDED');

    expect(error).toMatchObject({ path: 'version', details: JSON.stringify({ version: 2 }) });
    await refused(ana, 'stanceTake', { ...read, version: 3 }, 'PROPOSAL_AMENDED');
    expect(codesOf([await trySay(ana, 'stanceTake', { ...read, version: 2 })])).toEqual(['DONE']);
  });

  test('is for electors', async () => {
    await refused(guest, 'stanceTake', { ...vote, version: 1, stance: 'CONSENT' }, 'NOT_AN_ELECTOR');
    await refused(guest, 'objectionRaise', { ...vote, reason: 'The yard floods.' }, 'NOT_AN_ELECTOR');
  });

  test('is taken while the vote is open', async () => {
    server.clock.advance(VOTE_MS);

    await refused(ana, 'stanceTake', { ...vote, version: 1, stance: 'CONSENT' }, 'PROPOSAL_STATE');
    await refused(ana, 'objectionRaise', { ...vote, reason: 'The yard floods.' }, 'PROPOSAL_STATE');
  });

  test('is not taken on a vote, and a ballot is not cast on what asks for consent', async () => {
    const election = await givenVote(server, network, [ana]);

    await refused(ana, 'stanceTake', { ...election, version: 1, stance: 'CONSENT' }, 'NOT_BY_CONSENT');
    await refused(ana, 'objectionRaise', { ...election, reason: 'No.' }, 'NOT_BY_CONSENT');
    await refused(
      ana,
      'proposalFacilitatorSet',
      { ...election, membershipId: ana.membershipId },
      'FORBIDDEN',
    );
    await refused(
      network.founder,
      'proposalFacilitatorSet',
      { ...election, membershipId: ana.membershipId },
      'NOT_BY_CONSENT',
    );
    await refused(ana, 'ballotCast', ballotInput(vote, { choice: 'CONSENT' }), 'BY_CONSENT');
  });

  test.each([
    ['a proposal of another network', { proposalId: 'prp_01h455vb4pex5vsknk084sn02q' }, 'NOT_FOUND'],
    ['what is no proposal', { proposalId: 'mbr_01h455vb4pex5vsknk084sn02q' }, 'INVALID_ID'],
    ['a reason that is too long', { reason: 'x'.repeat(2_001) }, 'TEXT_TOO_LONG'],
  ])('is refused for %s', async (_, input, code) => {
    await refused(ana, 'stanceTake', { ...vote, version: 1, stance: 'CONSENT', ...input }, code);
  });
});

describe('an objection', () => {
  test.each([
    ['no reason', '  ', 'TEXT_TOO_SHORT'],
    ['a reason that is too long', 'x'.repeat(2_001), 'TEXT_TOO_LONG'],
  ])('is refused with %s', async (_, reason, code) => {
    await refused(ana, 'objectionRaise', { ...vote, reason }, code);
  });

  test('is the only one of a member that is open, and leaves no room for consent', async () => {
    await object(ana, vote);

    await refused(ana, 'objectionRaise', { ...vote, reason: 'It is cold, too.' }, 'OBJECTION_CONFLICT');
    await refused(ana, 'stanceTake', { ...vote, version: 1, stance: 'CONSENT' }, 'OBJECTION_CONFLICT');
  });

  test('takes back what its member had said, also once it is settled', async () => {
    const due = async () =>
      (await ask(server, ana, '{ viewer { votesDue { nodes { id } } } }')).viewer.votesDue.nodes.length;
    await stance(ana, vote, 'CONSENT');
    const id = await object(ana, vote);

    await resolve(ana, id, 'WITHDRAWN', 'I was heard.');

    expect(await due()).toBe(1);
    expect(await proposal('viewerStance { stance } stances { nodes { stance } }')).toEqual({
      viewerStance: null,
      stances: { nodes: [] },
    });
    expect(await ended()).toMatchObject({
      state: 'FAILED',
      result: { reason: 'NOBODY_VOTED', participants: 0 },
    });
  });

  test('is raised once, however often at once', async () => {
    const answers = await atOnce(20, () => trySay(ana, 'objectionRaise', { ...vote, reason: 'It floods.' }));

    expect(codesOf(answers).toSorted()).toEqual(['DONE', ...Array<string>(19).fill('OBJECTION_CONFLICT')]);
    expect((await proposal('objections { nodes { id } }')).objections.nodes).toHaveLength(1);
  });

  test('is met by an amendment, as who raised it says', async () => {
    const id = await object(ana, vote);
    await refused(ana, 'objectionResolve', { objectionId: id, state: 'INTEGRATED' }, 'OBJECTION_CONFLICT');
    await amended(server, network, vote);
    await refused(ben, 'objectionResolve', { objectionId: id, state: 'INTEGRATED' }, 'FORBIDDEN');

    const { objection } = await resolve(ana, id, 'INTEGRATED', 'Half of the yard stays dry.');

    expect(objection).toEqual({ state: 'INTEGRATED', resolution: 'Half of the yard stays dry.' });
    await refused(ana, 'objectionResolve', { objectionId: id, state: 'WITHDRAWN' }, 'OBJECTION_CONFLICT');
  });

  test('is ruled to be none by the facilitator alone, with a reason', async () => {
    const id = await object(ana, vote);
    const ruling = { objectionId: id, state: 'INVALID', reason: 'It says nothing of the garden.' };
    await refused(ben, 'objectionResolve', ruling, 'FORBIDDEN');
    await facilitate(await givenOfficer(server, network, 'COORDINATOR'), vote, ben.membershipId);
    await refused(ana, 'objectionResolve', ruling, 'FORBIDDEN');
    await refused(ben, 'objectionResolve', { ...ruling, reason: ' ' }, 'REQUIRED');
    await refused(ben, 'objectionResolve', { ...ruling, state: 'WITHDRAWN' }, 'FORBIDDEN');

    const { objection } = await resolve(ben, id, 'INVALID', ruling.reason);

    expect(objection).toEqual({ state: 'INVALID', resolution: ruling.reason });
  });

  test('of the facilitator is not ruled on by the facilitator', async () => {
    await facilitate(network.founder, vote, ben.membershipId);
    const objectionId = await object(ben, vote);

    const ruling = { objectionId, state: 'INVALID', reason: 'It was a joke.' };

    expect(await refused(ben, 'objectionResolve', ruling, 'OBJECTION_CONFLICT')).toMatchObject({
      details: '{"reason":"IS_OWN"}',
    });
  });

  test('is settled no more when the vote is closed', async () => {
    const objectionId = await object(ana, vote);
    await endVote(server, vote);

    await refused(ana, 'objectionResolve', { objectionId, state: 'WITHDRAWN' }, 'PROPOSAL_STATE');
  });

  test('says what the viewer may do with it', async () => {
    await facilitate(network.founder, vote, ben.membershipId);
    const id = await object(ana, vote);
    const can = async (member: Member) =>
      (
        await node(
          member,
          id,
          '... on Objection { viewerCan { integrate { reason } withdraw { reason } rule { reason } } }',
        )
      ).viewerCan;

    expect(await can(ana)).toEqual({
      integrate: { reason: 'NOT_IN_THIS_STATE' },
      withdraw: { reason: null },
      rule: { reason: 'NOT_YOURS' },
    });
    expect(await can(ben)).toEqual({
      integrate: { reason: 'NOT_YOURS' },
      withdraw: { reason: 'NOT_YOURS' },
      rule: { reason: null },
    });
  });
});

test('a proposal says who may take a stance, say something and name the facilitator', async () => {
  const selection =
    '... on Proposal { viewerCan { takeStance { reason } comment { reason } facilitate { reason } } }';
  const can = async (member: Member) => (await node(member, vote.proposalId, selection)).viewerCan;

  expect(await can(ana)).toEqual({
    takeStance: { reason: null },
    comment: { reason: null },
    facilitate: { reason: 'ROLE_REQUIRED' },
  });
  await endVote(server, vote);
  expect(await can(network.founder)).toEqual({
    takeStance: { reason: 'NOT_IN_THIS_STATE' },
    comment: { reason: null },
    facilitate: { reason: 'NOT_IN_THIS_STATE' },
  });
});

describe('a facilitator', () => {
  test('is named by a coordinator while the vote is open, and can be taken back', async () => {
    await refused(ana, 'proposalFacilitatorSet', { ...vote, membershipId: ben.membershipId }, 'FORBIDDEN');

    expect(await facilitate(network.founder, vote, ben.membershipId)).toMatchObject({
      proposal: { facilitator: { id: ben.membershipId } },
    });
    expect(await facilitate(network.founder, vote, null)).toMatchObject({ proposal: { facilitator: null } });
  });

  test.each<[string, () => string, string]>([
    ['is never the author', () => network.founder.membershipId, 'FACILITATOR_IS_AUTHOR'],
    ['is a member', () => 'mbr_01h455vb4pex5vsknk084sn02q', 'NOT_FOUND'],
  ])('%s', async (_, membershipId, code) => {
    await refused(network.founder, 'proposalFacilitatorSet', { ...vote, membershipId: membershipId() }, code);
  });

  test('is not suspended', async () => {
    const input = inNetwork({ membershipId: ben.membershipId, reason: 'a quarrel' });
    await tryMutate(server, network.founder, 'membershipSuspend', input, '__typename');

    await refused(
      network.founder,
      'proposalFacilitatorSet',
      { ...vote, membershipId: ben.membershipId },
      'MEMBERSHIP_STATE',
    );
  });
});

test('every stance that was taken while the vote closed was counted', async () => {
  const members = [ana, ben, cleo, guest, network.founder];
  for (const name of ['Dora', 'Emil', 'Finn', 'Gil', 'Hana']) {
    members.push(await givenMember(server, network, name));
  }
  vote = await givenConsent(server, network, members);
  const system = { kind: 'system', name: 'test' } as const;
  const closing = () => server.app.services.run(system, (tx) => closeDueProposal(tx, vote));

  const taking = atOnce(members.length, (index) =>
    trySay(members[index] ?? ana, 'stanceTake', { ...vote, version: 1, stance: 'CONSENT' }),
  );
  await Promise.race([taking, proposal('state')]);
  server.clock.advance(VOTE_MS);
  await Promise.all([closing(), closing()]);
  const taken = codesOf(await taking);

  const { result } = await proposal(RESULT);
  expect(taken.filter((code) => code !== 'DONE' && code !== 'PROPOSAL_STATE')).toEqual([]);
  expect(result.participants).toBe(taken.filter((code) => code === 'DONE').length);
});
