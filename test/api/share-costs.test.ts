import { Account } from '../../src/entities/account.ts';
import { Membership } from '../../src/entities/membership.ts';
import { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { rule, vote } from '../support/bylaws.ts';
import { givenRules } from '../support/decisions.ts';
import { givenShares, onceKey, sharesOf } from '../support/goods.ts';
import { givenCommons } from '../support/policies.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { draftInput, givenPassed, letPass, readProposal } from '../support/proposals.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pool: Pool;
let [steward, ana, ben, cleo] = [] as unknown as [Member, Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  [steward, ana, ben, cleo] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
    await givenMember(server, network, 'Cleo'),
  ];
  pool = await givenPool(server, network, { stewards: [steward] });
});
afterAll(() => server.close());

const owned = async (...shares: [Member, number][]) =>
  givenShares(server, await givenResource(server, pool, { name: 'Tractor' }), shares);
const input = ({ id: resourceId }: Resource, more: object = {}) => ({
  networkId: network.id,
  resourceId,
  ...onceKey(),
  ...more,
});
const refuse = (by: Member, field: string, [thing, more, code]: [Resource, object, string]): Promise<Json> =>
  expectRefusal(server, by, [field, input(thing, more), code]);
const balances = (...members: Member[]) =>
  Promise.all(members.map((member) => balanceOf(server, network, member)));
const leave = ({ membershipId: id }: Member) =>
  server.app.services.db.update(Membership, { networkId: network.id, id }, { state: 'LEFT' });

describe('a cost', () => {
  const cost = (payee: Member, amount: string) => ({
    amount,
    payeeAccountId: payee.accountId,
    description: 'new tyres',
  });
  const PARTS = 'transfers { kind amount { value } payee { id } }';

  test('is paid by the co-owners by their shares to who has paid it, as it was foreseen', async () => {
    const tractor = await owned([ana, 1], [ben, 1], [cleo, 1]);
    const commons = await givenCommons(server, network);
    const foreseen = `query($r: ID!, $p: ID!) { node(id: $r) { ... on Resource {
      costSplit(amount: "1.00", payeeAccountId: $p) { nodes { member { id } shareCount amount { value } isPaid } } } } }`;
    const ids = { r: tractor.id, p: commons.accountId };
    const { nodes } = (await ask(server, ana, foreseen, ids)).node.costSplit;

    const { transfers } = await mutate(
      server,
      steward,
      'resourceCostSplit',
      input(tractor, cost(commons, '1.00')),
      PARTS,
    );

    const parts = ['0.34', '0.33', '0.33'];
    expect(nodes).toEqual(
      [ana, ben, cleo].map(({ membershipId: id }, index) => ({
        member: { id },
        shareCount: 1,
        amount: { value: parts[index] },
        isPaid: true,
      })),
    );
    expect(transfers.map(({ kind, amount }: Json) => `${kind} ${amount.value}`)).toEqual(
      parts.map((part) => `SHARES ${part}`),
    );
    expect(await balances(ana, ben, cleo)).toEqual(['-0.34', '-0.33', '-0.33']);
  });

  test('leaves the part of who has paid it, and of who has left, where it is', async () => {
    const tractor = await owned([ana, 50], [ben, 30], [cleo, 20]);
    await leave(cleo);

    const split = input(tractor, cost(ana, '10.00'));
    const first = await mutate(server, steward, 'resourceCostSplit', split, PARTS);
    const again = await mutate(server, steward, 'resourceCostSplit', split, PARTS);

    expect(first.transfers.map(({ amount }: Json) => amount.value)).toEqual(['3.00']);
    expect(again).toEqual(first);
    expect(await balances(ana, ben)).toEqual(['3.00', '-3.00']);
  });

  test('is paid by nobody if one of them cannot', async () => {
    const tractor = await owned([ana, 50], [ben, 50]);
    const limits = { followsPolicy: false, floorMinor: -100n, ceilingMinor: null };
    await server.app.services.db.update(Account, { networkId: network.id, id: ben.accountId }, limits);

    const { details } = await refuse(steward, 'resourceCostSplit', [
      tractor,
      cost(cleo, '4.00'),
      'CO_OWNER_CANNOT_PAY',
    ]);

    expect(JSON.parse(details)).toEqual({ membershipId: ben.membershipId, cause: 'INSUFFICIENT_CREDIT' });
    await server.app.services.db.update(
      Account,
      { networkId: network.id, id: ben.accountId },
      { state: 'FROZEN' },
    );
    await refuse(steward, 'resourceCostSplit', [tractor, cost(cleo, '1.00'), 'CO_OWNER_CANNOT_PAY']);
  });

  test('is not split by what makes no sense', async () => {
    const tractor = await owned([ana, 1]);
    const wrong: [Member, object, string][] = [
      [ana, cost(cleo, '1.00'), 'FORBIDDEN'],
      [steward, cost(steward, '1.00'), 'FORBIDDEN'],
      [steward, cost(cleo, '0'), 'INVALID_AMOUNT'],
      [steward, cost(cleo, '-1'), 'INVALID_AMOUNT'],
      [steward, cost(cleo, '0.001'), 'TOO_MANY_DECIMALS'],
      [steward, { ...cost(cleo, '1.00'), description: '' }, 'TEXT_TOO_SHORT'],
      [steward, cost(ana, '1.00'), 'NOTHING_TO_SPLIT'],
      [steward, { ...cost(cleo, '1.00'), payeeAccountId: pool.id }, 'INVALID_ID'],
    ];
    for (const [by, split, code] of wrong) await refuse(by, 'resourceCostSplit', [tractor, split, code]);
    const common = await givenResource(server, pool);
    await refuse(steward, 'resourceCostSplit', [common, cost(cleo, '1.00'), 'OWNERSHIP_CONFLICT']);
  });
});

