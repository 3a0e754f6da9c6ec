import type { AccountState } from '../../src/entities/account.ts';
import { Network } from '../../src/entities/network.ts';
import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { MAX_AMOUNT_MINOR, MAX_MINOR } from '../../src/kernel/money.ts';
import type { Posting } from '../../src/services/ledger/posting.ts';
import { Keeper, posting, reversal, type Books } from '../support/books.ts';
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

/** What is posted, after what was posted before, and what comes of the last one. */
interface Scene {
  before?: Posting[];
  postings: Posting[];
  at?: string;
  room?: bigint;
}

interface Cast {
  books: Books;
  ana: string;
  ben: string;
}

const key = (name: string, content = 'x') => ({
  owner: 'system:test',
  key: name,
  hash: Buffer.from(content),
});

const cases: [name: string, verdict: string, scene: (cast: Cast) => Promise<Scene> | Scene][] = [
  [
    'a payer that is nowhere',
    'NO_ACCOUNT',
    ({ ben }) => {
      const nowhere = newId('account');
      return { postings: [posting([nowhere, ben, 1n])], at: nowhere };
    },
  ],
  [
    'a payee of another network',
    'NO_ACCOUNT',
    async ({ ana }) => {
      const other = await (await keeper.books()).account();
      return { postings: [posting([ana, other, 1n])], at: other };
    },
  ],
  ['one account on both sides', 'SAME_ACCOUNT', ({ ana }) => ({ postings: [posting([ana, ana, 1n])] })],
  [
    'accounts of two units',
    'OTHER_UNIT',
    async ({ books, ana }) => {
      const unit = await books.addUnit('CREDIT');
      return { postings: [posting([ana, await books.account({ unitId: unit.id }), 1n])] };
    },
  ],
  ['nothing', 'OUT_OF_RANGE', ({ ana, ben }) => ({ postings: [posting([ana, ben, 0n])] })],
  ['less than nothing', 'OUT_OF_RANGE', ({ ana, ben }) => ({ postings: [posting([ana, ben, -1n])] })],
  [
    'more than goes in one piece',
    'OUT_OF_RANGE',
    ({ ana, ben }) => ({ postings: [posting([ana, ben, MAX_AMOUNT_MINOR + 1n])] }),
  ],
  [
    'more than there may be, to clear an account',
    'OUT_OF_RANGE',
    ({ ana, ben }) => ({ postings: [posting([ana, ben, MAX_MINOR + 1n], { kind: 'CLOSING' })] }),
  ],
  [
    'a payment in an archived network',
    'ARCHIVED',
    async ({ books, ana, ben }) => {
      await books.owner.update(Network, { id: books.networkId }, { archivedAt: START });
      return { postings: [posting([ana, ben, 1n])] };
    },
  ],
  [
    'what would bring the payee out of range',
    'OUT_OF_RANGE',
    async ({ books, ana }) => {
      const rich = await books.account({ balanceMinor: MAX_MINOR });
      return { postings: [posting([ana, rich, 1n])], at: rich };
    },
  ],
  [
    'points',
    'NOT_TRANSFERABLE',
    async ({ books }) => {
      const { id: unitId } = await books.addUnit('POINTS');
      const [one, other] = [await books.account({ unitId }), await books.account({ unitId })];
      return { postings: [posting([one, other, 1n])] };
    },
  ],
  [
    'a request that nobody made',
    'NOT_PENDING',
    ({ ana, ben }) => ({
      postings: [posting([ana, ben, 1n], { kind: 'REQUEST', pendingId: newId('transfer') })],
    }),
  ],
  [
    'a request that was rejected',
    'NOT_PENDING',
    async ({ books, ana, ben }) => {
      const pendingId = await books.request([ana, ben, 1n]);
      await books.db.rows(`select ledger_answer($1, $2, 'REJECTED', $3)`, [
        books.networkId,
        pendingId,
        START,
      ]);
      return { postings: [posting([ana, ben, 1n], { kind: 'REQUEST', pendingId })] };
    },
  ],
  [
    'a request that was accepted',
    'NOT_PENDING',
    async ({ books, ana, ben }) => {
      const accepted = posting([ana, ben, 1n], {
        kind: 'REQUEST',
        pendingId: await books.request([ana, ben, 1n]),
      });
      return { before: [accepted], postings: [accepted] };
    },
  ],
  [
    'a request twice',
    'NOT_PENDING',
    async ({ books, ana, ben }) => {
      const accepted = posting([ana, ben, 1n], {
        kind: 'REQUEST',
        pendingId: await books.request([ana, ben, 1n]),
      });
      return { postings: [accepted, accepted] };
    },
  ],
  [
    'a request whose time is over',
    'NOT_PENDING',
    async ({ books, ana, ben }) => {
      const pendingId = await books.request([ana, ben, 1n], START);
      return { postings: [posting([ana, ben, 1n], { kind: 'REQUEST', pendingId })] };
    },
  ],
  [
    'the reversal of nothing',
    'NOT_REVERSIBLE',
    ({ ana, ben }) => ({ postings: [reversal(posting([ana, ben, 1n]))] }),
  ],
  [
    'the reversal of what waits',
    'NOT_REVERSIBLE',
    async ({ books, ana, ben }) => {
      const id = await books.request([ana, ben, 1n]);
      return { postings: [reversal(posting([ana, ben, 1n], { id }))] };
    },
  ],
  [
    'the reversal of a reversal',
    'NOT_REVERSIBLE',
    ({ ana, ben }) => {
      const first = posting([ana, ben, 1n]);
      const back = reversal(first);
      return { before: [first, back], postings: [reversal(back)] };
    },
  ],
  [
    'a second reversal',
    'NOT_REVERSIBLE',
    ({ ana, ben }) => {
      const first = posting([ana, ben, 1n]);
      return { before: [first, reversal(first)], postings: [reversal(first)] };
    },
  ],
  [
    'a reversal twice',
    'NOT_REVERSIBLE',
    ({ ana, ben }) => {
      const first = posting([ana, ben, 1n]);
      return { before: [first], postings: [reversal(first), reversal(first)] };
    },
  ],
  [
    'a hold that nobody placed',
    'HOLD_NOT_OPEN',
    ({ ana, ben }) => ({
      postings: [posting([ana, ben, 1n], { hold: { id: newId('hold'), releasesRest: false } })],
    }),
  ],
  [
    'a hold that was released',
    'HOLD_NOT_OPEN',
    async ({ books, ana, ben }) => {
      const id = await books.hold([ana, 5n]);
      await books.db.rows(`select ledger_hold_close($1, $2, 'RELEASED', $3)`, [books.networkId, id, START]);
      return { postings: [posting([ana, ben, 1n], { hold: { id, releasesRest: false } })] };
    },
  ],
  [
    'a hold that was captured whole',
    'HOLD_NOT_OPEN',
    async ({ books, ana, ben }) => {
      const hold = { id: await books.hold([ana, 5n]), releasesRest: false };
      return { before: [posting([ana, ben, 5n], { hold })], postings: [posting([ana, ben, 1n], { hold })] };
    },
  ],
  [
    'a hold whose rest was released',
    'HOLD_NOT_OPEN',
    async ({ books, ana, ben }) => {
      const hold = { id: await books.hold([ana, 5n]), releasesRest: true };
      return { before: [posting([ana, ben, 1n], { hold })], postings: [posting([ana, ben, 1n], { hold })] };
    },
  ],
  [
    'a hold twice in one call',
    'HOLD_NOT_OPEN',
    async ({ books, ana, ben }) => {
      const hold = { id: await books.hold([ana, 5n]), releasesRest: false };
      return { postings: [posting([ana, ben, 1n], { hold }), posting([ana, ben, 1n], { hold })] };
    },
  ],
  [
    'a hold whose time is over',
    'HOLD_NOT_OPEN',
    async ({ books, ana, ben }) => {
      const id = await books.hold([ana, 5n], START);
      return { postings: [posting([ana, ben, 1n], { hold: { id, releasesRest: false } })] };
    },
  ],
  [
    'more than is held',
    'BEYOND_HOLD',
    async ({ books, ana, ben }) => {
      const hold = { id: await books.hold([ana, 5n]), releasesRest: false };
      return {
        before: [posting([ana, ben, 2n], { hold })],
        postings: [posting([ana, ben, 4n], { hold })],
        room: 3n,
      };
    },
  ],
  ...(['FROZEN', 'CLOSED'] as AccountState[]).flatMap((state): typeof cases => [
    [
      `a ${state} payer`,
      `NOT_OPEN:${state}`,
      async ({ books, ben }) => {
        const shut = await books.account({ state });
        return { postings: [posting([shut, ben, 1n])], at: shut };
      },
    ],
    [
      `a ${state} payee`,
      `NOT_OPEN:${state}`,
      async ({ books, ana }) => {
        const shut = await books.account({ state });
        return { postings: [posting([ana, shut, 1n])], at: shut };
      },
    ],
    [
      `a levy to a ${state} account`,
      `NOT_OPEN:${state}`,
      async ({ books, ana, ben }) => {
        const shut = await books.common({ state });
        await books.setPolicy({ payeeLevyPpm: 1_000_000, levyAccountId: shut });
        return { postings: [posting([ana, ben, 1n])], at: shut };
      },
    ],
    [
      `a reversal whose levy went to an account that is ${state}`,
      `NOT_OPEN:${state}`,
      async ({ books, ana, ben }) => {
        const fund = await books.common({ balanceMinor: -1n });
        await books.setPolicy({ payeeLevyPpm: 1_000_000, levyAccountId: fund });
        const first = posting([ana, ben, 1n]);
        await books.post([first]);
        await books.owner.execute('update account set state = $2 where id = $1', [fund, state]);
        return { postings: [reversal(first)], at: fund };
      },
    ],
  ]),
  [
    'a key that came before with other content',
    'KEY_REUSED',
    ({ ana, ben }) => {
      const first = posting([ana, ben, 1n], { key: key('a') });
      return {
        before: [first],
        postings: [posting([ana, ben, 2n], { key: key('a', 'y') })],
        at: first.id,
      };
    },
  ],
];

