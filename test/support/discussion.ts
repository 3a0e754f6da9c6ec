import { ProposalVersion } from '../../src/entities/proposal-version.ts';
import type { VotingRule } from '../../src/governance/voting-rule.ts';
import { amendProposal } from '../../src/services/proposals/life/amend.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import { givenVote, proposalAs, type TestVote } from './votes.ts';
import type { Member, TestNetwork } from './world.ts';

/** A proposal of the founder that is open and asks for consent. */
export async function givenConsent(
  server: TestServer,
  network: TestNetwork,
  electors: Member[],
  { rule = {}, weights = [] }: { rule?: Partial<VotingRule>; weights?: bigint[] } = {},
): Promise<TestVote> {
  const vote = await givenVote(server, network, electors, { rule: { ...rule, method: 'CONSENT' }, weights });
  await server.app.database.db.insert(ProposalVersion, {
    ...vote,
    version: 1,
    title: 'A garden for all',
    text: 'We turn the yard into a garden.',
    actions: [],
    options: [],
    writtenByMembershipId: network.founder.membershipId,
    writtenAt: server.clock.now(),
  });
  return vote;
}

/** Writes an open proposal of the founder anew. */
export async function amended(server: TestServer, network: TestNetwork, vote: TestVote): Promise<void> {
  const { decisions, run } = server.app.services;
  const { founder } = network;
  const actor = {
    kind: 'person',
    personId: founder.personId,
    address: '192.0.2.1',
    isAdministrator: false,
    credential: { kind: 'session', sessionId: 'ses_0', hasSecondFactor: false },
    actingForMembershipId: null,
  } as const;
  await run(actor, (tx) =>
    amendProposal(tx, decisions, { ...vote, text: 'We turn half of the yard into a garden.' }),
  );
}

/** What members say, each call on one line. */
export function discussionKit(stage: () => { server: TestServer; network: TestNetwork }) {
  const inNetwork = (input: object) => ({ networkId: stage().network.id, ...input });
  const say = (caller: Caller, field: string, input: object, selection: string): Promise<Json> =>
    mutate(stage().server, caller, field, inNetwork(input), selection);
  const trySay = (caller: Caller, field: string, input: object, headers = {}): Promise<Json> =>
    tryMutate(stage().server, caller, field, inNetwork(input), '__typename', headers);
  return {
    inNetwork,
    trySay,
    /** To the proposal as it reads now. */
    stance: async (caller: Caller, vote: TestVote, stance: string, reason?: string): Promise<Json> => {
      const { version } = await proposalAs(stage().server, caller, vote, 'version');
      const input = { ...vote, version, stance, reason };
      return say(caller, 'stanceTake', input, 'proposal { viewerStance { stance } }');
    },
    object: async (caller: Caller, vote: TestVote, reason = 'The yard floods.'): Promise<string> =>
      (await say(caller, 'objectionRaise', { ...vote, reason }, 'objection { id }')).objection.id,
    resolve: (caller: Caller, objectionId: string, state: string, reason?: string) =>
      say(caller, 'objectionResolve', { objectionId, state, reason }, 'objection { state resolution }'),
    facilitate: (caller: Caller, vote: TestVote, membershipId: string | null) =>
      say(caller, 'proposalFacilitatorSet', { ...vote, membershipId }, 'proposal { facilitator { id } }'),
    comment: async (caller: Caller, vote: TestVote, text: string, parentId?: string): Promise<string> =>
      (await say(caller, 'proposalComment', { ...vote, text, parentId }, 'comment { id }')).comment.id,
    hide: (caller: Caller, commentId: string) =>
      say(caller, 'commentHide', { commentId, reason: 'an insult' }, 'comment { id }'),
    delegate: async (caller: Caller, to: Member, topic?: string): Promise<string> => {
      const input = { delegateMembershipId: to.membershipId, topic };
      return (await say(caller, 'delegationSet', input, 'delegation { id }')).delegation.id;
    },
    revoke: (caller: Caller, delegationId: string) =>
      say(caller, 'delegationRevoke', { delegationId }, 'delegation { id }'),
    node: async (caller: Caller, id: string, selection: string): Promise<Json> =>
      (await ask(stage().server, caller, `query($id: ID!) { node(id: $id) { ${selection} } }`, { id })).node,
  };
}
