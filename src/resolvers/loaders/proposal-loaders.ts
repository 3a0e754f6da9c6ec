import DataLoader from 'dataloader';
import type { Proposal } from '../../entities/proposal.ts';
import type { Resolution } from '../../entities/resolution.ts';
import type { Db } from '../../kernel/database.ts';
import type { Standing } from '../../services/access/standing.ts';
import { ballotCounts } from '../../services/proposals/votes/published-ballots.ts';
import { hasElectors, resolutionsOn } from '../../services/proposals/life/read-proposals.ts';

/** What lists of proposals ask for in each row, read for all rows at once. */
export interface ProposalLoaders {
  /** How many have voted; null where that is told to nobody. */
  ballotCount: (proposal: Proposal) => Promise<number | null>;
  /** Its last line in the register; null while there is none. */
  resolution: (proposal: Proposal) => Promise<Resolution | null>;
  /** Whether the actor stands in its electorate. */
  isElector: (proposal: Proposal) => Promise<boolean>;
}

const byId = { cacheKeyFn: ({ id }: Proposal) => id };

/** @param standing how the actor stands in a network */
export function makeProposalLoaders(
  db: Db,
  standing: (networkId: string) => Promise<Standing>,
): ProposalLoaders {
  const counts = new DataLoader<Proposal, number | null, string>(
    (proposals) => ballotCounts(db, proposals),
    byId,
  );
  const resolutions = new DataLoader<Proposal, Resolution | null, string>(
    (proposals) => resolutionsOn(db, proposals),
    byId,
  );
  const electors = new DataLoader<Proposal, boolean, string>(async (proposals) => {
    const standings = await Promise.all(proposals.map(({ networkId }) => standing(networkId)));
    const membershipIds = new Set(standings.flatMap(({ membership }) => membership?.id ?? []));
    return hasElectors(db, [...membershipIds], proposals);
  }, byId);
  return {
    ballotCount: (proposal) => counts.load(proposal),
    resolution: (proposal) => resolutions.load(proposal),
    isElector: (proposal) => electors.load(proposal),
  };
}
