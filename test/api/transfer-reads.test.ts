import { ask, givenPerson, send, type Caller, type Json } from '../support/api.ts';
import { givenLivelyLedger, pays, postIn, type LivelyLedger } from '../support/lively-ledger.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenOfficer, type Member } from '../support/world.ts';

let server: TestServer;
let ledger: LivelyLedger;
let fellow: Member;
let auditor: Member;
let stranger: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ledger = await givenLivelyLedger(server);
  fellow = await givenMember(server, ledger.network, 'Fellow');
  auditor = await givenOfficer(server, ledger.network, 'AUDITOR');
  stranger = await givenPerson(server, 'Stranger');
});
afterAll(() => server.close());

async function transfer(caller: Caller, id: string, selection: string): Promise<Json> {
  return (
    await ask(server, caller, `query($id: ID!) { node(id: $id) { ... on Transfer { ${selection} } } }`, {
      id,
    })
  ).node;
}

describe('a transfer', () => {
  const ENTRIES = 'entries { number amount { value } balanceAfter { value } }';

  test('shows those of its entries that stand in readable statements', async () => {
    const { ana, transfers } = ledger;
    const of = async (caller: Caller) =>
      (await transfer(caller, transfers.levied, ENTRIES)).entries.map(({ amount, balanceAfter }: Json) => [
        amount.value,
        balanceAfter.value,
      ]);

    const fund = ['0.15', '0.15'];
    const levies = [
      ['-5.00', '-8.00'],
      ['-0.10', '-8.10'],
    ];
    expect(await of(ana)).toEqual([fund, ...levies]);
    expect(await of(auditor)).toHaveLength(5);
  });

  test('tells its levies, and a transfer without any has none', async () => {
    const { ana, transfers, fund } = ledger;
    const levies = 'levies { fromPayer { value } fromPayee { value } account { id } }';

    expect(await transfer(ana, transfers.levied, levies)).toEqual({
      levies: { fromPayer: { value: '0.10' }, fromPayee: { value: '0.05' }, account: { id: fund } },
    });
    expect(await transfer(ana, transfers.first, levies)).toEqual({ levies: null });
  });

  test('and its reversal lead to each other', async () => {
    const { ana, transfers } = ledger;
    const links = 'state reversal { id } reverses { id }';

    expect(await transfer(ana, transfers.levied, links)).toEqual({
      state: 'REVERSED',
      reversal: { id: transfers.reversal },
      reverses: null,
    });
    expect(await transfer(ana, transfers.reversal, links)).toEqual({
      state: 'POSTED',
      reversal: null,
      reverses: { id: transfers.levied },
    });
  });

  test('names the link that seals it, once it is posted', async () => {
    const { ana, network, transfers } = ledger;
    const rows = await rowsAt(
      server.databaseUrl('superuser'),
      `select encode(hash, 'hex') as hash from ledger_link where network_id = $1 and number = 2`,
      [network.id],
    );

    expect(await transfer(ana, transfers.levied, 'seal { number hash }')).toEqual({
      seal: { number: '2', hash: rows[0]?.['hash'] },
    });
    expect(await transfer(ana, transfers.pending, 'seal { number hash } entries { number }')).toEqual({
      seal: null,
      entries: [],
    });
  });

  test('leads to what it came from, for who may know of it', async () => {
    const { ana, ben, transfers, network } = ledger;
    const draft = pays(ben.accountId, ana.accountId, 1n);
    const causes = [transfers.first, fellow.accountId, 'dsp_00000000000000000000000000', null];
    const ids = await postIn(server, network, ...causes.map((causeId) => ({ ...draft, causeId })));

    const seen = await Promise.all(ids.map((id) => transfer(ana, id, 'cause { __typename id }')));

    expect(seen).toEqual([
      { cause: { __typename: 'Transfer', id: transfers.first } },
      { cause: { __typename: 'Account', id: fellow.accountId } },
      { cause: null },
      { cause: null },
    ]);
  });

  test('says what the viewer may do with it', async () => {
    const { ana, ben, transfers } = ledger;
    const can = `viewerCan { ${['accept', 'reject', 'cancel', 'reverse', 'dispute'].map((action) => `${action} { allowed reason }`).join(' ')} }`;
    const allowed = async (caller: Caller, id: string) =>
      Object.entries<Json>((await transfer(caller, id, can)).viewerCan)
        .filter(([, verdict]) => verdict.allowed)
        .map(([action]) => action);

    expect(await allowed(ana, transfers.pending)).toEqual(['accept', 'reject']);
    expect(await allowed(ben, transfers.pending)).toEqual(['cancel']);
    expect(await allowed(ana, transfers.first)).toEqual(['dispute']);
    expect(await allowed(ben, transfers.first)).toEqual(['reverse', 'dispute']);
    expect(await allowed(auditor, transfers.first)).toEqual([]);
    expect(await allowed(ben, transfers.levied)).toEqual([]);
  });
});

