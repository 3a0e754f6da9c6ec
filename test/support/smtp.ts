import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail server on this machine that keeps what it is given. */
export interface TestSmtp {
  url: string;
  letters(): Promise<Email[]>;
  /** To whom each letter was delivered, which its headers need not tell. */
  recipients: string[][];
  clear(): void;
  /** Refuses everything from now on, or accepts it again. */
  refuse(isRefusing: boolean): void;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface; takes letters without encryption or sign-in, as a relay does. */
export async function startSmtp(): Promise<TestSmtp> {
  const raw: Buffer[] = [];
  const recipients: string[][] = [];
  let isRefusing = false;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: (_address, _session, done) => done(isRefusing ? new Error('Out of order') : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        recipients.push(session.envelope.rcptTo.map(({ address }) => address));
        raw.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters: () => Promise.all(raw.map((letter) => PostalMime.parse(letter))),
    recipients,
    clear() {
      raw.length = 0;
      recipients.length = 0;
    },
    refuse: (value) => void (isRefusing = value),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
