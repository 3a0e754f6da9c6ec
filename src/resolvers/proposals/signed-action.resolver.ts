import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { ActionSignature } from '../../entities/action-signature.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { ExecutionFailure, Proposal } from '../../entities/proposal.ts';
import type { SignedAction } from '../../entities/signed-action.ts';
import { ruleInFull, type StatedRule } from '../../governance/bylaws.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { BylawRuleType } from '../../schema/networks/bylaws.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { ProposalActionType } from '../../schema/proposals/proposal.ts';
import {
  ActionDeclineInput,
  ActionDeclinePayload,
  ActionFailureType,
  ActionSignatureType,
  ActionSignInput,
  ActionSignPayload,
  ActionSubmitInput,
  ActionSubmitPayload,
  SignedActionConnection,
  SignedActionFilterInput,
  SignedActionType,
  SignedActionViewerCanType,
} from '../../schema/proposals/signed-action.ts';
import { authorize, type Verdict } from '../../services/access/may.ts';
import { signedActionVerdicts } from '../../services/proposals/signatures/action-access.ts';
import {
  listSignedActions,
  signedActionIn,
  signedActionMade,
} from '../../services/proposals/signatures/read-actions.ts';
import { proposalMade } from '../../services/proposals/life/read-proposals.ts';
import { listSignaturesDue } from '../../services/proposals/signatures/signatures-due.ts';
import { declineAction, signAction } from '../../services/proposals/signatures/sign-action.ts';
import { signaturesNeeded, withBeneficiariesNow } from '../../services/proposals/signatures/signers.ts';
import { submitAction } from '../../services/proposals/signatures/submit-action.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';
import type { ActionInNetwork } from './amounts.resolver.ts';

@Resolver(() => SignedActionType)
export class SignedActionResolver {
  @Mutation(() => ActionSubmitPayload, {
    description:
      'Hands in an action to those who decide it by the bylaws, once for its key: it is carried out at once for who decides alone, signed, or voted on. Codes: ACTION_REFUSED, VOTING_RULE, NO_ELECTORS, TOO_MANY_DRAFTS, TOO_MANY_OPEN, INVALID_CHOICE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED, and those of the action.',
  })
  async actionSubmit(
    @Input(() => ActionSubmitInput) input: ActionSubmitInput,
    @Ctx() ctx: Context,
  ): Promise<ActionSubmitPayload> {
    const { networkId } = input;
    const { made, errors } = await mutateOnce<SignedAction | Proposal>(ctx, {
      operation: 'actionSubmit',
      input,
      work: (tx) => submitAction(tx, ctx.app.decisions, input),
      again: (tx, id) =>
        kindOfId(id) === 'proposal' ? proposalMade(tx, networkId, id) : signedActionMade(tx, networkId, id),
    });
    if (!made) return { errors };
    const isProposal = kindOfId(made.id) === 'proposal';
    return isProposal
      ? { proposal: made as Proposal, errors }
      : { signedAction: made as SignedAction, errors };
  }

