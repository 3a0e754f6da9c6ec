import { Arg, type ClassType } from 'type-graphql';
import { InvalidInput } from '../kernel/errors.ts';

/** The one argument of a mutation. */
export function Input(type: () => ClassType): ParameterDecorator {
  return Arg('input', type, { description: 'What to do.' }) as ParameterDecorator;
}

/**
 * In an update, null clears. These fields cannot be empty.
 *
 * @throws InvalidInput REQUIRED
 */
export function refuseNulls<T extends object>(input: T, ...fields: (keyof T & string)[]): void {
  for (const field of fields) if (input[field] === null) throw new InvalidInput('REQUIRED', field);
}
