import type { Proposal } from '../../../entities/proposal.ts';
import { assert } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { VoteForAnother } from '../votes/delegated-votes.ts';
import type { Elector } from '../votes/electors.ts';

// Functions of the database write what members vote on and what comes of it: the serving role itself can change none of it.

/** What a proposal is opened with. */
export interface Opening extends Pick<Proposal, 'networkId' | 'id' | 'rule'> {
  closesAt: Date;
  electors: readonly Elector[];
}

/** Opens a draft, and returns the hash over all that is fixed by this. */
export async function freeze(tx: Tx, { networkId, id, rule, closesAt, electors }: Opening): Promise<string> {
  const row = await tx.db.row<{ hash: string }>(
    'select proposal_open($1, $2, $3, $4::jsonb, $5, $6::text[], $7::bigint[]) as hash',
    [
      networkId,
      id,
      tx.now,
      JSON.stringify(rule),
      closesAt,
      electors.map(({ membershipId }) => membershipId),
      electors.map(({ weight }) => weight.toString()),
    ],
  );
  assert(row, 'what is opened has a hash');
  return row.hash;
}

/** Writes the next version of an open proposal, which consent alone allows, and returns the new hash. */
export async function freezeAnew(tx: Tx, amended: Proposal): Promise<string> {
  const { networkId, id, title, text, topic, actions, options, closesAt } = amended;
  const row = await tx.db.row<{ hash: string }>(
    'select proposal_amend($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8) as hash',
    [networkId, id, title, text, topic, JSON.stringify(actions), JSON.stringify(options), closesAt],
  );
  assert(row, 'what is amended has a hash');
  return row.hash;
}

/** How a vote ends. */
export interface Ending extends Pick<Proposal, 'state' | 'seed' | 'outcome' | 'executeAt'> {
  /** Whose votes counted for others: delegations change, and anybody can recount. */
  delegated: readonly VoteForAnother[];
}

/** Closes a vote, once. Fails if what was voted on is not what was opened. */
export async function endVote(
  tx: Tx,
  { networkId, id }: Proposal,
  { state, seed, outcome, executeAt, delegated }: Ending,
): Promise<void> {
  await tx.db.execute(
    'select proposal_close($1, $2, $3, $4, $5, $6::jsonb, $7, $8::text[], $9::text[], $10::text[])',
    [
      networkId,
      id,
      tx.now,
      state,
      seed,
      JSON.stringify(outcome),
      executeAt,
      delegated.map(({ fromMembershipId }) => fromMembershipId),
      delegated.map(({ delegateMembershipId }) => delegateMembershipId),
      delegated.map(({ voterMembershipId }) => voterMembershipId),
    ],
  );
}

/** A state with what belongs to it. */
export type Move =
  | { state: 'WITHDRAWN' | 'EXECUTED' }
  | ({ state: 'EXECUTION_FAILED' } & Pick<Proposal, 'failure'>)
  | ({ state: 'VETOED' } & Pick<Proposal, 'vetoedByMembershipId' | 'vetoReason'>);

/**
 * Takes a proposal to a state that follows on its own, and returns it so. Fails if what was voted on is not what was opened.
 */
export async function moveProposal(tx: Tx, proposal: Proposal, move: Move): Promise<Proposal> {
  const set = {
    failure: null,
    vetoedByMembershipId: null,
    vetoReason: null,
    ...move,
    executedAt: move.state === 'EXECUTED' ? tx.now : null,
  };
  await tx.db.execute('select proposal_move($1, $2, $3, $4, $5::jsonb, $6, $7)', [
    proposal.networkId,
    proposal.id,
    set.state,
    tx.now,
    set.failure && JSON.stringify(set.failure),
    set.vetoedByMembershipId,
    set.vetoReason,
  ]);
  return { ...proposal, ...set };
}
