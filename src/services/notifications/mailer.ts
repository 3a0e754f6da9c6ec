import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createTransport, type Transporter } from 'nodemailer';
import type { Config } from '../../kernel/config.ts';
import type { Log } from '../../kernel/log.ts';
import { writeLetter, type LetterJob } from './letters.ts';

/** Sends letters by SMTP or, where none is configured, writes them as files that a mail program can open. */
export class Mailer {
  private readonly transport: Transporter | null;

  constructor(
    private readonly config: Pick<Config, 'mail' | 'dataDir' | 'publicUrl'>,
    private readonly log: Log,
  ) {
    const { smtpUrl } = config.mail;
    this.transport = smtpUrl
      ? createTransport(smtpUrl, { connectionTimeout: 10_000, socketTimeout: 20_000 } as object)
      : null;
  }

  async send(job: LetterJob): Promise<void> {
    const { subject, text } = writeLetter(job, this.config.publicUrl);
    const letter = { from: this.config.mail.from, to: job.to, subject, text };
    if (this.transport) await this.transport.sendMail(letter);
    else await this.keep(letter);
  }

  close(): void {
    this.transport?.close();
  }

  private async keep(letter: { from: string; to: string; subject: string; text: string }): Promise<void> {
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
