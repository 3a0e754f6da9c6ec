import { newId } from '../../src/kernel/ids.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner, cast, givenVote, type TestVote } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let voters: Member[];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder];
  for (let index = 1; index < 24; index++) voters.push(await givenMember(server, network, `Voter ${index}`));
}, 60_000);
afterAll(() => server.close());

type Row = Record<string, unknown>;

const TABLES = ['ballot', 'ballot_version', 'ballot_box', 'ballot_seal', 'ballot_roll', 'ballot_salt'];

/** All rows of a table with what PostgreSQL itself knows of them. */
async function rowsOf(table: string, { proposalId }: TestVote): Promise<Row[]> {
  const rows = await asOwner(
    server,
    `select to_jsonb(t) as row, t.xmin::text, t.ctid::text from ${table} as t where proposal_id = $1 order by t.ctid`,
    [proposalId],
  );
  return rows.map(({ row, xmin, ctid }) => ({ ...(row as Row), xmin, ctid }));
}

describe('in a secret vote', () => {
  const CHOICES = ['YES', 'NO', 'ABSTAIN'];
  let vote: TestVote;
  let receipts: Map<string, string>;

  // One after the other, which gives those who look for an order the best chance.
  beforeAll(async () => {
    vote = await givenVote(server, network, voters, { rule: { isSecret: true } });
    receipts = new Map();
    for (const [index, voter] of voters.slice(0, 23).entries()) {
      const { receipt } = await cast(server, voter, vote, { choice: CHOICES[index % 3] }, `key ${index}`);
      receipts.set(voter.membershipId, receipt);
    }
  }, 60_000);

  test('no row that holds a voter holds a ballot, and none that holds a ballot holds a voter', async () => {
    const isHolder = (row: Row, texts: Iterable<string>) => {
      const text = JSON.stringify(row);
      return [...texts].some((each) => text.includes(each));
    };
    const people = voters.flatMap(({ membershipId, personId }) => [membershipId, personId]);
    const holders: Record<string, string> = {};
    for (const table of TABLES) {
      for (const row of await rowsOf(table, vote)) {
        const holds = [
          isHolder(row, people) ? 'voters' : '',
          isHolder(row, receipts.values()) ? 'ballots' : '',
        ];
        holders[table] = holds.filter(Boolean).join(' and ');
      }
    }

    expect(holders).toEqual({
      ballot_box: 'ballots',
      ballot_seal: 'ballots',
      ballot_roll: 'voters',
      ballot_salt: '',
    });
  });

  test('no other table of the database holds a receipt, or tells that somebody voted', async () => {
    const tables = await asOwner(
      server,
      `select relname::text as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'ballot%'`,
    );
    const found: unknown[] = [];
    for (const { name } of tables) {
      const rows = await asOwner(
        server,
        `select '${String(name)}' as name from ${String(name)} as t
          where to_jsonb(t)::text like any($1) or (to_jsonb(t)::text like $2 and to_jsonb(t)::text ~ 'key \\d')`,
        [[...receipts.values()].map((receipt) => `%${receipt}%`), `%${vote.proposalId}%`],
      );
      found.push(...rows);
    }

    expect(found).toEqual([]);
    const events = await asOwner(
      server,
      'select kind, actor_person_id from event where subject_id = $1 order by id',
      [vote.proposalId],
    );
    expect(events).toEqual([
      { kind: 'ProposalOpened', actor_person_id: null },
      { kind: 'BallotBoxSealed', actor_person_id: null },
    ]);
  });

  test('the rows of one transaction name at most a crowd: no fewer than five ballots share theirs with a voter', async () => {
    const roll = await rowsOf('ballot_roll', vote);
    const boxes = [...(await rowsOf('ballot_box', vote)), ...(await rowsOf('ballot_seal', vote))];
    const ballotsIn = (row: Row) => Object.keys((row['pool'] ?? row['ballots']) as object).length;

    // All who have voted stand on one list, and it was written last by the last of them.
    expect(roll.map((row) => (row['membership_ids'] as string[]).length)).toEqual([23]);
    expect(boxes.map(ballotsIn).every((count) => count >= 5)).toBe(true);
    expect(boxes.map(ballotsIn).reduce((sum, count) => sum + count, 0)).toBe(23);
  });

  test('voters and ballots stand in an order of their own, and not in that of casting', async () => {
    const [list] = await rowsOf('ballot_roll', vote);
    const [box] = await rowsOf('ballot_box', vote);
    const [seal] = await rowsOf('ballot_seal', vote);

    const members = list!['membership_ids'] as string[];
    expect(members).toEqual(members.toSorted());
    for (const held of [box!['pool'], seal!['ballots']]) {
      const kept = Object.keys(held as object);
      expect(kept).toEqual(kept.toSorted());
    }
    // The seal took neither the first ballots nor the last ones alone: the lot draws out of all that lie there.
    expect(Object.keys(seal!['ballots'] as object)).toHaveLength(5);
    expect(Object.keys(box!['pool'] as object)).toHaveLength(18);
  });

  test('no instant and no number tells when a ballot was cast', async () => {
    const [box] = await rowsOf('ballot_box', vote);
    const ballots = Object.values(box!['pool'] as Record<string, Row>);

    expect(new Set(ballots.map((ballot) => Object.keys(ballot).toSorted().join(' ')))).toEqual(
      new Set(['vote weight']),
    );
    expect(Object.keys((await rowsOf('ballot_roll', vote))[0]!).toSorted()).toEqual([
      'ctid',
      'hash',
      'membership_ids',
      'network_id',
      'part',
      'proposal_id',
      'xmin',
    ]);
  });
});

