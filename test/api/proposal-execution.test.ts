import { DAY_MS } from '../../src/kernel/clock.ts';
import { executeDueProposal } from '../../src/services/proposals/life/execute.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { givenCommons } from '../support/policies.ts';
import {
  castAll,
  draftInput,
  givenDraft,
  givenOpen,
  givenPassed,
  letClose,
  letPass,
  openInput,
  readProposal,
  type NamedProposal,
} from '../support/proposals.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import {
  balanceOf,
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
let voters: Member[];
let ana: Member;
let ben: Member;
let commons: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  voters = [network.founder, ana, ben];
  commons = await givenCommons(server, network);
});
afterAll(() => server.close());

const EXECUTION =
  'state execution { dueAt executedAt failure { code message } refusedAction { kind sentence } }';
const limitSet = (member: Member, floor: string) => ({
  limitSet: { accountId: member.accountId, followsPolicy: false, floor, ceiling: '500.00' },
});
const payment = (payee: Member, amount: string) => ({
  transferPost: {
    payerAccountId: commons.accountId,
    payeeAccountId: payee.accountId,
    amount,
    description: 'for the bench',
  },
});
const limitsOf = async (member: Member): Promise<Json> => {
  const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { floor { value } } } }`;
  const data = await ask(server, member, query, { n: network.id, a: member.accountId });
  return data.network.account.floor?.value;
};
const executeNow = ({ proposalId }: NamedProposal) => {
  const { run, decisions } = server.app.services;
  return run({ kind: 'system', name: 'decision' }, (tx) =>
    executeDueProposal(tx, decisions, { networkId: network.id, proposalId }),
  );
};
const setFrozen = (member: Member, isFrozen: boolean) =>
  mutate(
    server,
    network.founder,
    'accountUpdate',
    { networkId: network.id, accountId: member.accountId, isFrozen },
    '__typename',
  );

/** A decision that has passed and waits for its delay of three days. */
async function givenDelayed(motion: object, rule: object = {}): Promise<NamedProposal> {
  return givenPassed(server, network, voters, { ...motion, rule: { delayDays: 3, ...rule } });
}

describe('what was decided', () => {
  test('is done: a limit changes by a vote, in the name of the decision', async () => {
    const proposal = await givenPassed(server, network, voters, { actions: [limitSet(ana, '-77.00')] });

    expect(await readProposal(server, ben, proposal, EXECUTION)).toEqual({
      state: 'EXECUTED',
      execution: {
        dueAt: server.clock.now().toISOString(),
        executedAt: server.clock.now().toISOString(),
        failure: null,
        refusedAction: null,
      },
    });
    expect(await limitsOf(ana)).toBe('-77.00');
    const events = await server.app.database.db.rows<Json>(
      `select subject_id, actor_system, actor_person_id from event where data->>'decisionId' = $1`,
      [proposal.proposalId],
    );
    expect(events).toEqual([{ subjectId: ana.accountId, actorSystem: 'decision', actorPersonId: null }]);
  });

  test('waits for its delay', async () => {
    const proposal = await givenDelayed({ actions: [limitSet(ana, '-78.00')] });
    await travel(server, 3 * DAY_MS - 1);
    await server.app.jobs.runDue();
    const before = (await readProposal(server, ana, proposal, 'state')).state;

    await letPass(server, 1);

    expect(before).toBe('PASSED');
    expect((await readProposal(server, ana, proposal, 'state')).state).toBe('EXECUTED');
    expect(await limitsOf(ana)).toBe('-78.00');
  });

  test('elects: the winners of a transferable vote hold the role', async () => {
    const place = await givenNetwork(server);
    const people = [place.founder];
    for (const name of ['Cleo', 'Dan', 'Eve', 'Finn']) people.push(await givenMember(server, place, name));
    const [, cleo, dan, eve, finn] = people as [Member, Member, Member, Member, Member];
    const proposal = await givenOpen(server, place, {
      actions: [{ roleAssign: { role: 'COORDINATOR', seats: 2 } }],
      candidateIds: [cleo, dan, eve].map(({ membershipId }) => membershipId),
    });
    await castAll(server, [cleo, place.founder, finn], proposal, { ranking: [['1'], ['3']] });
    await castAll(server, [dan], proposal, { ranking: [['2']] });
    await castAll(server, [eve], proposal, { ranking: [['3']] });
    await letClose(server, proposal);

    const selection = 'state rule { method seats } result { winners { name candidate { roles { role } } } }';
    expect(await readProposal(server, finn, proposal, selection)).toEqual({
      state: 'EXECUTED',
      rule: { method: 'STV_SCOTTISH', seats: 2 },
      result: {
        winners: [
          { name: 'Cleo', candidate: { roles: [{ role: 'COORDINATOR' }] } },
          { name: 'Eve', candidate: { roles: [{ role: 'COORDINATOR' }] } },
        ],
      },
    });
  });

  test('is done once, however many do it at the same time', async () => {
    const before = Number(await balanceOf(server, network, ana));
    const proposal = await givenDelayed({ actions: [payment(ana, '3.00')] });
    await travel(server, 3 * DAY_MS);

    await Promise.all([...Array.from({ length: 5 }, () => executeNow(proposal)), server.app.jobs.runDue()]);

    expect((await readProposal(server, ana, proposal, 'state')).state).toBe('EXECUTED');
    expect(Number(await balanceOf(server, network, ana)) - before).toBe(3);
  });

  test('is done once, also if the connection breaks before the commit', async () => {
    const before = Number(await balanceOf(server, network, ben));
    const proposal = await givenDelayed({ actions: [payment(ben, '4.00')] });
    await travel(server, 3 * DAY_MS);
    const { run, decisions } = server.app.services;
    let tries = 0;

    await run({ kind: 'system', name: 'decision' }, async (tx) => {
      await executeDueProposal(tx, decisions, proposal);
      const row = await tx.db.row<{ pid: number }>('select pg_backend_pid() as pid');
      if (++tries === 1) {
        await rowsAt(
          process.env['TEST_POSTGRES_SUPERUSER'] ?? '',
          `select pg_terminate_backend(${row?.pid})`,
        );
      }
    });

    expect(tries).toBe(2);
    expect((await readProposal(server, ana, proposal, 'state')).state).toBe('EXECUTED');
    expect(Number(await balanceOf(server, network, ben)) - before).toBe(4);
  });

  test('of an archived network is left undone', async () => {
    const place = await givenNetwork(server);
    const motion = {
      actions: [{ networkUpdate: { sponsorsNeeded: 3 } }],
      rule: { delayDays: 3 },
    };
    const proposal = await givenPassed(server, place, [place.founder], motion);
    await mutate(server, place.founder, 'networkArchive', { networkId: place.id }, '__typename');

    await letPass(server, 3);

    expect((await readProposal(server, place.founder, proposal, 'state')).state).toBe('PASSED');
  });
});

describe('what cannot be done', () => {
  test('is refused when it is opened, and nothing is changed by the trial', async () => {
    const draft = await givenDraft(server, network, {
      actions: [limitSet(ana, '-90.00'), payment(ben, '1.00')],
    });
    await setFrozen(ben, true);

    const error = await expectRefusal(server, network.founder, [
      'proposalOpen',
      openInput(draft),
      'ACTION_REFUSED',
    ]);

    await setFrozen(ben, false);
    expect(error.path).toBe('actions.1');
    expect(JSON.parse(error.details)).toMatchObject({ action: 1, reason: 'ACCOUNT_NOT_OPEN' });
  });

  test('leaves no trace of its trial if it can', async () => {
    const draft = await givenDraft(server, network, { actions: [payment(ben, '1.00')] });
    const transfers = async () => server.app.database.db.rows('select id from transfer');
    const before = await transfers();
    const balance = await balanceOf(server, network, ben);

    await mutate(server, network.founder, 'proposalOpen', openInput(draft), '__typename');

    expect(await transfers()).toEqual(before);
    expect(await balanceOf(server, network, ben)).toBe(balance);
  });

  test('changes nothing when its time comes, says why, and can be tried again', async () => {
    const floor = await limitsOf(ana);
    const balance = await balanceOf(server, network, ben);
    const proposal = await givenDelayed({ actions: [limitSet(ana, '-99.00'), payment(ben, '5.00')] });
    await setFrozen(ben, true);

    await letPass(server, 3);

    expect(await readProposal(server, ana, proposal, EXECUTION)).toMatchObject({
      state: 'EXECUTION_FAILED',
      execution: {
        executedAt: null,
        failure: { code: 'ACCOUNT_NOT_OPEN' },
        refusedAction: { kind: 'transferPost' },
      },
    });
    expect([await limitsOf(ana), await balanceOf(server, network, ben)]).toEqual([floor, balance]);

    await expectRefusal(server, ana, ['proposalExecuteRetry', proposal, 'FORBIDDEN']);
    const again = await mutate(
      server,
      network.founder,
      'proposalExecuteRetry',
      proposal,
      'proposal { state }',
    );
    await setFrozen(ben, false);
    const last = await mutate(
      server,
      network.founder,
      'proposalExecuteRetry',
      proposal,
      'proposal { state }',
    );

    expect([again.proposal.state, last.proposal.state]).toEqual(['EXECUTION_FAILED', 'EXECUTED']);
    expect(await limitsOf(ana)).toBe('-99.00');
    expect(Number(await balanceOf(server, network, ben)) - Number(balance)).toBe(5);
    await expectRefusal(server, network.founder, ['proposalExecuteRetry', proposal, 'PROPOSAL_STATE']);
  });

  test('would leave a network without a coordinator', async () => {
    const query = `query($n: ID!) { network(id: $n) { viewerMembership { roles { id role } } } }`;
    const data = await ask(server, network.founder, query, { n: network.id });
    const { id: roleAssignmentId } = data.network.viewerMembership.roles.find(
      ({ role }: { role: string }) => role === 'COORDINATOR',
    );
    const draft = await givenDraft(server, network, { actions: [{ roleRevoke: { roleAssignmentId } }] });

    const error = await expectRefusal(server, network.founder, [
      'proposalOpen',
      openInput(draft),
      'ACTION_REFUSED',
    ]);

    expect(JSON.parse(error.details).reason).toBe('LAST_COORDINATOR');
  });

  test('is about an account of another network', async () => {
    const elsewhere = await givenNetwork(server);
    const input = draftInput(network, { actions: [limitSet(elsewhere.founder, '-1.00')] });

    await expectRefusal(server, ana, ['proposalDraft', input, 'NOT_FOUND']);
  });
});

describe('a veto', () => {
  const rule = { vetoRole: 'AUDITOR' };
  let auditor: Member;
  beforeAll(async () => {
    auditor = await givenOfficer(server, network, 'AUDITOR');
  });

  test('stops what was decided, and the register keeps both', async () => {
    const floor = await limitsOf(ana);
    const proposal = await givenDelayed({ actions: [limitSet(ana, '-55.00')] }, rule);
    const input = { ...proposal, reason: 'The statutes do not allow it.' };
    await expectRefusal(server, network.founder, ['proposalVeto', input, 'FORBIDDEN']);
    await expectRefusal(server, auditor, ['proposalVeto', { ...input, reason: ' ' }, 'TEXT_TOO_SHORT']);

    const { proposal: vetoed } = await mutate(
      server,
      auditor,
      'proposalVeto',
      input,
      'proposal { state vetoReason vetoedBy { id } resolution { outcome } result { isPassed } }',
    );
    await letPass(server, 3);

    expect(vetoed).toEqual({
      state: 'VETOED',
      vetoReason: 'The statutes do not allow it.',
      vetoedBy: { id: auditor.membershipId },
      resolution: { outcome: 'VETOED' },
      result: { isPassed: true },
    });
    expect((await readProposal(server, ana, proposal, 'state')).state).toBe('VETOED');
    expect(await limitsOf(ana)).toBe(floor);
    const lines = await server.app.database.db.rows<Json>(
      'select outcome from resolution where source_id = $1 order by number',
      [proposal.proposalId],
    );
    expect(lines).toEqual([{ outcome: 'PASSED' }, { outcome: 'VETOED' }]);
  });

  test('is too late when the delay is over, and is nobody’s if the rule names no role', async () => {
    const reason = 'No.';
    const without = await givenDelayed({ actions: [limitSet(ana, '-57.00')] });
    await expectRefusal(server, auditor, ['proposalVeto', { ...without, reason }, 'FORBIDDEN']);
    const late = await givenDelayed({ actions: [limitSet(ana, '-56.00')] }, rule);
    await travel(server, 3 * DAY_MS);

    await expectRefusal(server, auditor, ['proposalVeto', { ...late, reason }, 'DELAY_OVER']);
    await server.app.jobs.runDue();
    const before = await snapshot(server);
    await expectRefusal(server, auditor, ['proposalVeto', { ...late, reason }, 'PROPOSAL_STATE']);
    expect(await snapshot(server)).toEqual(before);
  });
});
