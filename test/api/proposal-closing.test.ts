import { closeDueProposal } from '../../src/services/proposals/life/close.ts';
import { settleDueProposals } from '../../src/services/proposals/life/due-proposals.ts';
import { recordResolution } from '../../src/services/proposals/register/resolutions.ts';
import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ask, codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { atOnce } from '../support/many.ts';
import {
  castAll,
  givenDraft,
  givenOpen,
  letPass,
  openInput,
  PERIOD_DAYS,
  readProposal,
  type NamedProposal,
} from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let voters: Member[];
let ana: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder];
  for (const name of ['Ana', 'Ben', 'Cleo', 'Dan']) voters.push(await givenMember(server, network, name));
  ana = voters[1]!;
});
afterAll(() => server.close());

const system = { kind: 'system', name: 'test' } as const;
const closeNow = (proposal: NamedProposal) =>
  server.app.services.run(system, (tx) => closeDueProposal(tx, proposal));
const eventsOf = async ({ proposalId }: NamedProposal, kind: string) =>
  server.app.database.db.rows<Json>('select data from event where subject_id = $1 and kind = $2', [
    proposalId,
    kind,
  ]);
const RESULT =
  'state closedAt result { isPassed reason participants participantWeight eligible eligibleWeight quota seed rounds { nodes { number action figures { option value state } totals { name value } } } } resolution { number outcome kind title }';

describe('a vote', () => {
  test('is counted when its time is over, with every number, and stands in the register', async () => {
    const proposal = await givenOpen(server, network);
    await castAll(server, voters.slice(0, 3), proposal);
    await castAll(server, voters.slice(3, 4), proposal, { choice: 'NO' });
    await castAll(server, voters.slice(4), proposal, { choice: 'ABSTAIN' });

    await letPass(server, PERIOD_DAYS);

    const closed = await readProposal(server, ana, proposal, RESULT);
    expect(closed).toEqual({
      state: 'EXECUTED',
      closedAt: server.clock.now().toISOString(),
      result: {
        isPassed: true,
        reason: 'PASSED',
        participants: 5,
        participantWeight: '5',
        eligible: 5,
        eligibleWeight: '5',
        quota: '3',
        seed: expect.stringMatching(/^[0-9a-f]{32}$/),
        rounds: {
          nodes: [
            {
              number: 1,
              action: 'TOTALS',
              figures: [
                { option: 'YES', value: '3', state: 'ELECTED' },
                { option: 'NO', value: '1', state: 'EXCLUDED' },
                { option: 'ABSTAIN', value: '1', state: 'EXCLUDED' },
              ],
              totals: [
                { name: 'base', value: '4' },
                { name: 'needed', value: '3' },
              ],
            },
          ],
        },
      },
      resolution: { number: expect.any(Number), outcome: 'PASSED', kind: 'VOTE', title: 'A bench' },
    });
  });

  test.each<[string, object, object[], string]>([
    ['with a tie', {}, [{ choice: 'YES' }, { choice: 'NO' }], 'THRESHOLD_NOT_MET'],
    ['in which nobody took part', {}, [], 'NOBODY_VOTED'],
    ['without its quorum', { quorum: '1/2' }, [{ choice: 'YES' }, { choice: 'YES' }], 'QUORUM_NOT_MET'],
  ])('%s fails', async (_, rule, ballots, reason) => {
    const proposal = await givenOpen(server, network, { rule });
    for (const [index, ballot] of ballots.entries())
      await castAll(server, [voters[index]!], proposal, ballot);

    await letPass(server, PERIOD_DAYS);

    const { state, result, resolution } = await readProposal(server, ana, proposal, RESULT);
    expect([state, result.reason, resolution.outcome]).toEqual(['FAILED', reason, 'FAILED']);
  });

  test('tells nothing of itself before it is counted', async () => {
    const proposal = await givenOpen(server, network, { rule: { isSecret: true } });
    await castAll(server, voters, proposal);
    await travel(server, PERIOD_DAYS * DAY_MS - 1);
    await server.app.jobs.runDue();

    const running = await readProposal(server, network.founder, proposal, RESULT);

    expect(running).toEqual({ state: 'OPEN', closedAt: null, result: null, resolution: null });
    expect(await eventsOf(proposal, 'BallotCast')).toEqual([]);
    await letPass(server, 1);
    const { result } = await readProposal(server, network.founder, proposal, RESULT);
    expect(result.participants).toBe(5);
  });

  test('is closed on time to the second by a job of its own, and no ballot is taken from that instant on', async () => {
    const proposal = await givenOpen(server, network);
    await castAll(server, [ana], proposal);
    await travel(server, PERIOD_DAYS * DAY_MS);

    const late = await tryMutate(
      server,
      network.founder,
      'ballotCast',
      { ...proposal, idempotencyKey: 'late', ballot: { choice: 'NO' } },
      '__typename',
    );
    await server.app.jobs.runDue();

    expect(codesOf([late])).toEqual(['VOTE_CLOSED']);
    const { result } = await readProposal(server, ana, proposal, RESULT);
    expect(result.participants).toBe(1);
  });

  test('is closed also if its own job was lost while the server slept', async () => {
    const proposal = await givenOpen(server, network);
    await castAll(server, [ana], proposal);
    await server.app.database.db.execute("delete from job where kind = 'proposalClose'");

    await travel(server, 30 * DAY_MS);
    const { db } = server.app.database;
    const { run, decisions } = server.app.services;
    await settleDueProposals({ db, run, decisions }, server.clock.now());

    const { state, closedAt } = await readProposal(server, ana, proposal, RESULT);
    expect([state, closedAt]).toEqual(['EXECUTED', server.clock.now().toISOString()]);
  });

  test('is closed once, however many close it at the same time', async () => {
    const proposal = await givenOpen(server, network);
    await castAll(server, [ana], proposal);
    await travel(server, PERIOD_DAYS * DAY_MS);

    await Promise.all(Array.from({ length: 6 }, () => closeNow(proposal)));

    expect(await eventsOf(proposal, 'ProposalClosed')).toHaveLength(1);
    const lines = await server.app.database.db.rows('select 1 from resolution where source_id = $1', [
      proposal.proposalId,
    ]);
    expect(lines).toHaveLength(1);
  });

  test('of an archived network stays as it is', async () => {
    const place = await givenNetwork(server);
    const proposal = await givenOpen(server, place);
    await mutate(server, place.founder, 'networkArchive', { networkId: place.id }, '__typename');

    await letPass(server, PERIOD_DAYS);

    expect((await readProposal(server, place.founder, proposal, 'state')).state).toBe('OPEN');
  });
});