describe('the transfers of a network', () => {
  const LIST = `query($n: ID!, $f: TransferFilterInput, $first: Int, $after: String) { network(id: $n) {
    transfers(filter: $f, first: $first, after: $after) {
      nodes { id amount { value } postedAt } pageInfo { hasNextPage endCursor } } } }`;
  const list = async (caller: Caller, filter: object = {}, page: object = {}) =>
    (await ask(server, caller, LIST, { n: ledger.network.id, f: filter, ...page })).network.transfers;
  const idsOf = ({ nodes }: Json): string[] => nodes.map(({ id }: Json) => id);

  /** Those that were posted, newest first, as the table has them. */
  async function posted(condition = 'true'): Promise<string[]> {
    const rows = await rowsAt(
      server.databaseUrl('superuser'),
      `select t.id from transfer t where t.network_id = $1 and t.posted_at is not null and ${condition}
        order by t.posted_at desc, t.id desc`,
      [ledger.network.id],
    );
    return rows.map(({ id }) => String(id));
  }
  const of = (...accounts: string[]) => {
    const ids = accounts.map((id) => `'${id}'`).join(', ');
    return `(t.payer_account_id in (${ids}) or t.payee_account_id in (${ids}))`;
  };

  test('are all for auditors, and for members those of their own accounts and common property', async () => {
    const { ana, ben, network, fund } = ledger;

    expect(idsOf(await list(auditor))).toEqual(await posted());
    expect(idsOf(await list(ana))).toEqual(await posted(of(ana.accountId, fund)));
    expect(idsOf(await list(ben))).toEqual(await posted(of(ben.accountId, fund)));
    expect(idsOf(await list(network.founder))).toEqual(await posted(of(network.founder.accountId, fund)));
    expect(idsOf(await list(fellow))).toEqual(await posted(of(fund)));
  });

  test('are none for strangers', async () => {
    const { errors } = await send(server, LIST, { n: ledger.network.id }, stranger);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' });
  });

  test('are filtered', async () => {
    const { ana, ben, fund, network, transfers } = ledger;
    const of5 = await posted(`t.amount_minor = 500 and t.kind = 'PAYMENT'`);

    expect(idsOf(await list(auditor, { kind: 'REVERSAL' }))).toEqual([transfers.reversal]);
    expect(idsOf(await list(ana, { kind: 'REVERSAL' }))).toEqual([transfers.reversal]);
    expect(idsOf(await list(auditor, { state: 'REVERSED' }))).toEqual(of5);
    expect(idsOf(await list(ana, { state: 'REVERSED' }))).toEqual(of5);
    expect(idsOf(await list(ana, { unitId: network.unitId }))).toEqual(await posted(of(ana.accountId, fund)));
    expect(idsOf(await list(auditor, { unitId: 'uni_01h455vb4pex5vsknk084sn02q' }))).toEqual([]);
    expect(idsOf(await list(auditor, { accountId: fund }))).toEqual(await posted(of(fund)));
    expect(idsOf(await list(auditor, { membershipId: ana.membershipId }))).toEqual(
      await posted(of(ana.accountId)),
    );
    expect(idsOf(await list(ana, { accountId: ben.accountId }))).toEqual([]);
    expect(idsOf(await list(ana, { membershipId: ben.membershipId }))).toEqual([]);
    expect(idsOf(await list(ana, { text: 'GARDEN' }))).toEqual(await posted(of(ana.accountId, fund)));
    expect(idsOf(await list(auditor, { text: 'nothing of the kind' }))).toEqual([]);
  });

  test.each(['auditor', 'ana'] as const)('are those of a half-open interval, for %s', async (who) => {
    const caller = who === 'auditor' ? auditor : ledger.ana;
    const all = (await list(caller)).nodes;
    const [to, from] = [all[1].postedAt, all.at(-2).postedAt];

    const within = await list(caller, { from, to });

    const expected = all.filter(({ postedAt }: Json) => postedAt >= from && postedAt < to);
    expect(idsOf(within)).toEqual(expected.map(({ id }: Json) => id));
  });

  test.each(['auditor', 'ana'] as const)('come in pages that leave nothing out, for %s', async (who) => {
    const caller = who === 'auditor' ? auditor : ledger.ana;
    for (const filter of [{}, { text: 'garden' }]) {
      for (const first of [1, 2, 3]) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: Json = await list(caller, filter, { first, after });
          seen.push(...idsOf(page));
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (after);
        expect(seen).toEqual(idsOf(await list(caller, filter, { first: 100 })));
      }
    }
  });

  test('that wait are seen by both sides and by auditors', async () => {
    const { ana, ben, transfers, network } = ledger;
    const waiting = async (caller: Caller) => idsOf(await list(caller, { state: 'PENDING' }));

    expect(await waiting(ana)).toEqual([transfers.pending]);
    expect(await waiting(ben)).toEqual([transfers.pending]);
    expect(await waiting(auditor)).toEqual([transfers.pending]);
    expect(await waiting(network.founder)).toEqual([]);
    expect(idsOf(await list(ana, { state: 'REJECTED' }))).toEqual([]);
  });

  test('that wait are found by the index of what is not posted', async () => {
    const { db } = server.app.database;
    const [index] = await db.rows<{ indexdef: string }>(
      `select indexdef from pg_indexes where indexname = 'ix_transfer_unposted'`,
    );

    expect(index?.indexdef).toMatch(/\(network_id, id\) WHERE \(posted_at IS NULL\)$/);
  });

  test('are told with entries and seals in as many statements for many as for one', async () => {
    const rich = `query($n: ID!, $first: Int) { network(id: $n) { transfers(first: $first) { nodes {
      entries { amount { value } } seal { number } reversal { id } payer { id } viewerCan { reverse { allowed } } } } } }`;
    const count = async (first: number) => {
      const queries = jest.spyOn(server.app.database.pool, 'query');
      const { network } = await ask(server, auditor, rich, { n: ledger.network.id, first });
      const calls = queries.mock.calls.length;
      queries.mockRestore();
      return { found: network.transfers.nodes.length, calls };
    };

    const one = await count(3);
    const many = await count(10);

    expect(many.found).toBeGreaterThan(one.found);
    // Reversals and the accounts of their sides come in addition, once.
    expect(many.calls).toBeLessThanOrEqual(one.calls + 3);
  });
});

