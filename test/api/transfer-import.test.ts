import { mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  snapshot,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cleo: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
});
afterAll(() => server.close());

let serial = 0;

const HEADER = 'payer,payee,amount,description';
const csvOf = (...lines: string[]) => [HEADER, ...lines].join('\n');
const importInput = (csv: string, more: object = {}) => ({
  networkId: network.id,
  idempotencyKey: `import-${++serial}`,
  unitId: network.unitId,
  csv,
  isPreview: false,
  ...more,
});
const SELECTION = `transferImport { isPosted lineCount isBeyondLimit total { value unit { code } }
  payers { nodes { lineCount isBeyondLimit total { value } account { id } } }
  faults { line column code expected }
  transfers { nodes { kind amount { value } description payer { id } payee { id } } } }`;
const tryImport = (caller: Caller, csv: string, more: object = {}) =>
  tryMutate(server, caller, 'transferImport', importInput(csv, more), SELECTION);
const preview = async (caller: Caller, csv: string, more: object = {}): Promise<Json> => {
  const before = await snapshot(server);
  const { transferImport, errors } = await tryImport(caller, csv, { isPreview: true, ...more });
  expect(errors).toEqual([]);
  expect(transferImport.isPosted).toBe(false);
  expect(await snapshot(server)).toEqual(before);
  return transferImport;
};
const faultsOf = ({ faults }: Json): string[] =>
  faults.map(({ line, column, code }: Json) => `${line} ${column ?? '-'} ${code}`);
const recorded = { isRecorded: true };

test('posts a list with names and ids that a preview has found to be sound', async () => {
  const csv = csvOf(
    'Ana,Ben,1.5,soup',
    `${ben.accountId},Cleo,2,"bread, and butter"`,
    `Ana,${cleo.accountId},0.25,=1+1`,
  );

  const seen = await preview(network.founder, csv, recorded);
  const { transferImport: made, errors } = await tryImport(network.founder, csv, recorded);

  expect(errors).toEqual([]);
  expect(made).toEqual({
    isPosted: true,
    lineCount: 3,
    isBeyondLimit: false,
    total: { value: '3.75', unit: { code: 'HOUR' } },
    payers: {
      nodes: [
        { lineCount: 2, isBeyondLimit: false, total: { value: '1.75' }, account: { id: ana.accountId } },
        { lineCount: 1, isBeyondLimit: false, total: { value: '2.00' }, account: { id: ben.accountId } },
      ],
    },
    faults: [],
    transfers: {
      nodes: [
        {
          kind: 'RECORDED',
          amount: { value: '1.50' },
          description: 'soup',
          payer: { id: ana.accountId },
          payee: { id: ben.accountId },
        },
        expect.objectContaining({ description: 'bread, and butter', amount: { value: '2.00' } }),
        expect.objectContaining({ description: '=1+1', payee: { id: cleo.accountId } }),
      ],
    },
  });
  expect(seen).toEqual({ ...made, isPosted: false, transfers: null });
  expect(await balanceOf(server, network, ana)).toBe('-1.75');
  expect(await balanceOf(server, network, ben)).toBe('-0.50');
  expect(await balanceOf(server, network, cleo)).toBe('2.25');
});

test('names every faulty line at once, and posts nothing', async () => {
  const csv = csvOf(
    'Ana,Ben,1.50,soup',
    'Ana,Ben,"1,50",soup',
    'Ana,Ben,0.001,soup',
    'Ana,Ben,-1,soup',
    'Ana,Nobody,1,soup',
    'Ana,acc_01h455vb4pex5vsknk084sn02q,1,soup',
    'Ana,Ana,1,soup',
    'Ana,Ben,1,',
    `Ana,Ben,1,${'x'.repeat(501)}`,
    'Ana,Ben,1',
    'Nobody,Nobody,many,',
    'Ana,Ben,18.50,everything that is left',
    'Cleo,Ben,20.01,too much',
    'Ana,Cleo,0.01,nothing is left',
  );
  const expected = [
    '3 amount DECIMAL_COMMA',
    '4 amount TOO_MANY_DECIMALS',
    '5 amount INVALID_AMOUNT',
    '6 payee ACCOUNT_UNKNOWN',
    '7 payee ACCOUNT_UNKNOWN',
    '8 payee SAME_ACCOUNT',
    '9 description TEXT_TOO_SHORT',
    '10 description TEXT_TOO_LONG',
    '11 - CSV_COLUMNS',
    '12 payer ACCOUNT_UNKNOWN',
    '12 payee ACCOUNT_UNKNOWN',
    '12 amount INVALID_AMOUNT',
    '12 description TEXT_TOO_SHORT',
    '14 amount INSUFFICIENT_CREDIT',
    '15 amount INSUFFICIENT_CREDIT',
  ];

  const seen = await preview(network.founder, csv, recorded);
  const before = await snapshot(server);
  const { transferImport: report, errors } = await tryImport(network.founder, csv, recorded);

  expect(faultsOf(seen)).toEqual(expected);
  expect(seen).toMatchObject({ lineCount: 14, isBeyondLimit: true, total: { value: '41.02' } });
  expect(seen.payers.nodes.map(({ isBeyondLimit, total }: Json) => [total.value, isBeyondLimit])).toEqual([
    ['21.01', true],
    ['20.01', true],
  ]);
  expect(seen.faults.filter(({ code }: Json) => code === 'INSUFFICIENT_CREDIT')).toEqual([
    // Who records for others learns no balance in a network that hides them.
    expect.objectContaining({ line: 14, expected: null }),
    expect.objectContaining({ line: 15, expected: null }),
  ]);
  expect(seen.faults[0].expected).toBe('12.50 instead of 12,50');
  expect(report).toEqual(seen);
  expect(errors).toEqual([
    expect.objectContaining({ code: 'IMPORT_FAULTY', path: 'csv', details: '{"faults":15}' }),
  ]);
  expect(await snapshot(server)).toEqual(before);
});

