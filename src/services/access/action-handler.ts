import type { Unit } from '../../entities/unit.ts';
import type { ActionKind } from '../../governance/actions.ts';
import type { Db } from '../../kernel/database.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

/** What is known of the vote or the signatures when an action is carried out. */
export interface DecisionContext {
  networkId: string;
  /** The proposal, or the action that was signed: the cause of what is done. */
  decisionId: string;
  /** Memberships that won an election, in their order; empty if nothing was elected. */
  electedIds: readonly string[];
}

/** What an action would do, for those who are asked. */
export interface ActionReading<Data> {
  /** Everything that carrying it out needs, as JSON. */
  data: Data;
  /** What it does, in a sentence with names and amounts, without ids. */
  sentence: string;
  /** How many the vote elects to carry it out with; absent if it names everybody itself. */
  seats?: number;
}

/** What an action moves. */
export interface MovedValue {
  minor: bigint;
  unit: Pick<Unit, 'id' | 'scale'>;
}

/**
 * How one kind of action is read, weighed and carried out. An area that owns the operation provides it; the composition root
 * hands all of them to the proposals.
 */
export interface ActionHandler<Data = Record<string, unknown>> {
  kind: ActionKind;
  /**
   * Reads what a client gave, which has the shape of the direct mutation's input without the network and the key.
   *
   * @throws a DomainError that names what is wrong
   */
  read(tx: Tx, networkId: string, input: never): Promise<ActionReading<Data>>;
  /** The value that it moves, for the tiers of the bylaws; null if it moves none. */
  amountOf(db: Db, networkId: string, data: Data): Promise<MovedValue | null>;
  /** Members who gain by it and therefore may not sign for it. */
  beneficiaries(db: Db, networkId: string, data: Data): Promise<string[]>;
  /**
   * Does it, as the decision: the actor is the system named `decision`. Tried and undone when voting opens.
   *
   * @throws a DomainError if it cannot be done as things stand
   */
  execute(tx: Tx, data: Data, decision: DecisionContext): Promise<void>;
}

export type ActionHandlers = ReadonlyMap<ActionKind, ActionHandler>;

/** The handlers that an area provides. */
export function handlersByKind(handlers: readonly ActionHandler<object>[]): ActionHandlers {
  return new Map(handlers.map((handler) => [handler.kind, handler as ActionHandler]));
}
