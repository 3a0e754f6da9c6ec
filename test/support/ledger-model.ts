import type { AccountState } from '../../src/entities/account.ts';
import type { HoldState } from '../../src/entities/hold.ts';
import type { TransferKind, TransferState } from '../../src/entities/transfer.ts';
import type { UnitPolicy } from '../../src/entities/unit-policy.ts';
import { DAY_MS } from '../../src/kernel/clock.ts';

// The rules of the ledger in other words, without a database: what the tests hold the real one against.

export interface ModelAccount {
  isCommon: boolean;
  state: AccountState;
  followsPolicy: boolean;
  floor: bigint | null;
  ceiling: bigint | null;
  balance: bigint;
  reserved: bigint;
  received: bigint;
  entryCount: bigint;
  /** When each entry was posted, and what had been received then; in order. */
  past: { at: number; received: bigint }[];
}

export interface ModelTransfer {
  kind: TransferKind;
  state: TransferState;
  payer: string;
  payee: string;
  amount: bigint;
  payerLevy: bigint;
  payeeLevy: bigint;
  levyAccount: string | null;
  expiresAt: number;
}

export interface ModelHold {
  account: string;
  amount: bigint;
  captured: bigint;
  state: HoldState;
  expiresAt: number;
}

export interface ModelPosting {
  id: string;
  kind: TransferKind;
  payer: string;
  payee: string;
  amount: bigint;
  /** It waits already. */
  isPending?: boolean;
  reverses?: string;
  hold?: { id: string; releasesRest: boolean };
}

export type ModelPolicy = Pick<
  UnitPolicy,
  | 'limitKind'
  | 'limitMode'
  | 'floorMinor'
  | 'ceilingMinor'
  | 'turnoverPpm'
  | 'turnoverDays'
  | 'hardFloorMinor'
  | 'payerLevyPpm'
  | 'payeeLevyPpm'
  | 'levyAccountId'
>;

export const NO_POLICY: ModelPolicy = {
  limitKind: 'NONE',
  limitMode: 'BLOCK',
  floorMinor: null,
  ceilingMinor: null,
  turnoverPpm: null,
  turnoverDays: null,
  hardFloorMinor: null,
  payerLevyPpm: 0,
  payeeLevyPpm: 0,
  levyAccountId: null,
};

const TRADES: readonly TransferKind[] = ['PAYMENT', 'REQUEST', 'RECORDED'];
const MILLION = 1_000_000n;

/** Entries of one transfer: who, how much, and whether it counts as received (or returned). */
type Move = [account: string, amount: bigint, counts: boolean];

export class LedgerModel {
  readonly accounts = new Map<string, ModelAccount>();
  readonly transfers = new Map<string, ModelTransfer>();
  readonly holds = new Map<string, ModelHold>();
  policy: ModelPolicy = NO_POLICY;

  addAccount(id: string, more: Partial<ModelAccount> = {}): void {
    this.accounts.set(id, {
      isCommon: false,
      state: 'OPEN',
      followsPolicy: !more.isCommon,
      floor: null,
      ceiling: null,
      balance: 0n,
      reserved: 0n,
      received: 0n,
      entryCount: 0n,
      past: [],
      ...more,
    });
  }

  /** What the ledger must say of a transfer now; `POSTED` changes the model. */
  post(posting: ModelPosting, now: number): string {
    const verdict = this.judge(posting, now);
    if (verdict === 'POSTED') this.write(posting, now);
    return verdict;
  }

  /** What it must say of transfers that go together, without a change. */
  judgeAll(postings: readonly ModelPosting[], now: number): string {
    const [first, ...others] = postings;
    const verdict = this.judge(first!, now);
    if (others.length === 0 || verdict !== 'POSTED') return verdict;
    const kept = new Map<string, ModelAccount>();
    for (const id of [first!.payer, first!.payee, this.policy.levyAccountId]) {
      const account = id === null ? undefined : this.accounts.get(id);
      if (id !== null && account) kept.set(id, { ...account, past: [...account.past] });
    }
    this.write(first!, now);
    const later = this.judgeAll(others, now);
    for (const [id, account] of kept) this.accounts.set(id, account);
    this.transfers.delete(first!.id);
    return later;
  }

  /** The lowest balance that an account may come to; null for none. */
  floorOf(account: ModelAccount, now: number): bigint | null {
    const { limitKind, floorMinor, turnoverPpm, turnoverDays, hardFloorMinor } = this.policy;
    if (!account.followsPolicy) return account.floor;
    if (limitKind === 'NONE' || limitKind === 'FIXED' || floorMinor === null) return floorMinor;
    let credit = account.received;
    if (limitKind === 'TURNOVER') {
      const since = now - turnoverDays! * DAY_MS;
      const before = account.past.findLast(({ at }) => at <= since)?.received ?? 0n;
      credit = ((credit - before) * BigInt(turnoverPpm!)) / MILLION;
    }
    const floor = floorMinor - (credit > 0n ? credit : 0n);
    return hardFloorMinor !== null && floor < hardFloorMinor ? hardFloorMinor : floor;
  }

