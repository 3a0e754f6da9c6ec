import pg from 'pg';
import { rule } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { asOwner } from '../support/votes.ts';
import { givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

// Whoever has taken over the server ends no action otherwise than actions end, and changes nothing of what is signed.

let server: TestServer;
let network: TestNetwork;
let cora: Member;
let client: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
  await givenNetwork(server);
  network = await givenNetwork(server);
  cora = await givenOfficer(server, network, 'COORDINATOR');
  await givenRules(server, network, [
    rule('networkUpdate', { by: 'SIGNATURES', role: 'COORDINATOR', count: 2 }),
  ]);
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
beforeEach(() => server.clock.moveTo(START));
afterAll(async () => {
  await client.end();
  await server.close();
});

const { submit, sign, decline } = actionKit(() => ({ server, network }));

/** An action that one of two coordinators has signed. */
async function givenAction(): Promise<string> {
  const { signedAction } = await submit(network.founder, { networkUpdate: { isListed: false } });
  return signedAction.id;
}

const kept = (id: string) =>
  asOwner(
    server,
    `select to_jsonb(a) as action,
            (select jsonb_agg(s order by s.membership_id) from action_signature s where s.action_id = a.id) as signatures
       from signed_action a where a.id = $1`,
    [id],
  );

const move = (state: string, when: string, rest = 'null, null, null') =>
  `select signed_action_move(network_id, id, '${state}', ${when}, ${rest}) from signed_action where id = $1`;
const IN_TIME = `expires_at - interval '1 second'`;

test.each([
  [`update signed_action set state = 'EXECUTED', ended_at = now() where id = $1`, /permission denied/],
  [`update signed_action set state = 'PENDING' where id = $1`, /permission denied/],
  [`update signed_action set action = '{}' where id = $1`, /permission denied/],
  [`update signed_action set beneficiary_ids = '{}' where id = $1`, /permission denied/],
  [
    `update signed_action set network_id = (select id from network where id <> network_id limit 1) where id = $1`,
    /fk_action_signature_action|fk_signed_action_submitted_by/,
  ],
  [`delete from signed_action where id = $1`, /permission denied/],
  [`delete from action_signature where action_id = $1`, /permission denied/],
  [
    `insert into signed_action select * from signed_action where id = $1 and state = 'EXECUTED'`,
    /permission denied/,
  ],
  [move('EXECUTED', IN_TIME), /signatures are missing/],
  [move('FAILED', IN_TIME, `'{}', null, null`), /signatures are missing/],
  [move('EXPIRED', IN_TIME), /no action ends like this/],
  [move('DECLINED', 'expires_at'), /no action ends like this/],
  [move('DECLINED', IN_TIME), /ck_signed_action_declined/],
  [move('PENDING', IN_TIME), /no action ends like this/],
])('the serving role ends no action otherwise than actions end: %s', async (statement, refusal) => {
  const id = await givenAction();
  const before = await kept(id);

  await expect(client.query(statement, [id])).rejects.toThrow(refusal);

  expect(await kept(id)).toEqual(before);
});

const ENDS: [string, (id: string) => Promise<unknown>][] = [
  ['EXECUTED', (id) => sign(cora, id)],
  ['DECLINED', (id) => decline(cora, id)],
];

test.each(ENDS)('nor takes one further that is %s', async (state, end) => {
  const id = await givenAction();
  await end(id);
  const before = await kept(id);

  for (const next of ['EXECUTED', 'FAILED', 'DECLINED', 'EXPIRED'])
    await expect(client.query(move(next, IN_TIME), [id])).rejects.toThrow(/the action has ended/);

  expect(before).toMatchObject([{ action: { state } }]);
  expect(await kept(id)).toEqual(before);
});

test('a signature of who gains by it is none', async () => {
  const id = await givenAction();
  await asOwner(server, 'update signed_action set beneficiary_ids = array[$2] where id = $1', [
    id,
    cora.membershipId,
  ]);
  await client.query(
    `insert into action_signature select network_id, id, $2, now() from signed_action where id = $1`,
    [id, cora.membershipId],
  );

  await expect(client.query(move('EXECUTED', IN_TIME), [id])).rejects.toThrow(/signatures are missing/);
});
