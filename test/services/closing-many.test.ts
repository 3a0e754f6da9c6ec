import { newId } from '../../src/kernel/ids.ts';
import { closeDueProposal } from '../../src/services/proposals/life/close.ts';
import { givenConsent } from '../support/discussion.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner, givenVote, VOTE_MS, type TestVote } from '../support/votes.ts';
import { givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// A database that has just been filled does not know how many rows it has: it must read each of them a few times at most.

const VOTERS = 200;
const TIMES = 10;

let server: TestServer;
let network: TestNetwork;
let voters: Member[];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = await givenCopies(network.founder, VOTERS);
});
afterAll(() => server.close());

/** Members who are like somebody, made in the database itself; they never sign in. */
async function givenCopies(member: Member, count: number): Promise<Member[]> {
  const copies = Array.from({ length: count }, () => ({
    ...member,
    personId: newId('person'),
    membershipId: newId('membership'),
  }));
  await asOwner(
    server,
    `insert into person
     select (jsonb_populate_record(p, jsonb_build_object('id', n.id, 'email', n.id || '@copy.invalid', 'email_key', n.id || '@copy.invalid'))).*
       from person p, unnest($2::text[]) as n (id) where p.id = $1`,
    [member.personId, copies.map(({ personId }) => personId)],
  );
  await asOwner(
    server,
    `insert into membership
     select (jsonb_populate_record(m, jsonb_build_object('id', n.id, 'person_id', n.person_id))).*
       from membership m, unnest($2::text[], $3::text[]) as n (id, person_id) where m.id = $1`,
    [
      member.membershipId,
      copies.map(({ membershipId }) => membershipId),
      copies.map(({ personId }) => personId),
    ],
  );
  return copies;
}

async function castFor(vote: TestVote, { membershipId, personId }: Member): Promise<void> {
  const { batcher, secretBox } = server.app.services.ballots;
  const key = { owner: personId, key: vote.proposalId, hash: secretBox.tagOf([membershipId]) };
  const ballot = { membershipId, vote: { choice: 'YES' }, personId, actingForMembershipId: null, key };
  const { verdict } = await batcher.castOpen(vote, ballot);
  expect(verdict).toBe('CAST');
}

/** Closes a vote, and says how many rows of electors the database read for that. */
async function electorsReadToClose(vote: TestVote): Promise<number> {
  server.clock.moveTo(new Date(server.clock.now().getTime() + VOTE_MS));
  return server.app.services.run({ kind: 'system', name: 'test' }, async (tx) => {
    await closeDueProposal(tx, vote);
    const row = await tx.db.row<{ read: bigint }>(
      `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'elector'`,
    );
    return Number(row?.read);
  });
}

test('a first vote of many is counted without going through all electors for each ballot', async () => {
  const vote = await givenVote(server, network, voters);
  await Promise.all(voters.map((voter) => castFor(vote, voter)));

  const read = await electorsReadToClose(vote);

  expect(read).toBeGreaterThanOrEqual(VOTERS);
  expect(read).toBeLessThanOrEqual(VOTERS * TIMES);
});

test('and so is a first consent of many', async () => {
  const vote = await givenConsent(server, network, voters);
  await asOwner(
    server,
    `insert into stance (network_id, proposal_id, version, membership_id, stance, reason, taken_at)
     select network_id, proposal_id, 1, membership_id, 'CONSENT', null, now() from elector where proposal_id = $1`,
    [vote.proposalId],
  );

  const read = await electorsReadToClose(vote);

  expect(read).toBeGreaterThanOrEqual(VOTERS);
  expect(read).toBeLessThanOrEqual(VOTERS * TIMES);
});
