import DataLoader from 'dataloader';
import type { PageRequest } from '../../kernel/page.ts';

/** Asks for all rows that are asked about at the same time, and remembers no answer. */
export function together<Row, Answer>(
  read: (rows: readonly Row[]) => Promise<Answer[]>,
): (row: Row) => Promise<Answer> {
  const loader = new DataLoader<Row, Answer>(read, { cache: false });
  return (row) => loader.load(row);
}

/** The same for a page of the list of each row: those who ask for the same page ask together. */
export function pages<Row, Asked extends PageRequest, Answer>(
  read: (rows: readonly Row[], asked: Asked) => Promise<Answer[]>,
): (row: Row, asked: Asked) => Promise<Answer> {
  const loaders = new Map<string, (row: Row) => Promise<Answer>>();
  return (row, asked) => {
    const key = JSON.stringify(asked);
    const load = loaders.get(key) ?? together((rows: readonly Row[]) => read(rows, asked));
    loaders.set(key, load);
    return load(row);
  };
}

/** Asks once for each of the different rows among those that are asked about at the same time: for what few rows have. */
export function eachOnce<Row extends { id: string }, Answer>(
  rows: readonly Row[],
  read: (row: Row) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Map<string, Promise<Answer>>();
  for (const row of rows) if (!answers.has(row.id)) answers.set(row.id, read(row));
  return Promise.all(rows.map(({ id }) => answers.get(id)!));
}