test('a levy on common property does not tell who trades with whom', async () => {
  const { ana, network, fund } = ledger;
  const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) {
    entries(filter: { isLevy: true }, first: 100) { nodes { amount { value } transfer { id } counterparty { id } } } } } }`;
  const seenBy = async (caller: Caller) =>
    (await ask(server, caller, query, { n: network.id, a: fund })).network.account.entries.nodes;

  const seen: Json[] = await seenBy(fellow);

  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((entry) => entry.transfer === null && entry.counterparty === null)).toBe(true);
  expect((await seenBy(ana)).some((entry: Json) => entry.transfer !== null)).toBe(true);
});

test('a search in common property does not tell it either', async () => {
  const { ana, network, fund } = ledger;
  const query = `query($n: ID!, $a: ID!, $f: EntryFilterInput) { network(id: $n) { account(id: $a) {
    entries(filter: $f, first: 100) { nodes { amount { value } } } } } }`;
  const found = async (caller: Caller, f: object) =>
    (await ask(server, caller, query, { n: network.id, a: fund, f })).network.account.entries.nodes.length;

  for (const f of [
    { counterpartyAccountId: ana.accountId, isLevy: true },
    { text: 'garden', isLevy: true },
  ]) {
    expect(await found(fellow, f)).toBe(0);
    expect(await found(auditor, f)).toBeGreaterThan(0);
  }
});