test('names a broken file by its line', async () => {
  const broken = csvOf('Ana,Ben,1,soup', 'Ana,Ben,1,"soup', 'Ana,Ben,1,soup');

  expect(faultsOf(await preview(ana, broken))).toEqual(['3 - CSV_QUOTES']);
  expect(faultsOf(await preview(ana, 'payer,payee,sum\nAna,Ben,1'))).toEqual(['1 - CSV_HEADER']);
  const before = await snapshot(server);
  const { transferImport, errors } = await tryImport(ana, broken);
  expect(faultsOf(transferImport)).toEqual(['3 - CSV_QUOTES']);
  expect(errors[0].code).toBe('IMPORT_FAULTY');
  expect(await snapshot(server)).toEqual(before);
});

test('takes names only if one active member has them', async () => {
  await givenMember(server, network, 'Twin');
  const twin = await givenMember(server, network, 'Twin');
  const away = await givenMember(server, network, 'Away');
  const suspend = { networkId: network.id, membershipId: away.membershipId, reason: 'absent' };
  await mutate(server, network.founder, 'membershipSuspend', suspend, 'membership { id }');
  const lines = ['Ana,Twin,1,a', `Ana,${twin.accountId},1,b`, 'Ana,Away,1,c', 'Ana,ben,1,d', 'Ana, Ben ,1,e'];

  expect(faultsOf(await preview(ana, csvOf(...lines)))).toEqual([
    '2 payee NAME_NOT_UNIQUE',
    '4 payee ACCOUNT_UNKNOWN',
    '5 payee ACCOUNT_UNKNOWN',
  ]);
});

test('stays in its unit', async () => {
  const unit = { networkId: network.id, code: 'EUR', name: [{ locale: 'en', text: 'Euro' }], symbol: '€' };
  const { unit: euro } = await mutate(
    server,
    network.founder,
    'unitCreate',
    { ...unit, kind: 'MONEY', scale: 2 },
    'unit { id }',
  );

  const byId = await preview(ana, csvOf(`${ana.accountId},${ben.accountId},1,a`), { unitId: euro.id });
  const byName = await preview(ana, csvOf('Ana,Ben,1,a'), { unitId: euro.id });

  expect(faultsOf(byId)).toEqual(['2 payer UNIT_MISMATCH', '2 payee UNIT_MISMATCH']);
  expect(faultsOf(byName)).toEqual(['2 payer ACCOUNT_UNKNOWN', '2 payee ACCOUNT_UNKNOWN']);
  expect(byName.faults[0].expected).toBe('an account of this member in EUR');
});

test('says of lines in a unit that only warns that they pass a limit, and posts them', async () => {
  await limitsOnlyWarn();
  const csv = csvOf('Ana,Ben,20.01,a', 'Cleo,Ben,1,b');

  const seen = await preview(network.founder, csv, recorded);
  const { transferImport: made } = await tryImport(network.founder, csv, recorded);

  for (const report of [seen, made]) {
    expect(report).toMatchObject({ isBeyondLimit: true, faults: [] });
    expect(report.payers.nodes.map((payer: Json) => payer.isBeyondLimit)).toEqual([true, false]);
  }
  expect(await balanceOf(server, network, ana)).toBe('-20.01');
});

/** As the owner of the tables: what is tested here is what an import makes of it. */
async function limitsOnlyWarn(): Promise<void> {
  await rowsAt(server.databaseUrl('owner'), `update unit_policy set limit_mode = 'WARN' where unit_id = $1`, [
    network.unitId,
  ]);
}

