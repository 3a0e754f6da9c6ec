import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { ask, codesOf, mutate, tryMutate } from '../support/api.ts';
import {
  castAll,
  draftInput,
  givenDraft,
  givenOpen,
  letPass,
  MOTION,
  openInput,
  PERIOD_DAYS,
  readProposal,
  tryOn,
} from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
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
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

describe('a draft', () => {
  test('is written once for its key, and read by every member', async () => {
    const input = draftInput(network, { topic: 'yard' });

    const first = await mutate(server, ana, 'proposalDraft', input, 'proposal { id }');
    const again = await mutate(server, ana, 'proposalDraft', input, 'proposal { id }');

    expect(again).toEqual(first);
    const proposal = { networkId: network.id, proposalId: first.proposal.id };
    const selection =
      'state version title text topic closesAt result { isPassed } author { id } rule { method threshold periodDays isSecret } electorate { nodes { weight } }';
    expect(await readProposal(server, ben, proposal, selection)).toEqual({
      state: 'DRAFT',
      version: 1,
      ...MOTION,
      topic: 'yard',
      closesAt: null,
      result: null,
      author: { id: ana.membershipId },
      rule: { method: 'MAJORITY', threshold: '>1/2', periodDays: PERIOD_DAYS, isSecret: false },
      electorate: { nodes: [] },
    });
  });

  test.each<[string, object, string, string | null]>([
    ['without a title', { title: ' ' }, 'TEXT_TOO_SHORT', 'title'],
    ['with a text that is too long', { text: 'x'.repeat(20_001) }, 'TEXT_TOO_LONG', 'text'],
    ['with a threshold of nothing', { rule: { threshold: '0/1' } }, 'VOTING_RULE', 'rule.threshold'],
    ['with a threshold above the whole', { rule: { threshold: '3/2' } }, 'VOTING_RULE', 'rule.threshold'],
    ['with options where one says yes or no', { options: [{ name: 'A' }] }, 'INVALID_CHOICE', 'options'],
    ['with fewer options than seats', { rule: { method: 'SCHULZE' } }, 'INVALID_RANGE', 'options'],
    [
      'with two options of one name',
      { rule: { method: 'APPROVAL' }, options: [{ name: 'A' }, { name: ' A ' }] },
      'INVALID_CHOICE',
      'options.1.name',
    ],
    [
      'with a cost where nothing is bought',
      { rule: { method: 'APPROVAL' }, options: [{ name: 'A', cost: '1' }] },
      'INVALID_CHOICE',
      'options.0.cost',
    ],
    [
      'of a budget without a cost',
      { rule: { method: 'PB_GREEDY', budget: '10' }, options: [{ name: 'A' }] },
      'REQUIRED',
      'options.0.cost',
    ],
    [
      'of a budget with a cost of nothing',
      { rule: { method: 'PB_GREEDY', budget: '10' }, options: [{ name: 'A', cost: '0.00' }] },
      'INVALID_AMOUNT',
      'options.0.cost',
    ],
    [
      'with a candidate who is no member',
      { rule: { method: 'SCHULZE' }, candidateIds: ['mbr_01h455vb4pex5vsknk084sn02q'] },
      'INVALID_CHOICE',
      'candidateIds.0',
    ],
  ])('%s is refused', async (_, motion, code, path) => {
    const error = await expectRefusal(server, ana, ['proposalDraft', draftInput(network, motion), code]);

    expect(error.path).toBe(path);
  });

  test('is the twenty-first of a member and refused', async () => {
    const writer = await givenMember(server, network, 'Writer');
    for (let count = 0; count < 20; count++) await givenDraft(server, network, {}, writer);

    await expectRefusal(server, writer, ['proposalDraft', draftInput(network), 'TOO_MANY_DRAFTS']);
  });

  test('is not opened as the twenty-first vote of its author that goes on', async () => {
    const writer = await givenMember(server, network, 'Busy');
    const first = await givenOpen(server, network, {}, writer);
    for (let count = 1; count < 20; count++) await givenOpen(server, network, {}, writer);
    const draft = await givenDraft(server, network, {}, writer);

    await expectRefusal(server, writer, ['proposalOpen', openInput(draft), 'TOO_MANY_OPEN']);
    await mutate(server, writer, 'proposalWithdraw', first, '__typename');
    await mutate(server, writer, 'proposalOpen', openInput(draft), '__typename');
  });

  test('is amended in what is given, and keeps what it said', async () => {
    const proposal = await givenDraft(server, network, { topic: 'yard' }, ana);

    const { proposal: amended } = await mutate(
      server,
      ana,
      'proposalAmend',
      { ...proposal, title: 'Two benches', rule: { periodDays: 10 } },
      'proposal { version title text topic rule { periodDays } versions { nodes { version title text writtenBy { id } } } }',
    );

    const writtenBy = { id: ana.membershipId };
    expect(amended).toEqual({
      version: 2,
      title: 'Two benches',
      text: MOTION.text,
      topic: 'yard',
      rule: { periodDays: 10 },
      versions: {
        nodes: [
          { version: 2, title: 'Two benches', text: MOTION.text, writtenBy },
          { version: 1, ...MOTION, writtenBy },
        ],
      },
    });
  });

  test('is amended by nobody but its author', async () => {
    const proposal = await givenDraft(server, network, {}, ana);

    await expectRefusal(server, network.founder, [
      'proposalAmend',
      { ...proposal, title: 'No' },
      'FORBIDDEN',
    ]);
  });

  test('cannot lose its title', async () => {
    const proposal = await givenDraft(server, network, {}, ana);

    const error = await expectRefusal(server, ana, [
      'proposalAmend',
      { ...proposal, title: null },
      'REQUIRED',
    ]);

    expect(error.path).toBe('title');
  });
});

