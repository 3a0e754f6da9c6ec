import { Account } from '../../src/entities/account.ts';
import { Transfer } from '../../src/entities/transfer.ts';
import { makeApp, type App } from '../../src/app.ts';
import { after, MINUTE_MS, TravelClock } from '../../src/kernel/clock.ts';
import { Coalescer } from '../../src/kernel/coalescer.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { once } from '../../src/kernel/idempotency.ts';
import { formatAmount } from '../../src/kernel/money.ts';
import { postTransfers, type Outcome, type Posting } from '../../src/services/ledger/posting.ts';
import { resolveDispute } from '../../src/services/ledger/mediation.ts';
import { acceptTransfer, requestTransfer } from '../../src/services/ledger/requests.ts';
import { reverseTransfer } from '../../src/services/ledger/reversals.ts';
import { createTransfer } from '../../src/services/ledger/transfers.ts';
import { deadlocksIn, outcomesOf, type Crew } from '../support/at-once.ts';
import { ACTOR, Keeper, posting, type Books } from '../support/books.ts';
import { LedgerModel, NO_POLICY, type ModelPosting } from '../support/ledger-model.ts';
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

let keys = 0;

const input = (books: Books, [payer, payee, amountMinor]: readonly [string, string, bigint]) => ({
  networkId: books.networkId,
  idempotencyKey: `key-${++keys}`,
  payerAccountId: payer,
  payeeAccountId: payee,
  amount: formatAmount(amountMinor, 2),
  description: 'garden work',
});