test('a member pays from accounts for which they sign, and a preview tells nothing of others', async () => {
  const csv = csvOf('Ana,Ben,1,a', 'Ben,Ana,50,b');

  const seen = await preview(ana, csv);

  expect(faultsOf(seen)).toEqual(['3 payer FORBIDDEN']);
  expect(seen).toMatchObject({ total: { value: '1.00' }, isBeyondLimit: false });
  expect((await tryImport(ana, csvOf('Ana,Ben,1,a'))).transferImport.isPosted).toBe(true);
  for (const role of ['TREASURER', 'MODERATOR', 'AUDITOR'] as const) {
    const officer = await givenOfficer(server, network, role);
    await expectRefusal(server, officer, ['transferImport', importInput(csv, recorded), 'FORBIDDEN']);
  }
});

test('hides from a payer how near a payee is to its ceiling', async () => {
  for (const name of ['P', 'Q']) {
    const payer = await givenMember(server, network, name);
    await mutate(
      server,
      payer,
      'transferCreate',
      transferInput(network, payer, cleo, '20'),
      'transfer { id }',
    );
  }

  const { faults } = await preview(ana, csvOf('Ana,Cleo,0.01,a'));

  expect(faults).toEqual([{ line: 2, column: 'amount', code: 'CEILING_EXCEEDED', expected: null }]);
});

test('the same file and key change nothing again, also many times at once; another file is refused', async () => {
  const input = importInput(csvOf('Ana,Ben,1,a', 'Ana,Cleo,2,b'));
  const send = () => tryMutate(server, ana, 'transferImport', input, SELECTION);

  const answers = await Promise.all(Array.from({ length: 10 }, send));

  expect(answers[0].transferImport).toMatchObject({ isPosted: true, lineCount: 2, total: { value: '3.00' } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await balanceOf(server, network, ana)).toBe('-3.00');
  const other = { ...input, csv: `${input.csv}\nAna,Ben,1,c` };
  await expectRefusal(server, ana, ['transferImport', other, 'IDEMPOTENCY_KEY_REUSED']);
});

test('a preview does not use up its key', async () => {
  const input = importInput(csvOf('Ana,Ben,1,a'), { isPreview: true });

  await tryMutate(server, ana, 'transferImport', input, SELECTION);
  const { transferImport } = await tryMutate(
    server,
    ana,
    'transferImport',
    { ...input, isPreview: false },
    SELECTION,
  );

  expect(transferImport.isPosted).toBe(true);
});

test('posts 2,000 lines and pages them, and refuses one more', async () => {
  const lines = Array.from({ length: 2_000 }, (_, index) =>
    index % 2 === 0 ? `Ana,Ben,0.01,line ${index}` : `Ben,Ana,0.01,line ${index}`,
  );
  const page = `transferImport { isPosted lineCount total { value } payers(first: 1) { nodes { lineCount account { id } } pageInfo { hasNextPage endCursor } }
    transfers(first: 100) { nodes { description } pageInfo { hasNextPage } } }`;

  const { transferImport } = await tryMutate(
    server,
    network.founder,
    'transferImport',
    importInput(csvOf(...lines), recorded),
    page,
  );

  expect(transferImport).toMatchObject({ isPosted: true, lineCount: 2_000, total: { value: '20.00' } });
  expect(transferImport.payers).toMatchObject({
    nodes: [{ lineCount: 1_000, account: { id: ana.accountId } }],
    pageInfo: { hasNextPage: true },
  });
  expect(transferImport.transfers.nodes.map(({ description }: Json) => description)).toEqual(
    Array.from({ length: 100 }, (_, index) => `line ${index}`),
  );
  expect(transferImport.transfers.pageInfo.hasNextPage).toBe(true);
  expect(await balanceOf(server, network, ana)).toBe('0.00');
  const more = importInput(csvOf(...lines, 'Ana,Ben,1,one more'), { ...recorded, isPreview: true });
  expect(
    await expectRefusal(server, network.founder, ['transferImport', more, 'TOO_MANY_LINES']),
  ).toMatchObject({
    details: '{"max":2000}',
  });
});

test('refuses an empty file and an unknown unit', async () => {
  const refused = (input: object, code: string) =>
    expectRefusal(server, ana, ['transferImport', input, code]);

  await refused(importInput(HEADER), 'REQUIRED');
  await refused(importInput(''), 'REQUIRED');
  await refused(importInput(csvOf('Ana,Ben,1,a'), { unitId: 'uni_01h455vb4pex5vsknk084sn02q' }), 'NOT_FOUND');
  await refused(importInput(csvOf('Ana,Ben,1,a'), { unitId: network.id }), 'INVALID_ID');
});