test.each(cases)('refuses %s: %s', async (_name, verdict, scene) => {
  const books = await keeper.books();
  const [ana, ben] = [await books.account(), await books.account()];
  const { before = [], postings, at = null, room = null } = await scene({ books, ana, ben });
  for (const one of before) expect(await books.verdicts([one])).toEqual(['POSTED']);
  const unchanged = await books.everything();

  const outcomes = await books.post(postings);

  const refused = outcomes.at(-1);
  expect(refused).toMatchObject({ verdict, atAccountId: at, roomMinor: room, postedAt: null });
  const neighbours = postings.slice(0, -1);
  expect(outcomes.slice(0, -1).map((outcome) => outcome.verdict)).toEqual(neighbours.map(() => 'POSTED'));
  if (neighbours.length === 0) expect(await books.everything()).toEqual(unchanged);
  else expect(await lastLink(books)).toEqual(neighbours.map(({ id }) => id));
});

async function lastLink(books: Books): Promise<string[]> {
  const [link] = await books.db.rows<{ transferIds: string[] }>(
    'select transfer_ids from ledger_link where network_id = $1 order by number desc limit 1',
    [books.networkId],
  );
  return link?.transferIds ?? [];
}

describe('a key that came before', () => {
  test('stands for the transfer posted then, whatever became of its accounts', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const first = posting([ana, ben, 1n], { key: key('a') });
    await books.post([first]);
    await books.owner.execute(`update account set state = 'FROZEN' where id = $1`, [ana]);
    const unchanged = await books.everything();

    const [again] = await books.post([posting([ana, ben, 1n], { key: key('a') })], {
      now: after(START, DAY_MS),
    });

    expect(again).toMatchObject({ verdict: 'REPEATED', transferId: first.id, postedAt: null });
    expect(await books.everything()).toEqual(unchanged);
  });

  test('does not hinder what is posted with it, also where all or none is posted', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    await books.post([posting([ana, ben, 1n], { key: key('a') })]);

    const outcomes = await books.post([posting([ana, ben, 1n], { key: key('a') }), posting([ana, ben, 2n])], {
      isAtomic: true,
    });

    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['REPEATED', 'POSTED']);
    expect(await books.balances(ana, ben)).toEqual([-3n, 3n]);
  });

  test('is another one for another owner and in another network', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account(), await books.account()];
    const other = await keeper.books();
    await books.post([posting([ana, ben, 1n], { key: key('a') })]);

    const verdicts = [
      ...(await books.verdicts([posting([ana, ben, 1n], { key: { ...key('a'), owner: 'system:other' } })])),
      ...(await other.verdicts([
        posting([await other.account(), await other.account(), 1n], { key: key('a') }),
      ])),
    ];

    expect(verdicts).toEqual(['POSTED', 'POSTED']);
  });

  test('is free again after a refusal', async () => {
    const books = await keeper.books();
    const [ana, ben] = [await books.account({ floorMinor: 0n }), await books.account()];
    const draft = posting([ana, ben, 1n], { key: key('a') });

    expect(await books.verdicts([draft])).toEqual(['BELOW_FLOOR']);
    await books.post([posting([ben, ana, 1n])]);

    expect(await books.verdicts([draft])).toEqual(['POSTED']);
  });
});

