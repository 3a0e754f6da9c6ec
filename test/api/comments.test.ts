import { HOUR_MS } from '../../src/kernel/clock.ts';
import { mutate, type Caller, type Json } from '../support/api.ts';
import { discussionKit } from '../support/discussion.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenVote, type TestVote } from '../support/votes.ts';
import {
  expectRefusal,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let moderator: Member;
let vote: TestVote;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  moderator = await givenOfficer(server, network, 'MODERATOR');
  vote = await givenVote(server, network, [ana, ben]);
});
afterAll(() => server.close());

const { inNetwork, trySay, comment, node } = discussionKit(() => ({ server, network }));
const refused = (caller: Caller, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, inNetwork(input), code]);
const said = (caller: Caller, field: string, input: object): Promise<Json> =>
  mutate(server, caller, field, inNetwork(input), 'comment { id text hiddenReason editedAt }');
const THREADS = `... on Proposal { comments(first: 2) { pageInfo { hasNextPage } nodes { text author { id }
  replies { nodes { text replies { nodes { text } } } } } } }`;
const threads = (viewer: Caller) => node(viewer, vote.proposalId, THREADS);
const read = async (viewer: Caller, id: string) =>
  node(viewer, id, '... on Comment { text hiddenReason hiddenBy { id } }');

test('what members say stands in threads, oldest first', async () => {
  const first = await comment(ana, vote, '  Who waters it? ');
  const answer = await comment(ben, vote, 'We take turns.', first);
  await comment(ana, vote, 'Good.', answer);
  await comment(ben, vote, 'And in winter?');
  await comment(ben, vote, 'And the hedge?');

  expect(await threads(moderator)).toEqual({
    comments: {
      pageInfo: { hasNextPage: true },
      nodes: [
        {
          text: 'Who waters it?',
          author: { id: ana.membershipId },
          replies: { nodes: [{ text: 'We take turns.', replies: { nodes: [{ text: 'Good.' }] } }] },
        },
        { text: 'And in winter?', author: { id: ben.membershipId }, replies: { nodes: [] } },
      ],
    },
  });
});

test('nobody but members reads what was said', async () => {
  const id = await comment(ana, vote, 'Who waters it?');
  const stranger = (await givenNetwork(server)).founder;
  const applicant = await givenApplicant(server, network);

  expect(await node(stranger, id, 'id')).toBeNull();
  expect(await node(applicant, id, 'id')).toBeNull();
  expect(await node(ben, id, 'id')).toEqual({ id });
  await refused(stranger, 'proposalComment', { ...vote, text: 'Hello!' }, 'FORBIDDEN');
  await refused(applicant, 'proposalComment', { ...vote, text: 'Hello!' }, 'FORBIDDEN');
});

test('an answer to an answer is not answered', async () => {
  const first = await comment(ana, vote, 'One');
  const second = await comment(ana, vote, 'Two', first);
  const third = await comment(ana, vote, 'Three', second);

  expect(
    await refused(ben, 'proposalComment', { ...vote, text: 'Four', parentId: third }, 'COMMENT_CONFLICT'),
  ).toMatchObject({ details: '{"reason":"TOO_DEEP"}' });
});

test('what is said about another proposal is not answered here', async () => {
  const other = await givenVote(server, network, [ana]);
  const parentId = await comment(ana, other, 'One');

  await refused(ben, 'proposalComment', { ...vote, text: 'Two', parentId }, 'NOT_FOUND');
});

test.each<[string, object, string]>([
  ['nothing', { text: ' ' }, 'TEXT_TOO_SHORT'],
  ['too much', { text: 'x'.repeat(5_001) }, 'TEXT_TOO_LONG'],
  ['something about nothing', { proposalId: 'prp_01h455vb4pex5vsknk084sn02q' }, 'NOT_FOUND'],
  ['something about a member', { proposalId: 'mbr_01h455vb4pex5vsknk084sn02q' }, 'INVALID_ID'],
  ['an answer to a proposal', { parentId: 'prp_01h455vb4pex5vsknk084sn02q' }, 'INVALID_ID'],
])('who says %s is refused', async (_, input, code) => {
  await refused(ana, 'proposalComment', { ...vote, text: 'Hello!', ...input }, code);
});

test('a member writes a hundred comments in a day at most', async () => {
  for (let index = 0; index < 100; index++) await comment(ana, vote, `No. ${index}`);

  await refused(ana, 'proposalComment', { ...vote, text: 'One more' }, 'TOO_MANY_COMMENTS');
  await comment(ben, vote, 'Let others speak, too.');
});

