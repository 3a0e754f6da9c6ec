import { rule, vote } from '../support/bylaws.ts';
import { codesOf, mutate, tryMutate } from '../support/api.ts';
import { givenRules } from '../support/decisions.ts';
import { discussionKit } from '../support/discussion.ts';
import { atOnce } from '../support/many.ts';
import {
  draftInput,
  givenDraft,
  givenOpen,
  letPass,
  openInput,
  PERIOD_DAYS,
  readProposal,
} from '../support/proposals.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenVote } from '../support/votes.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cleo: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
});
afterAll(() => server.close());

const { stance, object, trySay, facilitate } = discussionKit(() => ({ server, network }));
const byConsent = (author: Member) => givenOpen(server, network, { rule: { method: 'CONSENT' } }, author);
const amend = (author: Member, input: object, selection: string) =>
  mutate(server, author, 'proposalAmend', input, `proposal { ${selection} }`);

describe('an amendment of what is open', () => {
  test('gives everybody the whole period again, and the vote is closed at the end of that', async () => {
    const proposal = await byConsent(ana);
    const closesAt = async () => Date.parse((await readProposal(server, ben, proposal, 'closesAt')).closesAt);
    const first = await closesAt();
    await letPass(server, PERIOD_DAYS - 1);

    await amend(ana, { ...proposal, text: 'All that we have goes to me.' }, 'version');
    await stance(ana, proposal, 'CONSENT');

    expect((await closesAt()) - first).toBe((PERIOD_DAYS - 1) * 86_400_000);
    await letPass(server, 1);
    expect((await readProposal(server, ben, proposal, 'state')).state).toBe('OPEN');
    await object(ben, proposal);
    await letPass(server, PERIOD_DAYS - 1);
    expect(await readProposal(server, ben, proposal, 'state result { reason }')).toEqual({
      state: 'FAILED',
      result: { reason: 'OBJECTION_OPEN' },
    });
  });

  test('leaves a later end as it is', async () => {
    const draft = await givenDraft(server, network, { rule: { method: 'CONSENT' } }, ana);
    const closesAt = new Date(server.clock.now().getTime() + 30 * 86_400_000).toISOString();
    await mutate(server, ana, 'proposalOpen', openInput(draft, { closesAt }), '__typename');

    const { proposal } = await amend(ana, { ...draft, title: 'A longer bench' }, 'closesAt');

    expect(proposal.closesAt).toBe(closesAt);
  });
});

describe('a draft', () => {
  const byTenDays = rule('statement', vote({ quorum: '1/2', periodDays: 10 }));

  test('follows the bylaws in force in what was not wished', async () => {
    const draft = await givenDraft(server, network, { rule: { threshold: '3/4' } }, ana);
    await givenRules(server, network, [byTenDays]);

    const { proposal } = await amend(
      ana,
      { ...draft, title: 'A wide bench' },
      'rule { threshold quorum periodDays }',
    );

    expect(proposal.rule).toEqual({ threshold: '3/4', quorum: '1/2', periodDays: 10 });
  });

  test('is opened by the rule of the bylaws in force', async () => {
    const draft = await givenDraft(server, network, {}, ana);
    await givenRules(server, network, [byTenDays]);
    await mutate(server, ana, 'proposalOpen', openInput(draft), '__typename');

    expect(await readProposal(server, ana, draft, 'state rule { quorum periodDays }')).toEqual({
      state: 'OPEN',
      rule: { quorum: '1/2', periodDays: 10 },
    });
  });

  test('of which less was wished than the bylaws now ask for is not opened', async () => {
    const draft = await givenDraft(server, network, { rule: { periodDays: 8 } }, ana);
    await givenRules(server, network, [byTenDays]);

    await expectRefusal(server, ana, ['proposalOpen', openInput(draft), 'VOTING_RULE']);
  });
});

describe('who rules on objections', () => {
  const setBy = (caller: Member, proposal: object, code: string) =>
    expectRefusal(server, caller, [
      'proposalFacilitatorSet',
      { ...proposal, membershipId: cleo.membershipId },
      code,
    ]);

  test('is named by the author before the vote opens, and not by the author afterwards', async () => {
    const draft = await givenDraft(server, network, { rule: { method: 'CONSENT' } }, ana);
    expect(await facilitate(ana, draft, ben.membershipId)).toMatchObject({
      proposal: { facilitator: { id: ben.membershipId } },
    });
    await mutate(server, ana, 'proposalOpen', openInput(draft), '__typename');

    await setBy(ana, draft, 'FORBIDDEN');

    const selection = 'viewerCan { facilitate { reason } } facilitator { id }';
    expect(await readProposal(server, ana, draft, selection)).toEqual({
      viewerCan: { facilitate: { reason: 'ROLE_REQUIRED' } },
      facilitator: { id: ben.membershipId },
    });
  });

  test('is not chosen by the author while an objection stands, but by another coordinator', async () => {
    const other = await givenOfficer(server, network, 'COORDINATOR');
    const proposal = await byConsent(network.founder);
    await object(ben, proposal);

    expect(await setBy(network.founder, proposal, 'OBJECTION_CONFLICT')).toMatchObject({
      details: '{"reason":"BY_AUTHOR"}',
    });
    expect(await facilitate(other, proposal, cleo.membershipId)).toMatchObject({
      proposal: { facilitator: { id: cleo.membershipId } },
    });
  });
});

describe('many at once', () => {
  test('a member has twenty drafts at most', async () => {
    const answers = await atOnce(40, () =>
      tryMutate(server, ana, 'proposalDraft', draftInput(network), '__typename'),
    );

    expect(codesOf(answers).toSorted()).toEqual([
      ...Array<string>(20).fill('DONE'),
      ...Array<string>(20).fill('TOO_MANY_DRAFTS'),
    ]);
  });

  test('a member writes a hundred comments in a day at most', async () => {
    const proposal = await givenVote(server, network, [ana]);

    const answers = await atOnce(120, () => trySay(ana, 'proposalComment', { ...proposal, text: 'Why?' }));

    expect(codesOf(answers).toSorted()).toEqual([
      ...Array<string>(100).fill('DONE'),
      ...Array<string>(20).fill('TOO_MANY_COMMENTS'),
    ]);
  });
});
