import { Membership } from '../../src/entities/membership.ts';
import { Pool } from '../../src/entities/pool.ts';
import { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { mutate, tryMutate, codesOf } from '../support/api.ts';
import { contribute, givenHousehold, MOVE, stockInput } from '../support/goods.ts';
import { atOnce } from '../support/many.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pool: Pool;
let [steward, ana, ben] = [] as unknown as [Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  [steward, ana, ben] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
  ];
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [steward] });
});
afterAll(() => server.close());

const take = (by: Member, stock: Resource, amount: string, extra: object = {}) =>
  mutate(server, by, 'stockTake', stockInput(stock, amount, extra), MOVE);
const refuse = (
  by: Member,
  field: string,
  [stock, amount, code]: [stock: Resource, amount: string, code: string],
  extra: object = {},
) => expectRefusal(server, by, [field, stockInput(stock, amount, extra), code]);

const stocked = (amountMinor: bigint, given: Partial<Resource> = {}) =>
  givenStock(server, pool, { stockMinor: amountMinor, ...given });

async function bookOf(stock: Resource) {
  const row = await server.app.services.db.row<{ sum: bigint; seqs: bigint[]; balances: bigint[] }>(
    `select coalesce(sum(amount_minor), 0)::bigint as sum, array_agg(seq order by seq) as seqs,
            array_agg(balance_after_minor order by seq) as balances
       from stock_move where network_id = $1 and resource_id = $2`,
    [stock.networkId, stock.id],
  );
  const now = await server.app.services.db.one(Resource, { networkId: stock.networkId, id: stock.id });
  return { ...row, stockMinor: now?.stockMinor, stockCount: now?.stockCount };
}

