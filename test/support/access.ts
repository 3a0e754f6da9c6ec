import type { ActorName, Cast } from './actors.ts';
import type { Caller } from './api.ts';
import type { TestServer } from './server.ts';

/** One call of a root field, for the table of who may. */
export interface Call {
  /** The field with its arguments and selection, with `$input` for the input of a mutation. */
  field: string;
  input?: object;
  /** Who calls, if not the one of the cast: somebody new in the same position, whom the call may spend. */
  as?: Caller;
}

/** How each root field is called, by its name. */
export type Calls = Record<string, (actor: ActorName) => Promise<Call> | Call>;

/** Where the calls happen; known when the tests run. */
export type Stage = () => { server: TestServer; cast: Cast };

export function mutationCall(name: string, input: object, extra: Partial<Call> = {}): Call {
  return { field: `${name}(input: $input) { errors { code } }`, input, ...extra };
}
