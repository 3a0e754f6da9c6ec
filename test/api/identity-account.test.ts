import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import {
  ask,
  byText,
  codesOf,
  givenPerson,
  mutate,
  PASSWORD,
  tryMutate,
  type Caller,
} from '../support/api.ts';
import { isSignedIn, onSecondDevice } from '../support/identity.ts';
import { lettersOf, mailedSecret } from '../support/mail.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const NEW_PASSWORD = 'a whole new password';

const rowOf = (who: Caller) =>
  server.app.database.db.row('select * from person where id = $1', [who.personId]);

describe('personUpdate', () => {
  test('changes what is given and leaves the rest', async () => {
    const ana = await givenPerson(server);

    const { person } = await mutate(
      server,
      ana,
      'personUpdate',
      { locale: 'pt-br' },
      'person { name locale }',
    );

    expect(person).toEqual({ name: 'Ana', locale: 'pt-BR' });
  });

  test.each([
    [{ name: ' ' }, 'TEXT_TOO_SHORT', 'name'],
    [{ name: 'x'.repeat(101) }, 'TEXT_TOO_LONG', 'name'],
    [{ name: null }, 'REQUIRED', 'name'],
    [{ locale: 'no such language' }, 'INVALID_LOCALE', 'locale'],
    [{ locale: null }, 'REQUIRED', 'locale'],
  ])('refuses %j', async (input, code, path) => {
    const ana = await givenPerson(server);
    const before = await rowOf(ana);

    const { errors } = await tryMutate(server, ana, 'personUpdate', input, 'person { id }');

    expect(errors).toEqual([expect.objectContaining({ code, path })]);
    expect(await rowOf(ana)).toEqual(before);
  });
});

describe('emailVerify', () => {
  test('proves the address by the letter of the registration, without a session', async () => {
    const ana = await givenPerson(server);
    const secret = await mailedSecret(server, ana.email);

    const { email } = await mutate(server, null, 'emailVerify', { secret }, 'email');

    expect(email).toBe(ana.email);
    const { viewer } = await ask(server, ana, '{ viewer { person { isEmailVerified } } }');
    expect(viewer).toEqual({ person: { isEmailVerified: true } });
  });

  test('takes a secret once, also when it comes twenty times at once', async () => {
    const ana = await givenPerson(server);
    const secret = await mailedSecret(server, ana.email);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tryMutate(server, null, 'emailVerify', { secret }, 'email')),
    );

    const codes = codesOf(answers).toSorted(byText);
    expect(codes).toEqual(['DONE', ...Array<string>(19).fill('SECRET_INVALID')]);
  });

  test('refuses a secret after three days, an unknown one, and one for another purpose', async () => {
    const ana = await givenPerson(server);
    const expired = await mailedSecret(server, ana.email);
    server.clock.advance(3 * DAY_MS);
    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const forPassword = await mailedSecret(server, ana.email);
    const before = await rowOf(ana);

    for (const secret of [expired, 'unknown', '', forPassword]) {
      const payload = await tryMutate(server, null, 'emailVerify', { secret }, 'email');
      expect(payload.errors).toEqual([expect.objectContaining({ code: 'SECRET_INVALID', path: 'secret' })]);
    }

    expect(await rowOf(ana)).toEqual(before);
  });

  test('is asked for again by a letter, until the address is proved', async () => {
    const ana = await givenPerson(server);
    const request = 'mutation { emailVerificationRequest { email errors { code } } }';

    const first = await ask(server, ana, request);
    await mutate(server, null, 'emailVerify', { secret: await mailedSecret(server, ana.email) }, 'email');
    const second = await ask(server, ana, request);

    expect(first.emailVerificationRequest).toEqual({ email: ana.email, errors: [] });
    expect(second.emailVerificationRequest).toEqual({
      email: null,
      errors: [{ code: 'EMAIL_ALREADY_VERIFIED' }],
    });
    expect(await lettersOf(server, ana.email)).toHaveLength(2);
  });

  test('sends at most five letters an hour to one address', async () => {
    const ana = await givenPerson(server);
    const request = () => ask(server, ana, 'mutation { emailVerificationRequest { errors { code } } }');

    const codes: unknown[] = [];
    for (let letter = 1; letter <= 6; letter++) {
      const { emailVerificationRequest } = await request();
      codes.push(emailVerificationRequest.errors[0]?.code);
    }

    expect(codes).toEqual([...Array<undefined>(5).fill(undefined), 'TOO_MANY_ATTEMPTS']);
    expect(await lettersOf(server, ana.email)).toHaveLength(6);
  });
});

