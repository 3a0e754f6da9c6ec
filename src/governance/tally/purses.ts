import type { Backing } from './backing.ts';

/** What each point of a project's backers pays at most, as a fraction: who has less than that pays all they have. */
export interface Price {
  numerator: bigint;
  denominator: bigint;
  /** The same in grains, rounded down. */
  grains: number;
}

/** The most bits that a sum of grains may have: a whole number below 2⁵³ is exact. */
const GRAIN_BITS = 52;

/**
 * The money that voters still have while projects are bought.
 *
 * All prices are exact: whole numbers over one denominator that grows with each project. What a voter has left is the share less
 * the prices of what was bought with it, since who could not pay a price in full has nothing left. To compare it with a price,
 * both are first looked at in grains, a small part of the minor unit, rounded down; for each voter it is kept between which
 * numbers of grains the truth lies. Only where the grains do not decide is the exact number worked out.
 */
export class Purses {
  private readonly backing: Backing;
  private denominator: bigint;
  private share: bigint;
  private readonly shift: bigint;
  private readonly shareGrains: number;
  /** What each has left, in grains: surely so much, and not more than that. Both are below zero once nothing is left. */
  private readonly atLeast: Float64Array;
  private readonly atMost: Float64Array;
  private readonly prices: bigint[] = [];
  /** For each project at which place of `prices` its price stands; -1 if it was not bought. */
  private readonly boughtAs: Int32Array;
  /** For each voter in which search they were last found too poor to pay in full. */
  private readonly poorIn: Int32Array;
  private search = 0;

  constructor(backing: Backing, share: { numerator: bigint; denominator: bigint }) {
    this.backing = backing;
    this.share = share.numerator;
    this.denominator = share.denominator;
    const most =
      (share.numerator / share.denominator + 1n) * backing.totalWeight * BigInt(backing.mostPoints);
    this.shift = BigInt(GRAIN_BITS - most.toString(2).length);
    this.shareGrains = this.inGrains(share.numerator, share.denominator);
    this.atLeast = new Float64Array(backing.weights.length).fill(this.shareGrains);
    this.atMost = new Float64Array(backing.weights.length).fill(this.shareGrains + 1);
    this.boughtAs = new Int32Array(backing.projects.length).fill(-1);
    this.poorIn = new Int32Array(backing.weights.length);
  }

  /**
   * The least price per point at which the backers of a project can pay for it; null if they cannot. The price starts as if all
   * could pay in full; who cannot gives all they have, and the price for the others rises until all of them can.
   */
  priceOf(project: number): Price | null {
    this.search += 1;
    const { ids, points } = this.backing.backers[project]!;
    const cost = this.backing.projects[project]!.cost * this.denominator;
    const poor = { weight: 0, paid: this.prices.map(() => 0) };
    let richPoints = this.pointsWithMoney(project);
    while (richPoints > 0) {
      const numerator = cost - this.moneyOf(poor);
      const price = this.priceFrom(numerator, richPoints);
      if (price.grains > this.shareGrains + 1) return null;
      const before = richPoints;
      for (let index = 0; index < ids.length; index++) {
        const voter = ids[index]!;
        if (this.atLeast[voter]! >= (price.grains + 1) * points[index]!) continue;
        if (this.isEmpty(voter) || this.poorIn[voter] === this.search) continue;
        if (this.canPay(voter, points[index]!, price)) continue;
        this.poorIn[voter] = this.search;
        richPoints -= this.backing.weights[voter]! * points[index]!;
        this.addTo(poor, voter);
      }
      if (richPoints === before) return price;
    }
    return null;
  }

  /** Takes the price of a project from its backers, from those who have less all they have. */
  pay(project: number, price: Price): void {
    const { ids, points } = this.backing.backers[project]!;
    const paid = this.addPrice(price);
    this.boughtAs[project] = this.prices.length - 1;
    for (let index = 0; index < ids.length; index++) {
      const voter = ids[index]!;
      if (this.isEmpty(voter)) continue;
      const own = points[index]!;
      const canPay = this.canPay(voter, own, paid, project);
      this.atLeast[voter]! -= (price.grains + 1) * own;
      this.atMost[voter]! -= price.grains * own;
      if (!canPay || (this.atLeast[voter]! <= 0 && this.moneyLeft(voter) === 0n)) {
        this.atLeast[voter] = -1;
        this.atMost[voter] = -1;
      }
    }
  }

  private isEmpty(voter: number): boolean {
    return this.atMost[voter]! < 0;
  }

  private pointsWithMoney(project: number): number {
    const { ids, points } = this.backing.backers[project]!;
    let sum = 0;
    for (let index = 0; index < ids.length; index++) {
      const voter = ids[index]!;
      if (!this.isEmpty(voter)) sum += this.backing.weights[voter]! * points[index]!;
    }
    return sum;
  }

  /** Whether a voter has the price of so many points left; for a project that is being bought, apart from that purchase. */
  private canPay(voter: number, points: number, price: Price, except = -1): boolean {
    if (this.atLeast[voter]! >= (price.grains + 1) * points) return true;
    if (this.atMost[voter]! < price.grains * points) return false;
    const left = this.moneyLeft(voter, except) * price.denominator;
    return left >= price.numerator * BigInt(points) * this.denominator;
  }

  /** What a voter has left, over the common denominator; exact. */
  private moneyLeft(voter: number, except = -1): bigint {
    const { ids, points } = this.backing.backed[voter]!;
    let left = this.share;
    for (let index = 0; index < ids.length; index++) {
      const bought = this.boughtAs[ids[index]!]!;
      if (bought >= 0 && ids[index] !== except) left -= this.prices[bought]! * BigInt(points[index]!);
    }
    return left;
  }

  private addTo(poor: { weight: number; paid: number[] }, voter: number): void {
    const { ids, points } = this.backing.backed[voter]!;
    const weight = this.backing.weights[voter]!;
    poor.weight += weight;
    for (let index = 0; index < ids.length; index++) {
      const bought = this.boughtAs[ids[index]!]!;
      if (bought >= 0) poor.paid[bought]! += weight * points[index]!;
    }
  }

  /** What some voters have left together, over the common denominator; exact. */
  private moneyOf(poor: { weight: number; paid: readonly number[] }): bigint {
    let money = this.share * BigInt(poor.weight);
    for (const [bought, points] of poor.paid.entries()) {
      if (points > 0) money -= this.prices[bought]! * BigInt(points);
    }
    return money;
  }

  private priceFrom(numerator: bigint, points: number): Price {
    const denominator = this.denominator * BigInt(points);
    return { numerator, denominator, grains: this.inGrains(numerator, denominator) };
  }

  /** Brings all prices to a denominator that the new one fits into too, and adds it. */
  private addPrice(price: Price): Price {
    const factor = price.denominator / this.denominator;
    const common = greatestCommonDivisor(price.numerator % factor, factor);
    const growth = factor / common;
    for (const index of this.prices.keys()) this.prices[index]! *= growth;
    this.share *= growth;
    this.denominator *= growth;
    this.prices.push(price.numerator / common);
    return { numerator: price.numerator / common, denominator: this.denominator, grains: price.grains };
  }

  /** Rounds down to grains. What is more than any purse can hold is only known to be so. */
  private inGrains(numerator: bigint, denominator: bigint): number {
    return Number(
      this.shift >= 0n ? (numerator << this.shift) / denominator : numerator / (denominator << -this.shift),
    );
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [greater, smaller] = [b, a];
  while (smaller !== 0n) [greater, smaller] = [smaller, greater % smaller];
  return greater;
}
