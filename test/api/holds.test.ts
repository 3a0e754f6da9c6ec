import { ask, mutate, send, type Caller, type Json } from '../support/api.ts';
import { days, HOLD, holdKit } from '../support/holds.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const { holdInput, captureInput, releaseInput, place, capture, accountOf, eventsOf } = holdKit(() => ({
  server,
  network,
  ana,
}));
const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('placing', () => {
  test('reserves what cannot be spent then, and moves nothing', async () => {
    const placed = await mutate(
      server,
      ana,
      'holdPlace',
      holdInput('15.50'),
      `hold { id state amount { value unit { code } } captured { value } remaining { value } description createdAt
         expiresAt closedAt payee { id } account { id } createdBy { displayName } actingFor { id }
         transfers { nodes { id } } }`,
    );

    expect(placed.hold).toEqual({
      id: expect.stringMatching(/^hld_/),
      state: 'OPEN',
      amount: { value: '15.50', unit: { code: 'HOUR' } },
      captured: { value: '0.00' },
      remaining: { value: '15.50' },
      description: 'a room',
      createdAt: START.toISOString(),
      expiresAt: days(10),
      closedAt: null,
      payee: null,
      account: { id: ana.accountId },
      createdBy: { displayName: 'Ana' },
      actingFor: null,
      transfers: { nodes: [] },
    });
    expect(await accountOf(ana)).toEqual(['0.00', '15.50', '4.50']);
    expect(await eventsOf(placed.hold.id)).toEqual([
      { kind: 'HoldPlaced', actorPersonId: ana.personId, actorSystem: null, data: {} },
    ]);
    await refused(ana, 'transferCreate', transferInput(network, ana, ben, '4.51'), 'INSUFFICIENT_CREDIT');
    await refused(ana, 'holdPlace', holdInput('4.51'), 'INSUFFICIENT_CREDIT');
    await place('4.50');
    expect(await accountOf(ana)).toEqual(['0.00', '20.00', '0.00']);
  });

  test('says what is available when it is refused', async () => {
    await place('15.00');

    const { data } = await send(
      server,
      `mutation($input: HoldPlaceInput!) { holdPlace(input: $input) {
         hold { id } errors { code path ... on InsufficientCredit { available } } } }`,
      { input: holdInput('5.01') },
      { token: ana.token },
    );

    const error = { code: 'INSUFFICIENT_CREDIT', path: 'amount', available: '5.00' };
    expect(data.holdPlace).toEqual({ hold: null, errors: [error] });
  });

  test.each<[string, () => object, string]>([
    ['nothing', () => ({ amount: '0' }), 'INVALID_AMOUNT'],
    ['less than nothing', () => ({ amount: '-1' }), 'INVALID_AMOUNT'],
    ['more than can be counted', () => ({ amount: '9999999999999999999' }), 'INVALID_AMOUNT'],
    ['more decimals than the unit', () => ({ amount: '0.001' }), 'TOO_MANY_DECIMALS'],
    ['no description', () => ({ description: ' ' }), 'TEXT_TOO_SHORT'],
    ['a long description', () => ({ description: 'x'.repeat(501) }), 'TEXT_TOO_LONG'],
    ['an end now', () => ({ expiresAt: START.toISOString() }), 'INVALID_RANGE'],
    ['an end in 367 days', () => ({ expiresAt: days(367) }), 'INVALID_RANGE'],
    ['itself as payee', () => ({ payeeAccountId: ana.accountId }), 'SAME_ACCOUNT'],
    ['an unknown payee', () => ({ payeeAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['an unknown account', () => ({ accountId: 'acc_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND'],
    ['a payee that is no account', () => ({ payeeAccountId: network.id }), 'INVALID_ID'],
    ['an account that is none', () => ({ accountId: network.id }), 'INVALID_ID'],
    ['an empty key', () => ({ idempotencyKey: '' }), 'INVALID_KEY'],
  ])('is refused with %s', async (_, change, code) => {
    await refused(ana, 'holdPlace', holdInput('1', change()), code);
  });

  test('is refused for a payee in another unit, in a unit of points, and for accounts that are not open', async () => {
    const [other, points] = [await accountInUnit('CREDIT'), await accountInUnit('POINTS')];
    const freeze = { networkId: network.id, accountId: ben.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');

    await refused(ana, 'holdPlace', holdInput('1', { payeeAccountId: other }), 'UNIT_MISMATCH');
    await refused(ana, 'holdPlace', holdInput('1', { accountId: points }), 'NOT_TRANSFERABLE');
    const byPayee = await refused(
      ana,
      'holdPlace',
      holdInput('1', { payeeAccountId: ben.accountId }),
      'ACCOUNT_NOT_OPEN',
    );
    const frozen = await refused(
      ben,
      'holdPlace',
      holdInput('1', { accountId: ben.accountId }),
      'ACCOUNT_NOT_OPEN',
    );

    expect([byPayee.path, frozen.path]).toEqual(['payeeAccountId', 'accountId']);
  });

  async function accountInUnit(kind: string): Promise<string> {
    const unit = {
      networkId: network.id,
      code: kind,
      name: [{ locale: 'en', text: kind }],
      symbol: 'x',
      kind,
      scale: 0,
    };
    const made = await mutate(server, network.founder, 'unitCreate', unit, 'unit { id }');
    const input = {
      networkId: network.id,
      unitId: made.unit.id,
      membershipId: ana.membershipId,
      name: 'More',
    };
    const opened = await mutate(server, ana, 'accountOpen', input, 'account { id }');
    return opened.account.id;
  }
});

describe('capturing', () => {
  test('pays all that is left, and the reservation is gone', async () => {
    const id = await place('20.00');

    const done = await capture(ana, captureInput(id, { payeeAccountId: ben.accountId }));

    expect(done).toEqual({
      transfer: {
        id: expect.stringMatching(/^trf_/),
        kind: 'PAYMENT',
        amount: { value: '20.00' },
        description: 'a room',
      },
      hold: {
        id,
        state: 'CAPTURED',
        amount: { value: '20.00' },
        captured: { value: '20.00' },
        remaining: { value: '0.00' },
      },
      errors: [],
    });
    expect(await accountOf(ana)).toEqual(['-20.00', '0.00', '0.00']);
    expect(await balanceOf(server, network, ben)).toBe('20.00');
    expect((await eventsOf(id)).map(({ kind, data }) => [kind, data])).toEqual([
      ['HoldPlaced', {}],
      ['HoldCaptured', { transferId: done.transfer.id }],
    ]);
    await refused(ana, 'holdCapture', captureInput(id, { payeeAccountId: ben.accountId }), 'HOLD_NOT_OPEN');
    await refused(ana, 'holdRelease', releaseInput(id), 'HOLD_NOT_OPEN');
  });

  test('pays a part and gives the rest back, or keeps it for later payments', async () => {
    const id = await place('10.00');
    const to = { payeeAccountId: ben.accountId };

    const kept = await capture(
      ana,
      captureInput(id, { ...to, amount: '4.00', releasesRest: false, description: 'first night' }),
    );
    const midway = await accountOf(ana);
    const beyond = await refused(
      ana,
      'holdCapture',
      captureInput(id, { ...to, amount: '6.01' }),
      'BEYOND_HOLD',
    );
    const ended = await capture(ana, captureInput(id, { ...to, amount: '1.00' }));

    expect(kept.transfer).toMatchObject({ amount: { value: '4.00' }, description: 'first night' });
    expect(kept.hold).toMatchObject({
      state: 'OPEN',
      captured: { value: '4.00' },
      remaining: { value: '6.00' },
    });
    expect(midway).toEqual(['-4.00', '6.00', '10.00']);
    expect(JSON.parse(beyond.details)).toEqual({ remaining: '6.00' });
    expect(ended.hold).toMatchObject({
      state: 'CAPTURED',
      captured: { value: '5.00' },
      remaining: { value: '0.00' },
    });
    expect(await accountOf(ana)).toEqual(['-5.00', '0.00', '15.00']);
  });

  test('in parts ends with the last of them', async () => {
    const id = await place('3.00', { payeeAccountId: ben.accountId });
    const part = { amount: '1.50', releasesRest: false };

    await capture(ana, captureInput(id, part));
    const last = await capture(ana, captureInput(id, part));

    expect(last.hold).toMatchObject({ state: 'CAPTURED', captured: { value: '3.00' } });
  });

  test('takes the payee that the hold names, and needs one where it names none', async () => {
    const named = await place('1.00', { payeeAccountId: ben.accountId });
    const open = await place('1.00');
    const founder = { payeeAccountId: network.founder.accountId };

    await refused(ana, 'holdCapture', captureInput(named, founder), 'INVALID_CHOICE');
    await refused(ana, 'holdCapture', captureInput(open), 'REQUIRED');
    await refused(ana, 'holdCapture', captureInput(open, { payeeAccountId: ana.accountId }), 'SAME_ACCOUNT');
    await refused(ana, 'holdCapture', captureInput(open, { payeeAccountId: network.id }), 'INVALID_ID');
    await refused(
      ana,
      'holdCapture',
      captureInput(open, { payeeAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }),
      'NOT_FOUND',
    );
    await refused(ana, 'holdCapture', captureInput(open, { ...founder, amount: '0' }), 'INVALID_AMOUNT');
    await refused(
      ana,
      'holdCapture',
      captureInput(open, { ...founder, amount: '0.001' }),
      'TOO_MANY_DECIMALS',
    );
    await refused(
      ana,
      'holdCapture',
      captureInput(open, { ...founder, description: 'x'.repeat(501) }),
      'TEXT_TOO_LONG',
    );
    const done = await capture(ana, captureInput(named, { payeeAccountId: ben.accountId }));

    expect(done.hold.state).toBe('CAPTURED');
  });

  test('passes only between open accounts, and does not tell what the payee holds', async () => {
    const id = await place('10.00', { payeeAccountId: ben.accountId });
    const set = (change: object) => ({ networkId: network.id, accountId: ben.accountId, ...change });
    await mutate(server, network.founder, 'accountUpdate', set({ isFrozen: true }), 'account { id }');
    const frozen = await refused(ana, 'holdCapture', captureInput(id), 'ACCOUNT_NOT_OPEN');
    await mutate(server, network.founder, 'accountUpdate', set({ isFrozen: false }), 'account { id }');
    await mutate(
      server,
      network.founder,
      'limitSet',
      set({ followsPolicy: false, ceiling: '9.00' }),
      'account { id }',
    );

    const earnable: Json[] = [];
    for (const caller of [ana, ben]) {
      const { data } = await send(
        server,
        `mutation($input: HoldCaptureInput!) { holdCapture(input: $input) {
           errors { code ... on CeilingExceeded { earnable } } } }`,
        { input: captureInput(id) },
        { token: caller.token },
      );
      earnable.push(data.holdCapture.errors);
    }

    expect(frozen.path).toBe('payeeAccountId');
    expect(earnable).toEqual([
      [{ code: 'CEILING_EXCEEDED', earnable: null }],
      [{ code: 'CEILING_EXCEEDED', earnable: '9.00' }],
    ]);
  });
});

describe('keys', () => {
  test('place and capture once, and answer the same again', async () => {
    const placing = holdInput('5.00', { payeeAccountId: ben.accountId });
    const placings = await Promise.all(
      Array.from({ length: 20 }, () => mutate(server, ana, 'holdPlace', placing, HOLD)),
    );
    const capturing = captureInput(placings[0].hold.id, { amount: '2.00', releasesRest: false });
    const captures = await Promise.all(Array.from({ length: 20 }, () => capture(ben, capturing)));

    expect(new Set(placings.map(({ hold }) => hold.id)).size).toBe(1);
    for (const again of captures) expect(again).toEqual(captures[0]);
    expect(await accountOf(ana)).toEqual(['-2.00', '3.00', '15.00']);
    await refused(ana, 'holdPlace', { ...placing, amount: '6.00' }, 'IDEMPOTENCY_KEY_REUSED');
    await refused(ben, 'holdCapture', { ...capturing, amount: '3.00' }, 'IDEMPOTENCY_KEY_REUSED');
  });

  test('do not answer who is no member any more', async () => {
    const placing = holdInput('5.00');
    const { hold } = await mutate(server, ana, 'holdPlace', placing, HOLD);
    await mutate(server, ana, 'holdRelease', releaseInput(hold.id), HOLD);
    const leave = { networkId: network.id, membershipId: ana.membershipId };
    await mutate(server, ana, 'membershipLeave', leave, 'membership { state }');

    await refused(ana, 'holdPlace', placing, 'FORBIDDEN');
  });
});

describe('a hold for a named payee', () => {
  test('is captured by the payee, and given back by either side', async () => {
    const first = await place('2.00', { payeeAccountId: ben.accountId });
    const second = await place('3.00', { payeeAccountId: ben.accountId });
    const third = await place('4.00', { payeeAccountId: ben.accountId });

    const captured = await capture(ben, captureInput(first));
    const byPayee = await mutate(server, ben, 'holdRelease', releaseInput(second), HOLD);
    const byPayer = await mutate(server, ana, 'holdRelease', releaseInput(third), HOLD);

    expect(captured.transfer.amount.value).toBe('2.00');
    expect([byPayee.hold.state, byPayer.hold.state]).toEqual(['RELEASED', 'RELEASED']);
    expect(await accountOf(ana)).toEqual(['-2.00', '0.00', '18.00']);
    expect((await eventsOf(second)).map(({ kind, actorPersonId }) => [kind, actorPersonId])).toEqual([
      ['HoldPlaced', ana.personId],
      ['HoldReleased', ben.personId],
    ]);
  });

  test('is nobody else’s to touch or to see', async () => {
    const named = await place('2.00', { payeeAccountId: ben.accountId });
    const unnamed = await place('2.00');
    const cem = await givenMember(server, network, 'Cem');
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const to = { payeeAccountId: ben.accountId };

    await refused(cem, 'holdPlace', holdInput('1.00'), 'FORBIDDEN');
    for (const [caller, code] of [
      [cem, 'NOT_FOUND'],
      [network.founder, 'NOT_FOUND'],
      [auditor, 'FORBIDDEN'],
    ] as const) {
      await refused(caller, 'holdCapture', captureInput(named), code);
      await refused(caller, 'holdRelease', releaseInput(named), code);
    }
    await refused(ben, 'holdCapture', captureInput(unnamed, to), 'NOT_FOUND');
    await refused(ben, 'holdRelease', releaseInput(unnamed), 'NOT_FOUND');
    const seenBy = async (caller: Caller) => {
      const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Hold { state } } }';
      const { nodes } = await ask(server, caller, query, { ids: [named, unnamed] });
      return nodes.map((node: Json) => node?.state ?? null);
    };

    expect(await seenBy(ana)).toEqual(['OPEN', 'OPEN']);
    expect(await seenBy(ben)).toEqual(['OPEN', null]);
    expect(await seenBy(cem)).toEqual([null, null]);
    expect(await seenBy(auditor)).toEqual(['OPEN', 'OPEN']);
  });
});

test('signatories hold and release, as they pay', async () => {
  const input = { networkId: network.id, accountId: ana.accountId, membershipId: ben.membershipId };
  await mutate(server, ana, 'signatoryAdd', input, 'account { id }');

  const { hold } = await mutate(server, ben, 'holdPlace', holdInput('2.00'), HOLD);
  const released = await mutate(server, ben, 'holdRelease', releaseInput(hold.id), HOLD);

  expect(released.hold.state).toBe('RELEASED');
});

test('lists stand on both accounts, newest first, by state and page by page', async () => {
  const ids: string[] = [];
  for (const amount of ['1.00', '2.00', '3.00'])
    ids.push(await place(amount, { payeeAccountId: ben.accountId }));
  await mutate(server, ana, 'holdRelease', releaseInput(ids[1]!), HOLD);
  const list = async (caller: Member, of: Member, field: string) => {
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { page: ${field} {
      nodes { id } pageInfo { hasNextPage endCursor } } } } }`;
    const data = await ask(server, caller, query, { n: network.id, a: of.accountId });
    return data.network.account.page;
  };
  const idsIn = (page: Json) => page.nodes.map((node: Json) => node.id);

  const first = await list(ana, ana, 'holds(first: 2)');
  const rest = await list(ana, ana, `holds(first: 2, after: "${first.pageInfo.endCursor}")`);

  expect([idsIn(first), first.pageInfo.hasNextPage]).toEqual([[ids[2], ids[1]], true]);
  expect([idsIn(rest), rest.pageInfo.hasNextPage]).toEqual([[ids[0]], false]);
  expect(idsIn(await list(ana, ana, 'holds(filter: { state: OPEN })'))).toEqual([ids[2], ids[0]]);
  expect(idsIn(await list(ben, ben, 'incomingHolds(filter: { state: RELEASED })'))).toEqual([ids[1]]);
  expect(idsIn(await list(ben, ben, 'holds'))).toEqual([]);
  expect(await list(ben, ana, 'holds')).toBeNull();
  expect(await list(ana, ben, 'incomingHolds')).toBeNull();
});

test('a payment shows its hold to those who may see it', async () => {
  const named = await place('1.00', { payeeAccountId: ben.accountId });
  const unnamed = await place('1.00');
  const first = await capture(ana, captureInput(named));
  const second = await capture(ana, captureInput(unnamed, { payeeAccountId: ben.accountId }));
  const seenBy = async (caller: Caller) => {
    const query =
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Transfer { hold { id transfers { nodes { id } } } } } }';
    const { nodes } = await ask(server, caller, query, { ids: [first.transfer.id, second.transfer.id] });
    return nodes.map((node: Json) => node.hold);
  };
  const shown = (id: string, transferId: string) => ({ id, transfers: { nodes: [{ id: transferId }] } });

  expect(await seenBy(ana)).toEqual([shown(named, first.transfer.id), shown(unnamed, second.transfer.id)]);
  expect(await seenBy(ben)).toEqual([shown(named, first.transfer.id), null]);
});

test('who is no member, and what is no hold, is refused', async () => {
  const id = await place('1.00');
  const elsewhere = await givenNetwork(server);
  const before = await snapshot(server);

  await refused(elsewhere.founder, 'holdRelease', releaseInput(id), 'FORBIDDEN');
  await refused(ana, 'holdRelease', releaseInput('hld_01h455vb4pex5vsknk084sn02q'), 'NOT_FOUND');
  await refused(ana, 'holdRelease', releaseInput(ana.accountId), 'INVALID_ID');
  await refused(null, 'holdRelease', releaseInput(id), 'UNAUTHENTICATED');

  expect(await snapshot(server)).toEqual(before);
});