describe('opening', () => {
  test('fixes electorate, rule and end, and happens once for its key', async () => {
    const proposal = await givenDraft(server, network, {}, ana);
    const input = openInput(proposal);
    const expectedEnd = after(server.clock.now(), PERIOD_DAYS * DAY_MS).toISOString();

    const first = await mutate(server, ana, 'proposalOpen', input, 'proposal { state closesAt }');
    const again = await mutate(server, ana, 'proposalOpen', input, 'proposal { state closesAt }');
    const later = await givenMember(server, network, 'Later');

    expect(first.proposal).toEqual({ state: 'OPEN', closesAt: expectedEnd });
    expect(again).toEqual(first);
    const { electorate } = await readProposal(
      server,
      ben,
      proposal,
      'electorate(first: 100) { nodes { weight member { id } } }',
    );
    const ids = electorate.nodes.map(({ member }: { member: { id: string } }) => member.id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toContain(ana.membershipId);
    expect(ids).not.toContain(later.membershipId);
    expect(electorate.nodes.every(({ weight }: { weight: string }) => weight === '1')).toBe(true);
  });

  test('takes a later end within a year, and no other', async () => {
    const days = (count: number) => after(server.clock.now(), count * DAY_MS).toISOString();
    const proposal = await givenDraft(server, network, {}, ana);
    const refused = [days(6), days(367)];

    for (const closesAt of refused) {
      await expectRefusal(server, ana, ['proposalOpen', openInput(proposal, { closesAt }), 'INVALID_RANGE']);
    }
    const { proposal: opened } = await mutate(
      server,
      ana,
      'proposalOpen',
      openInput(proposal, { closesAt: days(30) }),
      'proposal { closesAt }',
    );

    expect(opened.closesAt).toBe(days(30));
  });

  test('is for the author, and for a draft alone', async () => {
    const draft = await givenDraft(server, network, {}, ana);
    const open = await givenOpen(server, network, {}, ana);

    await expectRefusal(server, network.founder, ['proposalOpen', openInput(draft), 'FORBIDDEN']);
    await expectRefusal(server, ana, ['proposalOpen', openInput(open), 'PROPOSAL_STATE']);
  });

  test('freezes what is proposed, unless it is decided by consent', async () => {
    const byVote = await givenOpen(server, network, {}, ana);
    const byConsent = await givenOpen(server, network, { rule: { method: 'CONSENT' } }, ana);

    await expectRefusal(server, ana, ['proposalAmend', { ...byVote, title: 'Other' }, 'PROPOSAL_STATE']);
    await expectRefusal(server, ana, [
      'proposalAmend',
      { ...byConsent, rule: { method: 'CONSENT', periodDays: 9 } },
      'RULE_FROZEN',
    ]);
    const { proposal } = await mutate(
      server,
      ana,
      'proposalAmend',
      { ...byConsent, text: 'We build it of oak.' },
      'proposal { state version text }',
    );

    expect(proposal).toEqual({ state: 'OPEN', version: 2, text: 'We build it of oak.' });
  });

  test('of a vote in which nobody has a vote is refused', async () => {
    const silent = await givenNetwork(server);
    const proposal = await givenDraft(server, silent);
    const classes = [{ code: 'MEMBER', name: { en: 'Member' }, votes: 0 }];
    await server.app.database.db.execute(`update network set member_classes = $2::jsonb where id = $1`, [
      silent.id,
      JSON.stringify(classes),
    ]);
    await server.app.database.db.execute(
      `update membership set member_class = 'MEMBER' where network_id = $1`,
      [silent.id],
    );

    await expectRefusal(server, silent.founder, ['proposalOpen', openInput(proposal), 'NO_ELECTORS']);
  });
});

describe('a proposal', () => {
  test('is withdrawn by its author alone, and before its vote is over', async () => {
    const proposal = await givenOpen(server, network, {}, ana);
    const over = await givenOpen(server, network, {}, ana);
    await expectRefusal(server, network.founder, ['proposalWithdraw', proposal, 'FORBIDDEN']);

    const { proposal: withdrawn } = await mutate(
      server,
      ana,
      'proposalWithdraw',
      proposal,
      'proposal { state result { isPassed } viewerCan { withdraw { allowed reason } } }',
    );
    await letPass(server, PERIOD_DAYS);

    expect(withdrawn).toEqual({
      state: 'WITHDRAWN',
      result: null,
      viewerCan: { withdraw: { allowed: false, reason: 'NOT_IN_THIS_STATE' } },
    });
    await expectRefusal(server, ana, ['proposalWithdraw', proposal, 'PROPOSAL_STATE']);
    await expectRefusal(server, ana, ['proposalWithdraw', over, 'PROPOSAL_STATE']);
    await expectRefusal(server, ana, [
      'ballotCast',
      { ...proposal, idempotencyKey: 'too late', ballot: { choice: 'YES' } },
      'VOTE_CLOSED',
    ]);
  });

  test('says what the viewer may do with it', async () => {
    const proposal = await givenDraft(server, network, {}, ana);
    const selection =
      'viewerCan { amend { allowed reason } open { allowed } close { reason } retry { reason } veto { reason } }';

    const asAuthor = await readProposal(server, ana, proposal, selection);
    const asOther = await readProposal(server, ben, proposal, selection);

    expect(asAuthor.viewerCan).toEqual({
      amend: { allowed: true, reason: null },
      open: { allowed: true },
      close: { reason: 'NOT_IN_THIS_STATE' },
      retry: { reason: 'NOT_IN_THIS_STATE' },
      veto: { reason: 'NOT_YOURS' },
    });
    expect(asOther.viewerCan).toMatchObject({
      amend: { allowed: false, reason: 'NOT_YOURS' },
      close: { reason: 'ROLE_REQUIRED' },
    });
  });

  test('of another network is not found', async () => {
    const elsewhere = await givenNetwork(server);
    const proposal = await givenDraft(server, elsewhere);
    const here = { ...proposal, networkId: network.id };

    const before = await snapshot(server);
    const payloads = await Promise.all(
      ['proposalWithdraw', 'proposalClose', 'proposalExecuteRetry'].map((field) =>
        tryOn(server, ana, field, here),
      ),
    );
    const node = await ask(server, ana, 'query($id: ID!) { node(id: $id) { id } }', {
      id: proposal.proposalId,
    });

    expect(codesOf(payloads)).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    expect(node).toEqual({ node: null });
    expect(await snapshot(server)).toEqual(before);
  });
});

describe('an option', () => {
  const election = (candidates: Member[]) => ({
    rule: { method: 'SCHULZE' },
    candidateIds: candidates.map(({ membershipId }) => membershipId),
  });

  test('is withdrawn by the candidate, not by the author, and cannot be voted for any more', async () => {
    const proposal = await givenOpen(server, network, election([ana, ben]), network.founder);
    const input = { ...proposal, optionId: '2' };
    await expectRefusal(server, network.founder, ['proposalOptionWithdraw', input, 'FORBIDDEN']);

    const payload = await tryOn(
      server,
      ben,
      'proposalOptionWithdraw',
      input,
      'options { id name isWithdrawn candidate { id } }',
    );

    expect(payload.proposal.options).toEqual([
      { id: '1', name: 'Ana', isWithdrawn: false, candidate: { id: ana.membershipId } },
      { id: '2', name: 'Ben', isWithdrawn: true, candidate: { id: ben.membershipId } },
    ]);
    const ballot = { ranking: [['2'], ['1']] };
    await expectRefusal(server, ana, [
      'ballotCast',
      { ...proposal, idempotencyKey: 'withdrawn', ballot },
      'INVALID_BALLOT',
    ]);
    // The last one stays.
    await expectRefusal(server, ana, [
      'proposalOptionWithdraw',
      { ...proposal, optionId: '1' },
      'INVALID_CHOICE',
    ]);
  });

  test('of the author’s is withdrawn from a draft, and stays once members vote', async () => {
    const motion = {
      rule: { method: 'APPROVAL' },
      options: ['Oak', 'Elm', 'Lime'].map((name) => ({ name })),
    };
    const proposal = await givenDraft(server, network, motion, ana);
    await mutate(server, ana, 'proposalOptionWithdraw', { ...proposal, optionId: '1' }, '__typename');
    await mutate(server, ana, 'proposalOpen', openInput(proposal), '__typename');

    const input = { ...proposal, optionId: '2' };
    await expectRefusal(server, ana, ['proposalOptionWithdraw', input, 'PROPOSAL_STATE']);
  });

  test('that was voted for before it was withdrawn is passed over by the count', async () => {
    const proposal = await givenOpen(server, network, election([ana, ben]), network.founder);
    await castAll(server, [ana, ben, network.founder], proposal, { ranking: [['2'], ['1']] });

    await mutate(server, ben, 'proposalOptionWithdraw', { ...proposal, optionId: '2' }, '__typename');
    await letPass(server, PERIOD_DAYS);

    const { result } = await readProposal(server, ana, proposal, 'result { winners { name } }');
    expect(result.winners).toEqual([{ name: 'Ana' }]);
  });
});

describe('lists', () => {
  test('of proposals are filtered and paged, newest first', async () => {
    const place = await givenNetwork(server);
    const somebody = await givenMember(server, place, 'Somebody');
    const ids: Record<string, string> = {};
    const statement = { statement: { text: 'We like trees.' } };
    for (const [name, motion, author] of [
      ['first', { topic: 'yard', title: 'The old oak' }, place.founder],
      ['second', { actions: [statement], text: 'For the oak and the elm.' }, somebody],
      ['third', { topic: 'house' }, somebody],
    ] as const) {
      ids[name] = (await givenDraft(server, place, motion, author)).proposalId;
    }
    const input = { networkId: place.id, proposalId: ids['third'] };
    await mutate(server, somebody, 'proposalOpen', openInput(input as never), '__typename');

    const query = `query($n: ID!, $filter: ProposalFilterInput, $first: Int, $after: String) {
      network(id: $n) { proposals(filter: $filter, first: $first, after: $after) { nodes { id } pageInfo { endCursor } } } }`;
    const list = async (filter: object | null, page: object = {}) => {
      const data = await ask(server, somebody, query, { n: place.id, filter, ...page });
      const { nodes, pageInfo } = data.network.proposals;
      const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
      return { names: nodes.map(({ id }: { id: string }) => nameOf(id)), cursor: pageInfo.endCursor };
    };

    expect((await list(null)).names).toEqual(['third', 'second', 'first']);
    expect((await list({ states: ['DRAFT'] })).names).toEqual(['second', 'first']);
    expect((await list({ topic: 'yard' })).names).toEqual(['first']);
    expect((await list({ authorId: somebody.membershipId })).names).toEqual(['third', 'second']);
    expect((await list({ text: 'OAK' })).names).toEqual(['second', 'first']);
    expect((await list({ action: 'statement' })).names).toEqual(['second']);
    const { cursor } = await list(null, { first: 1 });
    expect((await list(null, { after: cursor })).names).toEqual(['second', 'first']);
  });

  test('of votes that are due leave out what one has voted on', async () => {
    const place = await givenNetwork(server);
    const voter = await givenMember(server, place, 'Voter');
    const open = await givenOpen(server, place);
    const hidden = await givenOpen(server, place, { rule: { isSecret: true, periodDays: 9 } });
    const due = async () => {
      const { viewer } = await ask(server, voter, '{ viewer { votesDue { nodes { id } } } }');
      return viewer.votesDue.nodes.map(({ id }: { id: string }) => id);
    };

    const before = await due();
    await castAll(server, [voter], hidden);
    const between = await due();
    await castAll(server, [voter], open);

    expect(before).toEqual([open.proposalId, hidden.proposalId]);
    expect(between).toEqual([open.proposalId]);
    expect(await due()).toEqual([]);
  });

  test('are for active members', async () => {
    const elsewhere = await givenNetwork(server);
    const query = `query($n: ID!) { network(id: $n) { proposals { nodes { id } } } }`;

    const payload = await tryMutate(
      server,
      elsewhere.founder,
      'proposalDraft',
      draftInput(network),
      '__typename',
    );

    expect(codesOf([payload])).toEqual(['FORBIDDEN']);
    await expect(ask(server, elsewhere.founder, query, { n: network.id })).rejects.toThrow('FORBIDDEN');
  });
});
