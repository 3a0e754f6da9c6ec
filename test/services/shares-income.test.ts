import { Account } from '../../src/entities/account.ts';
import { Membership } from '../../src/entities/membership.ts';
import { ResourceShare } from '../../src/entities/resource-share.ts';
import { Unit } from '../../src/entities/unit.ts';
import { assert } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { postTransfer } from '../../src/services/ledger/posting.ts';
import { distributeIncome } from '../../src/services/pools/shares-income.ts';
import { ACTOR } from '../support/books.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { balanceOf, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let unit: Unit;
let poolAccountId: string;
let [ana, ben, cleo] = [] as unknown as [Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  [ana, ben, cleo] = [
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
    await givenMember(server, network, 'Cleo'),
  ];
  const found = await server.app.services.db.one(Unit, { networkId: network.id, id: network.unitId });
  const [common] = await server.app.services.db.all(
    Account,
    { networkId: network.id, unitId: network.unitId, holderKind: 'NETWORK' },
    'order by id limit 1',
  );
  assert(found && common, 'the network has a unit and a common account');
  [unit, poolAccountId] = [found, common.id];
});
afterAll(() => server.close());

/** Has the founder pay for a thing of these owners, and passes it on; gives what was passed on. */
async function income(amountMinor: bigint, shares: [member: Member, count: number][]): Promise<bigint> {
  const { db, run } = server.app.services;
  const shareCount = shares.reduce((sum, [, count]) => sum + count, 0);
  const owned = shareCount > 0 ? ({ ownerKind: 'CO_OWNERS', shareCount } as const) : {};
  const { id: resourceId } = await givenResource(server, await givenPool(server, network), owned);
  for (const [{ membershipId }, count] of shares) {
    await db.insert(ResourceShare, { networkId: network.id, resourceId, membershipId, shareCount: count });
  }
  const causeId = newId('booking');
  const way = { payerAccountId: network.founder.accountId, payeeAccountId: poolAccountId };
  return run(ACTOR, async (tx) => {
    await postTransfer(tx, unit, { kind: 'FEE', ...way, amountMinor, description: 'drill', causeId });
    const received = { resourceId, accountId: poolAccountId, amountMinor, causeId };
    return distributeIncome(tx, unit, { ...received, description: 'drill, by shares' });
  });
}

const balances = () => Promise.all([ana, ben, cleo].map((member) => balanceOf(server, network, member)));

async function poolBalance(): Promise<bigint | undefined> {
  return (await server.app.services.db.one(Account, { networkId: network.id, id: poolAccountId }))
    ?.balanceMinor;
}

describe('what comes in for a thing', () => {
  test('goes on to its co-owners by their shares, the remainder by the largest one', async () => {
    const passed = await income(100n, [
      [ana, 1],
      [ben, 1],
      [cleo, 1],
    ]);

    expect(passed).toBe(100n);
    expect(await balances()).toEqual(['0.34', '0.33', '0.33']);
    expect(await poolBalance()).toBe(0n);
    const made = await server.app.services.db.rows<{ kind: string; levies: bigint }>(
      `select kind, payer_levy_minor + payee_levy_minor as levies from transfer
        where network_id = $1 and kind <> 'FEE' order by id`,
      [network.id],
    );
    expect(made).toEqual(Array.from({ length: 3 }, () => ({ kind: 'SHARES', levies: 0n })));
  });

  test('stays with the pool where nobody owns it together', async () => {
    expect(await income(100n, [])).toBe(0n);

    expect(await poolBalance()).toBe(100n);
  });

  test('stays with the pool for who has left, is closed out or has no room', async () => {
    const { db } = server.app.services;
    await db.update(Membership, { networkId: network.id, id: ana.membershipId }, { state: 'LEFT' });
    await db.update(Account, { networkId: network.id, id: ben.accountId }, { state: 'FROZEN' });
    const limits = { followsPolicy: false, floorMinor: 0n, ceilingMinor: 10n };
    await db.update(Account, { networkId: network.id, id: cleo.accountId }, limits);

    const passed = await income(100n, [
      [ana, 30],
      [ben, 30],
      [cleo, 20],
      [network.founder, 20],
    ]);

    expect(passed).toBe(20n);
    expect(await poolBalance()).toBe(80n);
    expect(await balanceOf(server, network, network.founder)).toBe('-0.80');
    expect(await db.one(Account, { networkId: network.id, id: cleo.accountId })).toMatchObject({
      balanceMinor: 0n,
    });
  });

  test('gives what cannot be split to the largest share', async () => {
    expect(
      await income(1n, [
        [ana, 1],
        [ben, 2],
      ]),
    ).toBe(1n);

    expect(await balances()).toEqual(['0.00', '0.01', '0.00']);
  });
});
