import { expireHolds } from '../../src/services/ledger/hold-expiry.ts';
import { codesOf, mutate, tryMutate } from '../support/api.ts';
import { atOnce } from '../support/many.ts';
import { CAPTURE, days, HOLD, holdKit } from '../support/holds.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
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

const { holdInput, captureInput, releaseInput, place, accountOf, holdState, eventsOf, expire } = holdKit(
  () => ({ server, network, ana }),
);

describe('expiry', () => {
  test('counts from its instant on for payments, and gives back with the job, once', async () => {
    const id = await place('5.00', { expiresAt: days(1), payeeAccountId: ben.accountId });
    server.clock.moveTo(new Date(days(1)));
    await expectRefusal(server, ben, ['holdCapture', captureInput(id), 'HOLD_NOT_OPEN']);
    await expectRefusal(server, ana, ['holdRelease', releaseInput(id), 'HOLD_NOT_OPEN']);

    await Promise.all([expire(), expire()]);
    await expire();

    expect(await holdState(id)).toEqual({ state: 'EXPIRED', capturedMinor: 0n });
    expect(await accountOf(ana)).toEqual(['0.00', '0.00', '20.00']);
    expect((await eventsOf(id)).map(({ kind, actorSystem }) => [kind, actorSystem])).toEqual([
      ['HoldPlaced', null],
      ['HoldExpired', 'holdExpiry'],
    ]);
    await expectRefusal(server, ana, ['holdRelease', releaseInput(id), 'HOLD_NOT_OPEN']);
  });

  test('goes on for others when one hold is broken, also in an archived network', async () => {
    const broken = await place('1.00', { expiresAt: days(1) });
    const sound = await place('2.00', { expiresAt: days(1) });
    const { db, run } = server.app.services;
    await db.execute('update network set archived_at = $2 where id = $1', [network.id, START]);
    let calls = 0;
    // Both together fail, and so does the first by itself.
    const faulty: typeof run = (actor, work) =>
      ++calls <= 2 ? Promise.reject(new Error('a fault')) : run(actor, work);
    server.clock.moveTo(new Date(days(1)));

    await expect(expireHolds({ db, run: faulty }, server.clock.now())).rejects.toThrow('a fault');

    expect([(await holdState(broken)).state, (await holdState(sound)).state]).toEqual(['OPEN', 'EXPIRED']);
    await expire();
    expect(await holdState(broken)).toEqual({ state: 'EXPIRED', capturedMinor: 0n });
    expect(await db.row('select reserved_minor from account where id = $1', [ana.accountId])).toEqual({
      reservedMinor: 0n,
    });
  });

  test('leaves alone what has time, and takes many at once', async () => {
    // More than the job takes in one unit of work.
    const due = await atOnce(60, () => place('0.10', { expiresAt: days(1) }));
    const later = await place('0.10', { expiresAt: days(2) });
    server.clock.moveTo(new Date(days(1)));

    await Promise.all([expire(), expire(), expire()]);

    const states = new Set(await Promise.all(due.map(async (id) => (await holdState(id)).state)));
    expect(states).toEqual(new Set(['EXPIRED']));
    expect((await holdState(later)).state).toBe('OPEN');
    expect(await accountOf(ana)).toEqual(['0.00', '0.10', '19.90']);
  });
});

describe('many at once', () => {
  test('200 holds against room for 50: 50 are placed', async () => {
    const answers = await atOnce(200, () => tryMutate(server, ana, 'holdPlace', holdInput('0.40'), HOLD));

    const codes = codesOf(answers);
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(50);
    expect(codes.filter((code) => code === 'INSUFFICIENT_CREDIT')).toHaveLength(150);
    expect(await accountOf(ana)).toEqual(['0.00', '20.00', '0.00']);
  });

  test('of a capture and a release of one hold exactly one wins', async () => {
    for (let round = 0; round < 20; round++) {
      const id = await place('0.50', { payeeAccountId: ben.accountId });
      const before = Number(await balanceOf(server, network, ben));

      const [captured, released] = codesOf(
        await Promise.all([
          tryMutate(server, ben, 'holdCapture', captureInput(id), CAPTURE),
          tryMutate(server, ana, 'holdRelease', releaseInput(id), HOLD),
        ]),
      );

      const { state } = await holdState(id);
      expect([captured, released, state]).toEqual(
        state === 'CAPTURED' ? ['DONE', 'HOLD_NOT_OPEN', 'CAPTURED'] : ['HOLD_NOT_OPEN', 'DONE', 'RELEASED'],
      );
      const moved = state === 'CAPTURED' ? 0.5 : 0;
      expect(Number(await balanceOf(server, network, ben))).toBeCloseTo(before + moved);
      expect((await accountOf(ana))[1]).toBe('0.00');
    }
  });

  test('of two captures of all that is left one wins', async () => {
    const id = await place('5.00', { payeeAccountId: ben.accountId });

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tryMutate(server, ben, 'holdCapture', captureInput(id), CAPTURE)),
    );

    expect(codesOf(answers).filter((code) => code === 'DONE')).toHaveLength(1);
    expect(codesOf(answers).filter((code) => code === 'HOLD_NOT_OPEN')).toHaveLength(9);
    expect(await balanceOf(server, network, ben)).toBe('5.00');
  });

  test('a capture that comes while the hold expires is made before its instant or not at all', async () => {
    for (let round = 0; round < 10; round++) {
      const expiresAt = new Date(server.clock.now().getTime() + 1000);
      const id = await place('0.50', { payeeAccountId: ben.accountId, expiresAt: expiresAt.toISOString() });

      const capturing = tryMutate(server, ben, 'holdCapture', captureInput(id), CAPTURE);
      server.clock.moveTo(expiresAt);
      const [answer] = await Promise.all([capturing, expire()]);

      const [code] = codesOf([answer]);
      const { state } = await holdState(id);
      expect([code, state]).toEqual(code === 'DONE' ? ['DONE', 'CAPTURED'] : ['HOLD_NOT_OPEN', 'EXPIRED']);
    }
    expect((await accountOf(ana))[1]).toBe('0.00');
  });

  test('holds and payments in opposite directions never wait for each other in a circle', async () => {
    const input = (payer: Member, payee: Member) => ({
      ...holdInput('0.10'),
      accountId: payer.accountId,
      payeeAccountId: payee.accountId,
    });
    const there = await Promise.all(
      Array.from({ length: 20 }, () => mutate(server, ana, 'holdPlace', input(ana, ben), HOLD)),
    );
    const back = await Promise.all(
      Array.from({ length: 20 }, () => mutate(server, ben, 'holdPlace', input(ben, ana), HOLD)),
    );

    const answers = await Promise.all([
      ...there.map(({ hold }) => tryMutate(server, ben, 'holdCapture', captureInput(hold.id), CAPTURE)),
      ...back.map(({ hold }) => tryMutate(server, ana, 'holdCapture', captureInput(hold.id), CAPTURE)),
    ]);

    expect(new Set(codesOf(answers))).toEqual(new Set(['DONE']));
    expect(await accountOf(ana)).toEqual(['0.00', '0.00', '20.00']);
  });
});
