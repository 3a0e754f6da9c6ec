import type { Calls, Stage } from './access.ts';
import { mutationCall } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { ballotInput, givenVote } from './votes.ts';
import type { Member } from './world.ts';

/** Who may vote; the letters are those of the table that it belongs to. */
export const BALLOTS_TABLE = `
ballotCast                  U       F        F         +      +           +         +         +       F
`;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function ballotCalls(stage: Stage): Calls {
  return {
    ballotCast: async (actor) => {
      const { server, cast } = stage();
      const voter: Member = OUTSIDE.includes(actor)
        ? cast.network.founder
        : await membershipOf(server, cast, actor);
      const vote = await givenVote(server, cast.network, [voter]);
      return mutationCall('ballotCast', ballotInput(vote, { choice: 'YES' }));
    },
  };
}
