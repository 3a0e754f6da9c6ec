import type { AsyncCommand } from 'fast-check';
import { Account } from '../../src/entities/account.ts';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { formatAmount } from '../../src/kernel/money.ts';
import type { Tx } from '../../src/kernel/unit-of-work.ts';
import { setLimits, updateAccount } from '../../src/services/ledger/accounts.ts';
import { closeAccount } from '../../src/services/ledger/closing.ts';
import { settleDueRequests } from '../../src/services/ledger/due-requests.ts';
import { expireHolds } from '../../src/services/ledger/hold-expiry.ts';
import { captureHold, placeHold, releaseHold } from '../../src/services/ledger/holds.ts';
import { limitsOf } from '../../src/services/ledger/limits.ts';
import {
  acceptTransfer,
  cancelTransfer,
  rejectTransfer,
  requestTransfer,
} from '../../src/services/ledger/requests.ts';
import { reverseTransfer } from '../../src/services/ledger/reversals.ts';
import { createTransfer } from '../../src/services/ledger/transfers.ts';
import { ACTOR, type Books } from './books.ts';
import { NO_POLICY, type LedgerModel, type ModelPolicy, type ModelPosting } from './ledger-model.ts';
import type { TestServer } from './server.ts';

// Everything that can happen to the books of a network, done both to the real ones and to the model of them.

/** What should be: the model, and what the ids of the real thing are. */
export interface Expected {
  ledger: LedgerModel;
  /** In milliseconds; it stands still unless time passes by a command. */
  now: () => number;
  accounts: string[];
  transfers: string[];
  holds: string[];
  /** What a key stands for: the request, and the transfer that it made. */
  keys: Map<string, { content: string; transferId: string }>;
}

/** What is: the services of a server on a network of their own. */
export interface Real {
  server: TestServer;
  books: Books;
  /** Does something in a unit of work. */
  run: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

export type Command = AsyncCommand<Expected, Real>;

/** A command that is always possible: what is refused has to be refused by both. */
function command(name: string, run: (expected: Expected, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (expected, real) => {
      await run(expected, real);
      await compare(expected, real);
    },
    toString: () => name,
  };
}

/** All that both know must be the same. */
async function compare({ ledger, now, transfers, holds }: Expected, { server, books }: Real): Promise<void> {
  const { networkId, db } = books;
  const ids = [...ledger.accounts.keys()];
  const rows = await db.all(Account, { networkId, id: ids });
  const limits = await limitsOf(db, networkId, { ids, now: server.clock.now() });
  const found = rows.map((row) => ({
    id: row.id,
    state: row.state,
    balance: row.balanceMinor,
    reserved: row.reservedMinor,
    received: row.receivedMinor,
    entryCount: row.entryCount,
    floor: limits.get(row.id)?.floorMinor ?? null,
    past: row.lastPostedAt?.getTime(),
  }));
  const expected = rows.map(({ id }) => {
    const account = ledger.accounts.get(id)!;
    const { state, balance, reserved, received, entryCount, past } = account;
    const floor = ledger.floorOf(account, now());
    return { id, state, balance, reserved, received, entryCount, floor, past: past.at(-1)?.at };
  });
  expect(found).toEqual(expected);
  const states = await db.rows<{ id: string; state: string }>(
    `select id, state from transfer where network_id = $1 and id = any($2)
     union all select id, state from hold where network_id = $1 and id = any($3)`,
    [networkId, transfers, holds],
  );
  const real = new Map(states.map(({ id, state }) => [id, state]));
  expect(transfers.map((id) => real.get(id))).toEqual(transfers.map((id) => ledger.transfers.get(id)?.state));
  expect(holds.map((id) => real.get(id))).toEqual(holds.map((id) => ledger.holds.get(id)?.state));
}

const CODES: Record<string, string> = {
  BELOW_FLOOR: 'INSUFFICIENT_CREDIT',
  ABOVE_CEILING: 'CEILING_EXCEEDED',
  'NOT_OPEN:FROZEN': 'ACCOUNT_NOT_OPEN',
  'NOT_OPEN:CLOSED': 'ACCOUNT_NOT_OPEN',
  LEVIES_NOT_OPEN: 'LEVY_ACCOUNT_NOT_OPEN',
  NOT_PENDING: 'TRANSFER_NOT_PENDING',
};

/** Does it, and looks that it is refused with the verdict that the model gives; nothing is returned then. */
async function outcomeOf<T>(verdict: string, work: () => Promise<T>): Promise<T | undefined> {
  let code = 'POSTED';
  let result: T | undefined;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    ({ code } = error);
  }
  expect(code).toBe(CODES[verdict] ?? verdict);
  return result;
}

