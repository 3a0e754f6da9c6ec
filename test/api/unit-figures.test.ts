import { ask, givenPerson, send, type Caller, type Json } from '../support/api.ts';
import { commonAccountOf, pays, postIn } from '../support/lively-ledger.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import { travelTo } from '../support/time.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

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

async function unit(caller: Caller, selection: string): Promise<Json> {
  const query = `query($n: ID!) { network(id: $n) { units { ${selection} } } }`;
  return (await ask(server, caller, query, { n: network.id })).network.units[0];
}

const FIGURES = `supply { value } volume { value } velocity clearingDays
  week: volume(days: 7) { value } weekly: velocity(days: 7)`;
const DISTRIBUTION = `distribution(idleDays: 7) { accounts deciles { value } atFloor atCeiling idle }`;

test('a unit in which nothing moved has no velocity and clears in no time that could be told', async () => {
  expect(await unit(ana, FIGURES)).toEqual({
    supply: { value: '0.00' },
    volume: { value: '0.00' },
    velocity: null,
    clearingDays: null,
    week: { value: '0.00' },
    weekly: null,
  });
});

describe('with trade', () => {
  beforeAll(async () => {
    const common = await commonAccountOf(server, network);
    const { founder } = network;
    await travelTo(server, '2026-03-05T12:00:00Z');
    // Down to the floor of the unit, which is 20 hours.
    await postIn(server, network, pays(ana.accountId, ben.accountId, 2000n));
    await travelTo(server, '2026-03-20T12:00:00Z');
    const [undone = ''] = await postIn(server, network, pays(ben.accountId, founder.accountId, 400n));
    const back = { kind: 'REVERSAL', reversesId: undone } as const;
    await postIn(server, network, { ...pays(founder.accountId, ben.accountId, 400n), ...back });
    await postIn(server, network, pays(ben.accountId, founder.accountId, 500n), {
      ...pays(ben.accountId, common, 100n),
      kind: 'DUES',
    });
    await travelTo(server, '2026-03-21T12:00:00Z');
  });

  test('members see supply, volume, velocity and clearing days in exact decimals', async () => {
    // Ben has 14.00, Fay 5.00, the commons 1.00; traded were 20.00 and 5.00.
    expect(await unit(ana, FIGURES)).toEqual({
      supply: { value: '20.00' },
      volume: { value: '25.00' },
      velocity: '1.2500',
      clearingDays: '24.0',
      week: { value: '5.00' },
      weekly: '0.2500',
    });
  });

  test('strangers see nothing of it', async () => {
    const stranger = await givenPerson(server, 'Stranger');

    expect(await unit(stranger, `${FIGURES} ${DISTRIBUTION}`)).toEqual({
      supply: null,
      volume: null,
      velocity: null,
      clearingDays: null,
      week: null,
      weekly: null,
      distribution: null,
    });
  });

  test.each([0, -1, 367])('%i days are refused', async (days) => {
    const query = `query($n: ID!) { network(id: $n) { units { volume(days: ${days}) { value } } } }`;
    const { errors } = await send(server, query, { n: network.id }, ana);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_RANGE' });
  });

  describe('the distribution of balances', () => {
    const setVisibility = (visibleTo: string) =>
      rowsAt(server.databaseUrl('superuser'), 'update network set balances_visible_to = $2 where id = $1', [
        network.id,
        visibleTo,
      ]);
    const values = ({ distribution }: Json) =>
      distribution && distribution.deciles.map(({ value }: Json) => value);

    test('of a few accounts is for those alone who may see their balances', async () => {
      await setVisibility('HOLDER');
      const auditor = await givenOfficer(server, network, 'AUDITOR');
      const hidden = values(await unit(ana, DISTRIBUTION));
      const audited = values(await unit(auditor, DISTRIBUTION));
      await setVisibility('NETWORK');

      expect(hidden).toBeNull();
      expect(audited).toHaveLength(11);
      expect(values(await unit(ana, DISTRIBUTION))).toEqual(audited);
    });

    test('of twenty accounts is for all members', async () => {
      await setVisibility('HOLDER');
      for (let number = 5; number < 20; number++) await givenMember(server, network, `Member ${number}`);
      const ofNineteen = await unit(ana, DISTRIBUTION);
      await givenMember(server, network, 'Twentieth');

      expect(ofNineteen).toEqual({ distribution: null });
      expect(await unit(ana, DISTRIBUTION)).toEqual({
        distribution: {
          accounts: 20,
          deciles: ['-20.00', ...Array<string>(9).fill('0.00'), '14.00'].map((value) => ({ value })),
          atFloor: 1,
          atCeiling: 0,
          idle: 18,
        },
      });
    });
  });
});
