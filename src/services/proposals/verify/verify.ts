import { isDeepStrictEqual } from 'node:util';
import { entities } from '../../../entities/index.ts';
import { Proposal } from '../../../entities/proposal.ts';
import { Resolution } from '../../../entities/resolution.ts';
import type { VoteOutcome } from '../../../governance/outcome.ts';
import { Db, openDatabase } from '../../../kernel/database.ts';
import { countedBallots } from '../votes/cast-votes.ts';
import { countVote } from '../votes/count-vote.ts';
import { storedDelegatedVotes } from '../votes/delegated-votes.ts';
import { NOTHING, type BallotFault, type VerifyLine } from './verify-chain.ts';
import { verifyConsent } from './verify-consent.ts';
import { verifyFrozen } from './verify-frozen.ts';
import { verifyOpen } from './verify-open.ts';
import { verifySecret } from './verify-secret.ts';

// One snapshot for all that is compared; nothing is locked. The statements are long where the pool's may not be.
const BEGIN = `
  begin isolation level repeatable read read only;
  set local statement_timeout = '15min';
  set local idle_in_transaction_session_timeout = '15min'`;

/**
 * Proves a vote beside a running server: that the ballots are those that were cast, that the electorate is the one that was
 * stored, and, if the vote is counted, that another count gives what was recorded.
 *
 * @param url the address of the database, for the role that serves or the one that owns
 * @returns a line for each check; null if there is no such proposal
 */
export async function verifyProposal(url: string, proposalId: string): Promise<VerifyLine[] | null> {
  const database = await openDatabase({ url, poolSize: 1, entities, onConnectionError: () => {} });
  try {
    const client = await database.pool.connect();
    try {
      await client.query(BEGIN);
      const db = new Db(database.dataSource.manager, client);
      const [proposal] = await db.all(Proposal, { id: proposalId });
      return proposal ? await linesFor(db, proposal) : null;
    } finally {
      await client.query('rollback');
      client.release();
    }
  } finally {
    await database.close();
  }
}

async function linesFor(db: Db, proposal: Proposal): Promise<VerifyLine[]> {
  const lines = [await electorateLine(db, proposal), ...(await ballotLines(db, proposal))];
  if (proposal.openedAt) lines.unshift(await verifyFrozen(db, proposal));
  if (proposal.outcome) lines.push(await recountLine(db, proposal, proposal.outcome));
  return lines;
}

function ballotLines(db: Db, proposal: Proposal): Promise<VerifyLine[]> {
  const { method, isSecret } = proposal.rule;
  if (method === 'CONSENT') return verifyConsent(db, proposal);
  return isSecret ? verifySecret(db, proposal) : verifyOpen(db, proposal);
}

async function electorateLine(db: Db, proposal: Proposal): Promise<VerifyLine> {
  const { networkId, id, eligibleCount, eligibleWeight } = proposal;
  const row = await db.row<{ count: bigint; weight: bigint }>(
    'select count(*), coalesce(sum(weight), 0)::bigint as weight from elector where network_id = $1 and proposal_id = $2',
    [networkId, id],
  );
  const expected = `${eligibleCount ?? 0} with ${eligibleWeight ?? 0} votes`;
  const found = `${row?.count} with ${row?.weight} votes`;
  return {
    name: 'the electorate is the one that was stored when the vote opened',
    rows: Number(row?.count),
    faults: expected === found ? [] : [{ table: 'elector', key: 'all', expected, found }],
  };
}

async function recountLine(db: Db, proposal: Proposal, outcome: VoteOutcome): Promise<VerifyLine> {
  const { networkId, id, seed } = proposal;
  const ballots = await countedBallots(db, proposal);
  const delegated = await storedDelegatedVotes(db, proposal);
  const cast = {
    ballots,
    participants: ballots.length + delegated.length,
    participantWeight: ballots.reduce((sum, { weight }) => sum + weight, 0n),
  };
  const again = await countVote(proposal, cast, seed ?? '');
  const faults: BallotFault[] = [];
  // As it is kept: what JSON leaves out is not there.
  const [expected, found] = [JSON.parse(JSON.stringify(again)) as object, outcome];
  if (!isDeepStrictEqual(expected, found))
    faults.push({ table: 'proposal', key: id, expected: inWords(again), found: inWords(outcome) });
  if (outcome.isPassed === (proposal.state === 'FAILED'))
    faults.push({
      table: 'proposal',
      key: 'state',
      expected: toldOf(outcome.isPassed),
      found: proposal.state,
    });
  const resolutions = await db.all(Resolution, { networkId, sourceId: id }, 'order by number');
  const told = resolutions.map((line) =>
    line.outcome === 'VETOED' ? 'stopped' : toldOf(line.outcome !== 'FAILED'),
  );
  const decided = [toldOf(again.isPassed), ...(proposal.state === 'VETOED' ? ['stopped'] : [])].join(' ');
  const register = told.join(' ') || NOTHING;
  if (register !== decided) faults.push({ table: 'resolution', key: id, expected: decided, found: register });
  return { name: 'another count gives the recorded outcome', rows: ballots.length, faults };
}

function toldOf(isPassed: boolean): string {
  return isPassed ? 'passed' : 'failed';
}

function inWords({ reason, winners, participants, participantWeight }: VoteOutcome): string {
  return `${reason} [${winners.join(' ')}] by ${participants} with ${participantWeight} votes`;
}
