import { createHash } from 'node:crypto';
import pg from 'pg';
import { checkLedger, checkSnapshot, type CheckLine } from '../../src/services/ledger/check.ts';
import { int8, recordsOf } from '../support/ledger-records.ts';
import { givenLivelyLedger, LINES, pays, postIn, type LivelyLedger } from '../support/lively-ledger.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type TestNetwork } from '../support/world.ts';

/** The two forms of links, and that they are what is said of them. */

let server: TestServer;
let client: pg.Client;
let ledger: LivelyLedger;
let network: TestNetwork;

beforeAll(async () => {
  server = await startTestServer();
  ledger = await givenLivelyLedger(server);
  ({ network } = ledger);
  client = new pg.Client(server.databaseUrl('superuser'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

// The first three links as they were sealed before records were.
const SEAL_AS_TEXTS = `
  do $$ declare
    v_hash bytea := sha256(convert_to('NETWORK', 'UTF8'));
    l ledger_link;
  begin
    for l in select * from ledger_link where network_id = 'NETWORK' order by number loop
      v_hash := sha256(v_hash || case when l.number <= 3 then convert_to(l.number || ':', 'UTF8') || (
          select string_agg(convert_to(ledger_transfer_text(t), 'UTF8'), '' order by t.id)
            from transfer t where t.network_id = 'NETWORK' and t.id = any(l.transfer_ids)) || (
          select string_agg(convert_to(ledger_entry_text(e), 'UTF8'), '' order by e.account_id, e.seq)
            from entry e where e.network_id = 'NETWORK' and e.transfer_id = any(l.transfer_ids))
        else int8send(l.number) || (
          select string_agg(ledger_transfer_record(t), '' order by t.id)
            from transfer t where t.network_id = 'NETWORK' and t.id = any(l.transfer_ids)) || (
          select string_agg(ledger_entry_record(e), '' order by e.account_id, e.seq)
            from entry e where e.network_id = 'NETWORK' and e.transfer_id = any(l.transfer_ids)) end);
      update ledger_link set hash = v_hash, format = case when number <= 3 then 'TEXTS' else 'RECORDS' end
       where network_id = 'NETWORK' and number = l.number;
    end loop;
    update ledger_head set hash = v_hash where network_id = 'NETWORK';
  end $$`;

/** What is found once links seal texts and this statement was executed; nothing of it stays. */
async function afterTexts(statement = 'select'): Promise<CheckLine[]> {
  await client.query('begin');
  try {
    await client.query(SEAL_AS_TEXTS.replaceAll('NETWORK', network.id));
    await client.query(statement);
    return await checkSnapshot(client, network.id);
  } finally {
    await client.query('rollback');
  }
}

test('proves links that seal texts, and those that seal records after them', async () => {
  const lines = await afterTexts();

  expect(lines).toEqual(LINES.map(([name, rows]) => ({ name, rows, fault: null })));
});

test('finds what was changed under a link that seals texts', async () => {
  const { levied } = ledger.transfers;

  const lines = await afterTexts(`update transfer set description = 'other' where id = '${levied}'`);

  const fault = lines.find(({ name }) => name === 'a link has the hash of what it seals')?.fault;
  expect(fault).toMatchObject({ table: 'ledger_link', key: ['2'] });
});

test('gives a link the hash that whoever has the rows computes as docs/trading.md says', async () => {
  const { rows } = await client.query<{ number: string; hash: Buffer; ids: string[] }>(
    'select number::text, hash, transfer_ids as ids from ledger_link where network_id = $1 order by number',
    [network.id],
  );
  let before = createHash('sha256').update(network.id).digest();
  for (const { number, hash, ids } of rows) {
    const records = await recordsOf(client, network.id, ids);

    before = createHash('sha256')
      .update(before)
      .update(int8(BigInt(number)))
      .update(records)
      .digest();

    expect(hash).toEqual(before);
  }
  expect(rows.length).toBe(5);
});

test('puts more than nine links in the order of their numbers', async () => {
  const lively = await givenNetwork(server);
  const cem = await givenMember(server, lively, 'Cem');
  for (let day = 0; day < 12; day++)
    await postIn(server, lively, pays(lively.founder.accountId, cem.accountId, 10n));

  const lines = await checkLedger(client, lively.id);

  expect(lines.filter(({ fault }) => fault)).toEqual([]);
  expect(lines.find(({ name }) => name === 'links are numbered without gaps')?.rows).toBe(12);
});
