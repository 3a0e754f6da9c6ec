import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { byText } from './api.ts';
import type { TestServer } from './server.ts';

/** Runs the jobs that are due, and returns the letters written to files so far, oldest first. */
export async function lettersOf(server: TestServer, to?: string): Promise<Email[]> {
  await server.app.jobs.runDue();
  const directory = path.join(server.dataDir, 'mail');
  const files = (await readdir(directory).catch(() => [])).toSorted(byText);
  const letters = await Promise.all(
    files.map(async (file) => PostalMime.parse(await readFile(path.join(directory, file)))),
  );
  return letters.filter((letter) => !to || letter.to?.[0]?.address === to);
}

/** The secret in the newest letter to somebody. */
export async function mailedSecret(server: TestServer, to: string): Promise<string> {
  return secretIn((await lettersOf(server, to)).at(-1));
}

/** The secret that a letter's link carries to the explorer. */
export function secretIn(letter: Email | undefined): string {
  const [link] = /https?:\/\/\S+/.exec(letter?.text ?? '') ?? [];
  const variables = link && new URL(link).searchParams.get('variables');
  if (!variables) throw new Error(`No link in the letter: ${letter?.text}`);
  return (JSON.parse(variables) as { input: { secret: string } }).input.secret;
}
