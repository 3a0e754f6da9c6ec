import { ask, type Json } from '../support/api.ts';
import { rule } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { amended, discussionKit, givenConsent } from '../support/discussion.ts';
import { endVote } from '../support/end-vote.ts';
import { fieldsWithin } from '../support/every-field.ts';
import { givenCommons } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { cast, givenVote } from '../support/votes.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

// A list asks for each of its fields once, however long it is.

const FEW = 8;
const MANY = 20;

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;

const { stance, object, comment, delegate } = discussionKit(() => ({ server, network }));
const { submit, sign } = actionKit(() => ({ server, network }));

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  await delegate(ben, ana);
  for (let set = 0; set < MANY / 4; set++) await givenProposals();
  await givenActions();
}, 120_000);
afterAll(() => server.close());

/** One of each kind: an open and a secret vote that are counted, one by consent, and an election that goes on. */
async function givenProposals(): Promise<void> {
  const voters = [network.founder, ana, ben];
  const open = await givenVote(server, network, voters);
  await cast(server, ana, open, { choice: 'YES' });
  const secret = await givenVote(server, network, voters, { rule: { isSecret: true } });
  await cast(server, ana, secret, { choice: 'YES' });
  for (const vote of [open, secret]) await endVote(server, vote);
  const consent = await givenConsent(server, network, voters);
  await amended(server, network, consent);
  await stance(ana, consent, 'CONSENT');
  await object(ben, consent);
  const said = await comment(ana, consent, 'Which half?');
  await comment(ben, consent, 'The dry one.', said);
  const approval = await givenVote(server, network, voters, {
    rule: { method: 'APPROVAL' },
    options: ['A', 'B'],
  });
  await cast(server, ana, approval, { approvals: ['1'] });
}

/** Actions of several kinds that wait for a signature, with one of the viewer's own. */
async function givenActions(): Promise<void> {
  const una = await givenOfficer(server, network, 'TREASURER');
  const tom = await givenOfficer(server, network, 'TREASURER');
  const pot = await givenCommons(server, network, 'Pot');
  await givenRules(server, network, [
    rule('transferPost', { by: 'SIGNATURES', role: 'TREASURER', count: 3 }),
    rule('limitSet', { by: 'SIGNATURES', role: 'TREASURER', count: 3 }),
  ]);
  for (let turn = 0; turn < MANY / 2; turn++) {
    const pay = {
      payerAccountId: pot.accountId,
      payeeAccountId: ben.accountId,
      amount: '1',
      description: 'flour',
    };
    await submit(una, { transferPost: pay });
    const { signedAction } = await submit(tom, {
      limitSet: { accountId: ben.accountId, followsPolicy: false, floor: '-5', ceiling: '5' },
    });
    await sign(una, signedAction.id);
  }
  viewer = una;
}

let viewer: Member;

interface Asked {
  /** How many rows the list came to. */
  found: number;
  statements: number;
}

/** What a request asks the database: the quietest of some, since jobs of the server may ask something meanwhile. */
async function quietest(list: string, selection: string): Promise<Asked> {
  const asked: Asked[] = [];
  for (let turn = 0; turn < 3; turn++) asked.push(await statementsOf(list, selection));
  return asked.toSorted((a, b) => a.statements - b.statements)[0]!;
}

async function statementsOf(list: string, selection: string): Promise<Asked> {
  const queries = jest.spyOn(server.app.database.pool, 'query');
  try {
    const query = `query($id: ID!) { network(id: $id) { ${list} { nodes ${selection} } } }`;
    const answer: Json = await ask(server, viewer, query, { id: network.id });
    const [connection] = Object.values(answer.network) as Json[];
    return { found: connection.nodes.length, statements: queries.mock.calls.length };
  } finally {
    queries.mockRestore();
  }
}

// Whom an action concerns is looked up account by account, in statements that take whatever is asked meanwhile: how many
// of them depends on how soon each is answered, and not on how many actions there are.
const LOOKED_UP: Record<string, number> = { 'SignedAction.viewerCan': 6 };

describe.each([
  ['proposals', 'Proposal'],
  ['signedActions', 'SignedAction'],
  ['resolutions', 'Resolution'],
])('%s', (list, type) => {
  // The network is the one in which the list stands.
  const fields = fieldsWithin(type).filter(({ field }) => field !== 'network');

  test.each(fields)(
    'are told with $field in as many statements for many as for few',
    async ({ field, selection }) => {
      await statementsOf(`${list}(first: 1)`, `{ ${selection} }`);

      const few = await quietest(`${list}(first: ${FEW})`, `{ ${selection} }`);
      const many = await quietest(`${list}(first: ${MANY})`, `{ ${selection} }`);

      expect(few.found).toBe(FEW);
      expect(many.found).toBeGreaterThan(FEW);
      const more = many.statements - few.statements;
      const most = LOOKED_UP[`${type}.${field}`];
      if (most === undefined) expect(more).toBe(0);
      else expect(more).toBeLessThanOrEqual(most);
    },
  );
});