describe('its author', () => {
  test('finds better words for a comment within the hour', async () => {
    const commentId = await comment(ana, vote, 'Who waters?');
    server.clock.advance(HOUR_MS - 1);

    const payload = await said(ana, 'commentEdit', { commentId, text: 'Who waters it?' });

    expect(payload.comment).toMatchObject({
      text: 'Who waters it?',
      editedAt: server.clock.now().toISOString(),
    });
    server.clock.advance(1);
    await refused(ana, 'commentEdit', { commentId, text: 'Who?' }, 'COMMENT_CONFLICT');
  });

  test('alone changes it', async () => {
    const commentId = await comment(ana, vote, 'Who waters it?');

    await refused(ben, 'commentEdit', { commentId, text: 'Nobody.' }, 'FORBIDDEN');
    await refused(moderator, 'commentEdit', { commentId, text: 'Nobody.' }, 'FORBIDDEN');
    await refused(ana, 'commentEdit', { commentId, text: '' }, 'TEXT_TOO_SHORT');
  });
});

describe('a moderator', () => {
  let commentId: string;

  beforeEach(async () => {
    commentId = await comment(ana, vote, 'Ben is a fool.');
  });

  test('hides a comment: its author and moderators read it still, others read why', async () => {
    await said(moderator, 'commentHide', { commentId, reason: 'an insult' });

    const hidden = { hiddenReason: 'an insult', hiddenBy: { id: moderator.membershipId } };
    expect(await read(ben, commentId)).toEqual({ text: null, ...hidden });
    expect(await read(network.founder, commentId)).toEqual({ text: null, ...hidden });
    expect(await read(ana, commentId)).toEqual({ text: 'Ben is a fool.', ...hidden });
    expect(await read(moderator, commentId)).toEqual({ text: 'Ben is a fool.', ...hidden });
    expect((await threads(ben)).comments.nodes).toMatchObject([{ text: null }]);
  });

  test('shows it again', async () => {
    await said(moderator, 'commentHide', { commentId, reason: 'an insult' });
    await refused(ben, 'commentShow', { commentId }, 'FORBIDDEN');

    await said(moderator, 'commentShow', { commentId });

    expect(await read(ben, commentId)).toEqual({
      text: 'Ben is a fool.',
      hiddenReason: null,
      hiddenBy: null,
    });
    await refused(moderator, 'commentShow', { commentId }, 'COMMENT_CONFLICT');
  });

  test('says why, and hides it once', async () => {
    await refused(moderator, 'commentHide', { commentId, reason: ' ' }, 'TEXT_TOO_SHORT');
    await refused(network.founder, 'commentHide', { commentId, reason: 'an insult' }, 'FORBIDDEN');
    await said(moderator, 'commentHide', { commentId, reason: 'an insult' });

    await refused(moderator, 'commentHide', { commentId, reason: 'an insult' }, 'COMMENT_CONFLICT');
    await refused(ana, 'commentEdit', { commentId, text: 'Ben is wise.' }, 'COMMENT_CONFLICT');
    await refused(ben, 'proposalComment', { ...vote, text: 'No!', parentId: commentId }, 'COMMENT_CONFLICT');
  });

  test('is asked by nobody what they may do: the comment says so', async () => {
    const can = async (viewer: Caller) => {
      const selection =
        '... on Comment { viewerCan { edit { reason } reply { reason } hide { reason } show { reason } } }';
      return (await node(viewer, commentId, selection)).viewerCan;
    };

    expect(await can(ana)).toEqual({
      edit: { reason: null },
      reply: { reason: null },
      hide: { reason: 'ROLE_REQUIRED' },
      show: { reason: 'ROLE_REQUIRED' },
    });
    expect(await can(moderator)).toEqual({
      edit: { reason: 'NOT_YOURS' },
      reply: { reason: null },
      hide: { reason: null },
      show: { reason: 'NOT_IN_THIS_STATE' },
    });
  });
});

test('a helper speaks in the name of a member, and the record knows both', async () => {
  const help = { membershipId: ben.membershipId, role: 'HELPER', forMembershipId: ana.membershipId };
  await mutate(server, network.founder, 'roleAssign', inNetwork(help), 'roleAssignment { id }');

  const { errors } = await trySay(
    ben,
    'proposalComment',
    { ...vote, text: 'Ana asks who waters it.' },
    { 'acting-for': ana.membershipId },
  );

  expect(errors).toEqual([]);
  expect((await threads(ben)).comments.nodes[0].author).toEqual({ id: ana.membershipId });
  const [event] = await server.app.database.db.rows(
    `select actor_person_id, acting_for_membership_id from event where kind = 'CommentWritten' and network_id = $1`,
    [network.id],
  );
  expect(event).toEqual({ actorPersonId: ben.personId, actingForMembershipId: ana.membershipId });
});
