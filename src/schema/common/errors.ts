import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { DomainError } from '../../kernel/errors.ts';
import { DecimalScalar } from './scalars.ts';

@InterfaceType('MutationError', {
  description: 'Why a mutation was refused. It changed nothing.',
  resolveType: (error: MutationError) => error.typeName,
})
export abstract class MutationError {
  @Field(() => String, {
    description: 'Stable code, such as `INSUFFICIENT_CREDIT`; docs/errors.md lists them.',
  })
  code: string;

  @Field(() => String, { description: 'A sentence in English for developers and for lack of a better one.' })
  message: string;

  @Field(() => String, {
    nullable: true,
    description: 'The input field at fault, such as `amount` or `lines.3.amount`; null if no single one is.',
  })
  path: string | null;

  /** Which concrete type carries it. */
  typeName: string;
}

@ObjectType('Refusal', { implements: MutationError, description: 'A refusal of which the code says all.' })
export class Refusal extends MutationError {
  @Field(() => String, {
    nullable: true,
    description: 'Further values as JSON, such as the bounds that were passed.',
  })
  details: string | null;
}

/** What clients see of a refusal; codes with data of their own get a type of their own. */
export function toMutationError(error: DomainError): MutationError {
  const { code, message, path, fields, shown } = error;
  const base = { code, message, path };
  const typeName = TYPE_BY_CODE[code];
  if (typeName) return { ...base, ...fields, ...shown, typeName };
  const details = Object.keys(fields).length > 0 ? JSON.stringify(fields) : null;
  const refusal: Refusal = { ...base, details, typeName: 'Refusal' };
  return refusal;
}

@ObjectType('InsufficientCredit', {
  implements: MutationError,
  description: 'The payer would pass its credit limit.',
})
export class InsufficientCreditType extends MutationError {
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What the payer can still spend, in the unit of its account; null for who may not see its balance.',
  })
  available: string | null;
}

@ObjectType('CeilingExceeded', {
  implements: MutationError,
  description: 'The payee would hold more than it may.',
})
export class CeilingExceededType extends MutationError {
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What the payee can still receive, in the unit of its account; null for who may not see its balance.',
  })
  earnable: string | null;
}

@ObjectType('InputFault', { description: 'One thing that is wrong with what was given.' })
export class InputFaultType {
  @Field(() => String, {
    description: 'What, such as `TIERS_WITHOUT_END`; docs/bylaws.md and docs/voting.md list them.',
  })
  code: string;

  @Field(() => String, { description: 'Where, such as `rules.0.upTo`; empty for the whole.' })
  path: string;
}

@ObjectType('FaultyInput', {
  implements: MutationError,
  description: 'Bylaws, a voting rule or a ballot with all that is wrong with it.',
})
export class FaultyInputType extends MutationError {
  @Field(() => [InputFaultType], {
    description: 'All that is wrong, at most a few for each part of the input.',
  })
  faults: InputFaultType[];
}

const TYPE_BY_CODE: Record<string, string> = {
  BOOKING_CONFLICT: 'BookingConflict',
  INSUFFICIENT_CREDIT: 'InsufficientCredit',
  CEILING_EXCEEDED: 'CeilingExceeded',
  DECISION_REQUIRED: 'DecisionRequired',
  VOTING_RULE: 'FaultyInput',
  BYLAWS_FAULTY: 'FaultyInput',
  INVALID_BALLOT: 'FaultyInput',
};

/** The concrete error types, which no field names and the schema must still contain. */
export const errorTypes = [Refusal, InsufficientCreditType, CeilingExceededType, FaultyInputType];