describe('further shares', () => {
  const MOVE =
    'move { shareCount from { id } to { id } transfer { amount { value } } resource { shareCount } }';
  const issue = (member: Member, shareCount: number, more: object = {}) => ({
    membershipId: member.membershipId,
    shareCount,
    ...more,
  });

  test('are given by stewards', async () => {
    const tractor = await owned([ana, 10]);

    const { move } = await mutate(server, steward, 'sharesIssue', input(tractor, issue(ben, 5)), MOVE);

    expect(move).toEqual({
      shareCount: 5,
      from: null,
      to: { id: ben.membershipId },
      transfer: null,
      resource: { shareCount: 15 },
    });
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 10, [ben.membershipId]: 5 });
  });

  test('are paid to the pool by who signs for the account', async () => {
    const commons = await givenCommons(server, network);
    pool = await givenPool(server, network, {
      stewards: [steward],
      accountId: commons.accountId,
      unitId: network.unitId,
    });
    const tractor = await owned([ana, 10]);
    const price = { pricePerShare: '0.50', payerAccountId: steward.accountId };

    const { move } = await mutate(
      server,
      steward,
      'sharesIssue',
      input(tractor, issue(steward, 4, price)),
      MOVE,
    );

    expect(move.transfer.amount.value).toBe('2.00');
    expect(await balances(steward)).toEqual(['-2.00']);
    const wrong: [object, string][] = [
      [{ ...price, payerAccountId: ben.accountId }, 'FORBIDDEN'],
      [{ ...price, payerAccountId: commons.accountId }, 'INVALID_CHOICE'],
      [{ ...price, payeeAccountId: ben.accountId }, 'INVALID_CHOICE'],
      [{ pricePerShare: '1' }, 'REQUIRED'],
      [{ payerAccountId: steward.accountId }, 'REQUIRED'],
      [{ ...price, pricePerShare: '0' }, 'INVALID_AMOUNT'],
      [{ ...price, pricePerShare: '-1' }, 'INVALID_AMOUNT'],
      [{ ...price, pricePerShare: '9999999999999' }, 'INVALID_AMOUNT'],
      [{ ...price, pricePerShare: '1000' }, 'INSUFFICIENT_CREDIT'],
    ];
    for (const [more, code] of wrong)
      await refuse(steward, 'sharesIssue', [tractor, issue(steward, 4, more), code]);
  });

  test('are made of what several own, within bounds, for members', async () => {
    const tractor = await owned([ana, 10]);
    await leave(cleo);
    await refuse(ana, 'sharesIssue', [tractor, issue(ana, 1), 'FORBIDDEN']);
    await refuse(steward, 'sharesIssue', [tractor, issue(cleo, 1), 'MEMBERSHIP_STATE']);
    await refuse(steward, 'sharesIssue', [tractor, issue(ben, 0), 'INVALID_RANGE']);
    await refuse(steward, 'sharesIssue', [tractor, issue(ben, 999_991), 'INVALID_RANGE']);
    const common = await givenResource(server, pool);
    await refuse(steward, 'sharesIssue', [common, issue(ben, 1), 'OWNERSHIP_CONFLICT']);
  });

  test('are decided by a vote where the bylaws have it', async () => {
    const commons = await givenCommons(server, network, 'Pot');
    const tractor = await owned([ana, 10]);
    await givenRules(server, network, [rule('sharesIssue', vote())]);
    await refuse(steward, 'sharesIssue', [tractor, issue(ben, 5), 'DECISION_REQUIRED']);
    const action = (payer: Member) => ({
      sharesIssue: {
        resourceId: tractor.id,
        ...issue(ben, 5, {
          pricePerShare: '2.00',
          payerAccountId: payer.accountId,
          payeeAccountId: commons.accountId,
        }),
      },
    });
    // Nobody proposes that another pays.
    await expectRefusal(server, network.founder, [
      'proposalDraft',
      draftInput(network, { actions: [action(ben)] }),
      'FORBIDDEN',
    ]);
    const motion = { actions: [action(network.founder)] };

    const proposal = await givenPassed(server, network, [network.founder, ana, ben], motion);
    await letPass(server, 3);
    const { state, actions } = await readProposal(server, ana, proposal, 'state actions { sentence }');

    expect([state, actions[0].sentence]).toEqual([
      'EXECUTED',
      'Ben receives 5 further shares of “Tractor”, for which the account of Fay pays 10.00 HOUR to the common account Pot.',
    ]);
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 10, [ben.membershipId]: 5 });
    expect(await balances(network.founder)).toEqual(['-10.00']);
  });
});
