import {
  ask,
  codesOf,
  givenPerson,
  mutate,
  send,
  tryMutate,
  type Caller,
  type Json,
} from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
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

const line = (payer: Member, payee: Member, amount: string, description = 'garden work') => ({
  payerAccountId: payer.accountId,
  payeeAccountId: payee.accountId,
  amount,
  description,
});
const linesInput = (lines: object[], more: object = {}) => ({
  networkId: network.id,
  idempotencyKey: `lines-${++serial}`,
  lines,
  ...more,
});
const SELECTION = 'transfers { id kind state amount { value } description payer { id } payee { id } }';
const create = (caller: Caller, input: object) =>
  tryMutate(server, caller, 'transfersCreate', input, SELECTION);
const balances = async (...members: Member[]) => {
  const found: string[] = [];
  for (const member of members) found.push(await balanceOf(server, network, member));
  return found;
};
const refused = (caller: Caller | null, input: object, code: string) =>
  expectRefusal(server, caller, ['transfersCreate', input, code]);

test('pays many from one account, in the order of the lines', async () => {
  const lines = [
    line(ana, ben, '1.50', 'soup'),
    line(ana, cleo, '2', 'bread'),
    line(ana, ben, '0.25', 'salt'),
  ];

  const { transfers, errors } = await create(ana, linesInput(lines));

  expect(errors).toEqual([]);
  expect(transfers).toEqual([
    expect.objectContaining({
      kind: 'PAYMENT',
      state: 'POSTED',
      amount: { value: '1.50' },
      description: 'soup',
    }),
    expect.objectContaining({
      amount: { value: '2.00' },
      payee: { id: cleo.accountId },
      description: 'bread',
    }),
    expect.objectContaining({ amount: { value: '0.25' }, payer: { id: ana.accountId }, description: 'salt' }),
  ]);
  expect(await balances(ana, ben, cleo)).toEqual(['-3.75', '1.75', '2.00']);
});

test('pays one from many accounts for which one signs', async () => {
  const pots: Member[] = [];
  for (const name of ['Pot', 'Pan']) {
    const input = { networkId: network.id, unitId: network.unitId, name };
    const { account } = await mutate(server, network.founder, 'accountOpen', input, 'account { id }');
    const treasurer = { networkId: network.id, accountId: account.id, membershipId: ana.membershipId };
    const officer = await givenOfficer(server, network, 'TREASURER');
    await mutate(server, officer, 'signatoryAdd', treasurer, 'account { id }');
    pots.push({ ...ana, accountId: account.id });
  }

  const { errors } = await create(ana, linesInput([...pots, ana].map((payer) => line(payer, ben, '2'))));

  expect(errors).toEqual([]);
  expect(await balances(ben, ana)).toEqual(['6.00', '-2.00']);
});

test('lets a later line spend what an earlier one brought', async () => {
  const founder = network.founder;
  const circle = [line(ana, ben, '20'), line(ben, cleo, '40'), line(cleo, ana, '60')];

  const { transfers, errors } = await create(founder, linesInput(circle, { isRecorded: true }));

  expect(errors).toEqual([]);
  expect(transfers.map(({ kind }: Json) => kind)).toEqual(['RECORDED', 'RECORDED', 'RECORDED']);
  expect(await balances(ana, ben, cleo)).toEqual(['40.00', '-20.00', '-20.00']);
});

test('changes nothing if the last of a hundred lines is refused, and names it', async () => {
  const lines = [...Array.from({ length: 99 }, () => line(ana, ben, '0.20')), line(ana, cleo, '0.21')];
  const before = await snapshot(server);

  const answer = await send(
    server,
    `mutation($input: TransfersCreateInput!) { transfersCreate(input: $input) {
       transfers { id } errors { code path ... on InsufficientCredit { available } } } }`,
    { input: linesInput(lines) },
    { token: ana.token },
  );

  expect(answer.data.transfersCreate).toEqual({
    transfers: null,
    errors: [{ code: 'INSUFFICIENT_CREDIT', path: 'lines.99.amount', available: '0.20' }],
  });
  expect(await snapshot(server)).toEqual(before);
  expect(codesOf([await create(ana, linesInput([...lines.slice(0, 99), line(ana, cleo, '0.20')]))])).toEqual([
    'DONE',
  ]);
  expect(await balances(ana, ben, cleo)).toEqual(['-20.00', '19.80', '0.20']);
});