/** A small generator of reproducible random whole numbers below a bound. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('two thousand transfers by fifty clients at tight limits', () => {
  const LIMITS = { limitKind: 'FIXED', floorMinor: -300n, ceilingMinor: 400n } as const;
  const CODES: Record<string, string> = {
    BELOW_FLOOR: 'INSUFFICIENT_CREDIT',
    ABOVE_CEILING: 'CEILING_EXCEEDED',
  };

  /** Something that was refused, and the links of the chain between which that was. */
  interface Refusal {
    postings: ModelPosting[];
    code: string;
    from: number;
    to: number;
  }

  test('are posted or refused as in some serial order', async () => {
    const books = await keeper.books();
    const fund = await books.common();
    await books.setPolicy({ ...LIMITS, payerLevyPpm: 20_000, payeeLevyPpm: 10_000, levyAccountId: fund });
    const accounts: string[] = [];
    for (let count = 0; count < 20; count++) accounts.push(await books.account());
    const refusals: Refusal[] = [];

    const found = await deadlocksIn(server, async (crew) => {
      await tradeAtOnce(crew, { books, accounts, refusals });
    });

    expect(found).toBe(0);
    const model = new LedgerModel();
    model.policy = {
      ...NO_POLICY,
      ...LIMITS,
      payerLevyPpm: 20_000,
      payeeLevyPpm: 10_000,
      levyAccountId: fund,
    };
    model.addAccount(fund, { isCommon: true });
    for (const id of accounts) model.addAccount(id);
    expect(await replay(books, model, refusals)).toEqual({ unacceptable: null, unexplained: [] });
    const rows = await books.db.all(Account, { networkId: books.networkId });
    for (const { id, balanceMinor, receivedMinor, entryCount } of rows) {
      const { balance, received, entryCount: count } = model.accounts.get(id)!;
      expect([id, balanceMinor, receivedMinor, entryCount]).toEqual([id, balance, received, count]);
      if (id !== fund) expect(balanceMinor >= -300n && balanceMinor <= 400n).toBe(true);
    }
    expect(rows.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0n)).toBe(0n);
    expect(refusals.length).toBeGreaterThan(100);
    expect(model.transfers.size).toBeGreaterThan(500);
  }, 60_000);

  /** Fifty clients, each of which does one thing after the other until all is done. */
  async function tradeAtOnce(
    { ledger, run }: Crew,
    { books, accounts, refusals }: { books: Books; accounts: string[]; refusals: Refusal[] },
  ): Promise<void> {
    const random = randomFrom(11);
    const { networkId } = books;
    const posted: Transfer[] = [];
    let left = 2_000;
    let seen = 0;

    const sides = (): [string, string] => {
      const first = random(accounts.length);
      const second = (first + 1 + random(accounts.length - 1)) % accounts.length;
      return [accounts[first]!, accounts[second]!];
    };
    const head = async () => {
      const row = await ledger.db.row<{ number: bigint }>(
        'select number from ledger_head where network_id = $1',
        [networkId],
      );
      return (seen = Math.max(seen, Number(row?.number ?? 0)));
    };
    /** Does it, and notes between which links it was refused. */
    const trying = async (postings: ModelPosting[], work: () => Promise<Transfer[]>) => {
      const from = seen;
      try {
        posted.push(...(await work()));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refusals.push({ postings, code: error.code, from, to: await head() });
      }
    };
    const payment = ([payer, payee]: [string, string]): ModelPosting => ({
      id: `refused-${refusals.length}-${payer}`,
      kind: 'PAYMENT',
      payer,
      payee,
      amount: BigInt(1 + random(150)),
    });

    const pay = (one: ModelPosting) =>
      trying([one], async () => [
        await createTransfer(ledger, ACTOR, input(books, [one.payer, one.payee, one.amount])),
      ]);
    const payInTwoSteps = (first: ModelPosting, second: ModelPosting) =>
      trying([first, second], () =>
        run(ACTOR, (tx) =>
          postTransfers(
            tx,
            books.unit,
            [first, second].map((one) => posting([one.payer, one.payee, one.amount])),
          ),
        ),
      );
    const reverse = (transfer: Transfer) => {
      const { id, payerAccountId, payeeAccountId, amountMinor } = transfer;
      const back: ModelPosting = {
        id: `back-${id}`,
        kind: 'REVERSAL',
        payer: payeeAccountId,
        payee: payerAccountId,
        amount: amountMinor,
        reverses: id,
      };
      const command = { networkId, transferId: id, reason: 'a mistake' };
      return trying([back], async () => {
        await run(ACTOR, (tx) => reverseTransfer(tx, command));
        return [];
      });
    };
    const request = async (one: ModelPosting) => {
      const command = input(books, [one.payer, one.payee, one.amount]);
      const { id } = await run(ACTOR, (tx) => requestTransfer(tx, command));
      const accept = () =>
        trying([{ ...one, kind: 'REQUEST' }], async () => [
          await run(ACTOR, (tx) => acceptTransfer(tx, { networkId, transferId: id })),
        ]);
      await accept();
    };

    async function client(): Promise<void> {
      while (left-- > 0) {
        const kind = random(20);
        const pair = sides();
        const transfer = posted[random(posted.length)];
        if (kind === 0)
          await payInTwoSteps(payment(pair), payment([pair[1], sides().find((id) => id !== pair[1])!]));
        else if (kind === 1) await request(payment(pair));
        else if (kind <= 3 && transfer && transfer.kind !== 'REVERSAL') await reverse(transfer);
        else await pay(payment(pair));
        if (left % 5 === 0) await head();
      }
    }
    await Promise.all(Array.from({ length: 50 }, client));
  }

  /** Goes through the chain: what was posted must be acceptable there, what was refused refused somewhere near. */
  async function replay(books: Books, model: LedgerModel, refusals: Refusal[]) {
    const { networkId } = books;
    const links = await books.db.rows<{ transferIds: string[] }>(
      'select transfer_ids from ledger_link where network_id = $1 order by number',
      [networkId],
    );
    const rows = await books.db.select(Transfer, 'where network_id = $1 and posted_at is not null', [
      networkId,
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    let open = refusals;
    const explain = (from: number, to: number) => {
      open = open.filter((one) => {
        if (one.from > from || one.to < to) return true;
        const verdict = model.judgeAll(one.postings, START.getTime());
        return (CODES[verdict] ?? verdict) !== one.code;
      });
    };
    explain(0, 0);
    for (const [index, { transferIds }] of links.entries()) {
      for (const id of transferIds) {
        const one = modelled(byId.get(id)!);
        const verdict = model.post(one, START.getTime());
        if (verdict !== 'POSTED') return { unacceptable: { ...one, verdict }, unexplained: open };
        // Who was refused beside those of a link has seen a state inside of it, and hears of it when it is there.
        if (id === transferIds.at(-1)) explain(index + 1, index + 1);
        else explain(index, index + 1);
      }
    }
    return { unacceptable: null, unexplained: open };
  }

  function modelled({
    id,
    kind,
    payerAccountId,
    payeeAccountId,
    amountMinor,
    reversesId,
  }: Transfer): ModelPosting {
    const sides = { payer: payerAccountId, payee: payeeAccountId };
    return { id, kind, ...sides, amount: amountMinor, ...(reversesId && { reverses: reversesId }) };
  }
});