/** Posts in both. */
async function post(
  expected: Expected,
  posting: ModelPosting,
  work: () => Promise<{ id: string }>,
): Promise<string | undefined> {
  const { ledger, now, transfers } = expected;
  const transfer = await outcomeOf(ledger.judgeAll([posting], now()), work);
  if (!transfer) return undefined;
  ledger.post({ ...posting, id: transfer.id }, now());
  if (!transfers.includes(transfer.id)) transfers.push(transfer.id);
  return transfer.id;
}

const text = (amount: bigint) => formatAmount(amount, 2);

let serial = 0;

export function pay([from, to]: [number, number], amount: bigint, key: number | null): Command {
  return command(`pay(${from} → ${to}, ${amount}, key ${key})`, async (expected, { server, books }) => {
    const [payer, payee] = [expected.accounts[from]!, expected.accounts[to]!];
    const idempotencyKey = key === null ? `fresh-${++serial}` : `key-${key}`;
    const input = { payerAccountId: payer, payeeAccountId: payee, amount: text(amount), description: 'work' };
    const work = () =>
      createTransfer(server.app.services.ledger, ACTOR, {
        ...input,
        networkId: books.networkId,
        idempotencyKey,
      });
    const content = JSON.stringify(input);
    const former = expected.keys.get(idempotencyKey);
    if (former) {
      const again = await outcomeOf(former.content === content ? 'POSTED' : 'IDEMPOTENCY_KEY_REUSED', work);
      if (again) expect(again.id).toBe(former.transferId);
      return;
    }
    const transferId = await post(expected, { id: '', kind: 'PAYMENT', payer, payee, amount }, work);
    if (transferId) expected.keys.set(idempotencyKey, { content, transferId });
  });
}

export function request([from, to]: [number, number], amount: bigint, days: number): Command {
  return command(`request(${from} → ${to}, ${amount}, ${days} days)`, async (expected, { books, run }) => {
    const { ledger, now, accounts, transfers } = expected;
    const [payer, payee] = [accounts[from]!, accounts[to]!];
    const shut = [payer, payee].map((id) => ledger.accounts.get(id)!.state).find((state) => state !== 'OPEN');
    const input = {
      networkId: books.networkId,
      payerAccountId: payer,
      payeeAccountId: payee,
      amount: text(amount),
      description: 'work',
      expiresInDays: days,
    };
    const verdict = shut ? `NOT_OPEN:${shut}` : 'POSTED';
    const transfer = await outcomeOf(verdict, () => run((tx) => requestTransfer(tx, input)));
    if (!transfer) return;
    const nothing = { payerLevy: 0n, payeeLevy: 0n, levyAccount: null };
    const expiresAt = now() + days * DAY_MS;
    ledger.transfers.set(transfer.id, {
      kind: 'REQUEST',
      state: 'PENDING',
      payer,
      payee,
      amount,
      expiresAt,
      ...nothing,
    });
    transfers.push(transfer.id);
  });
}

/** One of those that there are, if there is any. */
const pick = (list: readonly string[], index: number): string | undefined => list[index % list.length];

export function answer(index: number, how: 'accept' | 'reject' | 'cancel'): Command {
  return command(`${how}(${index})`, async (expected, { books, run }) => {
    const { ledger, transfers } = expected;
    const asked = transfers.filter((id) => ledger.transfers.get(id)!.kind === 'REQUEST');
    const transferId = pick(asked, index);
    if (!transferId) return;
    const input = { networkId: books.networkId, transferId };
    const transfer = ledger.transfers.get(transferId)!;
    if (how === 'accept') {
      const posting: ModelPosting = { ...transfer, id: transferId, isPending: true };
      await post(expected, posting, () => run((tx) => acceptTransfer(tx, input)));
      return;
    }
    const end = how === 'reject' ? rejectTransfer : cancelTransfer;
    const verdict = transfer.state === 'PENDING' ? 'POSTED' : 'NOT_PENDING';
    if (await outcomeOf(verdict, () => run((tx) => end(tx, input)))) {
      transfer.state = how === 'reject' ? 'REJECTED' : 'CANCELLED';
    }
  });
}

