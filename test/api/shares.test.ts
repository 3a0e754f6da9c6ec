import { personActor } from '../../src/commands/with-app.ts';
import { Membership } from '../../src/entities/membership.ts';
import { Pool } from '../../src/entities/pool.ts';
import { ResourceShare } from '../../src/entities/resource-share.ts';
import { Resource } from '../../src/entities/resource.ts';
import { ShareOffer } from '../../src/entities/share-offer.ts';
import { expelMember, leaveNetwork } from '../../src/services/networks/membership-changes.ts';
import { ask, codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { givenShares, onceKey, sharesOf, shareProof } from '../support/goods.ts';
import { atOnce } from '../support/many.ts';
import { givenPolicy, givenCommons } from '../support/policies.ts';
import { givenPool, givenResource } from '../support/pools.ts';
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
let [steward, ana, ben, cleo, gone] = [] as unknown as [Member, Member, Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  [steward, ana, ben, cleo, gone] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
    await givenMember(server, network, 'Cleo'),
    await givenMember(server, network, 'Gone'),
  ];
  pool = await givenPool(server, network, { stewards: [steward] });
});
afterAll(() => server.close());

const thing = (given: Partial<Resource> = {}) => givenResource(server, pool, given);
const owned = async (...shares: [Member, number][]) => givenShares(server, await thing(), shares);
const input = ({ id: resourceId }: Resource, more: object = {}) => ({
  networkId: network.id,
  resourceId,
  ...onceKey(),
  ...more,
});
const refuse = (
  by: Member,
  field: string,
  [resource, more, code]: [Resource, object, string],
): Promise<Json> => expectRefusal(server, by, [field, input(resource, more), code]);
const leave = ({ membershipId: id }: Member) =>
  server.app.services.db.update(Membership, { networkId: network.id, id }, { state: 'LEFT' });
const MOVE = 'move { id shareCount from { id } to { id } transfer { id } resource { shareCount } }';

describe('a thing of the pool', () => {
  const assign = (shareCount: number, ...shares: [Member, number][]) => ({
    shareCount,
    shares: shares.map(([{ membershipId }, count]) => ({ membershipId, shareCount: count })),
  });

  test('is divided into shares that sum to the whole', async () => {
    const tractor = await thing();
    const selection = `resource { shareCount owner { kind }
      shares(first: 5) { nodes { member { id } shareCount resource { id } } }
      shareMoves { nodes { from { id } to { id } shareCount transfer { id } } } }`;

    const shares = assign(10, [ana, 7], [ben, 3]);
    const { resource } = await mutate(server, steward, 'sharesAssign', input(tractor, shares), selection);

    expect(resource.shareCount).toBe(10);
    expect(resource.owner.kind).toBe('CO_OWNERS');
    expect(resource.shares.nodes).toEqual([
      { member: { id: ana.membershipId }, shareCount: 7, resource: { id: tractor.id } },
      { member: { id: ben.membershipId }, shareCount: 3, resource: { id: tractor.id } },
    ]);
    expect(resource.shareMoves.nodes).toHaveLength(2);
    expect(await shareProof(server, tractor)).toEqual([]);
  });

  test('is not divided by what makes no sense', async () => {
    const tractor = await thing();
    await leave(gone);
    const wrong: [object, string][] = [
      [assign(10, [ana, 7], [ben, 2]), 'SHARES_DO_NOT_SUM'],
      [assign(9, [ana, 7], [ben, 3]), 'SHARES_DO_NOT_SUM'],
      [assign(10, [ana, 5], [ana, 5]), 'INVALID_CHOICE'],
      [assign(10), 'INVALID_RANGE'],
      [assign(0, [ana, 0]), 'INVALID_RANGE'],
      [assign(5, [ana, 10], [ben, -5]), 'INVALID_RANGE'],
      [assign(1_000_001, [ana, 1_000_001]), 'INVALID_RANGE'],
      [assign(10, [ana, 5], [gone, 5]), 'MEMBERSHIP_STATE'],
    ];
    for (const [shares, code] of wrong) await refuse(steward, 'sharesAssign', [tractor, shares, code]);
    const { path } = await refuse(steward, 'sharesAssign', [
      tractor,
      assign(10, [ana, 5], [gone, 5]),
      'MEMBERSHIP_STATE',
    ]);
    expect(path).toBe('shares.1.membershipId');
    await refuse(ana, 'sharesAssign', [tractor, assign(1, [ana, 1]), 'FORBIDDEN']);
    const ownerMembershipId = ben.membershipId;
    const lent = await thing({ ownerKind: 'MEMBER', ownerMembershipId });
    await refuse(steward, 'sharesAssign', [lent, assign(1, [ana, 1]), 'OWNERSHIP_CONFLICT']);
    await refuse(steward, 'sharesAssign', [await owned([ana, 1]), assign(1, [ana, 1]), 'OWNERSHIP_CONFLICT']);
  });
});

