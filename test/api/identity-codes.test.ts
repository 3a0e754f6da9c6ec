import { Person } from '../../src/entities/person.ts';
import { after, DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import type { DomainError } from '../../src/kernel/errors.ts';
import { requireOneTimeCode } from '../../src/services/people/one-time-codes.ts';
import { createSession } from '../../src/services/people/sessions.ts';
import {
  ask,
  byText,
  codesOf,
  givenPerson,
  mutate,
  PASSWORD,
  send,
  tryMutate,
  type Caller,
} from '../support/api.ts';
import {
  codeOf,
  givenPersonWithDevice,
  givenVerifiedPerson,
  isSignedIn,
  onSecondDevice,
  STEP_MS,
  type WithDevice,
} from '../support/identity.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const rowOf = (who: Caller) => server.app.database.db.one(Person, { id: who.personId });

const SECOND_FACTOR = '{ viewer { secondFactor { isEnabled recoveryCodesLeft } } }';

async function secondFactorOf(who: Caller): Promise<unknown> {
  return (await ask(server, who, SECOND_FACTOR)).viewer.secondFactor;
}

/** Tries a code in the person's session, with the throttle's memory wiped. */
async function tryCode(who: Caller, code: string): Promise<string> {
  await server.app.database.db.execute('delete from throttle');
  return codesOf([await tryMutate(server, who, 'sessionConfirm', { code }, 'session { id }')])[0] ?? '';
}

const ONCE_OF_TWENTY = ['DONE', ...Array<string>(19).fill('ONE_TIME_CODE_WRONG')];

/** Uses a code in twenty transactions at once, behind the throttle. */
async function useAtOnce(who: WithDevice, code: string): Promise<string[]> {
  const { run, people } = server.app.services;
  const uses = Array.from({ length: 20 }, () =>
    run({ kind: 'system', name: 'test' }, async (tx) => {
      const person = await tx.db.lock(Person, { id: who.personId });
      if (!person) throw new Error('The person is missing');
      await requireOneTimeCode(tx, people.secretBox, person, { code, path: 'code' });
      return 'DONE';
    }).catch((error: DomainError) => error.code),
  );
  return (await Promise.all(uses)).toSorted(byText);
}

describe('setting up one-time codes', () => {
  test('takes a right code, gives ten recovery codes and holds the other sessions', async () => {
    const ana = await givenVerifiedPerson(server);
    const phone = await onSecondDevice(server, ana);

    const enrolled = await mutate(server, ana, 'oneTimeCodeEnrol', { password: PASSWORD }, 'secret uri');
    const between = await secondFactorOf(ana);
    const code = codeOf(server, enrolled.secret);
    const { recoveryCodes } = await mutate(server, ana, 'oneTimeCodeConfirm', { code }, 'recoveryCodes');

    expect(enrolled.uri).toBe(
      `otpauth://totp/localhost:${encodeURIComponent(ana.email)}?issuer=localhost&secret=${enrolled.secret}&algorithm=SHA1&digits=6&period=30`,
    );
    expect(between).toEqual({ isEnabled: false, recoveryCodesLeft: 0 });
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(await secondFactorOf(ana)).toEqual({ isEnabled: true, recoveryCodesLeft: 10 });
    expect(await isSignedIn(server, phone)).toBe(false);
    expect((await rowOf(ana))?.oneTimeCodeSecret).not.toContain(enrolled.secret);
  });

  test('is refused with a wrong password, without a proved address, and with a wrong code', async () => {
    const ana = await givenPerson(server);
    const ben = await givenVerifiedPerson(server, 'Ben');
    const before = await rowOf(ana);

    const enrol = (who: Caller, password: string) =>
      tryMutate(server, who, 'oneTimeCodeEnrol', { password }, 'secret');
    const answers = [await enrol(ana, 'not hers at all'), await enrol(ana, PASSWORD)];
    const early = await tryMutate(server, ben, 'oneTimeCodeConfirm', { code: '123456' }, 'recoveryCodes');
    const { secret } = await enrol(ben, PASSWORD);
    const wrong = await tryMutate(
      server,
      ben,
      'oneTimeCodeConfirm',
      { code: codeOf(server, secret, 3) },
      'recoveryCodes',
    );

    expect(codesOf(answers)).toEqual(['PASSWORD_WRONG', 'EMAIL_NOT_VERIFIED']);
    expect(codesOf([early, wrong])).toEqual(['ONE_TIME_CODES_NOT_ENABLED', 'ONE_TIME_CODE_WRONG']);
    expect(await rowOf(ana)).toEqual(before);
    expect(await secondFactorOf(ben)).toEqual({ isEnabled: false, recoveryCodesLeft: 0 });
  });

  test('is refused while they are in use', async () => {
    const ana = await givenPersonWithDevice(server);
    const before = await rowOf(ana);

    const again = await tryMutate(server, ana, 'oneTimeCodeEnrol', { password: PASSWORD }, 'secret');
    const code = codeOf(server, ana.secret);
    const confirmed = await tryMutate(server, ana, 'oneTimeCodeConfirm', { code }, 'recoveryCodes');

    expect(codesOf([again, confirmed])).toEqual(['ONE_TIME_CODES_ENABLED', 'ONE_TIME_CODES_ENABLED']);
    expect(await rowOf(ana)).toEqual(before);
  });
});

describe('a one-time code', () => {
  test('is needed to sign in, after the password', async () => {
    const ana = await givenPersonWithDevice(server);

    await expect(onSecondDevice(server, ana)).rejects.toMatchObject({ code: 'ONE_TIME_CODE_NEEDED' });
    await expect(onSecondDevice(server, ana, { oneTimeCode: '000000' })).rejects.toMatchObject({
      code: 'ONE_TIME_CODE_WRONG',
      path: 'oneTimeCode',
    });
    const oneTimeCode = codeOf(server, ana.secret);
    const phone = await onSecondDevice(server, ana, { oneTimeCode });

    const { viewer } = await ask(server, phone, '{ viewer { sessions { isCurrent hasSecondFactor } } }');
    expect(viewer.sessions).toContainEqual({ isCurrent: true, hasSecondFactor: true });
    await expect(onSecondDevice(server, ana, { oneTimeCode })).rejects.toMatchObject({
      code: 'ONE_TIME_CODE_WRONG',
    });
  });

  test('is good one step early and one step late, and never before one that was used', async () => {
    const ana = await givenPersonWithDevice(server);
    server.clock.advance(10 * STEP_MS);

    const codes: string[] = [];
    for (const steps of [-2, -1, -1, 2, 1, 0, 1])
      codes.push(await tryCode(ana, codeOf(server, ana.secret, steps)));

    const wrong = 'ONE_TIME_CODE_WRONG';
    expect(codes).toEqual([wrong, 'DONE', wrong, wrong, 'DONE', wrong, wrong]);
  });

  test('is taken once when it comes twenty times at once', async () => {
    const ana = await givenPersonWithDevice(server);

    const codes = await useAtOnce(ana, codeOf(server, ana.secret));

    expect(codes).toEqual(ONCE_OF_TWENTY);
  });

  test('is taken once by the API, which hears five tries of twenty', async () => {
    const ana = await givenPersonWithDevice(server);
    const code = codeOf(server, ana.secret);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tryMutate(server, ana, 'sessionConfirm', { code }, 'session { id }')),
    );

    const codes = codesOf(answers);
    expect(codes.filter((each) => each === 'DONE')).toHaveLength(1);
    expect(['DONE', 'ONE_TIME_CODE_WRONG', 'TOO_MANY_ATTEMPTS']).toEqual(expect.arrayContaining(codes));
  });

  test('is guessed five times at most', async () => {
    const ana = await givenPersonWithDevice(server);
    await server.app.database.db.execute('delete from throttle');

    const codes: string[] = [];
    for (const code of ['1', '2', '3', '4', '5', codeOf(server, ana.secret)]) {
      codes.push(...codesOf([await tryMutate(server, ana, 'sessionConfirm', { code }, 'session { id }')]));
    }

    expect(codes).toEqual([...Array<string>(5).fill('ONE_TIME_CODE_WRONG'), 'TOO_MANY_ATTEMPTS']);
  });

  test('is not asked of somebody who has none', async () => {
    const ana = await givenPerson(server);

    expect(await tryCode(ana, '123456')).toBe('ONE_TIME_CODES_NOT_ENABLED');
  });
});

