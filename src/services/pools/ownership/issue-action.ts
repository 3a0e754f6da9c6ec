import { Pool } from '../../../entities/pool.ts';
import { Resource } from '../../../entities/resource.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { formatAmount } from '../../../kernel/money.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { ActionHandler } from '../../access/action-handler.ts';
import { standingIn } from '../../access/standing.ts';
import { accountInWords } from '../../ledger/accounts-in-words.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { memberNamed, movesNothing } from '../../networks/membership-actions.ts';
import { authorizeShares, issuePayment, issueShares, type IssueShares } from './issue-shares.ts';
import { requireCoOwned, requireShareCount } from './shares.ts';

export type IssueAction = Omit<IssueShares, 'networkId'>;

/** Makes further shares of a thing that several own together. */
export const sharesIssue: ActionHandler<IssueAction> = {
  kind: 'sharesIssue',
  async read(tx, networkId, input: IssueAction) {
    const { resource, pool } = await thingNamed(tx.db, networkId, input.resourceId);
    requireCoOwned(resource);
    const member = await memberNamed(tx.db, networkId, input.membershipId);
    const shareCount = requireShareCount(input.shareCount);
    const command = { ...input, networkId, resourceId: resource.id, membershipId: member.id, shareCount };
    const shares = shareCount === 1 ? '1 further share' : `${shareCount} further shares`;
    const payment = await paymentInWords(tx, command, pool.accountId);
    const data: IssueAction = {
      resourceId: resource.id,
      membershipId: member.id,
      shareCount,
      pricePerShare: input.pricePerShare ?? null,
      payerAccountId: input.payerAccountId ?? null,
      payeeAccountId: payment.payeeAccountId,
    };
    return {
      data,
      sentence: `${member.displayName} receives ${shares} of “${resource.name}”${payment.words}.`,
    };
  },
  amountOf: movesNothing,
  beneficiaries: async (_db, _networkId, { membershipId }) => [membershipId],
  async execute(tx, data, { networkId, decisionId }) {
    await issueShares(tx, { networkId, ...data }, decisionId);
  },
};

async function thingNamed(
  db: Db,
  networkId: string,
  resourceId: string,
): Promise<{ resource: Resource; pool: Pool }> {
  const id = requireId('resource', resourceId, 'resourceId');
  const resource = await db.one(Resource, { networkId, id });
  if (!resource) throw new NotFound('Resource');
  const pool = await db.one(Pool, { networkId, id: resource.poolId });
  assert(pool, 'a thing has a pool');
  return { resource, pool };
}

/**
 * What is paid for the shares. Who proposes it signs for the account that pays: nobody is made to buy.
 *
 * @throws Forbidden, NotFound, UnitMismatch, AccountNotOpen, SameAccount, InvalidInput
 */
async function paymentInWords(
  tx: Tx,
  command: IssueShares,
  poolAccountId: string | null,
): Promise<{ words: string; payeeAccountId: string | null }> {
  const payment = await issuePayment(tx, command, poolAccountId);
  if (!payment) return { words: '', payeeAccountId: null };
  const { payer, payee, amountMinor } = payment;
  const unit = await unitOf(tx.db, payer);
  const amount = formatAmount(amountMinor, unit.scale);
  await authorizeShares(tx, await standingIn(tx, command.networkId), payer, amount);
  const [from, to] = [await accountInWords(tx.db, payer), await accountInWords(tx.db, payee)];
  return { words: `, for which ${from} pays ${amount} ${unit.code} to ${to}`, payeeAccountId: payee.id };
}