  private judge(posting: ModelPosting, now: number): string {
    if (posting.payer === posting.payee) return 'SAME_ACCOUNT';
    const waiting = this.transfers.get(posting.id);
    if (posting.isPending && (waiting?.state !== 'PENDING' || waiting.expiresAt <= now)) return 'NOT_PENDING';
    const reversed = posting.reverses === undefined ? undefined : this.transfers.get(posting.reverses);
    if (reversed && (reversed.state !== 'POSTED' || reversed.kind === 'REVERSAL')) return 'NOT_REVERSIBLE';
    const hold = posting.hold && this.holds.get(posting.hold.id)!;
    if (hold && (hold.state !== 'OPEN' || hold.expiresAt <= now)) return 'HOLD_NOT_OPEN';
    if (hold && posting.amount > hold.amount - hold.captured) return 'BEYOND_HOLD';
    const moves = this.movesOf(posting);
    const shut = [posting.payer, posting.payee, ...moves.map(([id]) => id)]
      .map((id) => ({ id, state: this.accounts.get(id)!.state }))
      .find(({ state }) => state !== 'OPEN');
    if (shut) return this.isOfLevies(shut.id, posting) ? 'LEVIES_NOT_OPEN' : `NOT_OPEN:${shut.state}`;
    if (this.policy.limitMode === 'WARN') return 'POSTED';
    for (const id of new Set(moves.map(([account]) => account))) {
      const freed = id === posting.payer ? this.freedBy(posting) : 0n;
      const refusal = this.limitOf(this.accounts.get(id)!, effectOn(id, moves), { freed, now });
      if (refusal) return refusal;
    }
    return 'POSTED';
  }

  /** Whether an account that is shut is told as the one of the levies: unless it receives, or pays back. */
  private isOfLevies(id: string, posting: ModelPosting): boolean {
    if (id === posting.payee) return false;
    if (posting.reverses !== undefined) return id !== posting.payer;
    const [ofPayer, ofPayee] = this.leviesOf(posting);
    return id === this.policy.levyAccountId && ofPayer + ofPayee > 0n;
  }

  private limitOf(
    account: ModelAccount,
    effect: bigint,
    { freed, now }: { freed: bigint; now: number },
  ): string | null {
    const after = account.balance + effect;
    const spendable = after - account.reserved + freed;
    const floor = this.floorOf(account, now);
    const ceiling = account.followsPolicy ? this.policy.ceilingMinor : account.ceiling;
    if (effect + freed < 0n && spendable < 0n && floor !== null && spendable < floor) return 'BELOW_FLOOR';
    if (effect > 0n && after > 0n && ceiling !== null && after > ceiling) return 'ABOVE_CEILING';
    return null;
  }

  private freedBy({ hold, amount }: ModelPosting): bigint {
    if (!hold) return 0n;
    const { amount: held, captured } = this.holds.get(hold.id)!;
    return hold.releasesRest ? held - captured : amount;
  }

  private leviesOf({ kind, payer, payee, amount }: ModelPosting): [payer: bigint, payee: bigint] {
    if (!this.policy.levyAccountId || !TRADES.includes(kind)) return [0n, 0n];
    const levy = (id: string, ppm: number) =>
      this.accounts.get(id)!.isCommon ? 0n : (amount * BigInt(ppm)) / MILLION;
    return [levy(payer, this.policy.payerLevyPpm), levy(payee, this.policy.payeeLevyPpm)];
  }

  private movesOf(posting: ModelPosting): Move[] {
    const { payer, payee, amount } = posting;
    const first = posting.reverses === undefined ? undefined : this.transfers.get(posting.reverses);
    const moves: Move[] = first
      ? [
          [payer, -amount, true],
          [payee, amount, false],
          [payer, first.payeeLevy, false],
          [payee, first.payerLevy, false],
          [first.levyAccount ?? payer, -first.payerLevy - first.payeeLevy, true],
        ]
      : this.plainMoves(posting, this.leviesOf(posting));
    return moves.filter(([, moved]) => moved !== 0n);
  }

  private plainMoves({ payer, payee, amount }: ModelPosting, [ofPayer, ofPayee]: [bigint, bigint]): Move[] {
    return [
      [payer, -amount, false],
      [payee, amount, true],
      [payer, -ofPayer, false],
      [payee, -ofPayee, false],
      [this.policy.levyAccountId ?? payer, ofPayer + ofPayee, true],
    ];
  }

  private write(posting: ModelPosting, now: number): void {
    const moves = this.movesOf(posting);
    const { id, kind, payer, payee, amount, reverses, hold } = posting;
    const [payerLevy, payeeLevy] = reverses === undefined ? this.leviesOf(posting) : [0n, 0n];
    const levyAccount = payerLevy + payeeLevy > 0n ? this.policy.levyAccountId : null;
    const lasts = moves.map(([account]) => this.accounts.get(account)!.past.at(-1)?.at ?? now);
    const at = Math.max(now, ...lasts);
    this.accounts.get(payer)!.reserved -= this.freedBy(posting);
    if (hold) this.capture(hold, amount);
    for (const [accountId, moved, counts] of moves) {
      const account = this.accounts.get(accountId)!;
      account.balance += moved;
      account.entryCount += 1n;
      if (counts) account.received += moved;
      account.past.push({ at, received: account.received });
    }
    if (reverses !== undefined) this.transfers.get(reverses)!.state = 'REVERSED';
    this.transfers.set(id, {
      kind,
      state: 'POSTED',
      payer,
      payee,
      amount,
      payerLevy,
      payeeLevy,
      levyAccount,
      expiresAt: 0,
    });
  }

  private capture({ id, releasesRest }: { id: string; releasesRest: boolean }, amount: bigint): void {
    const hold = this.holds.get(id)!;
    hold.captured += amount;
    if (releasesRest || hold.captured === hold.amount) hold.state = 'CAPTURED';
  }
}

function effectOn(account: string, moves: readonly Move[]): bigint {
  return moves.filter(([id]) => id === account).reduce((sum, [, moved]) => sum + moved, 0n);
}
