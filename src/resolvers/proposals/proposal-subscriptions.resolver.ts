import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Proposal } from '../../entities/proposal.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { NetworkActivityType } from '../../schema/networks/activity.ts';
import { ProposalType } from '../../schema/proposals/proposal.ts';
import { authorize, may } from '../../services/access/may.ts';
import { networkBy } from '../../services/networks/read-networks.ts';
import { eventIn } from '../../services/networks/record.ts';
import { readableProposal } from '../../services/proposals/life/read-proposals.ts';
import type { Context } from '../context.ts';
import { findNode } from '../node.resolver.ts';

interface Asked {
  args: { networkId: string; proposalId?: string };
  context: Context;
}

/** Ids of what changes: each is resolved, and what the viewer may not see left out, when it is delivered. */
async function follow({ args, context }: Asked): Promise<AsyncIterable<string>> {
  const { db, loaders, app } = context;
  const network = await networkBy(db, { id: args.networkId });
  if (!network) throw new NotFound('Network');
  const standing = await loaders.standing(network.id);
  authorize(standing, 'proposal.read');
  const networkId = network.id;
  if (args.proposalId === undefined) return app.decisionChanges.follow({ networkId, proposalId: null });
  const proposalId = requireId('proposal', args.proposalId, 'proposalId');
  if (!(await readableProposal(db, standing, proposalId))) throw new NotFound('Proposal');
  return app.decisionChanges.follow({ networkId, proposalId });
}

const NETWORK_ID = { description: 'The network.' };

@Resolver()
export class ProposalSubscriptionsResolver {
  @Subscription(() => ProposalType, {
    nullable: true,
    description:
      'A proposal as it is after it was amended, opened, discussed, closed or carried out, or a ballot was cast in an open vote. Never null when delivered.',
    subscribe: (asked) => follow(asked as Asked),
  })
  async proposalChanged(
    @Root() id: string,
    @Arg('networkId', () => ID, NETWORK_ID) networkId: string,
    @Arg('proposalId', () => ID, { description: 'The proposal.' }) _proposalId: string,
    @Ctx() { db, loaders }: Context,
  ): Promise<Proposal | null> {
    return readableProposal(db, await loaders.standing(networkId), id);
  }

  @Subscription(() => NetworkActivityType, {
    nullable: true,
    description:
      'What happens in a network, as far as the viewer may see what it happens to; for active members. Never null when delivered.',
    subscribe: (asked) => follow(asked as Asked),
  })
  async networkActivity(
    @Root() id: string,
    @Arg('networkId', () => ID, NETWORK_ID) networkId: string,
    @Ctx() ctx: Context,
  ): Promise<NetworkActivityType | null> {
    if (!may(await ctx.loaders.standing(networkId), 'proposal.read').allowed) return null;
    const event = await eventIn(ctx.db, [networkId], id);
    const subject = event && (await findNode(ctx, event.subjectId));
    return subject ? { kind: event.kind, at: event.at, subject } : null;
  }
}