export function reverse(index: number): Command {
  return command(`reverse(${index})`, async (expected, { books, run }) => {
    const transferId = pick(expected.transfers, index);
    if (!transferId) return;
    const { payer, payee, amount } = expected.ledger.transfers.get(transferId)!;
    const input = { networkId: books.networkId, transferId, reason: 'a mistake' };
    const back: ModelPosting = {
      id: '',
      kind: 'REVERSAL',
      payer: payee,
      payee: payer,
      amount,
      reverses: transferId,
    };
    await post(expected, back, () => run((tx) => reverseTransfer(tx, input)));
  });
}

export function hold(from: number, amount: bigint, days: number): Command {
  return command(
    `hold(${from}, ${amount}, ${days} days)`,
    async ({ ledger, now, accounts, holds }, { books, run }) => {
      const accountId = accounts[from]!;
      const account = ledger.accounts.get(accountId)!;
      const floor = ledger.floorOf(account, now());
      const isBeyond =
        ledger.policy.limitMode === 'BLOCK' &&
        floor !== null &&
        account.balance - account.reserved - amount < floor;
      const verdict =
        account.state !== 'OPEN' ? `NOT_OPEN:${account.state}` : isBeyond ? 'BELOW_FLOOR' : 'POSTED';
      const expiresAt = new Date(now() + days * DAY_MS);
      const draft = {
        networkId: books.networkId,
        accountId,
        amountMinor: amount,
        description: 'deposit',
        expiresAt,
      };
      const placed = await outcomeOf(verdict, () => run((tx) => placeHold(tx, draft)));
      if (!placed) return;
      account.reserved += amount;
      ledger.holds.set(placed.id, {
        account: accountId,
        amount,
        captured: 0n,
        state: 'OPEN',
        expiresAt: expiresAt.getTime(),
      });
      holds.push(placed.id);
    },
  );
}

export function capture(index: number, to: number, [amount, releasesRest]: [bigint, boolean]): Command {
  return command(
    `capture(${index} → ${to}, ${amount}, ${releasesRest})`,
    async (expected, { books, run }) => {
      const { ledger, accounts, holds } = expected;
      const holdId = pick(holds, index);
      if (!holdId) return;
      const { account: payer } = ledger.holds.get(holdId)!;
      const payee = accounts[to]!;
      if (payer === payee) return;
      const input = {
        networkId: books.networkId,
        holdId,
        payeeAccountId: payee,
        amountMinor: amount,
        releasesRest,
      };
      const posting: ModelPosting = {
        id: '',
        kind: 'PAYMENT',
        payer,
        payee,
        amount,
        hold: { id: holdId, releasesRest },
      };
      const shut = [payer, payee]
        .map((id) => ledger.accounts.get(id)!.state)
        .find((state) => state !== 'OPEN');
      const work = () => run(async (tx) => (await captureHold(tx, input)).transfer);
      if (shut) await outcomeOf(`NOT_OPEN:${shut}`, work);
      else await post(expected, posting, work);
    },
  );
}

function endHold(ledger: LedgerModel, holdId: string, state: 'RELEASED' | 'EXPIRED'): void {
  const ended = ledger.holds.get(holdId)!;
  ledger.accounts.get(ended.account)!.reserved -= ended.amount - ended.captured;
  ended.state = state;
}

export function release(index: number): Command {
  return command(`release(${index})`, async ({ ledger, now, holds }, { books, run }) => {
    const holdId = pick(holds, index);
    if (!holdId) return;
    const { state, expiresAt } = ledger.holds.get(holdId)!;
    const verdict = state === 'OPEN' && expiresAt > now() ? 'POSTED' : 'HOLD_NOT_OPEN';
    const input = { networkId: books.networkId, holdId };
    if (await outcomeOf(verdict, () => run((tx) => releaseHold(tx, input))))
      endHold(ledger, holdId, 'RELEASED');
  });
}