describe('a recovery code', () => {
  test('stands in for the device once, however it is typed', async () => {
    const ana = await givenPersonWithDevice(server);
    const [code = ''] = ana.recoveryCodes;

    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')}`;
    await onSecondDevice(server, ana, { oneTimeCode: typed });

    expect(await secondFactorOf(ana)).toEqual({ isEnabled: true, recoveryCodesLeft: 9 });
    await expect(onSecondDevice(server, ana, { oneTimeCode: code })).rejects.toMatchObject({
      code: 'ONE_TIME_CODE_WRONG',
    });
  });

  test('is taken once when it comes twenty times at once', async () => {
    const ana = await givenPersonWithDevice(server);

    const codes = await useAtOnce(ana, ana.recoveryCodes[0] ?? '');

    expect(codes).toEqual(ONCE_OF_TWENTY);
    expect(await secondFactorOf(ana)).toEqual({ isEnabled: true, recoveryCodesLeft: 9 });
  });

  test('of another person is worth nothing', async () => {
    const ana = await givenPersonWithDevice(server);
    const ben = await givenPersonWithDevice(server, 'Ben');

    expect(await tryCode(ben, ana.recoveryCodes[0] ?? '')).toBe('ONE_TIME_CODE_WRONG');
    expect(await secondFactorOf(ana)).toEqual({ isEnabled: true, recoveryCodesLeft: 10 });
  });

  test('is worth nothing after the codes were renewed', async () => {
    const ana = await givenPersonWithDevice(server);

    const code = codeOf(server, ana.secret);
    const renewed = await mutate(server, ana, 'recoveryCodesRenew', { code }, 'recoveryCodes');

    expect(await tryCode(ana, ana.recoveryCodes[0] ?? '')).toBe('ONE_TIME_CODE_WRONG');
    expect(await tryCode(ana, renewed.recoveryCodes[0])).toBe('DONE');
  });
});