describe('shares', () => {
  test('are given to others by who has them', async () => {
    const tractor = await owned([ana, 10]);
    const gift = input(tractor, { toMembershipId: ben.membershipId, shareCount: 4 });

    const { move } = await mutate(server, ana, 'shareTransfer', gift, MOVE);
    const again = await mutate(server, ana, 'shareTransfer', gift, MOVE);
    const rest = { toMembershipId: cleo.membershipId, shareCount: 6 };
    await mutate(server, ana, 'shareTransfer', input(tractor, rest), MOVE);

    expect(move).toEqual({
      id: move.id,
      shareCount: 4,
      from: { id: ana.membershipId },
      to: { id: ben.membershipId },
      transfer: null,
      resource: { shareCount: 10 },
    });
    expect(again.move.id).toBe(move.id);
    expect(await sharesOf(server, tractor)).toEqual({ [ben.membershipId]: 4, [cleo.membershipId]: 6 });
  });

  test('are not given beyond what one has, to former members or to oneself', async () => {
    const tractor = await owned([ana, 10], [gone, 5]);
    const to = (member: Member, shareCount: number, more: object = {}) => ({
      toMembershipId: member.membershipId,
      shareCount,
      ...more,
    });
    const from = { fromMembershipId: gone.membershipId };
    await refuse(steward, 'shareTransfer', [tractor, to(ben, 1, from), 'MEMBERSHIP_STATE']);
    await leave(gone);

    const { details } = await refuse(ana, 'shareTransfer', [tractor, to(ben, 11), 'INSUFFICIENT_SHARES']);
    expect(JSON.parse(details)).toEqual({ available: 10 });
    await refuse(ana, 'shareTransfer', [tractor, to(ben, 0), 'INVALID_RANGE']);
    await refuse(ana, 'shareTransfer', [tractor, to(gone, 1), 'MEMBERSHIP_STATE']);
    await refuse(ana, 'shareTransfer', [tractor, to(ana, 1), 'INVALID_CHOICE']);
    await refuse(ben, 'shareTransfer', [tractor, to(cleo, 1), 'INSUFFICIENT_SHARES']);
    await refuse(ben, 'shareTransfer', [tractor, to(cleo, 1, from), 'FORBIDDEN']);
    await refuse(ana, 'shareTransfer', [await thing(), to(ben, 1), 'OWNERSHIP_CONFLICT']);
    await refuse(ana, 'shareOffer', [
      tractor,
      to(ben, 11, { price: '1.00', payeeAccountId: ana.accountId }),
      'INSUFFICIENT_SHARES',
    ]);

    await mutate(server, steward, 'shareTransfer', input(tractor, to(cleo, 5, from)), MOVE);
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 10, [cleo.membershipId]: 5 });
  });

  test('are given by many at once, and none is lost', async () => {
    const tractor = await owned([ana, 20], [ben, 20], [cleo, 20]);
    const members = [ana, ben, cleo];

    const answers = await atOnce(90, (index) => {
      const [from, to] = [members[index % 3]!, members[(index + 1 + (index % 2)) % 3]!];
      const gift = { toMembershipId: to.membershipId, shareCount: 1 + (index % 7) };
      return tryMutate(server, from, 'shareTransfer', input(tractor, gift), MOVE);
    });

    expect(new Set(codesOf(answers))).toContain('DONE');
    expect(codesOf(answers).filter((code) => !['DONE', 'INSUFFICIENT_SHARES'].includes(code))).toEqual([]);
    const held = Object.values(await sharesOf(server, tractor));
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(60);
  });
});

