import fc from 'fast-check';
import type { DuesRule } from '../../src/entities/dues-rule.ts';
import { demurrageOf } from '../../src/services/treasury/demurrage.ts';
import { duesRuleFor } from '../../src/services/treasury/dues.ts';
import { parsePeriod } from '../../src/services/treasury/periods.ts';

describe('demurrage', () => {
  test.each([
    // balance, given in the year, rate, exempt, demurrage
    [10_000n, 0n, 20_000, 0n, 200n],
    [9_800n, 200n, 20_000, 0n, 200n],
    [10_000n, 0n, 20_000, 2_500n, 150n],
    [149n, 0n, 20_000, 0n, 2n],
    [49n, 0n, 20_000, 0n, 0n],
    [2_500n, 0n, 20_000, 2_500n, 0n],
    [2_400n, 900n, 20_000, 2_500n, 0n],
    [-5_000n, 900n, 20_000, 0n, 0n],
    [0n, 0n, 1_000_000, 0n, 0n],
    // What is left above the exempt amount is less than the share of what was there before.
    [2_510n, 90_000n, 20_000, 2_500n, 10n],
    [100n, 0n, 1_000_000, 0n, 100n],
  ])(
    'of %s, having given %s, at %s millionths above %s is %s',
    (balanceMinor, givenMinor, ppm, exemptMinor, due) => {
      expect(demurrageOf({ balanceMinor, givenMinor }, { ppm, exemptMinor })).toBe(due);
    },
  );

  const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const rates = fc.integer({ min: 0, max: 1_000_000 });

  test('takes the same each period from a balance that rests, until nothing is left above the exempt amount', () => {
    fc.assert(
      fc.property(amounts, amounts, rates, (start, exemptMinor, ppm) => {
        let [balanceMinor, givenMinor] = [start, 0n];
        const dues: bigint[] = [];
        for (let period = 0; period < 12; period++) {
          const due = demurrageOf({ balanceMinor, givenMinor }, { ppm, exemptMinor });
          balanceMinor -= due;
          givenMinor += due;
          dues.push(due);
        }
        const above = start > exemptMinor ? start - exemptMinor : 0n;
        const first = (above * BigInt(ppm)) / 1_000_000n;
        expect(givenMinor).toBe(
          first * 12n < above ? first * 12n : above === 0n || first === 0n ? 0n : above,
        );
        const full = dues.filter((due) => due === first).length;
        expect(dues.slice(full + 1).every((due) => due === 0n)).toBe(true);
      }),
    );
  });

  test('never goes below the exempt amount, and never below nothing', () => {
    fc.assert(
      fc.property(fc.bigInt(), amounts, amounts, rates, (balanceMinor, givenMinor, exemptMinor, ppm) => {
        const due = demurrageOf({ balanceMinor, givenMinor }, { ppm, exemptMinor });
        expect(due >= 0n && (due === 0n || balanceMinor - due >= exemptMinor)).toBe(true);
      }),
    );
  });
});

describe('dues', () => {
  const rule = (id: string, change: Partial<DuesRule> = {}): DuesRule => ({
    networkId: 'net',
    id,
    unitId: 'uni',
    memberClass: null,
    amountMinor: 500n,
    period: 'MONTH',
    graceDays: 14,
    accountId: 'acc',
    startsOn: '2026-02-01',
    endsOn: null,
    setByPersonId: null,
    setAt: new Date(0),
    ...change,
  });
  const all = rule('all');
  const former = rule('former', { startsOn: '2025-01-01', endsOn: '2026-02-01' });
  const elders = rule('elders', { memberClass: 'ELDER', amountMinor: 100n });
  const guests = rule('guests', { memberClass: 'GUEST', amountMinor: 0n });
  const homes = rule('homes', { memberClass: 'HOME', period: 'QUARTER', endsOn: '2026-07-01' });
  const rules = [former, all, elders, guests, homes];

  test.each([
    ['MEMBER', '2026-02', 'all'],
    ['MEMBER', '2026-01', 'former'],
    ['MEMBER', '2024-12', null],
    ['MEMBER', '2026-Q2', null],
    ['ELDER', '2026-02', 'elders'],
    ['ELDER', '2026-01', 'former'],
    // A class that is asked for nothing owes nothing, and does not fall back on the rule for all.
    ['GUEST', '2026-03', null],
    ['HOME', '2026-Q2', 'homes'],
    ['HOME', '2026-05', null],
    ['HOME', '2026-07', 'all'],
    ['HOME', '2026-Q3', null],
  ])('%s owes for %s by the rule %s', (memberClass, period, id) => {
    expect(duesRuleFor(memberClass, rules, parsePeriod(period, 'period'))?.id ?? null).toBe(id);
  });
});
