import { startSession } from '../../src/services/people/sessions.ts';
import { registerPerson } from '../../src/services/people/register.ts';
import type { TestServer } from './server.ts';

// Answers are checked by the assertions of each test; their types would only be said twice.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  data: Json;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, Json> }[] | undefined;
}

export interface Caller {
  personId: string;
  name: string;
  email: string;
  token: string;
}

export const PASSWORD = 'correct horse battery';

export interface CallOptions {
  token?: string | null;
  headers?: Record<string, string>;
}

/** Sends one operation over HTTP, as a client would. */
export async function send(
  server: TestServer,
  query: string,
  variables: object = {},
  { token = null, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return {
    status: response.status,
    ...((await response.json()) as { data: Json; errors: Answer['errors'] }),
  };
}

/** The same, for an operation that must succeed: fails with what the server said. */
export async function ask(
  server: TestServer,
  caller: Caller | null,
  query: string,
  variables: object = {},
): Promise<Json> {
  const answer = await send(server, query, variables, { token: caller?.token ?? null });
  if (answer.errors) throw new Error(`The server answered ${JSON.stringify(answer.errors)}`);
  return answer.data;
}

/** A mutation with one input whose payload must have no errors. */
export async function mutate(
  server: TestServer,
  caller: Caller | null,
  field: string,
  input: object,
  selection: string,
): Promise<Json> {
  const payload = await tryMutate(server, caller, field, input, selection);
  if (payload.errors.length > 0) throw new Error(`${field} was refused: ${JSON.stringify(payload.errors)}`);
  return payload;
}

/** A mutation with one input; the payload with its errors, or a top-level error's code as the only one. */
export async function tryMutate(
  server: TestServer,
  caller: Caller | null,
  field: string,
  input: object,
  selection: string,
  headers: Record<string, string> = {},
): Promise<Json> {
  const inputType = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation($input: ${inputType}!) { ${field}(input: $input) { ${selection} errors { __typename code message path ... on Refusal { details } ... on FaultyInput { faults { code path } } } } }`;
  const answer = await send(server, query, { input }, { token: caller?.token ?? null, headers });
  if (answer.errors) {
    return {
      errors: answer.errors.map(({ message, extensions }) => ({ message, ...extensions, topLevel: true })),
    };
  }
  return answer.data[field];
}

/** The code of each payload's first error, or `DONE` where there is none. */
export function codesOf(payloads: Json[]): string[] {
  return payloads.map(({ errors }) => errors[0]?.code ?? 'DONE');
}

/** Sorts texts by their code units, for lists whose order is left to chance. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

let people = 0;
let registering: Promise<unknown> = Promise.resolve();

/** Registers and signs in somebody new, straight through the services. */
export function givenPerson(server: TestServer, name = 'Ana'): Promise<Caller> {
  // One after the other: the server hashes few passwords at a time and turns the rest away.
  const caller = registering.then(() => registerAndSignIn(server, name));
  registering = caller.catch(() => undefined);
  return caller;
}

async function registerAndSignIn(server: TestServer, name: string): Promise<Caller> {
  const { people: deps } = server.app.services;
  const email = `${name.toLowerCase().replaceAll(/\W/g, '.')}.${++people}@example.org`;
  const system = { kind: 'system', name: 'test' } as const;
  const person = await registerPerson(deps, system, { name, email, password: PASSWORD });
  const { token } = await startSession(deps, system, { email, password: PASSWORD });
  return { personId: person.id, name, email, token };
}
