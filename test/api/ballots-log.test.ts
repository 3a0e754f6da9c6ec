import { Writable } from 'node:stream';
import { openLog } from '../../src/kernel/log.ts';
import { ask } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { cast, givenVote } from '../support/votes.ts';
import { givenMember, givenNetwork } from '../support/world.ts';

let server: TestServer;
let logged = '';

beforeAll(async () => {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  server = await startTestServer({}, openLog({ logLevel: 'trace' }, destination));
});
afterAll(() => server.close());

test('the log says that somebody has cast a ballot, and not who', async () => {
  const network = await givenNetwork(server);
  const ana = await givenMember(server, network, 'Ana');
  const vote = await givenVote(server, network, [ana], { rule: { isSecret: true } });
  logged = '';

  const { receipt } = await cast(server, ana, vote, { choice: 'YES' });
  // A line is written when its answer is on the way: that of a request is there once the next is answered.
  await ask(server, ana, '{ viewer { person { id } } }');
  await ask(server, ana, '{ viewer { person { id } } }');

  const linesOf = (field: string) => logged.split('\n').filter((line) => line.includes(`"${field}"`));
  const [line, ...others] = linesOf('ballotCast');
  expect(line).toContain('"outcome":"OK"');
  expect(others).toEqual([]);
  expect(line).not.toContain(ana.personId);
  for (const said of [ana.membershipId, receipt, 'YES']) expect(logged).not.toContain(said);
  expect(linesOf('viewer')[0]).toContain(ana.personId);
});
