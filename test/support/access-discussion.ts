import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { discussionKit, givenConsent } from './discussion.ts';
import type { TestVote } from './votes.ts';
import { givenMember, type Member } from './world.ts';

/** Who may say what to a proposal, and let whom vote; the letters are those of the table that it belongs to. */
export const DISCUSSION_TABLE = `
stanceTake                  U       F        F         +      +           +         +         +       F
objectionRaise              U       F        F         +      +           +         +         +       F
objectionResolve            U       F        F         +      +           +         +         +       F
proposalFacilitatorSet      U       F        F         F      +           F         F         F       F
proposalComment             U       F        F         +      +           +         +         +       F
commentEdit                 U       F        F         +      +           +         +         +       F
commentHide                 U       F        F         F      F           F         +         F       F
commentShow                 U       F        F         F      F           F         +         F       F
delegationSet               U       F        F         +      +           +         +         +       F
delegationRevoke            U       F        F         +      +           +         +         +       F
`;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function discussionCalls(stage: Stage): Calls {
  const kit = discussionKit(() => ({ server: stage().server, network: stage().cast.network }));
  const call = (field: string, input: object) => mutationCall(field, kit.inNetwork(input));
  const somebody = () => givenMember(stage().server, stage().cast.network, 'Delegate');
  /** The member that the actor is; the founder for who is none, who then reaches for what is another's. */
  const own = async (actor: ActorName): Promise<Member> =>
    OUTSIDE.includes(actor)
      ? stage().cast.network.founder
      : membershipOf(stage().server, stage().cast, actor);
  const consent = (elector: Member) => givenConsent(stage().server, stage().cast.network, [elector]);
  const asked = async (actor: ActorName): Promise<TestVote> => consent(await own(actor));
  const said = async (author: Member): Promise<string> =>
    kit.comment(author, await consent(author), 'Who waters it?');
  return {
    stanceTake: async (actor) =>
      call('stanceTake', { ...(await asked(actor)), version: 1, stance: 'CONSENT' }),
    objectionRaise: async (actor) =>
      call('objectionRaise', { ...(await asked(actor)), reason: 'The yard floods.' }),
    objectionResolve: async (actor) => {
      const member = await own(actor);
      const objectionId = await kit.object(member, await consent(member));
      return call('objectionResolve', { objectionId, state: 'WITHDRAWN' });
    },
    proposalFacilitatorSet: async (actor) => {
      const { membershipId } = await somebody();
      return call('proposalFacilitatorSet', { ...(await asked(actor)), membershipId });
    },
    proposalComment: async (actor) =>
      call('proposalComment', { ...(await asked(actor)), text: 'Who waters it?' }),
    commentEdit: async (actor) => {
      const commentId = await said(await own(actor));
      return call('commentEdit', { commentId, text: 'Who waters the garden?' });
    },
    commentHide: async () => {
      const commentId = await said(stage().cast.network.founder);
      return call('commentHide', { commentId, reason: 'an insult' });
    },
    commentShow: async () => {
      const commentId = await said(stage().cast.network.founder);
      const moderator = await membershipOf(stage().server, stage().cast, 'moderator');
      await kit.hide(moderator, commentId);
      return call('commentShow', { commentId });
    },
    delegationSet: async () =>
      call('delegationSet', { delegateMembershipId: (await somebody()).membershipId }),
    delegationRevoke: async (actor) => {
      const delegationId = await kit.delegate(await own(actor), await somebody());
      return call('delegationRevoke', { delegationId });
    },
  };
}