  @Mutation(() => ActionSignPayload, {
    description:
      'Signs an action, once for its key; the last signature carries it out. For holders of the role who gain nothing by it. Codes: ACTION_STATE, ALREADY_SIGNED, OWN_BENEFIT, RULE_CHANGED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async actionSign(
    @Input(() => ActionSignInput) input: ActionSignInput,
    @Ctx() ctx: Context,
  ): Promise<ActionSignPayload> {
    const { made: signedAction, errors } = await mutateOnce(ctx, {
      operation: 'actionSign',
      input,
      work: (tx) => signAction(tx, ctx.app.decisions, input),
      again: (tx, id) => signedActionMade(tx, input.networkId, id),
    });
    return { signedAction, errors };
  }

  @Mutation(() => ActionDeclinePayload, {
    description:
      'Says no to an action that waits for signatures: who could sign it, or who has submitted it. Codes: ACTION_STATE, OWN_BENEFIT, NETWORK_ARCHIVED.',
  })
  actionDecline(
    @Input(() => ActionDeclineInput) input: ActionDeclineInput,
    @Ctx() ctx: Context,
  ): Promise<ActionDeclinePayload> {
    return mutate(ctx, async (tx) => ({
      signedAction: await declineAction(tx, ctx.app.decisions.handlers, input),
    }));
  }

  @FieldResolver(() => NetworkType, { description: 'The network that decides.' })
  network(@Root() { networkId }: SignedAction, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(networkId);
  }

  @FieldResolver(() => ProposalActionType, { description: 'What is to be done.' })
  action(@Root() { networkId, action }: SignedAction): ActionInNetwork {
    return { ...action, networkId };
  }

  @FieldResolver(() => String, { description: 'What it does, in a sentence.' })
  sentence(@Root() { action }: SignedAction): string {
    return action.sentence;
  }

  @FieldResolver(() => BylawRuleType, { description: 'The rule of the bylaws under which it was submitted.' })
  rule(@Root() { networkId, rule }: SignedAction): StatedRule {
    return ruleInFull(rule, networkId);
  }

  @FieldResolver(() => Int, { description: 'How many signatures it needs.' })
  needed(@Root() { rule }: SignedAction): number {
    return signaturesNeeded(rule);
  }

  @FieldResolver(() => [ActionSignatureType], { description: 'Who has signed, the first first.' })
  signatures(@Root() action: SignedAction, @Ctx() ctx: Context): Promise<ActionSignature[]> {
    return ctx.loaders.signatures(action);
  }

  @FieldResolver(() => MembershipType, { description: 'Who has submitted it.' })
  submittedBy(
    @Root() { networkId, submittedByMembershipId }: SignedAction,
    @Ctx() ctx: Context,
  ): Promise<Membership> {
    return ctx.loaders.membership(networkId, submittedByMembershipId);
  }

  @FieldResolver(() => MembershipType, { nullable: true, description: 'Who said no; null if nobody did.' })
  async declinedBy(
    @Root() { networkId, declinedByMembershipId }: SignedAction,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return declinedByMembershipId ? ctx.loaders.membership(networkId, declinedByMembershipId) : null;
  }

  @FieldResolver(() => ActionFailureType, {
    nullable: true,
    description: 'Why it could not be carried out; null unless that was tried.',
  })
  failure(@Root() { failure }: SignedAction): ExecutionFailure | null {
    return failure;
  }

  @FieldResolver(() => SignedActionViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() action: SignedAction,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof SignedActionViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(action.networkId);
    const asOfNow = await withBeneficiariesNow(ctx.db, ctx.app.decisions.handlers, action);
    const [signatures, canTryAgain] = await Promise.all([
      ctx.loaders.signatures(action),
      ctx.loaders.canTryAgain(asOfNow),
    ]);
    return signedActionVerdicts(standing, asOfNow, { signatures, canTryAgain, now: ctx.now });
  }
}

@Resolver(() => ActionSignatureType)
export class ActionSignatureResolver {
  @FieldResolver(() => MembershipType, { description: 'The holder of the role who signed.' })
  member(@Root() { networkId, membershipId }: ActionSignature, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }
}

@Resolver(() => NetworkType)
export class NetworkSignedActionsResolver {
  @FieldResolver(() => SignedActionConnection, {
    nullable: true,
    description: 'Actions that are or were to be signed, newest first; for active members.',
  })
  async signedActions(
    @Root() network: Network,
    @Arg('filter', () => SignedActionFilterInput, { nullable: true, description: 'Which actions.' })
    filter: SignedActionFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<SignedAction>> {
    const standing = await ctx.loaders.standing(network.id);
    return listSignedActions(ctx.db, standing, filter ?? {}, pageRequest(page));
  }

  @FieldResolver(() => SignedActionType, {
    nullable: true,
    description: 'One action by its id; null if there is none. For active members.',
  })
  async signedAction(
    @Root() network: Network,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<SignedAction | null> {
    authorize(await ctx.loaders.standing(network.id), 'proposal.read');
    return signedActionIn(ctx.db, network.id, id);
  }
}

@Resolver(() => ViewerType)
export class ViewerSignaturesResolver {
  @FieldResolver(() => SignedActionConnection, {
    description: 'Actions of all networks that the viewer can sign and has not, the oldest first.',
  })
  signaturesDue(
    @Root() { personId }: ViewerType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<SignedAction>> {
    const { handlers } = ctx.app.decisions;
    return listSignaturesDue({ db: ctx.db, handlers, now: ctx.now }, personId, pageRequest(page));
  }
}
