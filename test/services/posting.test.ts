import { after, HOUR_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { postTransfers } from '../../src/services/ledger/posting.ts';
import { ACTOR, Keeper, posting, reversal, type Books } from '../support/books.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let keeper: Keeper;
beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
});
afterAll(async () => {
  await keeper.close();
  await server.close();
});

interface EntryRow {
  accountId: string;
  seq: bigint;
  transferId: string;
  amountMinor: bigint;
  balanceAfterMinor: bigint;
  receivedAfterMinor: bigint;
  isLevy: boolean;
  postedAt: Date;
}

const entriesOf = (books: Books, accountId: string): Promise<EntryRow[]> =>
  books.db.rows<EntryRow>(
    `select account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor, is_levy, posted_at
       from entry where network_id = $1 and account_id = $2 order by seq`,
    [books.networkId, accountId],
  );

const key = (name: string, content = 'x') => ({
  owner: 'system:test',
  key: name,
  hash: Buffer.from(content.padEnd(32)),
});

describe('a transfer that is posted', () => {
  test('has an entry on each side, with number, balance, what was received and the instant', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const [first, second] = [posting([ana, ben, 700n]), posting([ben, ana, 250n])];

    const outcomes = await books.post([first, second]);

    const posted = {
      verdict: 'POSTED',
      atAccountId: null,
      roomMinor: null,
      postedAt: START,
      createdAt: START,
      payerLevyMinor: 0n,
      payeeLevyMinor: 0n,
      levyAccountId: null,
      isBeyondLimit: false,
    };
    expect(outcomes).toEqual([
      { ...posted, transferId: first.id, payerSeq: 1n, payeeSeq: 1n },
      { ...posted, transferId: second.id, payerSeq: 2n, payeeSeq: 2n },
    ]);
    const common = { isLevy: false, postedAt: START };
    expect(await entriesOf(books, ana)).toEqual([
      {
        ...common,
        accountId: ana,
        seq: 1n,
        transferId: first.id,
        amountMinor: -700n,
        balanceAfterMinor: -700n,
        receivedAfterMinor: 0n,
      },
      {
        ...common,
        accountId: ana,
        seq: 2n,
        transferId: second.id,
        amountMinor: 250n,
        balanceAfterMinor: -450n,
        receivedAfterMinor: 250n,
      },
    ]);
    expect(await entriesOf(books, ben)).toEqual([
      {
        ...common,
        accountId: ben,
        seq: 1n,
        transferId: first.id,
        amountMinor: 700n,
        balanceAfterMinor: 700n,
        receivedAfterMinor: 700n,
      },
      {
        ...common,
        accountId: ben,
        seq: 2n,
        transferId: second.id,
        amountMinor: -250n,
        balanceAfterMinor: 450n,
        receivedAfterMinor: 700n,
      },
    ]);
  });

  test('is written with all that was said of it, and told by a link of the chain', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const causeId = newId('schedule');
    const draft = posting([ana, ben, 5n], { kind: 'DUES', description: 'May', causeId, key: key('dues') });
    const before = await books.db.row<{ now: string }>('select pg_current_snapshot()::text as now');

    await books.post([draft]);

    const [transfer] = await books.db.rows('select * from transfer where network_id = $1', [books.networkId]);
    expect(transfer).toEqual({
      networkId: books.networkId,
      id: draft.id,
      unitId: books.unit.id,
      kind: 'DUES',
      state: 'POSTED',
      payerAccountId: ana,
      payeeAccountId: ben,
      amountMinor: 5n,
      payerLevyMinor: 0n,
      payeeLevyMinor: 0n,
      levyAccountId: null,
      payerSeq: 1n,
      payeeSeq: 1n,
      description: 'May',
      createdByPersonId: null,
      actingForMembershipId: null,
      actorSystem: 'test',
      reversesId: null,
      reversedById: null,
      holdId: null,
      causeId,
      isBeyondLimit: false,
      createdAt: START,
      postedAt: START,
      expiresAt: null,
      acceptsAt: null,
      answeredAt: null,
    });
    const told = await books.db.rows(
      `select id, kind, subject_id, data from outbox_read($2, pg_current_snapshot(), '0', '', 100) where network_id = $1`,
      [books.networkId, before?.now],
    );
    expect(told).toEqual([
      { id: `evt${draft.id.slice(3)}`, kind: 'TransferPosted', subjectId: draft.id, data: {} },
    ]);
    const links = await books.db.rows(
      `select l.number, l.transfer_ids, l.sealed_at, h.number = l.number and h.hash = l.hash as is_head, h.transfer_count
         from ledger_link l join ledger_head h on h.network_id = l.network_id where l.network_id = $1`,
      [books.networkId],
    );
    expect(links).toEqual([
      { number: 1n, transferIds: [draft.id], sealedAt: START, isHead: true, transferCount: 1n },
    ]);
    const keys = await books.db.rows(
      'select key, result_id, created_at from idempotency_key where network_id = $1',
      [books.networkId],
    );
    expect(keys).toEqual([{ key: 'dues', resultId: draft.id, createdAt: START }]);
  });

  test('is never earlier than the last one of its accounts when the clock goes back', async () => {
    const books = await keeper.books();
    const [ana, ben, cleo] = [await books.account(), await books.account(), await books.account()];
    const later = after(START, HOUR_MS);

    const [first] = await books.post([posting([ana, ben, 1n])], { now: later });
    const [second] = await books.post([posting([ben, cleo, 1n])], { now: START });
    const [third] = await books.post([posting([cleo, ana, 1n])], { now: after(START, 1) });
    const [fourth] = await books.post([posting([ana, ben, 1n])], { now: after(later, 1) });

    expect([first, second, third, fourth].map((outcome) => outcome?.postedAt)).toEqual([
      later,
      later,
      later,
      after(later, 1),
    ]);
    const accounts = await books.db.rows(
      'select last_posted_at from account where id = any($1) order by id',
      [[ana, ben, cleo]],
    );
    expect(accounts.map((row) => (row as { lastPostedAt: Date }).lastPostedAt)).toEqual([
      after(later, 1),
      after(later, 1),
      later,
    ]);
  });
});

