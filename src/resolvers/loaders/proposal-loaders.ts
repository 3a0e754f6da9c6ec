import type { ActionSignature } from '../../entities/action-signature.ts';
import type { Comment } from '../../entities/comment.ts';
import type { Delegation } from '../../entities/delegation.ts';
import type { Elector } from '../../entities/elector.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Objection } from '../../entities/objection.ts';
import type { ProposalVersion } from '../../entities/proposal-version.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { Resolution } from '../../entities/resolution.ts';
import type { SignedAction } from '../../entities/signed-action.ts';
import type { Stance } from '../../entities/stance.ts';
import type { Db } from '../../kernel/database.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { isHelping, type Standing } from '../../services/access/standing.ts';
import { commentsOn, repliesTo } from '../../services/proposals/discussion/read-comments.ts';
import {
  objectionsTo,
  ownStances,
  stancesTo,
  type ObjectionsAsked,
} from '../../services/proposals/discussion/read-consent.ts';
import {
  electorsOf,
  hasElectors,
  resolutionsOn,
  versionsOf,
} from '../../services/proposals/life/read-proposals.ts';
import { signaturesOf } from '../../services/proposals/signatures/read-actions.ts';
import { canBeTriedAgain } from '../../services/proposals/signatures/signers.ts';
import type { VotersBallot } from '../../services/proposals/votes/cast-ballot.ts';
import { delegatedPartsOf, type DelegatedPart } from '../../services/proposals/votes/delegated-votes.ts';
import { delegationsOf, type DelegationsAsked } from '../../services/proposals/votes/delegations.ts';
import {
  ballotCounts,
  boxHashes,
  haveVoted,
  ownBallots,
  publishedBallotsOf,
  votersOf,
} from '../../services/proposals/votes/published-ballots.ts';
import { pages, together } from './together.ts';

type Of<Row, Answer> = (row: Row) => Promise<Answer>;
type ListOf<Row, Node, Asked = PageRequest> = (row: Row, asked: Asked) => Promise<Page<Node>>;
type Untold<Answer> = Promise<Answer | null>;

/**
 * What lists of proposals and of signed actions ask for in each row, read for all rows at once. Nothing is remembered, so that
 * each mutation of a request answers with what is there after it.
 */
export interface ProposalLoaders {
  /** How many have voted; null where that is told to nobody. */
  ballotCount: Of<Proposal, number | null>;
  /** Its last line in the register; null while there is none. */
  resolution: Of<Proposal, Resolution | null>;
  /** Whether the actor stands in its electorate. */
  isElector: Of<Proposal, boolean>;
  electors: ListOf<Proposal, Elector>;
  versions: ListOf<Proposal, ProposalVersion>;
  comments: ListOf<Proposal, Comment>;
  replies: ListOf<Comment, Comment>;
  stances: ListOf<Proposal, Stance>;
  objections: ListOf<Proposal, Objection, ObjectionsAsked>;
  /** What the actor says to it as it reads now. */
  ownStance: Of<Proposal, Stance | null>;
  /** The actor's ballot in an open vote. */
  ownBallot: Of<Proposal, VotersBallot | null>;
  /** Whether the actor has voted; null for a helper in a secret vote that goes on. */
  hasVoted: Of<Proposal, boolean | null>;
  /** Who has voted; null where that is told to nobody. */
  voters: (proposal: Proposal, asked: PageRequest) => Untold<Page<Membership>>;
  /** Null until the vote is counted. */
  publishedBallots: (proposal: Proposal, asked: PageRequest) => Untold<Page<VotersBallot>>;
  boxHash: Of<Proposal, string | null>;
  /** How others took part through somebody else, and what of it concerns the actor. */
  delegatedPart: Of<Proposal, DelegatedPart>;
  /** What a member has delegated, or what was delegated to them. */
  delegations: ListOf<Membership, Delegation, DelegationsAsked>;
  signatures: Of<SignedAction, ActionSignature[]>;
  /** Whether who has signed may have it carried out; asked with those who gain by it now. */
  canTryAgain: Of<SignedAction, boolean>;
}

/** @param standing how the actor stands in a network */
export function makeProposalLoaders(
  db: Db,
  now: Date,
  standing: (networkId: string) => Promise<Standing>,
): ProposalLoaders {
  const standings = (proposals: readonly Proposal[]) =>
    Promise.all(proposals.map(({ networkId }) => standing(networkId)));
  const ownIds = async (proposals: readonly Proposal[]) => membershipIdsIn(await standings(proposals));
  return {
    ballotCount: together((proposals) => ballotCounts(db, proposals)),
    resolution: together((proposals) => resolutionsOn(db, proposals)),
    isElector: together(async (proposals) => hasElectors(db, await ownIds(proposals), proposals)),
    electors: pages((proposals, asked) => electorsOf(db, proposals, asked)),
    versions: pages((proposals, asked) => versionsOf(db, proposals, asked)),
    comments: pages((proposals, asked) => commentsOn(db, proposals, asked)),
    replies: pages((comments, asked) => repliesTo(db, comments, asked)),
    stances: pages((proposals, asked) => stancesTo(db, proposals, asked)),
    objections: pages((proposals, asked) => objectionsTo(db, proposals, asked)),
    ownStance: together(async (proposals) => ownStances(db, await ownIds(proposals), proposals)),
    ownBallot: together(async (proposals) => ownBallots(db, await ownIds(proposals), proposals)),
    hasVoted: together(async (proposals) => {
      const all = await standings(proposals);
      return haveVoted(
        db,
        proposals.map((proposal, index) => ({ proposal, standing: all[index]! })),
      );
    }),
    voters: pages((proposals, asked) => votersOf(db, proposals, asked)),
    publishedBallots: pages((proposals, asked) => publishedBallotsOf(db, proposals, asked)),
    boxHash: together((proposals) => boxHashes(db, proposals)),
    delegatedPart: together(async (proposals) => {
      const own = (await standings(proposals)).filter((each) => !isHelping(each));
      return delegatedPartsOf(db, membershipIdsIn(own), proposals);
    }),
    delegations: pages((members, asked) => delegationsOf(db, members, asked)),
    signatures: together((actions) => signaturesOf(db, actions)),
    canTryAgain: together((actions) => canBeTriedAgain({ db, now }, actions)),
  };
}

function membershipIdsIn(standings: readonly Standing[]): string[] {
  return [...new Set(standings.flatMap(({ membership }) => membership?.id ?? []))];
}
