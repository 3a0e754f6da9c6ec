import type { Account } from '../../src/entities/account.ts';
import { Unit } from '../../src/entities/unit.ts';
import { newId } from '../../src/kernel/ids.ts';
import { postTransfers, type TransferDraft } from '../../src/services/ledger/posting.ts';
import { rowsAt, type TestServer } from './server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from './world.ts';

/** A small ledger with everything in it: payments, levies, a reversal, holds, a request. */
export interface LivelyLedger {
  network: TestNetwork;
  ana: Member;
  ben: Member;
  /** The common account that levies go to. */
  fund: string;
  transfers: Record<'first' | 'levied' | 'reversal' | 'pending', string>;
  holds: Record<'open' | 'captured', string>;
}

const system = { kind: 'system', name: 'test' } as const;

/** Posts transfers in the first unit of a network, past all permissions; a minute later it returns their ids. */
export async function postIn(
  server: TestServer,
  { id, unitId }: TestNetwork,
  ...drafts: TransferDraft[]
): Promise<string[]> {
  const unit = await server.app.database.db.one(Unit, { networkId: id, id: unitId });
  const transfers = await server.app.services.run(system, (tx) => postTransfers(tx, unit!, drafts));
  server.clock.advance(60_000);
  return transfers.map((transfer) => transfer.id);
}

export const pays = (payer: string, payee: string, amountMinor: bigint): TransferDraft => ({
  kind: 'PAYMENT',
  payerAccountId: payer,
  payeeAccountId: payee,
  amountMinor,
  description: 'garden work',
});

export async function givenLivelyLedger(server: TestServer): Promise<LivelyLedger> {
  const network = await givenNetwork(server);
  const ana = await givenMember(server, network, 'Ana');
  const ben = await givenMember(server, network, 'Ben');
  const fund = await commonAccountOf(server, network);
  const post = (...drafts: TransferDraft[]) => postIn(server, network, ...drafts);

  const [first = ''] = await post(pays(ana.accountId, ben.accountId, 300n));
  await setLevies(server, network, fund);
  const [levied = ''] = await post(pays(ana.accountId, ben.accountId, 500n));
  await post(pays(ben.accountId, ana.accountId, 150n), pays(ben.accountId, network.founder.accountId, 100n));
  const undoing = { kind: 'REVERSAL', reversesId: levied } as const;
  const [reversal = ''] = await post({ ...pays(ben.accountId, ana.accountId, 500n), ...undoing });
  const holds = { open: newId('hold'), captured: newId('hold') };
  await placeHold(server, network, { id: holds.open, accountId: ana.accountId });
  await placeHold(server, network, { id: holds.captured, accountId: ana.accountId });
  await post({
    ...pays(ana.accountId, ben.accountId, 120n),
    hold: { id: holds.captured, releasesRest: false },
  });
  const pending = newId('transfer');
  await request(server, network, { id: pending, payer: ana, payee: ben });
  return { network, ana, ben, fund, transfers: { first, levied, reversal, pending }, holds };
}

/** The first common account in the network's first unit. */
export async function commonAccountOf(server: TestServer, { id, unitId }: TestNetwork): Promise<string> {
  const account = await server.app.database.db.row<Account>(
    `select id from account where network_id = $1 and unit_id = $2 and holder_kind = 'NETWORK' order by id`,
    [id, unitId],
  );
  return account!.id;
}

async function setLevies(server: TestServer, { unitId }: TestNetwork, fund: string): Promise<void> {
  await rowsAt(
    server.databaseUrl('superuser'),
    'update unit_policy set payer_levy_ppm = 20000, payee_levy_ppm = 10000, levy_account_id = $2 where unit_id = $1',
    [unitId, fund],
  );
}

const inADay = (server: TestServer) => new Date(server.clock.now().getTime() + 86_400_000);

async function placeHold(
  server: TestServer,
  network: TestNetwork,
  { id, accountId }: { id: string; accountId: string },
): Promise<void> {
  await server.app.database.db.rows(
    `select ledger_hold_place($1, $2, $3, null, 200, 'a booking', null, null, 'test', null, $4, $5)`,
    [network.id, id, accountId, server.clock.now(), inADay(server)],
  );
}

/** A request for 0.50, straight into the table. */
export async function request(
  server: TestServer,
  network: TestNetwork,
  { id, payer, payee }: { id: string; payer: Member; payee: Member },
): Promise<void> {
  await rowsAt(
    server.databaseUrl('superuser'),
    `insert into transfer (network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor,
         description, payer_levy_minor, payee_levy_minor, is_beyond_limit, created_at, expires_at)
       values ($1, $2, $3, 'REQUEST', 'PENDING', $4, $5, 50, 'a request', 0, 0, false, $6, $7)`,
    [network.id, id, network.unitId, payer.accountId, payee.accountId, server.clock.now(), inADay(server)],
  );
}

/** What `ledger check` looks at in it. */
export const LINES: [name: string, rows: number][] = [
  ['the balances of a unit add up to zero', 1],
  ['the entries of a unit add up to zero', 1],
  ['an account has the balance of its last entry', 4],
  ['an account counts its entries', 4],
  ['an account has received what its last entry says', 4],
  ['an account knows the time of its last entry', 4],
  ['what is reserved is what open holds have left', 4],
  ['an entry belongs to an account that exists', 27],
  ['an entry belongs to a posted transfer', 27],
  ['an entry is one of those that its transfer names', 27],
  ['an entry is in the unit of its transfer', 27],
  ['an entry was posted when its transfer was', 27],
  ['entries are numbered without gaps', 27],
  ['an entry carries the balance on', 27],
  ['an entry carries on what was received', 27],
  ['entries of an account stand in the order of their time', 27],
  ['the entries of a transfer add up to zero', 7],
  ['a posted transfer has the entries that it tells of', 7],
  ['a transfer that is not posted has no entries', 7],
  ['a reversal undoes the transfer that it names', 7],
  ['a reversed transfer names what undoes it', 7],
  ['transfers have taken of a hold what it says', 2],
  ['links are numbered without gaps', 5],
  ['a link has the hash of what it seals', 5],
  ['the head is the last link', 1],
  ['every posted transfer is sealed once, and nothing else is', 6],
];
