import type { ExecutionFailure } from '../../../entities/proposal.ts';
import {
  ACTION_KINDS,
  MAX_ACTIONS,
  type ActionKind,
  type ProposalAction,
} from '../../../governance/actions.ts';
import type { System } from '../../../kernel/actor.ts';
import { assert, DomainError, InvalidInput } from '../../../kernel/errors.ts';
import { formatAmount } from '../../../kernel/money.ts';
import { inPart } from '../../../kernel/part.ts';
import type { Reactions, Tx } from '../../../kernel/unit-of-work.ts';
import type { ActionHandler, ActionHandlers, DecisionContext } from '../../access/action-handler.ts';
import { ActionRefused } from '../signatures/action-errors.ts';

/** What carrying out decisions works with; the composition root gathers it from the areas. */
export interface DecisionDeps {
  handlers: ActionHandlers;
  reactions: Reactions;
}

/** An action as clients give it: exactly one field, named after its kind. */
export type ActionInput = { [Kind in ActionKind]?: object | null | undefined };

/** Who does what was decided. */
export const DECISION: System = { kind: 'system', name: 'decision' };

/**
 * Reads actions of one network. The path of a refusal names the action, counted from 0, and its kind.
 *
 * @throws InvalidInput, NotFound for what is not of this network, and what the handler of the kind refuses
 */
export async function readActions(
  tx: Tx,
  handlers: ActionHandlers,
  networkId: string,
  inputs: readonly ActionInput[],
): Promise<ProposalAction[]> {
  if (inputs.length > MAX_ACTIONS) {
    throw new InvalidInput('INVALID_RANGE', 'actions', { min: 0, max: MAX_ACTIONS });
  }
  const actions: ProposalAction[] = [];
  for (const [index, input] of inputs.entries()) {
    actions.push(await readAction(tx, handlers, networkId, { input, path: `actions.${index}` }));
  }
  return actions;
}

/** The same for one. */
export async function readAction(
  tx: Tx,
  handlers: ActionHandlers,
  networkId: string,
  { input, path }: { input: ActionInput; path: string },
): Promise<ProposalAction> {
  const kinds = ACTION_KINDS.filter((kind) => input[kind] !== null && input[kind] !== undefined);
  const [kind] = kinds;
  if (!kind || kinds.length > 1) throw new InvalidInput('INVALID_CHOICE', path);
  const handler = handlerOf(handlers, kind);
  try {
    const { data, sentence, seats = null } = await handler.read(tx, networkId, input[kind] as never);
    const value = await handler.amountOf(tx.db, networkId, data);
    const amount = value && formatAmount(value.minor, value.unit.scale);
    return { kind, data, sentence, amount, unitId: value && value.unit.id, seats };
  } catch (error) {
    throw error instanceof DomainError ? refusalIn(`${path}.${kind}`, error) : error;
  }
}

function refusalIn(at: string, { code, message, fields, shown, path }: DomainError): DomainError {
  const refusal = new DomainError(code, message, fields, path === null ? at : `${at}.${path}`);
  return Object.assign(refusal, { shown });
}

/**
 * Looks whether actions could be carried out as things stand, by carrying them out and undoing it all. Call with the network
 * held exclusively.
 *
 * @throws ActionRefused
 */
export async function tryActions(
  tx: Tx,
  { handlers, reactions }: DecisionDeps,
  actions: readonly ProposalAction[],
  decision: DecisionContext,
): Promise<void> {
  try {
    await inPart(tx, { actor: DECISION, reactions, isTrial: true }, (part) =>
      carryOut(part, handlers, actions, decision),
    );
  } catch (error) {
    throw asActionRefused(error, actions);
  }
}

/**
 * Carries actions out as the decision, all of them or none. Call with the network held exclusively: it is locked before all
 * else, and what an action locks comes after it.
 *
 * @returns why nothing was done, or null if all was
 * @emits what the operations emit, with the id of the decision
 */
export async function executeActions(
  tx: Tx,
  { handlers, reactions }: DecisionDeps,
  actions: readonly ProposalAction[],
  decision: DecisionContext,
): Promise<ExecutionFailure | null> {
  try {
    await inPart(tx, { actor: DECISION, reactions, isTrial: false }, (part) =>
      carryOut(part, handlers, actions, decision),
    );
    return null;
  } catch (error) {
    const refused = asActionRefused(error, actions);
    if (refused instanceof ActionRefused) return failureOf(refused);
    throw error;
  }
}

/** What other areas do in consequence of the actions comes after all of them: its refusal counts as one of the last. */
function asActionRefused(error: unknown, actions: readonly ProposalAction[]): unknown {
  if (error instanceof ActionRefused || !(error instanceof DomainError)) return error;
  return new ActionRefused(Math.max(0, actions.length - 1), error);
}

async function carryOut(
  part: Tx,
  handlers: ActionHandlers,
  actions: readonly ProposalAction[],
  decision: DecisionContext,
): Promise<void> {
  const { decisionId } = decision;
  const tx: Tx = {
    ...part,
    emit: (event) => part.emit({ ...event, data: { ...event.data, decisionId } }),
  };
  for (const [index, { kind, data }] of actions.entries()) {
    try {
      await handlerOf(handlers, kind).execute(tx, data, decision);
    } catch (error) {
      throw error instanceof DomainError ? new ActionRefused(index, error) : error;
    }
  }
}

function failureOf({ action, refusal }: ActionRefused): ExecutionFailure {
  return { code: refusal.code, message: refusal.message, action };
}

function handlerOf(handlers: ActionHandlers, kind: ActionKind): ActionHandler {
  const handler = handlers.get(kind);
  assert(handler, `somebody carries out ${kind}`);
  return handler;
}