test('opposite transfers at once wait for each other and do not block each other', async () => {
  const books = await keeper.books();
  const [ana, ben] = [await books.account(), await books.account()];

  const found = await deadlocksIn(server, async ({ ledger, run }) => {
    const there = Array.from({ length: 100 }, () =>
      createTransfer(ledger, ACTOR, input(books, [ana, ben, 3n])),
    );
    const back = Array.from({ length: 100 }, () =>
      createTransfer(ledger, ACTOR, input(books, [ben, ana, 2n])),
    );
    const alone = [ana, ben].flatMap((payer) =>
      Array.from({ length: 20 }, () =>
        run(ACTOR, (tx) => postTransfers(tx, books.unit, [posting([payer, payer === ana ? ben : ana, 1n])])),
      ),
    );
    await Promise.all([...there, ...back, ...alone]);
  });

  expect(found).toBe(0);
  expect(await books.balances(ana, ben)).toEqual([-100n, 100n]);
});

test('requests that a rule accepts at once and payments with the same levy do not block each other', async () => {
  const books = await keeper.books();
  const fund = await books.common();
  await books.setPolicy({ payerLevyPpm: 500_000, levyAccountId: fund });
  const [ana, ben, cleo] = [await books.account(), await books.account(), await books.account()];
  await books.owner.rows(
    `insert into request_rule (network_id, id, account_id, after_days, made_at)
     values ($1, 'rqr_00000000000000000000000000', $2, 0, $3)`,
    [books.networkId, ana, START],
  );

  const found = await deadlocksIn(server, async ({ ledger, run }) => {
    const requested = Array.from({ length: 40 }, () =>
      run(ACTOR, (tx) => requestTransfer(tx, input(books, [ana, ben, 2n]))),
    );
    const paid = Array.from({ length: 200 }, () =>
      createTransfer(ledger, ACTOR, input(books, [ana, cleo, 2n])),
    );
    await Promise.all([...requested, ...paid]);
  });

  expect(found).toBe(0);
  expect(await books.balances(ana, ben, cleo, fund)).toEqual([-720n, 80n, 400n, 240n]);
});

test('reversing a transfer and settling the dispute about it at once undo it once and do not block each other', async () => {
  const books = await keeper.books();
  const [ana, ben] = [await books.account(), await books.account()];
  const { networkId, membershipId } = books;
  const outcomes: string[] = [];

  const found = await deadlocksIn(server, async ({ ledger, run }) => {
    for (let round = 0; round < 10; round++) {
      const { id: transferId } = await createTransfer(ledger, ACTOR, input(books, [ana, ben, 5n]));
      const disputeId = newId('dispute');
      await books.owner.rows(
        `insert into dispute (network_id, id, transfer_id, state, reason, opened_by_membership_id, opened_at)
         values ($1, $2, $3, 'OPEN', 'not done', $4, $5)`,
        [networkId, disputeId, transferId, membershipId, START],
      );
      const reverse = run(ACTOR, (tx) => reverseTransfer(tx, { networkId, transferId, reason: 'a mistake' }));
      const settlement = { networkId, disputeId, outcome: 'REVERSED', resolution: 'not done' } as const;
      const settle = run(ACTOR, (tx) => resolveDispute(tx, settlement));
      const said = await outcomesOf<object>([reverse, settle]);
      outcomes.push(said.map((one) => (typeof one === 'string' ? one : 'done')).join(' '));
    }
  });

  expect(
    outcomes.filter((said) => said !== 'done DISPUTE_CONFLICT' && said !== 'NOT_REVERSIBLE done'),
  ).toEqual([]);
  expect(found).toBe(0);
  expect(await books.balances(ana, ben)).toEqual([0n, 0n]);
});