describe('emailChange', () => {
  test('moves the person once the letter to the new address is answered, and tells the old one', async () => {
    const ana = await givenPerson(server);
    const newEmail = `new.${ana.email}`;

    const asked = await mutate(server, ana, 'emailChange', { newEmail, password: PASSWORD }, 'pendingEmail');
    const between = await rowOf(ana);
    await mutate(server, null, 'emailVerify', { secret: await mailedSecret(server, newEmail) }, 'email');

    expect(asked).toEqual({ pendingEmail: newEmail, errors: [] });
    expect(between).toMatchObject({ email: ana.email, emailVerifiedAt: null });
    expect(await rowOf(ana)).toMatchObject({ email: newEmail, emailKey: newEmail });
    expect(await rowOf(ana)).toHaveProperty('emailVerifiedAt', server.clock.now());
    const notice = (await lettersOf(server, ana.email)).at(-1);
    expect(notice?.subject).toBe('Your address is about to change');
    expect(notice?.text).not.toContain(newEmail);
  });

  test('refuses a wrong password and an address that somebody has', async () => {
    const ana = await givenPerson(server);
    const ben = await givenPerson(server, 'Ben');
    const secrets = () => server.app.database.db.rows('select secret_hash from mailed_secret');
    const before = await secrets();

    const wrong = await tryMutate(
      server,
      ana,
      'emailChange',
      { newEmail: 'free@example.org', password: 'not hers at all' },
      'pendingEmail',
    );
    const taken = await tryMutate(
      server,
      ana,
      'emailChange',
      { newEmail: ben.email.toUpperCase(), password: PASSWORD },
      'pendingEmail',
    );

    expect(wrong.errors).toEqual([expect.objectContaining({ code: 'PASSWORD_WRONG', path: 'password' })]);
    expect(taken.errors).toEqual([expect.objectContaining({ code: 'EMAIL_TAKEN', path: 'newEmail' })]);
    expect(await secrets()).toEqual(before);
  });

  test('gives the address to one of two who ask for it', async () => {
    const ana = await givenPerson(server);
    const ben = await givenPerson(server, 'Ben');
    const newEmail = 'wanted.by.two@example.org';
    const secrets: string[] = [];
    for (const who of [ana, ben]) {
      await mutate(server, who, 'emailChange', { newEmail, password: PASSWORD }, 'pendingEmail');
      secrets.push(await mailedSecret(server, newEmail));
      // Letters are files named by the clock on the wall, to the millisecond.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }

    const answers = await Promise.all(
      secrets.map((secret) => tryMutate(server, null, 'emailVerify', { secret }, 'email')),
    );

    const codes = codesOf(answers).toSorted(byText);
    expect(codes).toEqual(['DONE', 'EMAIL_TAKEN']);
  });

  test('is stopped by a new password', async () => {
    const ana = await givenPerson(server);
    const newEmail = `stopped.${ana.email}`;
    await mutate(server, ana, 'emailChange', { newEmail, password: PASSWORD }, 'pendingEmail');
    const secret = await mailedSecret(server, newEmail);

    const passwords = { oldPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await mutate(server, ana, 'passwordChange', passwords, 'endedSessionCount');
    const { errors } = await tryMutate(server, null, 'emailVerify', { secret }, 'email');

    expect(errors).toEqual([expect.objectContaining({ code: 'SECRET_INVALID' })]);
    expect(await rowOf(ana)).toMatchObject({ email: ana.email });
  });
});

describe('passwordChange', () => {
  test('sets the password and ends the other sessions', async () => {
    const ana = await givenPerson(server);
    const phone = await onSecondDevice(server, ana);

    const passwords = { oldPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const payload = await mutate(server, ana, 'passwordChange', passwords, 'endedSessionCount');

    expect(payload.endedSessionCount).toBe(1);
    expect(await isSignedIn(server, ana)).toBe(true);
    expect(await isSignedIn(server, phone)).toBe(false);
    await expect(onSecondDevice(server, ana, { password: NEW_PASSWORD })).resolves.toBeDefined();
    await expect(onSecondDevice(server, ana)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
  });

  test.each([
    [{ oldPassword: 'not hers at all', newPassword: NEW_PASSWORD }, 'PASSWORD_WRONG', 'oldPassword'],
    [{ oldPassword: PASSWORD, newPassword: 'too short' }, 'TEXT_TOO_SHORT', 'newPassword'],
  ])('refuses %j', async (input, code, path) => {
    const ana = await givenPerson(server);
    const phone = await onSecondDevice(server, ana);
    const before = await rowOf(ana);

    const { errors } = await tryMutate(server, ana, 'passwordChange', input, 'endedSessionCount');

    expect(errors).toEqual([expect.objectContaining({ code, path })]);
    expect(await rowOf(ana)).toEqual(before);
    expect(await isSignedIn(server, phone)).toBe(true);
  });

  test('hears ten wrong passwords, and then none for a while', async () => {
    const ana = await givenPerson(server);
    const guess = { oldPassword: 'a wrong guess', newPassword: NEW_PASSWORD };

    const codes: string[] = [];
    for (let tries = 1; tries <= 11; tries++) {
      const { errors } = await tryMutate(server, ana, 'passwordChange', guess, 'endedSessionCount');
      codes.push(errors[0].code);
    }

    expect(codes).toEqual([...Array<string>(10).fill('PASSWORD_WRONG'), 'TOO_MANY_ATTEMPTS']);
  });
});

describe('passwordReset', () => {
  test('sets the password, proves the address and takes away every hold on the person', async () => {
    const ana = await givenPerson(server);
    const phone = await onSecondDevice(server, ana);
    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const first = await mailedSecret(server, ana.email);
    await mutate(server, null, 'passwordResetRequest', { email: ana.email.toUpperCase() }, 'isAccepted');
    const second = await mailedSecret(server, ana.email);

    const payload = await mutate(
      server,
      null,
      'passwordReset',
      { secret: second, newPassword: NEW_PASSWORD },
      'isReset',
    );

    expect(payload.isReset).toBe(true);
    expect(await isSignedIn(server, ana)).toBe(false);
    expect(await isSignedIn(server, phone)).toBe(false);
    expect(await rowOf(ana)).toHaveProperty('emailVerifiedAt', server.clock.now());
    await expect(onSecondDevice(server, ana, { password: NEW_PASSWORD })).resolves.toBeDefined();
    for (const secret of [first, second]) {
      const again = await tryMutate(
        server,
        null,
        'passwordReset',
        { secret, newPassword: 'yet another one' },
        'isReset',
      );
      expect(again.errors).toEqual([expect.objectContaining({ code: 'SECRET_INVALID' })]);
    }
  });

  test('takes a secret once, also when it comes twenty times at once', async () => {
    const ana = await givenPerson(server);
    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const secret = await mailedSecret(server, ana.email);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        tryMutate(server, null, 'passwordReset', { secret, newPassword: `password no ${index}` }, 'isReset'),
      ),
    );

    const codes = codesOf(answers);
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(1);
    expect(['DONE', 'SECRET_INVALID', 'OVERLOADED']).toEqual(expect.arrayContaining(codes));
    await expect(
      onSecondDevice(server, ana, { password: `password no ${codes.indexOf('DONE')}` }),
    ).resolves.toBeDefined();
  });

  test('refuses a secret after an hour, and keeps it for another try after a password that is too short', async () => {
    const ana = await givenPerson(server);
    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const secret = await mailedSecret(server, ana.email);
    const before = await rowOf(ana);

    const tooShort = await tryMutate(
      server,
      null,
      'passwordReset',
      { secret, newPassword: 'short' },
      'isReset',
    );
    server.clock.advance(HOUR_MS);
    const tooLate = await tryMutate(
      server,
      null,
      'passwordReset',
      { secret, newPassword: NEW_PASSWORD },
      'isReset',
    );

    expect(tooShort.errors).toEqual([
      expect.objectContaining({ code: 'TEXT_TOO_SHORT', path: 'newPassword' }),
    ]);
    expect(tooLate.errors).toEqual([expect.objectContaining({ code: 'SECRET_INVALID' })]);
    expect(await rowOf(ana)).toEqual(before);
  });

  test('lets somebody in who tried too many passwords before', async () => {
    const ana = await givenPerson(server);
    for (let tries = 1; tries <= 10; tries++) {
      const guess = { email: ana.email, password: `a wrong guess ${tries}` };
      await tryMutate(server, null, 'sessionStart', guess, 'token');
    }
    const blocked = await tryMutate(
      server,
      null,
      'sessionStart',
      { email: ana.email, password: PASSWORD },
      'token',
    );

    await mutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const secret = await mailedSecret(server, ana.email);
    await mutate(server, null, 'passwordReset', { secret, newPassword: NEW_PASSWORD }, 'isReset');

    expect(codesOf([blocked])).toEqual(['TOO_MANY_ATTEMPTS']);
    await expect(onSecondDevice(server, ana, { password: NEW_PASSWORD })).resolves.toBeDefined();
  });

  test('answers a stranger as it answers a person, and writes to nobody', async () => {
    const ana = await givenPerson(server);
    const stranger = 'stranger@example.org';

    const forAna = await tryMutate(server, null, 'passwordResetRequest', { email: ana.email }, 'isAccepted');
    const forStranger = await tryMutate(
      server,
      null,
      'passwordResetRequest',
      { email: stranger },
      'isAccepted',
    );

    expect(forStranger).toEqual(forAna);
    expect(await lettersOf(server, ana.email)).toHaveLength(2);
    expect(await lettersOf(server, stranger)).toEqual([]);
  });

  test('is asked for five times an hour for one address, whether or not somebody has it', async () => {
    const ana = await givenPerson(server);
    // The tests before came from the same network address.
    await server.app.database.db.execute('delete from throttle');

    for (const email of [ana.email, 'no.one@example.org']) {
      const codes: string[] = [];
      for (let tries = 1; tries <= 6; tries++) {
        codes.push(
          ...codesOf([await tryMutate(server, null, 'passwordResetRequest', { email }, 'isAccepted')]),
        );
      }
      expect(codes).toEqual([...Array<string>(5).fill('DONE'), 'TOO_MANY_ATTEMPTS']);
    }
  });
});
