import type { UnitPolicy } from '../../src/entities/unit-policy.ts';
import { after, DAY_MS } from '../../src/kernel/clock.ts';
import { Keeper, posting, reversal } from '../support/books.ts';
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

describe('payments of an account are limited', () => {
  const LIMITS: [
    period: string,
    days: number,
    policy: (max: bigint | null, count: number | null) => Partial<UnitPolicy>,
  ][] = [
    ['DAY', 1, (max, count) => ({ dayMaxMinor: max, dayMaxCount: count })],
    ['WEEK', 7, (max, count) => ({ weekMaxMinor: max, weekMaxCount: count })],
    ['MONTH', 30, (max, count) => ({ monthMaxMinor: max, monthMaxCount: count })],
  ];

  test('in each single one', async () => {
    const books = await keeper.books({ paymentMaxMinor: 5n });
    const [ana, ben] = [await books.account(), await books.account()];

    const outcomes = await books.post([posting([ana, ben, 5n]), posting([ana, ben, 6n])]);

    expect(outcomes.map(({ verdict, roomMinor }) => [verdict, roomMinor])).toEqual([
      ['POSTED', null],
      ['PAYMENT_LIMIT:PAYMENT', 5n],
    ]);
  });

  test.each(LIMITS)(
    'in their amount within a %s, in one call and across calls',
    async (period, days, policy) => {
      const books = await keeper.books(policy(10n, null));
      const [ana, ben] = [await books.account(), await books.account()];
      const tried = async (now: Date, ...amounts: bigint[]) =>
        (
          await books.post(
            amounts.map((one) => posting([ana, ben, one])),
            { now },
          )
        ).map(({ verdict, roomMinor }) => roomMinor ?? verdict);
      const end = after(START, days * DAY_MS);

      expect(await tried(START, 4n, 7n, 3n)).toEqual(['POSTED', 6n, 'POSTED']);
      expect(await tried(after(START, 1), 4n, 3n, 1n)).toEqual([3n, 'POSTED', 0n]);
      expect(await tried(after(end, -1), 1n)).toEqual([0n]);
      expect(await tried(end, 8n, 7n)).toEqual([7n, 'POSTED']);
      expect(await tried(after(end, 1), 4n, 3n)).toEqual([3n, 'POSTED']);
      const [outcome] = await books.post([posting([ana, ben, 1n])], { now: after(end, 1) });
      expect(outcome?.verdict).toBe(`PAYMENT_LIMIT:${period}`);
    },
  );

  test.each(LIMITS)(
    'in their number within a %s, in one call and across calls',
    async (period, days, policy) => {
      const books = await keeper.books(policy(null, 2));
      const [ana, ben] = [await books.account(), await books.account()];
      const tried = (now: Date, count: number) =>
        books.verdicts(
          Array.from({ length: count }, () => posting([ana, ben, 1n])),
          { now },
        );
      const limited = `PAYMENT_LIMIT:${period}`;
      const end = after(START, days * DAY_MS);

      expect(await tried(START, 3)).toEqual(['POSTED', 'POSTED', limited]);
      expect(await tried(after(end, -1), 1)).toEqual([limited]);
      expect(await tried(end, 3)).toEqual(['POSTED', 'POSTED', limited]);
    },
  );

  test('but not what the network pays, nor what is recorded for others', async () => {
    const books = await keeper.books({ paymentMaxMinor: 5n, dayMaxMinor: 5n, dayMaxCount: 1 });
    const [ana, ben, pot] = [await books.account(), await books.account(), await books.common()];

    const verdicts = await books.verdicts([
      posting([pot, ana, 6n]),
      posting([pot, ana, 6n]),
      posting([ana, ben, 6n], { kind: 'RECORDED' }),
      posting([ana, ben, 5n]),
    ]);

    expect(verdicts).toEqual(['POSTED', 'POSTED', 'POSTED', 'POSTED']);
  });

  test('and what is recorded for others counts neither in one call nor across calls', async () => {
    const given = async () => {
      const books = await keeper.books({ dayMaxMinor: 5n });
      const [ana, ben] = [await books.account(), await books.account()];
      const postings = [
        posting([ana, ben, 1n]),
        posting([ana, ben, 4n], { kind: 'RECORDED' }),
        posting([ana, ben, 4n]),
      ];
      return { books, postings };
    };
    const [together, apart] = [await given(), await given()];

    const inOneCall = await together.books.verdicts(together.postings);
    const inThree: string[] = [];
    for (const one of apart.postings) inThree.push(...(await apart.books.verdicts([one])));

    expect(inThree).toEqual(['POSTED', 'POSTED', 'POSTED']);
    expect(inOneCall).toEqual(inThree);
  });

  test('and what was reversed does not count', async () => {
    const books = await keeper.books({ dayMaxMinor: 5n, dayMaxCount: 1 });
    const [ana, ben] = [await books.account(), await books.account()];
    const first = posting([ana, ben, 5n]);
    await books.post([first]);
    await books.post([reversal(first)]);

    expect(await books.verdicts([posting([ana, ben, 5n])])).toEqual(['POSTED']);
  });
});