describe('a race between ballots and the end', () => {
  test('leaves no ballot that was accepted out of the count', async () => {
    const place = await givenNetwork(server);
    const { db } = server.app.database;
    const proposal = await givenDraft(server, place);
    const crowd = 15;
    const members = [place.founder];
    for (let index = 1; index < crowd; index++) members.push(await givenMember(server, place, `M${index}`));
    await mutate(server, place.founder, 'proposalOpen', openInput(proposal), '__typename');
    // Everybody votes sixty times over, while time passes and others try to close.
    let closed = false;
    const closer = (async () => {
      while (!closed) {
        await closeNow(proposal);
        const row = await db.row<{ state: string }>('select state from proposal where id = $1', [
          proposal.proposalId,
        ]);
        closed = row?.state !== 'OPEN';
        server.clock.advance(DAY_MS / 4);
      }
    })();

    const answers = await atOnce(60 * crowd, async (index) => {
      const choice = index % 3 === 0 ? 'NO' : 'YES';
      const input = { ...proposal, idempotencyKey: `race-${index}`, ballot: { choice } };
      const payload = await tryMutate(server, members[index % crowd]!, 'ballotCast', input, '__typename');
      return { member: index % crowd, code: payload.errors[0]?.code ?? 'DONE' };
    });
    await closer;

    const done = answers.filter(({ code }) => code === 'DONE');
    expect(done.length).toBeGreaterThan(0);
    expect(answers.every(({ code }) => ['DONE', 'VOTE_CLOSED'].includes(code))).toBe(true);
    expect(answers.some(({ code }) => code === 'VOTE_CLOSED')).toBe(true);
    const kept = await db.rows('select 1 from ballot_version where proposal_id = $1', [proposal.proposalId]);
    expect(kept).toHaveLength(done.length);
    const accepted = new Set(done.map(({ member }) => member));
    const { result } = await readProposal(server, place.founder, proposal, RESULT);
    const figures = result?.rounds.nodes[0].figures as { value: string }[];
    expect(result.participants).toBe(accepted.size);
    expect(figures.reduce((sum, { value }) => sum + Number(value), 0)).toBe(accepted.size);
  }, 120_000);
});

describe('closing early', () => {
  const early = { rule: { allowsEarlyClose: true } };

  test('waits until all have voted', async () => {
    const proposal = await givenOpen(server, network, early);
    await castAll(server, voters.slice(0, 4), proposal);
    await expectRefusal(server, network.founder, ['proposalClose', proposal, 'CLOSE_TOO_EARLY']);
    await castAll(server, voters.slice(4), proposal);

    const { proposal: closed } = await mutate(
      server,
      network.founder,
      'proposalClose',
      proposal,
      'proposal { state result { participants } }',
    );

    expect(closed).toEqual({ state: 'EXECUTED', result: { participants: 5 } });
    await expectRefusal(server, network.founder, ['proposalClose', proposal, 'PROPOSAL_STATE']);
  });

  test('is not for a secret vote, nor where the rule has none, nor for other members', async () => {
    const secret = await givenOpen(server, network, { rule: { ...early.rule, isSecret: true } });
    const plain = await givenOpen(server, network);
    const open = await givenOpen(server, network, early);
    await castAll(server, voters, secret);
    await castAll(server, voters, plain);
    await castAll(server, voters, open);

    const refusals = [
      await expectRefusal(server, network.founder, ['proposalClose', secret, 'CLOSE_TOO_EARLY']),
      await expectRefusal(server, network.founder, ['proposalClose', plain, 'CLOSE_TOO_EARLY']),
    ];

    expect(refusals.map(({ details }) => JSON.parse(details).reason)).toEqual(['NOT_ALLOWED', 'NOT_ALLOWED']);
    await expectRefusal(server, ana, ['proposalClose', open, 'FORBIDDEN']);
  });
});

describe('the register', () => {
  test('has no gaps, however many decide at the same time and however many of them fail', async () => {
    const place = await givenNetwork(server);
    const line = (n: number) => ({
      networkId: place.id,
      sourceId: newId('proposal'),
      kind: 'VOTE' as const,
      title: `Line ${n}`,
      sentences: [],
      outcome: 'PASSED' as const,
      summary: {},
      decidedAt: after(server.clock.now(), n),
    });

    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        server.app.services
          .run(system, async (tx) => {
            await recordResolution(tx, line(n));
            if (n % 3 === 0) throw new Error('Changed my mind');
          })
          .catch(() => {}),
      ),
    );

    const query = `query($n: ID!) { network(id: $n) { resolutions { nodes { number } } } }`;
    const { network: shown } = await ask(server, place.founder, query, { n: place.id });
    expect(shown.resolutions.nodes.map(({ number }: { number: number }) => number)).toEqual([
      8, 7, 6, 5, 4, 3, 2, 1,
    ]);
  });
});