describe('the serving role', () => {
  const attempt = (statement: string, values: unknown[] = []) =>
    server.app.database.db.execute(statement, values);

  test.each(TABLES.filter((table) => table !== 'ballot_salt'))('writes nothing into %s', async (table) => {
    const vote = await givenVote(server, network, voters);
    await cast(server, voters[0]!, vote, { choice: 'YES' });
    const columns: Record<string, string> = {
      ballot: `(network_id, proposal_id, membership_id, number, vote) select network_id, proposal_id, membership_id, 9, '{}' from elector limit 1`,
      ballot_version: `(network_id, proposal_id, number, id, membership_id, vote, cast_at, hash)
         select network_id, proposal_id, 99, '${newId('ballot')}', membership_id, '{}', now(), '' from elector limit 1`,
      ballot_box: `select network_id, '${newId('proposal')}', 0, '', null, 0, '{}', '{}', '' from elector limit 1`,
      ballot_seal: `select network_id, proposal_id, 9, '{}', '{}', '' from elector limit 1`,
      ballot_roll: `select network_id, proposal_id, 9, '{}', '' from elector limit 1`,
    };

    await expect(attempt(`insert into ${table} ${columns[table]}`)).rejects.toThrow(/permission denied/);
    await expect(attempt(`delete from ${table}`)).rejects.toThrow(/permission denied/);
  });

  test('casts no open ballot into a secret vote, and no secret one into an open vote', async () => {
    const open = await givenVote(server, network, voters);
    const secret = await givenVote(server, network, voters, { rule: { isSecret: true } });
    const [voter] = voters;
    const now = server.clock.now();
    const { rows } = server.app.database.db as unknown as {
      rows: (text: string, values: unknown[]) => Promise<Row[]>;
    };
    const ask = rows.bind(server.app.database.db);

    const byName = await ask(
      `select verdict from ballot_cast_open($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bytea[])`,
      [
        network.id,
        secret.proposalId,
        now,
        [voter!.membershipId],
        [newId('ballot')],
        ['{"choice": "YES"}'],
        [voter!.personId],
        [null],
        [voter!.personId],
        ['a key'],
        [Buffer.alloc(32)],
      ],
    );
    const byMark = await ask(`select verdict from ballot_cast_secret($1, $2, $3, $4, $5, $6::bytea[], $7)`, [
      network.id,
      open.proposalId,
      now,
      newId('event'),
      [voter!.membershipId],
      [Buffer.alloc(32)],
      ['{"choice": "YES"}'],
    ]);

    expect([...byName, ...byMark]).toEqual([{ verdict: 'CLOSED' }, { verdict: 'CLOSED' }]);
    for (const vote of [open, secret])
      for (const table of TABLES) expect(await rowsOf(table, vote)).toEqual([]);
  });

  test('seals no box before its time, which would part few ballots from the rest', async () => {
    const vote = await givenVote(server, network, voters, { rule: { isSecret: true } });
    await cast(server, voters[0]!, vote, { choice: 'YES' });

    await expect(
      attempt('select ballot_seal_rest($1, $2, $3, $4)', [
        network.id,
        vote.proposalId,
        newId('event'),
        server.clock.now(),
      ]),
    ).rejects.toThrow(/the vote goes on/);
  });

  test.each([
    ['lists of several lengths', [['a', 'b'], [Buffer.alloc(32)], ['{}']]],
    ['a list with holes below', ['[0:0]={a}', [Buffer.alloc(32)], ['{}']]],
    ['no list', [null, null, null]],
  ])('is refused with %s', async (_, lists) => {
    const vote = await givenVote(server, network, voters, { rule: { isSecret: true } });

    await expect(
      attempt(`select * from ballot_cast_secret($1, $2, $3, $4, $5::text[], $6::bytea[], $7::text[])`, [
        network.id,
        vote.proposalId,
        server.clock.now(),
        newId('event'),
        ...lists,
      ]),
    ).rejects.toThrow(/lists of one length/);
  });
});
