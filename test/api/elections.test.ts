import { rule, vote } from '../support/bylaws.ts';
import { givenRules } from '../support/decisions.ts';
import {
  castAll,
  draftInput,
  givenDraft,
  givenOpen,
  letClose,
  openInput,
  readProposal,
} from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cleo: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
});
afterAll(() => server.close());

const treasurer = (candidates: Member[], more: object = {}) => ({
  actions: [{ roleAssign: { role: 'TREASURER', seats: 1 } }],
  candidateIds: candidates.map(({ membershipId }) => membershipId),
  ...more,
});
const STRICT = vote({ threshold: '2/3', base: 'ELIGIBLE', quorum: '1/2' });

describe('an election', () => {
  test.each(['SORTITION', 'DOT', 'MAJORITY'])(
    'is not held by %s where the bylaws decide by majority',
    async (method) => {
      await givenRules(server, network, [rule('roleAssign', STRICT)]);
      const motion = treasurer([ana, ben], { rule: { method, credits: 3 } });

      const error = await expectRefusal(server, ana, [
        'proposalDraft',
        draftInput(network, motion),
        'VOTING_RULE',
      ]);

      expect(error.path).toBe('rule.method');
    },
  );

  test('fails if fewer than the bylaws ask for take part', async () => {
    await givenRules(server, network, [rule('roleAssign', STRICT)]);
    const election = await givenOpen(
      server,
      network,
      treasurer([ana, ben], { rule: { method: 'APPROVAL' } }),
    );
    await castAll(server, [ana], election, { approvals: ['1'] });

    await letClose(server, election);

    expect(await readProposal(server, ana, election, 'state result { reason }')).toEqual({
      state: 'FAILED',
      result: { reason: 'QUORUM_NOT_MET' },
    });
  });

  test('in which all who stand would be elected is not opened', async () => {
    const draft = await givenDraft(server, network, treasurer([ana], { rule: { method: 'SCHULZE' } }), ana);

    const error = await expectRefusal(server, ana, ['proposalOpen', openInput(draft), 'NO_CHOICE']);

    expect(error).toMatchObject({ path: 'candidateIds', details: '{"candidates":1,"seats":1}' });
  });

  test('does not lose its choice while members vote', async () => {
    const election = await givenOpen(server, network, treasurer([ana, ben]), cleo);

    await expectRefusal(server, ben, ['proposalOptionWithdraw', { ...election, optionId: '2' }, 'NO_CHOICE']);
  });
});

test('what members state is not drawn by lot', async () => {
  await givenRules(server, network, [rule('statement', STRICT)]);
  const motion = {
    actions: [{ statement: { text: 'We leave the federation.' } }],
    options: [{ name: 'Yes' }],
    rule: { method: 'SORTITION' },
  };

  await expectRefusal(server, ana, ['proposalDraft', draftInput(network, motion), 'VOTING_RULE']);
});

test('a poll is counted as who asks likes, and the register says that something was chosen', async () => {
  const poll = await givenOpen(server, network, {
    rule: { method: 'APPROVAL' },
    options: [{ name: 'A well' }, { name: 'A shed' }],
  });
  await castAll(server, [ana, ben], poll, { approvals: ['2'] });

  await letClose(server, poll);

  expect(await readProposal(server, ana, poll, 'state resolution { outcome sentences }')).toEqual({
    state: 'EXECUTED',
    resolution: { outcome: 'CHOSEN', sentences: [] },
  });
});
