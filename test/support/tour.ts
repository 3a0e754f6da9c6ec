import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.ts';

/** One step of the tour in the README: what is sent, what is kept, what is expected. */
export interface TourStep {
  title: string;
  query: string;
  variables: string;
  headers: string;
  /** Names in capitals and where in the answer their value stands. */
  keeps: [name: string, place: string][];
  /** The code that the step is meant to be refused with. */
  expectedCode: string | null;
}

/** Reads the steps as a newcomer would: in order, from the headings that are numbered. */
export function readTour(): TourStep[] {
  const readme = readFileSync(path.join(packageRoot(), 'README.md'), 'utf8');
  const tour = readme.slice(readme.indexOf('## A tour'), readme.indexOf('## For front ends'));
  return tour
    .split(/^### (?=\d)/m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n', 1)[0] ?? '',
      query: block(section, /```graphql\n(.*?)```/s) ?? '',
      variables: block(section, /Variables:\n\n```json\n(.*?)```/s) ?? '{}',
      headers: block(section, /Headers:\n\n```json\n(.*?)```/s) ?? '{}',
      keeps: [...section.matchAll(/Keep `(\w+)` = `([\w.]+)`/g)].map(([, name = '', place = '']) => [
        name,
        place,
      ]),
      expectedCode: block(section, /Expect `(\w+)`/),
    }));
}

function block(text: string, pattern: RegExp): string | null {
  return pattern.exec(text)?.[1] ?? null;
}
