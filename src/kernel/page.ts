import { InvalidInput } from './errors.ts';
import { isStorable } from './text.ts';

/** The page a client asks for: how many, and after which cursor. */
export interface PageRequest {
  first: number;
  after: string | null;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** One page of a list as the Relay cursor connection specification shapes it; lists are read forwards only. */
export interface Page<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** @throws InvalidInput INVALID_PAGE_SIZE unless 1 ≤ first ≤ 100 */
export function pageRequest(asked: { first?: number | null; after?: string | null }): PageRequest {
  const size = asked.first ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new InvalidInput('INVALID_PAGE_SIZE', 'first', { min: 1, max: MAX_PAGE_SIZE });
  }
  return { first: size, after: asked.after ?? null };
}

export type CursorKey = string | number | bigint | Date;

/** Cursors are opaque to clients: the sort key of the row, so that a page costs the same at any depth. */
export function encodeCursor(key: CursorKey[]): string {
  const parts = key.map((part) => (part instanceof Date ? part.toISOString() : String(part)));
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** What a part of a cursor may be: clients can make cursors up, and none may reach the database that it cannot read. */
export type CursorPart = (text: string) => boolean;

/** The sort key behind which a page begins, or nulls for the beginning of the list. */
export function afterKey(request: PageRequest, parts: readonly CursorPart[]): (string | null)[] {
  return request.after === null ? parts.map(() => null) : decodeCursor(request.after, parts);
}

export const CURSOR_TEXT: CursorPart = (text) => text.length <= 400 && isStorable(text);
export const CURSOR_INTEGER: CursorPart = (text) => /^\d{1,18}$/.test(text);
export const CURSOR_INSTANT: CursorPart = (text) => {
  const instant = new Date(/^\d{4}-\d\d-\d\dT/.test(text) ? text : Number.NaN);
  // 30 February would come back as 1 March, and PostgreSQL knows no year 0.
  return instant.getTime() > Date.parse('0001-01-01') && instant.toISOString() === text;
};

/** @throws InvalidInput INVALID_CURSOR unless the cursor holds these parts */
export function decodeCursor(cursor: string, expected: readonly CursorPart[]): string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidInput('INVALID_CURSOR', 'after');
  }
  const fits =
    Array.isArray(parts) &&
    parts.length === expected.length &&
    expected.every((isPart, index) => typeof parts[index] === 'string' && isPart(parts[index]));
  if (!fits) throw new InvalidInput('INVALID_CURSOR', 'after');
  return parts as string[];
}

/**
 * Makes a page of rows that were read with a limit of one more than asked for.
 *
 * @param keyOf the sort key of a row, in the order in which `decodeCursor` reads it back
 */
export function pageOf<Node>(
  rows: Node[],
  request: PageRequest,
  keyOf: (row: Node) => CursorKey[],
): Page<Node> {
  const edges = rows.slice(0, request.first).map((node) => ({ node, cursor: encodeCursor(keyOf(node)) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: rows.length > request.first,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