export function pass(hours: number): Command {
  return command(`pass(${hours} hours)`, async (_, { server }) => server.clock.advance(hours * HOUR_MS));
}

export const expireAll = command('expire', async ({ ledger, now, transfers, holds }, { server }) => {
  const { services } = server.app;
  await settleDueRequests(services);
  await expireHolds(services, server.clock.now());
  for (const id of transfers) {
    const transfer = ledger.transfers.get(id)!;
    if (transfer.state === 'PENDING' && transfer.expiresAt <= now()) transfer.state = 'EXPIRED';
  }
  for (const id of holds) {
    const { state, expiresAt } = ledger.holds.get(id)!;
    if (state === 'OPEN' && expiresAt <= now()) endHold(ledger, id, 'EXPIRED');
  }
});

export function limit(
  of: number,
  floor: bigint | null,
  ceiling: bigint | null,
  followsPolicy: boolean,
): Command {
  return command(`limit(${of}, ${floor}, ${ceiling}, ${followsPolicy})`, async (expected, { books, run }) => {
    const accountId = expected.accounts[of]!;
    const account = expected.ledger.accounts.get(accountId)!;
    const own = followsPolicy ? { floor: null, ceiling: null } : { floor, ceiling };
    const input = {
      networkId: books.networkId,
      accountId,
      followsPolicy,
      floor: own.floor === null ? null : text(own.floor),
      ceiling: own.ceiling === null ? null : text(own.ceiling),
    };
    const verdict = account.state === 'CLOSED' ? 'NOT_OPEN:CLOSED' : 'POSTED';
    if (await outcomeOf(verdict, () => run((tx) => setLimits(tx, input)))) {
      Object.assign(account, { followsPolicy, ...own });
    }
  });
}

export function freeze(of: number, isFrozen: boolean): Command {
  return command(`freeze(${of}, ${isFrozen})`, async ({ ledger, accounts }, { books, run }) => {
    const accountId = accounts[of]!;
    const account = ledger.accounts.get(accountId)!;
    const input = { networkId: books.networkId, accountId, isFrozen };
    const verdict = account.state === 'CLOSED' ? 'NOT_OPEN:CLOSED' : 'POSTED';
    if (await outcomeOf(verdict, () => run((tx) => updateAccount(tx, input)))) {
      account.state = isFrozen ? 'FROZEN' : 'OPEN';
    }
  });
}

export function close(of: number): Command {
  return command(`close(${of})`, async ({ ledger, accounts }, { books, run }) => {
    const accountId = accounts[of]!;
    const account = ledger.accounts.get(accountId)!;
    const isEmpty = account.balance === 0n && account.reserved === 0n;
    let verdict = isEmpty ? 'POSTED' : 'ACCOUNT_NOT_EMPTY';
    if (account.state !== 'OPEN') verdict = `NOT_OPEN:${account.state}`;
    if (account.state !== 'CLOSED' && ledger.policy.levyAccountId === accountId) verdict = 'ACCOUNT_IN_USE';
    const input = { networkId: books.networkId, accountId };
    if (!(await outcomeOf(verdict, () => run((tx) => closeAccount(tx, input))))) return;
    account.state = 'CLOSED';
    for (const transfer of ledger.transfers.values()) {
      if (transfer.state !== 'PENDING') continue;
      if (transfer.payer === accountId) transfer.state = 'REJECTED';
      else if (transfer.payee === accountId) transfer.state = 'CANCELLED';
    }
  });
}

export interface Rules extends Omit<ModelPolicy, 'levyAccountId'> {
  hasLevies: boolean;
}

export function setPolicy({ hasLevies, ...rules }: Rules): Command {
  const shown = JSON.stringify(rules, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  return command(`policy(${shown}, levies ${hasLevies})`, async ({ ledger, accounts }, { books }) => {
    const none = { payerLevyPpm: 0, payeeLevyPpm: 0, levyAccountId: null };
    const levies = hasLevies ? { levyAccountId: accounts.at(-1)! } : none;
    ledger.policy = { ...NO_POLICY, ...rules, ...levies };
    await books.setPolicy(ledger.policy);
  });
}