describe('levies', () => {
  const RATES = { payerLevyPpm: 100_000, payeeLevyPpm: 50_000 };

  async function givenLevies() {
    const books = await keeper.books();
    const fund = await books.common();
    await books.setPolicy({ ...RATES, levyAccountId: fund });
    const [ana, ben] = [await books.account(), await books.account()];
    return { books, fund, ana, ben };
  }

  test('are rounded down on both sides and are entries of the same transfer', async () => {
    const { books, fund, ana, ben } = await givenLevies();
    const draft = posting([ana, ben, 99n]);

    const [outcome] = await books.post([draft]);

    expect(outcome).toMatchObject({
      verdict: 'POSTED',
      payerLevyMinor: 9n,
      payeeLevyMinor: 4n,
      levyAccountId: fund,
    });
    const of = (account: string) =>
      entriesOf(books, account).then((rows) =>
        rows.map((row) => [
          row.seq,
          row.amountMinor,
          row.balanceAfterMinor,
          row.receivedAfterMinor,
          row.isLevy,
        ]),
      );
    expect(await of(ana)).toEqual([
      [1n, -99n, -99n, 0n, false],
      [2n, -9n, -108n, 0n, true],
    ]);
    expect(await of(ben)).toEqual([
      [1n, 99n, 99n, 99n, false],
      [2n, -4n, 95n, 99n, true],
    ]);
    expect(await of(fund)).toEqual([[1n, 13n, 13n, 13n, true]]);
  });

  test('are no entries where they round to nothing', async () => {
    const { books, fund, ana, ben } = await givenLevies();

    const [outcome] = await books.post([posting([ana, ben, 9n])]);

    expect(outcome).toMatchObject({ payerLevyMinor: 0n, payeeLevyMinor: 0n, levyAccountId: null });
    expect(await entriesOf(books, fund)).toEqual([]);
  });

  test('are taken of what members trade, not of the network’s accounts nor of other kinds', async () => {
    const { books, fund, ana, ben } = await givenLevies();
    const levies = (outcomes: Awaited<ReturnType<Books['post']>>) =>
      outcomes.map(({ payerLevyMinor, payeeLevyMinor }) => [payerLevyMinor, payeeLevyMinor]);
    const pot = await books.common();

    const outcomes = await books.post([
      posting([ana, pot, 100n]),
      posting([pot, ana, 100n]),
      posting([ana, ben, 100n], { kind: 'RECORDED' }),
      ...(['DEMURRAGE', 'DUES', 'CLOSING', 'CONVERSION', 'REFUND'] as const).map((kind) =>
        posting([ana, ben, 100n], { kind }),
      ),
    ]);

    expect(levies(outcomes)).toEqual([
      [10n, 0n],
      [0n, 5n],
      [10n, 5n],
      ...Array.from({ length: 5 }, () => [0n, 0n]),
    ]);
    expect(await books.balances(fund)).toEqual([30n]);
  });

  test('come to the account that is itself a side of the transfer', async () => {
    const { books, fund, ana } = await givenLevies();

    await books.post([posting([ana, fund, 100n]), posting([fund, ana, 40n])]);

    expect(await books.balances(ana, fund)).toEqual([-72n, 72n]);
    expect((await entriesOf(books, fund)).map(({ amountMinor, isLevy }) => [amountMinor, isLevy])).toEqual([
      [100n, false],
      [10n, true],
      [-40n, false],
      [2n, true],
    ]);
  });

  test('go back exactly with a reversal, also under another policy, and received comes back', async () => {
    const { books, fund, ana, ben } = await givenLevies();
    const draft = posting([ana, ben, 99n]);
    await books.post([posting([ben, ana, 60n]), draft]);
    await books.setPolicy({ payerLevyPpm: 1, payeeLevyPpm: 900_000, levyAccountId: await books.common() });

    const [outcome] = await books.post([reversal(draft)]);

    expect(outcome).toMatchObject({
      verdict: 'POSTED',
      payerLevyMinor: 0n,
      payeeLevyMinor: 0n,
      levyAccountId: null,
    });
    expect(await books.balances(ana, ben, fund)).toEqual([57n, -66n, 9n]);
    const received = await books.db.rows<{ receivedMinor: bigint }>(
      'select received_minor from account where id = any($1) order by id',
      [[fund, ana, ben]],
    );
    expect(received.map(({ receivedMinor }) => receivedMinor)).toEqual([9n, 60n, 0n]);
    expect(
      (await entriesOf(books, ben)).slice(-2).map(({ amountMinor, isLevy }) => [amountMinor, isLevy]),
    ).toEqual([
      [-99n, false],
      [4n, true],
    ]);
    const rows = await books.db.rows('select state, reversed_by_id from transfer where id = $1', [draft.id]);
    expect(rows).toEqual([{ state: 'REVERSED', reversedById: outcome?.transferId }]);
  });
});

