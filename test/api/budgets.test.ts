import { ask, mutate, type Json } from '../support/api.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
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
import { givenCommons } from '../support/policies.ts';
import { asOwner } from '../support/votes.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  fay = network.founder;
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const MONEY = '{ value unit { id } }';
const BUDGET = `rule { method budget ${MONEY} } options { name cost ${MONEY} }`;
const options = [
  { name: 'Bench', cost: '12.5' },
  { name: 'Well', cost: '5' },
  { name: 'Barn', cost: '99' },
];
const motion = { rule: { method: 'PB_GREEDY', budget: '20' }, options };
const hours = (value: string) => ({ value, unit: { id: network.unitId } });

/** Another network, with a second unit. */
async function givenTwoUnits(): Promise<{ other: TestNetwork; unitId: string }> {
  const other = await givenNetwork(server);
  const unit = { code: 'ZERO', name: [{ locale: 'en', text: 'Zero' }], symbol: 'z', kind: 'GIFT', scale: 0 };
  const input = { networkId: other.id, ...unit };
  const made = await mutate(server, other.founder, 'unitCreate', input, 'unit { id }');
  return { other, unitId: made.unit.id };
}

const faultsOf = async (at: TestNetwork, change: object): Promise<Json[]> => {
  const refused = ['proposalDraft', draftInput(at, { ...motion, ...change }), 'VOTING_RULE'] as const;
  return (await expectRefusal(server, at.founder, [...refused])).faults;
};

describe('a vote on a budget', () => {
  test('is in the only unit of the network, and so are its costs and what it spends', async () => {
    const proposal = await givenOpen(server, network, motion);
    await castAll(server, [fay, ben], proposal, { approvals: ['1', '2', '3'] });
    await letClose(server, proposal);

    const seen = await readProposal(server, ben, proposal, `${BUDGET} result { spent ${MONEY} }`);
    expect(seen).toEqual({
      rule: { method: 'PB_GREEDY', budget: hours('20.00') },
      options: [
        { name: 'Bench', cost: hours('12.50') },
        { name: 'Well', cost: hours('5.00') },
        { name: 'Barn', cost: hours('99.00') },
      ],
      result: { spent: hours('17.50') },
    });
  });

  test('names its unit where there are several', async () => {
    const { other, unitId } = await givenTwoUnits();
    const inZero = { ...motion, rule: { ...motion.rule, budgetUnitId: unitId } };

    const faults = await faultsOf(other, {});

    expect(faults).toEqual([{ code: 'REQUIRED', path: 'rule.budgetUnitId' }]);
    const finer = ['proposalDraft', draftInput(other, inZero), 'TOO_MANY_DECIMALS'] as const;
    expect((await expectRefusal(server, other.founder, [...finer])).path).toBe('options.0.cost');
    const whole = { ...inZero, options: [{ name: 'Bench', cost: '12' }] };
    const proposal = await givenOpen(server, other, whole);
    const seen = await readProposal(
      server,
      other.founder,
      proposal,
      `${BUDGET} versions { nodes { options { cost ${MONEY} } } }`,
    );
    expect(seen.rule.budget).toEqual({ value: '20', unit: { id: unitId } });
    expect(seen.options).toEqual([{ name: 'Bench', cost: { value: '12', unit: { id: unitId } } }]);
    expect(seen.versions.nodes).toEqual([{ options: [{ cost: { value: '12', unit: { id: unitId } } }] }]);
  });

  test('is in no unit of another network, and no finer than its unit', async () => {
    const { unitId } = await givenTwoUnits();

    expect(await faultsOf(network, { rule: { ...motion.rule, budgetUnitId: unitId } })).toEqual([
      { code: 'UNKNOWN_UNIT', path: 'rule.budgetUnitId' },
    ]);
    expect(await faultsOf(network, { rule: { ...motion.rule, budget: '20.005' } })).toEqual([
      { code: 'TOO_MANY_DECIMALS', path: 'rule.budget' },
    ]);
  });

  test('is not opened in another unit than its costs were written in', async () => {
    const draft = await givenDraft(server, network, motion);
    await asOwner(
      server,
      `update proposal set options =
         (select jsonb_agg(each - 'costUnitId') from jsonb_array_elements(options) as each) where id = $1`,
      [draft.proposalId],
    );

    const refused = await expectRefusal(server, fay, ['proposalOpen', openInput(draft), 'VOTING_RULE']);

    expect(refused.faults).toEqual([{ code: 'UNIT_DIFFERS', path: 'rule.budgetUnitId' }]);
    const seen = await readProposal(server, fay, draft, BUDGET);
    expect(seen.options[0]).toEqual({ name: 'Bench', cost: null });
    await mutate(server, fay, 'proposalAmend', { ...draft, options }, '__typename');
    await mutate(server, fay, 'proposalOpen', openInput(draft), '__typename');
  });
});