describe('giving up one-time codes', () => {
  test('takes the password and a code, and leaves no session with a second factor', async () => {
    const ana = await givenPersonWithDevice(server);

    const input = { password: PASSWORD, code: codeOf(server, ana.secret) };
    const payload = await mutate(
      server,
      ana,
      'oneTimeCodeDisable',
      input,
      'secondFactor { isEnabled recoveryCodesLeft }',
    );

    expect(payload.secondFactor).toEqual({ isEnabled: false, recoveryCodesLeft: 0 });
    const { viewer } = await ask(server, ana, '{ viewer { sessions { hasSecondFactor } } }');
    expect(viewer.sessions).toEqual([{ hasSecondFactor: false }]);
    await expect(onSecondDevice(server, ana)).resolves.toBeDefined();
  });

  test('is refused with a wrong password or a wrong code', async () => {
    const ana = await givenPersonWithDevice(server);
    const before = await rowOf(ana);

    const answers = [
      { password: 'not hers at all', code: codeOf(server, ana.secret) },
      { password: PASSWORD, code: codeOf(server, ana.secret, 5) },
    ].map((input) => tryMutate(server, ana, 'oneTimeCodeDisable', input, 'secondFactor { isEnabled }'));

    expect(codesOf(await Promise.all(answers))).toEqual(['PASSWORD_WRONG', 'ONE_TIME_CODE_WRONG']);
    expect(await rowOf(ana)).toEqual(before);
    expect(await secondFactorOf(ana)).toEqual({ isEnabled: true, recoveryCodesLeft: 10 });
  });
});

describe('a held session', () => {
  /** A session that began without a code, as one from an identity provider does. */
  async function givenHeldSession(who: WithDevice): Promise<Caller> {
    const { token } = await server.app.services.run({ kind: 'system', name: 'test' }, async (tx) => {
      const person = await tx.db.one(Person, { id: who.personId });
      if (!person) throw new Error('The person is missing');
      return createSession(tx, person, { userAgent: null, secondFactorAt: null });
    });
    return { ...who, token };
  }

  test('signs nobody in, and says that only a code is missing', async () => {
    const held = await givenHeldSession(await givenPersonWithDevice(server));

    const { data, errors } = await send(server, SECOND_FACTOR, {}, { token: held.token });

    expect(data).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED', reason: 'ONE_TIME_CODE_NEEDED' } }),
    ]);
  });

  test('is released by a code, for as long as any other', async () => {
    const ana = await givenPersonWithDevice(server);
    const held = await givenHeldSession(ana);

    const wrong = await tryMutate(server, held, 'sessionConfirm', { code: '1' }, 'session { id }');
    const stillHeld = await isSignedIn(server, held);
    const { session } = await mutate(
      server,
      held,
      'sessionConfirm',
      { code: codeOf(server, ana.secret) },
      'session { expiresAt hasSecondFactor isCurrent }',
    );

    expect(codesOf([wrong])).toEqual(['ONE_TIME_CODE_WRONG']);
    expect(stillHeld).toBe(false);
    expect(session).toMatchObject({
      hasSecondFactor: true,
      expiresAt: after(server.clock.now(), 30 * DAY_MS).toISOString(),
    });
    expect(await isSignedIn(server, held)).toBe(true);
  });

  test('is over after a quarter of an hour', async () => {
    const ana = await givenPersonWithDevice(server);
    const held = await givenHeldSession(ana);

    server.clock.advance(15 * MINUTE_MS);
    const { errors } = await tryMutate(
      server,
      held,
      'sessionConfirm',
      { code: codeOf(server, ana.secret) },
      'session { id }',
    );

    expect(errors).toEqual([expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
  });
});

test('a session ends thirty days after its last use', async () => {
  const ana = await givenPerson(server);

  server.clock.advance(29 * DAY_MS);
  const used = await isSignedIn(server, ana);
  server.clock.advance(30 * DAY_MS - HOUR_MS);
  const usedAgain = await isSignedIn(server, ana);
  server.clock.advance(30 * DAY_MS);

  expect([used, usedAgain, await isSignedIn(server, ana)]).toEqual([true, true, false]);
});