describe('names the line at fault and changes nothing:', () => {
  const good = () => line(ana, ben, '1');
  const cases: [string, () => object, string, string][] = [
    ['amount zero', () => ({ ...good(), amount: '0' }), 'INVALID_AMOUNT', 'lines.1.amount'],
    ['too many decimals', () => ({ ...good(), amount: '0.001' }), 'TOO_MANY_DECIMALS', 'lines.1.amount'],
    ['no description', () => ({ ...good(), description: ' ' }), 'TEXT_TOO_SHORT', 'lines.1.description'],
    ['payer = payee', () => line(ana, ana, '1'), 'SAME_ACCOUNT', 'lines.1.payeeAccountId'],
    [
      'an id of another kind',
      () => ({ ...good(), payeeAccountId: network.id }),
      'INVALID_ID',
      'lines.1.payeeAccountId',
    ],
  ];

  test.each(cases)('%s', async (_name, faulty, code, path) => {
    const error = await refused(ana, linesInput([good(), faulty(), good()]), code);

    expect(error).toMatchObject({ code, path });
  });

  test('an account that is frozen or in another unit', async () => {
    const unit = { networkId: network.id, code: 'EUR', name: [{ locale: 'en', text: 'Euro' }], symbol: '€' };
    const made = await mutate(
      server,
      network.founder,
      'unitCreate',
      { ...unit, kind: 'MONEY', scale: 2, opensMemberAccounts: true },
      'unit { id }',
    );
    const found = await ask(
      server,
      ana,
      `query($n: ID!, $u: ID!, $m: ID!) { network(id: $n) { accounts(filter: { unitId: $u, membershipId: $m }) { nodes { id } } } }`,
      { n: network.id, u: made.unit.id, m: ana.membershipId },
    );
    const euros = { ...ana, accountId: found.network.accounts.nodes[0].id };

    expect(await refused(ana, linesInput([good(), line(ana, euros, '1')]), 'UNIT_MISMATCH')).toMatchObject({
      path: 'lines.1.payeeAccountId',
    });
    expect(await refused(ana, linesInput([good(), line(euros, ben, '1')]), 'UNIT_MISMATCH')).toMatchObject({
      path: 'lines.1.payerAccountId',
    });
    await server.app.database.db.execute(`update account set state = 'FROZEN' where id = $1`, [
      cleo.accountId,
    ]);
    expect(await refused(ana, linesInput([good(), line(ana, cleo, '1')]), 'ACCOUNT_NOT_OPEN')).toMatchObject({
      path: 'lines.1.payeeAccountId',
    });
  });

  test('an account that does not exist or is another’s', async () => {
    const nobody = { ...ben, accountId: 'acc_01h455vb4pex5vsknk084sn02q' };

    expect(await refused(ana, linesInput([good(), line(ana, nobody, '1')]), 'NOT_FOUND')).toMatchObject({
      topLevel: true,
      input: 'lines.1',
    });
    expect(await refused(ana, linesInput([line(nobody, ben, '1')]), 'NOT_FOUND')).toMatchObject({
      input: 'lines.0',
    });
    expect(await refused(ana, linesInput([good(), line(ben, ana, '1')]), 'FORBIDDEN')).toMatchObject({
      topLevel: true,
      input: 'lines.1',
      reason: 'NOT_YOURS',
    });
  });
});

test('takes 1 to 100 lines', async () => {
  await refused(ana, linesInput([]), 'INVALID_RANGE');
  await refused(ana, linesInput(Array.from({ length: 101 }, () => line(ana, ben, '0.01'))), 'BAD_USER_INPUT');
});

test('lets only coordinators record for others', async () => {
  const input = linesInput([line(ana, ben, '1'), line(ben, cleo, '1')], { isRecorded: true });

  for (const role of ['TREASURER', 'MODERATOR', 'AUDITOR'] as const) {
    await refused(await givenOfficer(server, network, role), input, 'FORBIDDEN');
  }
  await refused(ana, input, 'FORBIDDEN');
  await refused(await givenPerson(server), input, 'FORBIDDEN');
  await refused(null, input, 'UNAUTHENTICATED');
  expect(codesOf([await create(network.founder, input)])).toEqual(['DONE']);
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
  const before = await snapshot(server);
  const earnable = async (caller: Caller, more: object) => {
    const answer = await send(
      server,
      `mutation($input: TransfersCreateInput!) { transfersCreate(input: $input) {
         errors { code path ... on CeilingExceeded { earnable } } } }`,
      { input: linesInput([line(ana, ben, '1'), line(ana, cleo, '0.01')], more) },
      { token: caller.token },
    );
    return answer.data.transfersCreate.errors;
  };

  expect(await earnable(ana, {})).toEqual([
    { code: 'CEILING_EXCEEDED', path: 'lines.1.amount', earnable: null },
  ]);
  expect(await snapshot(server)).toEqual(before);
});

test('executes one key once, also when it arrives many times at once, and refuses it with other lines', async () => {
  const input = linesInput([line(ana, ben, '1'), line(ana, cleo, '2')]);

  const answers = await Promise.all(Array.from({ length: 20 }, () => create(ana, input)));

  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0].transfers.map(({ amount }: Json) => amount.value)).toEqual(['1.00', '2.00']);
  expect(await balances(ana, ben, cleo)).toEqual(['-3.00', '1.00', '2.00']);
  await refused(ana, { ...input, lines: input.lines.toReversed() }, 'IDEMPOTENCY_KEY_REUSED');
});

test('keeps the sum of all balances at zero when many pay crosswise at once', async () => {
  const members = [ana, ben, cleo];
  const inputs = Array.from({ length: 30 }, (_, index) => {
    const payer = members[index % 3]!;
    const others = members.filter((member) => member !== payer);
    return { payer, input: linesInput(others.map((payee) => line(payer, payee, '0.30'))) };
  });

  const answers = await Promise.all(inputs.map(({ payer, input }) => create(payer, input)));

  expect(codesOf(answers)).toEqual(inputs.map(() => 'DONE'));
  expect(await balances(...members)).toEqual(['0.00', '0.00', '0.00']);
});

test('does not repeat the answer to who has left', async () => {
  const input = linesInput([line(ana, ben, '1'), line(ana, ben, '1')]);
  await create(ana, input);
  await mutate(server, ben, 'transferCreate', transferInput(network, ben, ana, '2'), 'transfer { id }');
  const leave = { networkId: network.id, membershipId: ana.membershipId };
  await mutate(server, ana, 'membershipLeave', leave, 'membership { state }');

  await refused(ana, input, 'FORBIDDEN');
});