describe('one key', () => {
  let second: App;
  let secondClock: TravelClock;
  beforeAll(async () => {
    secondClock = new TravelClock(START);
    const { config } = server.app.services;
    second = await makeApp({ config, clock: secondClock, databaseUrl: server.databaseUrl('app') });
  });
  afterAll(() => second.close());

  const crews = () => [server.app.services, second.services];

  test.each([
    ['one server', 1],
    ['two servers', 2],
  ])('that arrives a hundred times at once at %s is done once and answered alike', async (_name, servers) => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const command = input(books, [ana, ben, 5n]);

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        createTransfer(crews()[index % servers]!.ledger, ACTOR, command),
      ),
    );

    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(await books.balances(ana, ben)).toEqual([-5n, 5n]);
  });

  test('is answered alike also where the clock is behind that of the entries before', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    await books.post([posting([ana, ben, 1n])], { now: after(START, MINUTE_MS) });
    const command = input(books, [ana, ben, 5n]);

    const first = await createTransfer(server.app.services.ledger, ACTOR, command);
    const again = await createTransfer(second.services.ledger, ACTOR, command);

    expect(first).toEqual(again);
  });

  test('with two contents at once is done for one of them, and the other is told so', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const five = input(books, [ana, ben, 5n]);
    const seven = { ...five, payerAccountId: ben, payeeAccountId: ana, amount: '0.07' };

    const answers = await outcomesOf(
      Array.from({ length: 40 }, (_, index) => {
        const { ledger } = crews()[(index >> 1) % 2]!;
        return createTransfer(ledger, ACTOR, index % 2 === 0 ? five : seven);
      }),
    );

    const transfers = await books.db.all(Transfer, { networkId: books.networkId });
    expect(transfers).toHaveLength(1);
    const [transfer] = transfers;
    const winner = transfer?.amountMinor === 5n ? 0 : 1;
    expect(answers).toEqual(
      answers.map((_, index) => (index % 2 === winner ? transfer : 'IDEMPOTENCY_KEY_REUSED')),
    );
  });

  test('for a payment and for a request at once is done for one of them', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const outcomes: string[] = [];

    const found = await deadlocksIn(server, async ({ ledger, run }) => {
      for (let round = 0; round < 10; round++) {
        const command = input(books, [ana, ben, 5n]);
        const ask = run(ACTOR, (tx) =>
          once(tx, {
            networkId: books.networkId,
            key: command.idempotencyKey,
            operation: 'transferRequest',
            content: command,
            work: async () => {
              const result = await requestTransfer(tx, command);
              return { id: result.id, result };
            },
            again: async (id) => (await tx.db.one(Transfer, { networkId: books.networkId, id }))!,
          }),
        );
        const said = await outcomesOf([createTransfer(ledger, ACTOR, command), ask]);
        outcomes.push(
          said
            .map((one) => (typeof one === 'string' ? one : 'done'))
            .toSorted()
            .join(' '),
        );
      }
    });

    expect(outcomes).toEqual(outcomes.map(() => 'IDEMPOTENCY_KEY_REUSED done'));
    expect(found).toBe(0);
  });
});

test('what is turned away when the queue is full is not done', async () => {
  const books = await keeper.books();
  const [ana, ben] = [await books.account(), await books.account()];
  const coalescer = new Coalescer<Posting, Outcome>((postings) => books.post(postings), {
    batch: 2,
    lanes: 1,
    queue: 3,
    waitMs: 60_000,
  });
  const drafts = Array.from({ length: 10 }, () => posting([ana, ben, 1n]));

  const outcomes = await outcomesOf(drafts.map((draft) => coalescer.run(draft)));

  expect(outcomes.map((one) => (typeof one === 'string' ? one : one.verdict))).toEqual([
    ...Array.from({ length: 4 }, () => 'POSTED'),
    ...Array.from({ length: 6 }, () => 'OVERLOADED'),
  ]);
  const transfers = await books.db.all(Transfer, { networkId: books.networkId });
  expect(transfers.map(({ id }) => id).toSorted()).toEqual(drafts.slice(0, 4).map(({ id }) => id));
  expect(await books.balances(ana, ben)).toEqual([-4n, 4n]);
});