describe('a hold', () => {
  test.each([
    // releases the rest, captured, what is left reserved, its state
    [false, 2n, 3n, 'OPEN'],
    [false, 5n, 0n, 'CAPTURED'],
    [true, 2n, 0n, 'CAPTURED'],
  ])(
    'captured (rest released: %s) by %s leaves %s reserved and is %s',
    async (releasesRest, amount, left, state) => {
      const books = await keeper.books();
      const [ana, ben] = [await books.account(), await books.account()];
      const id = await books.hold([ana, 5n, ben]);

      await books.post([posting([ana, ben, amount], { hold: { id, releasesRest } })]);

      const [hold] = await books.db.rows('select state, captured_minor, closed_at from hold where id = $1', [
        id,
      ]);
      expect(hold).toEqual({ state, capturedMinor: amount, closedAt: state === 'OPEN' ? null : START });
      const [account] = await books.db.rows(
        'select balance_minor, reserved_minor from account where id = $1',
        [ana],
      );
      expect(account).toEqual({ balanceMinor: -amount, reservedMinor: left });
    },
  );

  test('pays what nothing else may spend any more', async () => {
    const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -5n });
    const [ana, ben] = [await books.account(), await books.account()];
    const id = await books.hold([ana, 5n]);

    const verdicts = await books.verdicts([
      posting([ana, ben, 1n]),
      posting([ana, ben, 5n], { hold: { id, releasesRest: false } }),
    ]);

    expect(verdicts).toEqual(['BELOW_FLOOR', 'POSTED']);
    expect(await books.balances(ana, ben)).toEqual([-5n, 5n]);
  });

  test('pays also past a limit that was lowered since it was placed', async () => {
    const books = await keeper.books({ limitKind: 'FIXED', floorMinor: -5n });
    const [ana, ben] = [await books.account(), await books.account()];
    const hold = { id: await books.hold([ana, 5n]), releasesRest: false };
    await books.setPolicy({ floorMinor: 0n });

    expect(await books.verdicts([posting([ana, ben, 5n], { hold })])).toEqual(['POSTED']);
  });

  test('does not pay the levy on top of it, which nobody reserved', async () => {
    const books = await keeper.books();
    const fund = await books.common();
    await books.setPolicy({
      limitKind: 'FIXED',
      floorMinor: -5n,
      payerLevyPpm: 200_000,
      levyAccountId: fund,
    });
    const [ana, ben] = [await books.account(), await books.account()];
    const hold = { id: await books.hold([ana, 5n]), releasesRest: true };
    const refused = [posting([ana, ben, 5n], { hold })];

    expect(await books.verdicts(refused)).toEqual(['BELOW_FLOOR']);
    expect(await books.verdicts([posting([ana, ben, 4n], { hold })])).toEqual(['POSTED']);
    expect(await books.balances(ana, ben, fund)).toEqual([-4n, 4n, 0n]);
  });
});

