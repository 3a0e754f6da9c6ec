import fc from 'fast-check';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('the floor that the database works out', () => {
  const MOST = 10n ** 18n;
  const amounts = fc.oneof(fc.bigInt({ min: 0n, max: 5_000n }), fc.bigInt({ min: 0n, max: MOST }));
  const cases = fc.record({
    kind: fc.constantFrom('NONE', 'FIXED', 'TURNOVER', 'GROWTH'),
    base: amounts,
    ppm: fc.integer({ min: 0, max: 1_000_000 }),
    hard: fc.option(amounts),
    received: fc.oneof(amounts, fc.bigInt({ min: -MOST, max: 8n * MOST })),
  });
  type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

  // As docs/policies.md says it: a is the depth of the floor, in minor units.
  function depthOf({ kind, base, ppm, hard, received }: Case): bigint | null {
    const earned = received > 0n ? received : 0n;
    const deepest = hard === null || hard > MOST ? MOST : hard;
    const clamp = (depth: bigint) => (depth < deepest ? depth : deepest);
    if (kind === 'NONE') return null;
    if (kind === 'FIXED') return base;
    return clamp(kind === 'GROWTH' ? base + earned : base + (earned * BigInt(ppm)) / 1_000_000n);
  }

  test('is what the formulas say', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (of) => {
        const row = await server.app.database.db.row<{ floor: bigint | null }>(
          'select ledger_floor($1, $2, $3, $4, $5) as floor',
          [of.kind, -of.base, of.ppm, of.hard === null ? null : -of.hard, of.received],
        );
        const depth = depthOf(of);
        expect(row?.floor).toBe(depth === null ? null : -depth);
      }),
      { numRuns: 500 },
    );
  });
});
