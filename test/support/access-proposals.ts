import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { draftInput, givenDraft, givenOpen, openInput, type NamedProposal } from './proposals.ts';
import { givenMember, type Member } from './world.ts';

/** Who may do what with proposals; the letters are those of the table that it belongs to. */
export const PROPOSALS_TABLE = `
proposalDraft               U       F        F         +      +           +         +         +       F
proposalAmend               U       F        F         +      +           +         +         +       F
proposalOpen                U       F        F         +      +           +         +         +       F
proposalWithdraw            U       F        F         +      +           +         +         +       F
proposalOptionWithdraw      U       F        F         +      +           +         +         +       F
proposalClose               U       F        F         F      r           F         F         F       F
proposalExecuteRetry        U       F        F         F      r           F         F         F       F
proposalVeto                U       F        F         F      F           F         F         r       F
proposalChanged             U       F        F         +      +           +         +         +       F
networkActivity             U       F        F         +      +           +         +         +       F
`;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function proposalCalls(stage: Stage): Calls {
  const own = async (actor: ActorName): Promise<Member> => {
    const { server, cast } = stage();
    return OUTSIDE.includes(actor) ? cast.network.founder : membershipOf(server, cast, actor);
  };
  /** A draft of the actor, or of the founder for who cannot have one. */
  const ownDraft = async (actor: ActorName, motion: object = {}) =>
    givenDraft(stage().server, stage().cast.network, motion, await own(actor));
  // One for all calls that leave it as it is.
  let shared: Promise<NamedProposal> | undefined;
  const foundersDraft = () => {
    const rule = { vetoRole: 'AUDITOR', delayDays: 3 };
    shared ??= givenDraft(stage().server, stage().cast.network, { rule });
    return shared;
  };
  const followed = async () => {
    const { networkId, proposalId } = await foundersDraft();
    return `networkId: "${networkId}", proposalId: "${proposalId}"`;
  };
  return {
    proposalDraft: () => mutationCall('proposalDraft', draftInput(stage().cast.network)),
    proposalAmend: async (actor) =>
      mutationCall('proposalAmend', { ...(await ownDraft(actor)), title: 'Another bench' }),
    proposalOpen: async (actor) => mutationCall('proposalOpen', openInput(await ownDraft(actor))),
    proposalWithdraw: async (actor) => mutationCall('proposalWithdraw', await ownDraft(actor)),
    proposalOptionWithdraw: async (actor) => {
      const candidate = await own(actor);
      const { founder } = stage().cast.network;
      const others = [founder, await own('member')].filter(
        ({ membershipId }) => membershipId !== candidate.membershipId,
      );
      const candidateIds = [candidate, ...others].map(({ membershipId }) => membershipId);
      const { server, cast } = stage();
      // Nobody has more than a few open at a time.
      const author = await givenMember(server, cast.network, 'Author');
      const motion = { rule: { method: 'SCHULZE' }, candidateIds };
      const proposal = await givenOpen(server, cast.network, motion, author);
      return mutationCall('proposalOptionWithdraw', { ...proposal, optionId: '1' });
    },
    proposalClose: async () => mutationCall('proposalClose', await foundersDraft()),
    proposalExecuteRetry: async () => mutationCall('proposalExecuteRetry', await foundersDraft()),
    proposalVeto: async () => {
      const proposal = await foundersDraft();
      return mutationCall('proposalVeto', { ...proposal, reason: 'The statutes do not allow it.' });
    },
    proposalChanged: async () => ({ field: `proposalChanged(${await followed()}) { id }` }),
    networkActivity: () => ({ field: `networkActivity(networkId: "${stage().cast.network.id}") { kind }` }),
  };
}