test.each([
  ['PAYMENT', MAX_AMOUNT_MINOR],
  ['CLOSING', MAX_AMOUNT_MINOR + 1n],
  ['DEMURRAGE', MAX_AMOUNT_MINOR + 1n],
] as const)(
  'a %s moves %s minor units in one piece, and its reversal moves them back',
  async (kind, amount) => {
    const books = await keeper.books();
    const [ana, ben] = [await books.common(), await books.common()];
    const first = posting([ana, ben, amount], { kind });

    const verdicts = [await books.verdicts([first]), await books.verdicts([reversal(first)])];

    expect(verdicts).toEqual([['POSTED'], ['POSTED']]);
    expect(await books.balances(ana, ben)).toEqual([0n, 0n]);
  },
);

test('whoever has paid more than a number holds is beyond every limit on payments', async () => {
  const books = await keeper.books({ dayMaxMinor: 10n, weekMaxMinor: 10n, monthMaxMinor: 10n });
  const [ana, ben] = [await books.account(), await books.account()];
  await books.post([posting([ana, ben, 1n]), posting([ana, ben, 1n])]);
  // As if it were the last of ten thousand payments of the largest amount.
  await books.owner.execute(
    'update entry set amount_minor = -5000000000000000000 where network_id = $1 and account_id = $2',
    [books.networkId, ana],
  );

  const [outcome] = await books.post([posting([ana, ben, 1n])]);

  expect(outcome).toMatchObject({ verdict: 'PAYMENT_LIMIT:DAY', roomMinor: 0n });
});