describe('in one call', () => {
  test('one that is refused leaves its neighbours alone, and later ones see what earlier ones did', async () => {
    const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -10n, ceilingMinor: 15n });
    const [ana, ben, cleo] = [await books.account(), await books.account(), await books.account()];

    const outcomes = await books.post([
      posting([ana, ben, 10n]),
      posting([ana, cleo, 1n]),
      posting([ben, cleo, 20n]),
      posting([cleo, ben, 1n]),
      posting([cleo, ana, 11n]),
      posting([ana, ben, 1n]),
    ]);

    expect(outcomes.map(({ verdict, atAccountId, roomMinor }) => [verdict, atAccountId, roomMinor])).toEqual([
      ['POSTED', null, null],
      ['BELOW_FLOOR', ana, 0n],
      ['ABOVE_CEILING', cleo, 15n],
      ['POSTED', null, null],
      ['BELOW_FLOOR', cleo, 9n],
      ['BELOW_FLOOR', ana, 0n],
    ]);
    expect(await books.balances(ana, ben, cleo)).toEqual([-10n, 11n, -1n]);
  });

  test('that is atomic, nothing is written when the third of three is refused', async () => {
    const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -10n });
    const [ana, ben] = [await books.account(), await books.account()];
    const held = await books.hold([ben, 5n]);
    const waits = await books.request([ana, ben, 4n]);
    const before = await books.everything();

    const outcomes = await books.post(
      [
        posting([ana, ben, 4n], { kind: 'REQUEST', pendingId: waits }),
        posting([ben, ana, 5n], { hold: { id: held, releasesRest: true }, key: key('atomic') }),
        posting([ana, ben, 12n]),
        posting([ana, ben, 1n]),
      ],
      { isAtomic: true },
    );

    expect(outcomes.map(({ verdict, roomMinor }) => [verdict, roomMinor])).toEqual([
      ['POSTED', null],
      ['POSTED', null],
      ['BELOW_FLOOR', 11n],
    ]);
    expect(await books.everything()).toEqual(before);
  });

  test('that is atomic, all are written in one link when none is refused', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const drafts = [posting([ana, ben, 1n]), posting([ana, ben, 2n]), posting([ben, ana, 3n])];

    await books.post(drafts, { isAtomic: true });

    const links = await books.db.rows('select transfer_ids from ledger_link where network_id = $1', [
      books.networkId,
    ]);
    expect(links).toEqual([{ transferIds: drafts.map(({ id }) => id) }]);
    expect(await books.balances(ana, ben)).toEqual([0n, 0n]);
  });

  test('nothing at all leaves no link', async () => {
    const books = await keeper.books();
    const before = await books.everything();

    expect(await books.post([])).toEqual([]);
    expect(await books.everything()).toEqual(before);
  });
});

test('inside a unit of work the first refusal is thrown and all is rolled back', async () => {
  const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -10n });
  const [ana, ben] = [await books.account(), await books.account()];
  const draft = (amountMinor: bigint) => posting([ana, ben, amountMinor]);
  const before = await books.everything();

  const run = server.app.services.run(ACTOR, async (tx) => {
    await postTransfers(tx, books.unit, [draft(3n), draft(4n), draft(4n)]);
  });

  await expect(run).rejects.toMatchObject({ code: 'INSUFFICIENT_CREDIT', fields: { available: '0.03' } });
  expect(await books.everything()).toEqual(before);
});

test('inside a unit of work the transfers come back as they stand in the table, in their order', async () => {
  const books = await keeper.books();
  const [ana, ben] = [await books.account(), await books.account()];

  const transfers = await server.app.services.run(ACTOR, (tx) =>
    postTransfers(tx, books.unit, [posting([ana, ben, 3n]), posting([ben, ana, 1n])]),
  );

  expect(
    transfers.map(({ payerAccountId, amountMinor, state }) => [payerAccountId, amountMinor, state]),
  ).toEqual([
    [ana, 3n, 'POSTED'],
    [ben, 1n, 'POSTED'],
  ]);
});
