import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { NotFound } from '../../kernel/errors.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import type { Followed } from '../../services/ledger/changes.ts';
import { followable, seenAccount } from '../../services/ledger/follow.ts';
import { readableTransfer } from '../../services/ledger/read-accounts.ts';
import { networkBy } from '../../services/networks/read-networks.ts';
import type { Context } from '../context.ts';

interface Args {
  networkId: string;
  accountId: string | null | undefined;
}

interface Asked {
  args: Args;
  context: Context;
}

/** The ids of what changes: each is resolved, and what the viewer may not see left out, when it is delivered. */
async function follow(what: Followed['what'], { args, context }: Asked): Promise<AsyncIterable<string>> {
  const { db, loaders, app } = context;
  const network = await networkBy(db, { id: args.networkId });
  if (!network) throw new NotFound('Network');
  const standing = await loaders.standing(network.id);
  return app.changes.follow(await followable(db, standing, what, args.accountId ?? null));
}

const NETWORK_ID = { description: 'The network.' };
const ACCOUNT_ID = {
  nullable: true,
  description: 'One account; all that the viewer holds or signs for in the network if absent.',
} as const;

@Resolver()
export class LedgerSubscriptionsResolver {
  @Subscription(() => AccountType, {
    nullable: true,
    description:
      'An account as it is after a change: of balance, reservation, limits, state, name or signatories. Never null when delivered.',
    subscribe: (asked) => follow('accounts', asked as Asked),
  })
  async accountChanged(
    @Root() id: string,
    @Arg('networkId', () => ID, NETWORK_ID) networkId: string,
    @Arg('accountId', () => ID, ACCOUNT_ID) accountId: string | null,
    @Ctx() { loaders }: Context,
  ): Promise<Account | null> {
    const account = await loaders.account(networkId, id);
    const [standing, tie] = [await loaders.standing(networkId), await loaders.tieTo(account)];
    return seenAccount(standing, account, { tie, isOwn: !accountId });
  }

  @Subscription(() => TransferType, {
    nullable: true,
    description:
      'A transfer as it is after it was made, answered or undone, if it touches the account. Never null when delivered.',
    subscribe: (asked) => follow('transfers', asked as Asked),
  })
  async transferChanged(
    @Root() id: string,
    @Arg('networkId', () => ID, NETWORK_ID) networkId: string,
    @Arg('accountId', () => ID, ACCOUNT_ID) _accountId: string | null,
    @Ctx() { db, loaders }: Context,
  ): Promise<Transfer | null> {
    const transfer = await loaders.transfer(networkId, id);
    return readableTransfer(db, await loaders.standing(networkId), transfer);
  }
}
