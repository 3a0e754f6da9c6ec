import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type { Config } from '../../kernel/config.ts';
import type { Log } from '../../kernel/log.ts';
import type { LetterJob } from './letter-job.ts';
import { writeLetter } from './letters.ts';

// RFC 2606 reserves the domain for addresses that nobody has, such as those of the demo.
const NEVER_EXISTS = /\.invalid$/i;

/** Sends letters by SMTP or, where none is configured, writes them as files that a mail program can open. */
export class Mailer {
  private readonly transport: Transporter | null;

  constructor(
    private readonly config: Pick<Config, 'mail' | 'dataDir' | 'publicUrl' | 'frontEndUrl'>,
    private readonly log: Log,
  ) {
    const { smtpUrl } = config.mail;
    // Well below the lease of a job, so that no letter is being sent twice at once.
    this.transport = smtpUrl
      ? createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 20_000 })
      : null;
  }

  async send(job: LetterJob): Promise<void> {
    if (NEVER_EXISTS.test(job.to)) return;
    const { subject, text } = writeLetter(job, this.config);
    // As an object the address is taken as it is, and not as a list of addresses to be read.
    const letter = { from: this.config.mail.from, to: { name: '', address: job.to }, subject, text };
    if (this.transport) await this.transport.sendMail(letter);
    else await this.keep(letter);
  }

  close(): void {
    this.transport?.close();
  }

  private async keep(letter: SendMailOptions): Promise<void> {
    const directory = path.join(this.config.dataDir, 'mail');
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    const toBuffer = createTransport({ streamTransport: true, buffer: true });
    const { message } = await toBuffer.sendMail(letter);
    const file = path.join(
      directory,
      `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`,
    );
    await fs.writeFile(file, message as Buffer, { mode: 0o600 });
    this.log.info({ file }, 'no SMTP_URL: the letter was written to a file');
  }
}