describe('bylaws with a budget', () => {
  const rules = (vote: object) => ({
    bylawsAmend: { version: 1, rules: [{ action: 'statement', decidedBy: { vote } }] },
  });
  const kit = (at: TestNetwork) => actionKit(() => ({ server, network: at }));
  const TOLD = `network(id: $n) { bylaws { rules { sentence decidedBy { vote { budget ${MONEY} } } } } }`;

  test('name the only unit, and votes are in it', async () => {
    const at = await givenNetwork(server);
    await givenRules(server, at, [
      { action: 'bylawsAmend', upTo: null, decidedBy: { by: 'ROLE', role: 'COORDINATOR' } },
    ]);
    const change = {
      bylawsAmend: { ...rules({ method: 'PB_GREEDY', budget: '20' }).bylawsAmend, version: 2 },
    };

    await kit(at).submit(at.founder, change);

    const { network: told } = await ask(server, at.founder, `query($n: ID!) { ${TOLD} }`, { n: at.id });
    const [rule] = told.bylaws.rules;
    expect(rule.decidedBy.vote.budget).toEqual({ value: '20.00', unit: { id: at.unitId } });
    expect(rule.sentence).toContain('a budget of 20 HOUR');
    const draft = await givenDraft(server, at, { rule: { method: 'PB_GREEDY' }, options });
    const seen = await readProposal(server, at.founder, draft, BUDGET);
    expect(seen.rule.budget).toEqual({ value: '20.00', unit: { id: at.unitId } });
    const poll = await givenOpen(server, at, { rule: { method: 'APPROVAL' }, options: [{ name: 'Bench' }] });
    expect((await readProposal(server, at.founder, poll, BUDGET)).rule).toEqual({
      method: 'APPROVAL',
      budget: null,
    });
  });

  test('are refused where there are several and none is named', async () => {
    const { other } = await givenTwoUnits();
    const input = kit(other).submitInput(rules({ method: 'PB_GREEDY', budget: '20' }));

    const refused = await expectRefusal(server, other.founder, ['actionSubmit', input, 'BYLAWS_FAULTY']);

    expect(refused.faults).toEqual([{ code: 'REQUIRED', path: 'rules.0.decidedBy.budgetUnitId' }]);
  });
});

test('an action tells what it moves with its unit, and nothing where that was not kept', async () => {
  const pot = await givenCommons(server, network);
  const pay = {
    payerAccountId: pot.accountId,
    payeeAccountId: ben.accountId,
    amount: '1.5',
    description: 'hay',
  };
  const draft = await givenDraft(server, network, {
    actions: [{ transferPost: pay }, { statement: { text: 'Hay' } }],
  });
  const selection = `actions { kind amount ${MONEY} } versions { nodes { actions { amount ${MONEY} } } }`;

  const seen = await readProposal(server, fay, draft, selection);

  expect(seen.actions).toEqual([
    { kind: 'transferPost', amount: hours('1.50') },
    { kind: 'statement', amount: null },
  ]);
  expect(seen.versions.nodes[0].actions[0]).toEqual({ amount: hours('1.50') });
  await asOwner(server, `update proposal set actions = actions #- '{0,unitId}' where id = $1`, [
    draft.proposalId,
  ]);
  const before = await readProposal(server, fay, draft, selection);
  expect(before.actions[0]).toEqual({ kind: 'transferPost', amount: null });
});
