import type { ConsentRecord } from '../../../entities/consent-record.ts';
import { assert } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';

/** Something that is said to a proposal that asks for consent; its version is the present one. */
export type Saying = Pick<
  ConsentRecord,
  'networkId' | 'proposalId' | 'said' | 'membershipId' | 'objectionId' | 'reason'
>;

/** Where it stands in the chain of all that was said; the record of the network tells it. */
export interface Sealing {
  number: number;
  hash: string;
}

/**
 * Writes down what is said, and with it the stance or the objection that counts from now on. A function of the database does:
 * the serving role itself can change none of it.
 */
export async function say(tx: Tx, saying: Saying): Promise<Sealing> {
  const { networkId, proposalId, said, membershipId, objectionId, reason } = saying;
  const sealing = await tx.db.row<Sealing>('select * from consent_say($1, $2, $3, $4, $5, $6, $7)', [
    networkId,
    proposalId,
    tx.now,
    said,
    membershipId,
    objectionId,
    reason,
  ]);
  assert(sealing, 'what is said has a place in the chain');
  return sealing;
}
