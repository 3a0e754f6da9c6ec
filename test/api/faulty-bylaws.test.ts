import { actionKit } from '../support/decisions.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  expectRefusal,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  fay = network.founder;
  await givenOfficer(server, network, 'COORDINATOR');
});
afterAll(() => server.close());

const { submitInput } = actionKit(() => ({ server, network }));

describe('bylaws under which nothing could be decided are refused', () => {
  const ruled = (decidedBy: object, more: object = {}) => ({
    rules: [{ action: 'limitSet', decidedBy, ...more }],
  });

  test.each([
    [
      'a threshold above the whole',
      ruled({ vote: { threshold: '3/2' } }),
      'ABOVE_THE_WHOLE rules.0.decidedBy.threshold',
    ],
    [
      'a quorum above the whole',
      ruled({ vote: { quorum: '5/4' } }),
      'ABOVE_THE_WHOLE rules.0.decidedBy.quorum',
    ],
    ['no time to vote', ruled({ vote: { periodDays: 0 } }), 'INVALID_RANGE rules.0.decidedBy.periodDays'],
    [
      'an election of limits',
      ruled({ vote: { method: 'SCHULZE' } }),
      'METHOD_DOES_NOT_FIT rules.0.decidedBy.method',
    ],
    [
      'more signatories than hold the role',
      ruled({ signatures: { role: 'TREASURER', count: 2 } }),
      'NOT_ENOUGH_HOLDERS rules.0.decidedBy',
    ],
    ['a role that nobody holds', ruled({ role: 'MODERATOR' }), 'NOT_ENOUGH_HOLDERS rules.0.decidedBy'],
    [
      'tiers for what moves no value',
      ruled({ role: 'COORDINATOR' }, { upTo: '5' }),
      'KIND_WITHOUT_TIERS rules.0.upTo',
    ],
    [
      'tiers without an end',
      { rules: [{ action: 'transferPost', upTo: '5', decidedBy: { role: 'TREASURER' } }] },
      'TIERS_WITHOUT_END rules.0.upTo',
    ],
    [
      'classes without a vote',
      { memberClasses: [{ code: 'MEMBER', name: [{ locale: 'en', text: 'Member' }], votes: 0 }] },
      'NOBODY_VOTES memberClasses',
    ],
    [
      'a class that members have',
      { memberClasses: [{ code: 'OTHER', name: [{ locale: 'en', text: 'Other' }], votes: 1 }] },
      'CLASS_IN_USE memberClasses',
    ],
  ])('%s', async (_, change, fault) => {
    const input = submitInput({ bylawsAmend: { version: 1, ...change } });

    const error = await expectRefusal(server, fay, ['actionSubmit', input, 'BYLAWS_FAULTY']);

    const [code, path] = fault.split(' ');
    expect(error.faults).toContainEqual({ code, path });
  });

  test('and so is a change of another version', async () => {
    const input = submitInput({ bylawsAmend: { version: 7, legalForm: 'ASSOCIATION' } });

    await expectRefusal(server, fay, ['actionSubmit', input, 'BYLAWS_CHANGED']);
  });
});