describe('an offer of shares', () => {
  const price = (amount: string, shareCount = 4) => ({
    toMembershipId: ben.membershipId,
    shareCount,
    price: amount,
    payeeAccountId: ana.accountId,
  });
  const offer = async (tractor: Resource, amount: string, shareCount = 4): Promise<string> => {
    const wanted = input(tractor, price(amount, shareCount));
    return (await mutate(server, ana, 'shareOffer', wanted, 'shareOffer { id }')).shareOffer.id;
  };
  const answer = (shareOfferId: string, more: object = {}) => ({
    networkId: network.id,
    shareOfferId,
    ...more,
  });
  const acceptance = (shareOfferId: string, by = ben) =>
    answer(shareOfferId, { payerAccountId: by.accountId, ...onceKey() });

  test('moves them when it is accepted, for its price and with levies', async () => {
    const { accountId } = await givenCommons(server, network);
    await givenPolicy(server, network, { levies: { payerRate: '0.10', payeeRate: '0', accountId } });
    const tractor = await owned([ana, 10]);
    const id = await offer(tractor, '5.00');
    const mine = `query($n: ID!) { network(id: $n) { viewerMembership { shareOffers { nodes { id state price { value } from { id } } } } } }`;
    const waiting = (await ask(server, ben, mine, { n: network.id })).network.viewerMembership.shareOffers
      .nodes;
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 10 });

    const { move } = await mutate(server, ben, 'shareOfferAccept', acceptance(id), MOVE);

    expect(waiting).toEqual([
      { id, state: 'OPEN', price: { value: '5.00' }, from: { id: ana.membershipId } },
    ]);
    expect(move.transfer.id).toMatch(/^trf_/);
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 6, [ben.membershipId]: 4 });
    expect([await balanceOf(server, network, ana), await balanceOf(server, network, ben)]).toEqual([
      '5.00',
      '-5.50',
    ]);
    await expectRefusal(server, ben, ['shareOfferAccept', acceptance(id), 'SHARE_OFFER_NOT_OPEN']);
  });

  test('is not paid beyond credit, and then nothing moves', async () => {
    const tractor = await owned([ana, 10]);
    const id = await offer(tractor, '1000.00');

    await expectRefusal(server, ben, ['shareOfferAccept', acceptance(id), 'INSUFFICIENT_CREDIT']);
  });

  test('is accepted once, also 20 times at once', async () => {
    const tractor = await owned([ana, 10]);
    const id = await offer(tractor, '1.00');

    const answers = await atOnce(20, () => tryMutate(server, ben, 'shareOfferAccept', acceptance(id), MOVE));

    expect(codesOf(answers).filter((code) => code === 'DONE')).toHaveLength(1);
    expect(codesOf(answers).filter((code) => code === 'SHARE_OFFER_NOT_OPEN')).toHaveLength(19);
    expect(await balanceOf(server, network, ben)).toBe('-1.00');
    expect(await sharesOf(server, tractor)).toEqual({ [ana.membershipId]: 6, [ben.membershipId]: 4 });
  });

  test('is for one member, who declines it, and is withdrawn by who made it', async () => {
    const tractor = await owned([ana, 10]);
    const first = await offer(tractor, '1.00');
    await refuse(ana, 'shareOffer', [tractor, price('2.00'), 'SHARE_OFFER_OPEN']);
    await expectRefusal(server, cleo, ['shareOfferAccept', acceptance(first, cleo), 'NOT_FOUND']);
    await expectRefusal(server, cleo, ['shareOfferEnd', answer(first), 'NOT_FOUND']);
    await expectRefusal(server, ana, ['shareOfferAccept', acceptance(first, ana), 'FORBIDDEN']);
    await expectRefusal(server, ben, ['shareOfferAccept', acceptance(first, cleo), 'FORBIDDEN']);

    const end = (by: Member, id: string) =>
      mutate(server, by, 'shareOfferEnd', answer(id), 'shareOffer { state }');
    const declined = await end(ben, first);
    const second = await offer(tractor, '1.00');
    const withdrawn = await end(ana, second);

    expect([declined.shareOffer.state, withdrawn.shareOffer.state]).toEqual(['DECLINED', 'WITHDRAWN']);
    await expectRefusal(server, ben, ['shareOfferAccept', acceptance(second), 'SHARE_OFFER_NOT_OPEN']);
    await expectRefusal(server, ana, ['shareOfferEnd', answer(second), 'SHARE_OFFER_NOT_OPEN']);
  });

  test.each([
    ['who made it', () => ana, leaveNetwork, 'WITHDRAWN'],
    ['whom it was made to', () => ben, leaveNetwork, 'DECLINED'],
    ['who made it', () => ana, expelMember, 'WITHDRAWN'],
  ] as const)('ends with the membership of %s', async (_, who, end, state) => {
    const id = await offer(await owned([ana, 10]), '1.00');
    const { membershipId, personId } = who();
    const { db, run } = server.app.services;
    const actor = personActor(end === leaveNetwork ? personId : network.founder.personId);

    await run(actor, (tx) => end(tx, { networkId: network.id, membershipId, reason: 'moved away' }));

    expect(await db.one(ShareOffer, { networkId: network.id, id })).toMatchObject({
      state,
      endedAt: server.clock.now(),
    });
    expect(
      await db.rows('select kind, data from event where subject_id = $1 order by id', [id]),
    ).toContainEqual({
      kind: 'ShareOfferEnded',
      data: { state },
    });
  });

  test('is not accepted once the shares are gone, or paid from what all own', async () => {
    const tractor = await owned([ana, 10]);
    const id = await offer(tractor, '1.00', 10);
    const common = await givenCommons(server, network);
    const byAll = answer(id, { payerAccountId: common.accountId, ...onceKey() });
    await expectRefusal(server, ben, ['shareOfferAccept', byAll, 'INVALID_CHOICE']);
    const gift = { toMembershipId: cleo.membershipId, shareCount: 1 };
    await mutate(server, ana, 'shareTransfer', input(tractor, gift), MOVE);

    await expectRefusal(server, ben, ['shareOfferAccept', acceptance(id), 'INSUFFICIENT_SHARES']);
    const wrong = { ...price('1.00'), toMembershipId: cleo.membershipId };
    await refuse(ana, 'shareOffer', [tractor, { ...wrong, payeeAccountId: ben.accountId }, 'INVALID_CHOICE']);
    await refuse(ana, 'shareOffer', [
      tractor,
      { ...wrong, payeeAccountId: common.accountId },
      'INVALID_CHOICE',
    ]);
    await refuse(ana, 'shareOffer', [tractor, { ...wrong, price: '0' }, 'INVALID_AMOUNT']);
    await refuse(ana, 'shareOffer', [tractor, { ...wrong, price: '1.001' }, 'TOO_MANY_DECIMALS']);
  });

  test('shows its shares to members of the network, and itself to the two', async () => {
    const tractor = await owned([ana, 10]);
    const id = await offer(tractor, '1.00');
    const query = 'query($id: ID!) { node(id: $id) { id } }';

    expect((await ask(server, ben, query, { id })).node).toEqual({ id });
    expect((await ask(server, cleo, query, { id })).node).toBeNull();
    const rows = await server.app.services.db.all(ResourceShare, {
      networkId: network.id,
      resourceId: tractor.id,
    });
    expect(rows).toHaveLength(1);
  });
});