describe('a stock', () => {
  test('is filled and emptied, with what was there after each move', async () => {
    const stock = await stocked(0n);

    const brought = await contribute(server, ana, stock, '12.50');
    const { move: taken } = await take(ben, stock, '2.5', { note: 'for soup' });
    const { move: spoiled } = await mutate(server, steward, 'stockSpoil', stockInput(stock, '1'), MOVE);
    const correction = { ...stockInput(stock, '1'), amount: undefined, change: '-0.25', reason: 'weighed' };
    const { move: corrected } = await mutate(server, steward, 'stockCorrect', correction, MOVE);

    const resource = (amount: string) => ({ resource: { stock: { amount } }, balanceAfter: amount });
    expect(brought).toMatchObject({
      kind: 'CONTRIBUTION',
      amount: '12.50',
      member: { id: ana.membershipId },
    });
    expect(taken).toEqual({
      id: taken.id,
      kind: 'TAKING',
      amount: '-2.50',
      note: 'for soup',
      member: { id: ben.membershipId },
      group: null,
      ...resource('10.00'),
    });
    expect(spoiled).toMatchObject({ kind: 'SPOILAGE', amount: '-1.00', member: null, ...resource('9.00') });
    expect(corrected).toMatchObject({
      kind: 'CORRECTION',
      amount: '-0.25',
      note: 'weighed',
      ...resource('8.75'),
    });
    expect(await bookOf(stock)).toEqual({
      sum: 875n,
      seqs: [1n, 2n, 3n, 4n],
      balances: [1250n, 1000n, 900n, 875n],
      stockMinor: 875n,
      stockCount: 4n,
    });
  });

  test('is moved once for a key', async () => {
    const stock = await stocked(1000n);
    const input = stockInput(stock, '1.00');

    const moves = await atOnce(20, async () => (await mutate(server, ana, 'stockTake', input, MOVE)).move.id);

    expect(new Set(moves).size).toBe(1);
    expect(await bookOf(stock)).toMatchObject({ stockMinor: 900n, stockCount: 1n });
    await expectRefusal(server, ana, ['stockTake', { ...input, amount: '2.00' }, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('of 100 takings at once gives out what there is, and never more', async () => {
    const stock = await stocked(1000n);

    const answers = await atOnce(100, (index) =>
      tryMutate(server, index % 2 === 0 ? ana : ben, 'stockTake', stockInput(stock, '0.30'), MOVE),
    );

    const codes = codesOf(answers);
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(33);
    expect(codes.filter((code) => code === 'STOCK_TOO_LOW')).toHaveLength(67);
    const { seqs, balances, stockMinor } = await bookOf(stock);
    expect(stockMinor).toBe(10n);
    expect(seqs).toEqual(Array.from({ length: 33 }, (_, index) => BigInt(index + 1)));
    expect(balances).toEqual(Array.from({ length: 33 }, (_, index) => 1000n - 30n * BigInt(index + 1)));
  });

  test('is written up for others by its stewards alone', async () => {
    const stock = await stocked(1000n);
    const forBen = { membershipId: ben.membershipId };

    const { move } = await take(steward, stock, '1', forBen);

    expect(move.member.id).toBe(ben.membershipId);
    await refuse(ana, 'stockTake', [stock, '1', 'FORBIDDEN'], forBen);
    await refuse(ana, 'stockContribute', [stock, '1', 'FORBIDDEN'], forBen);
    await refuse(ana, 'stockSpoil', [stock, '1', 'FORBIDDEN']);
    const change = { ...stockInput(stock, '1'), amount: undefined, change: '1', reason: 'counted' };
    await expectRefusal(server, ana, ['stockCorrect', change, 'FORBIDDEN']);
  });

  test('is not moved by what makes no sense', async () => {
    const stock = await stocked(100n);
    for (const amount of ['0', '-1', '1000000000000000000']) {
      for (const field of ['stockContribute', 'stockTake']) {
        await refuse(ana, field, [stock, amount, 'INVALID_AMOUNT']);
      }
      await refuse(steward, 'stockSpoil', [stock, amount, 'INVALID_AMOUNT']);
    }
    await refuse(ana, 'stockContribute', [stock, '0.001', 'TOO_MANY_DECIMALS']);
    await refuse(ana, 'stockContribute', [stock, '9999999999999.99', 'INVALID_AMOUNT']);
    const { details } = await refuse(ana, 'stockTake', [stock, '1.01', 'STOCK_TOO_LOW']);
    expect(JSON.parse(details)).toEqual({ available: '1.00', unit: 'kg' });
    await refuse(steward, 'stockSpoil', [stock, '1.01', 'STOCK_TOO_LOW']);
    await refuse(ana, 'stockTake', [stock, '1', 'TEXT_TOO_LONG'], { note: 'x'.repeat(501) });
    const correct = (change: string, reason = 'counted') => ({
      ...stockInput(stock, '1'),
      amount: undefined,
      change,
      reason,
    });
    await expectRefusal(server, steward, ['stockCorrect', correct('0'), 'INVALID_AMOUNT']);
    await expectRefusal(server, steward, ['stockCorrect', correct('-1.01'), 'STOCK_TOO_LOW']);
    await expectRefusal(server, steward, ['stockCorrect', correct('1', ''), 'TEXT_TOO_SHORT']);
    await expectRefusal(server, steward, ['stockCorrect', correct('10000000000000'), 'INVALID_AMOUNT']);
  });

  test('is nothing that is booked, retired, only offered, in an archived pool or elsewhere', async () => {
    const drill = await givenResource(server, pool);
    const retired = await stocked(100n, { state: 'RETIRED', retiredAt: START });
    const offered = await stocked(100n, { state: 'OFFERED' });
    const closed = await givenStock(server, await givenPool(server, network, { archivedAt: START }));
    const unknown = { ...drill, id: newId('resource') };
    const codes: [thing: Resource, code: string][] = [
      [drill, 'RESOURCE_KIND_MISMATCH'],
      [retired, 'RESOURCE_NOT_ACTIVE'],
      [offered, 'RESOURCE_NOT_ACTIVE'],
      [closed, 'POOL_ARCHIVED'],
      [unknown, 'NOT_FOUND'],
      [{ ...drill, id: 'drill' }, 'INVALID_ID'],
    ];
    for (const [thing, code] of codes) {
      await refuse(ana, 'stockContribute', [thing, '1', code]);
      await refuse(steward, 'stockSpoil', [thing, '1', code]);
    }
    const suspended = await givenMember(server, network, 'Sue');
    const match = { networkId: network.id, id: suspended.membershipId };
    await server.app.services.db.update(Membership, match, { state: 'SUSPENDED' });
    const stock = await stocked(100n);
    await refuse(suspended, 'stockTake', [stock, '1', 'FORBIDDEN']);
    await refuse(steward, 'stockTake', [stock, '1', 'MEMBERSHIP_STATE'], {
      membershipId: suspended.membershipId,
    });
  });
});

describe('a quota', () => {
  const weekly = { quotaMinor: 500n, quotaPer: 'MEMBER', quotaPeriod: 'WEEK' } as const;
  const perHouse = { ...weekly, quotaPer: 'GROUP' } as const;

  test('is given to each member from Monday on', async () => {
    const stock = await stocked(10_000n, weekly);
    await take(ana, stock, '3.00');
    const { details } = await refuse(ana, 'stockTake', [stock, '2.01', 'QUOTA_EXCEEDED']);
    await take(ben, stock, '5.00');
    await take(ana, stock, '2.00');

    // The network lies in UTC, and the test began on a Monday.
    expect(JSON.parse(details)).toEqual({ left: '2.00', resetsAt: '2026-03-09T00:00:00.000Z' });
    server.clock.moveTo(new Date('2026-03-08T23:59:59.999Z'));
    await refuse(ana, 'stockTake', [stock, '0.01', 'QUOTA_EXCEEDED']);
    server.clock.moveTo(new Date('2026-03-09T00:00:00Z'));
    await take(ana, stock, '5.00');
  });

  test('gives its last unit to one of two who take it at once', async () => {
    const house = [ana, ben];
    for (let round = 0; round < 10; round++) {
      const stock = await stocked(10_000n, perHouse);
      const groupId = await givenHousehold(server, network, house);
      await take(ana, stock, '4.00', { groupId });

      const answers = await Promise.all(
        house.map((member) =>
          tryMutate(server, member, 'stockTake', stockInput(stock, '1.00', { groupId }), MOVE),
        ),
      );

      expect(codesOf(answers).toSorted()).toEqual(['DONE', 'QUOTA_EXCEEDED']);
      expect(await bookOf(stock)).toMatchObject({ stockMinor: 9_500n });
    }
  });

  test('of a household counts what all of it take', async () => {
    const stock = await stocked(10_000n, perHouse);
    const [cleo, dan] = [
      await givenMember(server, network, 'Cleo'),
      await givenMember(server, network, 'Dan'),
    ];
    const alone = await givenMember(server, network, 'Eve');
    await refuse(cleo, 'stockTake', [stock, '1', 'REQUIRED']);
    const groupId = await givenHousehold(server, network, [cleo, dan]);
    await take(cleo, stock, '4.00');

    await refuse(dan, 'stockTake', [stock, '2.00', 'QUOTA_EXCEEDED']);
    await refuse(alone, 'stockTake', [stock, '1', 'GROUP_CONFLICT'], { groupId });
    const { move } = await take(dan, stock, '1.00');

    expect(move.group.id).toBe(groupId);
    const second = await givenHousehold(server, network, [cleo]);
    await refuse(cleo, 'stockTake', [stock, '1.00', 'REQUIRED']);
    await take(cleo, stock, '1.00', { groupId: second });
    await refuse(cleo, 'stockTake', [await stocked(100n), '1.00', 'INVALID_CHOICE'], { groupId: second });
    await contribute(server, cleo, stock, '1.00');
  });

  test('says how far it is used up', async () => {
    const quota = 'move { resource { stock { quota { limit per period taken left resetsAt } } } }';
    const stock = await stocked(10_000n, { ...weekly, quotaPeriod: 'MONTH' });
    const house = await stocked(10_000n, { ...perHouse, quotaPeriod: 'YEAR' });

    const own = await mutate(server, ana, 'stockTake', stockInput(stock, '1.50'), quota);
    const fay = await givenMember(server, network, 'Fred');
    const unclear = await mutate(server, fay, 'stockContribute', stockInput(house, '1'), quota);

    expect(own.move.resource.stock.quota).toEqual({
      limit: '5.00',
      per: 'MEMBER',
      period: 'MONTH',
      taken: '1.50',
      left: '3.50',
      resetsAt: '2026-04-01T00:00:00.000Z',
    });
    expect(unclear.move.resource.stock.quota).toEqual({
      limit: '5.00',
      per: 'GROUP',
      period: 'YEAR',
      taken: null,
      left: null,
      resetsAt: '2027-01-01T00:00:00.000Z',
    });
  });
});
