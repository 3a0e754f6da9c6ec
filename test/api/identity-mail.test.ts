import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { givenPerson, mutate } from '../support/api.ts';
import { lettersOf } from '../support/mail.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

describe('with a mail server', () => {
  let smtp: TestSmtp;
  let server: TestServer;
  beforeAll(async () => {
    smtp = await startSmtp();
    server = await startTestServer({
      mail: { smtpUrl: smtp.url, from: 'Mutuality <no-reply@example.org>' },
      frontEndUrl: 'https://front.example.org',
    });
  });
  afterAll(async () => {
    await server.close();
    await smtp.close();
  });
  beforeEach(() => smtp.clear());

  const jobs = () => server.app.database.db.rows('select kind, attempts, failed_at from job');

  test('a letter arrives in the language of its receiver, with a link that works', async () => {
    const input = {
      name: 'Inês',
      email: 'ines@example.org',
      password: 'correct horse battery',
      locale: 'pt-BR',
    };

    await mutate(server, null, 'personRegister', input, 'person { id }');
    await server.app.jobs.runDue();

    expect(smtp.recipients).toEqual([['ines@example.org']]);
    expect(await smtp.letters()).toEqual([
      expect.objectContaining({
        from: { name: 'Mutuality', address: 'no-reply@example.org' },
        to: [{ name: '', address: 'ines@example.org' }],
        subject: 'Confirme o seu endereço',
        text: expect.stringContaining('Olá, Inês!\n'),
      }),
    ]);
    const [link = ''] = /https:\S+/.exec((await smtp.letters())[0]?.text ?? '') ?? [];
    expect(link).toMatch(/^https:\/\/front\.example\.org\/verify-email\?secret=/);
    const secret = new URL(link).searchParams.get('secret') ?? '';
    const { email } = await mutate(server, null, 'emailVerify', { secret }, 'email');
    expect(email).toBe('ines@example.org');
    expect(await jobs()).toEqual([]);
  });

  test('a name with line breaks adds no header and no receiver', async () => {
    await server.app.services.run({ kind: 'system', name: 'test' }, async (tx) =>
      tx.enqueue({
        kind: 'letter',
        payload: {
          letter: 'MEMBERSHIP_ADMITTED',
          to: 'ana@example.org',
          locale: 'en',
          values: { name: 'Ana', network: 'Valle\r\nBcc: all@example.org\r\n\r\nClick here' },
        },
      }),
    );

    await server.app.jobs.runDue();

    expect(smtp.recipients).toEqual([['ana@example.org']]);
    const [letter] = await smtp.letters();
    expect(letter?.subject).toBe('Welcome to Valle Bcc: all@example.org Click here');
    expect(letter?.headers.map(({ key }) => key)).not.toContain('bcc');
  });

  test('a letter that the mail server refuses is tried again, later each time', async () => {
    smtp.refuse(true);
    await givenPerson(server);
    await server.app.jobs.runDue();
    await server.app.jobs.runDue();
    const waiting = await jobs();
    smtp.refuse(false);
    server.clock.advance(9 * SECOND_MS);
    const tooEarly = await server.app.jobs.runDue();
    server.clock.advance(SECOND_MS);
    const inTime = await server.app.jobs.runDue();

    expect(waiting).toEqual([{ kind: 'letter', attempts: 1, failedAt: null }]);
    expect([tooEarly, inTime]).toEqual([0, 1]);
    expect(await smtp.letters()).toHaveLength(1);
    expect(await jobs()).toEqual([]);
  });

  test('a letter whose process died is sent by the next one', async () => {
    await givenPerson(server);
    const leased = new Date(server.clock.now().getTime() + 2 * MINUTE_MS);
    await server.app.database.db.execute('update job set leased_until = $1', [leased]);

    const tooEarly = await server.app.jobs.runDue();
    server.clock.advance(2 * MINUTE_MS);
    const inTime = await server.app.jobs.runDue();

    expect([tooEarly, inTime]).toEqual([0, 1]);
    expect(await smtp.letters()).toHaveLength(1);
  });
});

test('without a mail server a letter is a file that only the owner reads', async () => {
  const server = await startTestServer();
  try {
    const ana = await givenPerson(server);

    const letters = await lettersOf(server);

    expect(letters).toEqual([
      expect.objectContaining({ to: [{ name: '', address: ana.email }], subject: 'Confirm your address' }),
    ]);
    const directory = path.join(server.dataDir, 'mail');
    const [file = ''] = await readdir(directory);
    expect(file).toMatch(/^2.*\.eml$/);
    expect((await stat(path.join(directory, file))).mode & 0o777).toBe(0o600);
  } finally {
    await server.close();
  }
});
