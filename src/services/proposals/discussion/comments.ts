import { Comment } from '../../../entities/comment.ts';
import { Proposal } from '../../../entities/proposal.ts';
import { after, DAY_MS, HOUR_MS } from '../../../kernel/clock.ts';
import { assert, NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Standing } from '../../access/standing.ts';
import { CommentConflict, TooManyComments } from './discussion-errors.ts';
import { standingAmongVoters, type NamedProposal } from '../life/take-proposal.ts';

export const COMMENT_BOUNDS = { max: 5_000 };
export const HIDING_BOUNDS = { max: 1_000 };
export const MAX_DEPTH = 3;
/** How long the author may still change what was said; later, others have answered it. */
export const EDITABLE_MS = HOUR_MS;
const MOST_IN_A_DAY = 100;

export interface WriteComment extends NamedProposal {
  parentId?: string | null;
  text: string;
}

/**
 * Says something about a proposal, in whatever state it is, or answers what somebody said.
 *
 * @throws Forbidden, NotFound, CommentConflict if it would answer the answer to an answer, or what is hidden, TooManyComments,
 *   InvalidInput
 * @emits CommentWritten
 */
export async function writeComment(tx: Tx, command: WriteComment): Promise<Comment> {
  // What one member says is written one after the other, so that it is counted.
  const standing = await standingAmongVoters(tx, command.networkId, 'shared', 'for no key update');
  authorize(standing, 'proposal.comment');
  const { network, membership } = standing;
  assert(membership, 'who may comment is a member');
  const networkId = network.id;
  const proposalId = requireId('proposal', command.proposalId, 'proposalId');
  if (!(await tx.db.exists(Proposal, { networkId, id: proposalId }))) throw new NotFound('Proposal');
  const parent = await parentOf(tx, { networkId, proposalId, parentId: command.parentId ?? null });
  await requireFewComments(tx, networkId, membership.id);
  const comment: Comment = {
    networkId,
    id: newId('comment'),
    proposalId,
    parentId: parent?.id ?? null,
    depth: (parent?.depth ?? 0) + 1,
    membershipId: membership.id,
    text: boundedText(command.text, 'text', COMMENT_BOUNDS),
    writtenAt: tx.now,
    editedAt: null,
    hiddenAt: null,
    hiddenByMembershipId: null,
    hiddenReason: null,
  };
  await tx.db.insert(Comment, comment);
  tx.emit({ networkId, kind: 'CommentWritten', subjectId: proposalId, data: { commentId: comment.id } });
  return comment;
}

async function parentOf(
  tx: Tx,
  { networkId, proposalId, parentId }: Pick<Comment, 'networkId' | 'proposalId' | 'parentId'>,
): Promise<Comment | null> {
  if (parentId === null) return null;
  const id = requireId('comment', parentId, 'parentId');
  // Held, so that nothing is answered while it is being hidden.
  const [parent] = await tx.db.all(Comment, { networkId, proposalId, id }, 'for share');
  if (!parent) throw new NotFound('Comment');
  if (parent.hiddenAt) throw new CommentConflict('HIDDEN');
  if (parent.depth >= MAX_DEPTH) throw new CommentConflict('TOO_DEEP');
  return parent;
}

async function requireFewComments(tx: Tx, networkId: string, membershipId: string): Promise<void> {
  const row = await tx.db.row<{ count: bigint }>(
    'select count(*) from comment where network_id = $1 and membership_id = $2 and written_at > $3',
    [networkId, membershipId, after(tx.now, -DAY_MS)],
  );
  if (Number(row?.count) >= MOST_IN_A_DAY) throw new TooManyComments(MOST_IN_A_DAY);
}

export interface NamedComment {
  networkId: string;
  commentId: string;
}

/**
 * Says better what one has said, within the hour.
 *
 * @throws Forbidden unless one wrote it, NotFound, CommentConflict, InvalidInput
 * @emits CommentEdited
 */
export async function editComment(tx: Tx, command: NamedComment & { text: string }): Promise<Comment> {
  const { comment } = await takeComment(tx, command, 'comment.edit');
  if (comment.hiddenAt) throw new CommentConflict('HIDDEN');
  if (!isEditable(comment, tx.now)) throw new CommentConflict('TOO_LATE');
  const text = boundedText(command.text, 'text', COMMENT_BOUNDS);
  return change(tx, comment, { kind: 'CommentEdited', set: { text, editedAt: tx.now } });
}

/** Whether its author may still change it, as far as time goes. */
export function isEditable({ writtenAt, hiddenAt }: Comment, now: Date): boolean {
  return hiddenAt === null && after(writtenAt, EDITABLE_MS) > now;
}

/**
 * Hides what was said: from then on only its author and the moderators read it, and others read why.
 *
 * @throws Forbidden unless one is a moderator, NotFound, CommentConflict, InvalidInput
 * @emits CommentHidden
 */
export async function hideComment(tx: Tx, command: NamedComment & { reason: string }): Promise<Comment> {
  const { standing, comment } = await takeComment(tx, command, 'comment.moderate');
  if (comment.hiddenAt) throw new CommentConflict('HIDDEN');
  assert(standing.membership, 'a moderator is a member');
  const set = {
    hiddenAt: tx.now,
    hiddenByMembershipId: standing.membership.id,
    hiddenReason: boundedText(command.reason, 'reason', HIDING_BOUNDS),
  };
  return change(tx, comment, { kind: 'CommentHidden', set });
}

/**
 * Lets everybody read again what was hidden.
 *
 * @throws Forbidden unless one is a moderator, NotFound, CommentConflict
 * @emits CommentShown
 */
export async function showComment(tx: Tx, command: NamedComment): Promise<Comment> {
  const { comment } = await takeComment(tx, command, 'comment.moderate');
  if (!comment.hiddenAt) throw new CommentConflict('NOT_HIDDEN');
  const set = { hiddenAt: null, hiddenByMembershipId: null, hiddenReason: null };
  return change(tx, comment, { kind: 'CommentShown', set });
}

interface CommentInHand {
  standing: Standing;
  comment: Comment;
}

/** @throws Forbidden, NetworkArchived, NotFound, InvalidInput INVALID_ID */
async function takeComment(
  tx: Tx,
  { networkId, commentId }: NamedComment,
  permission: Permission,
): Promise<CommentInHand> {
  const standing = await standingAmongVoters(tx, networkId, 'shared');
  const id = requireId('comment', commentId, 'commentId');
  const comment = await tx.db.lock(Comment, { networkId: standing.network.id, id });
  if (!comment) throw new NotFound('Comment');
  authorize(standing, permission, { isOwn: comment.membershipId === standing.membership?.id });
  return { standing, comment };
}

async function change(
  tx: Tx,
  comment: Comment,
  { kind, set }: { kind: string; set: Partial<Comment> },
): Promise<Comment> {
  const { networkId, id, proposalId } = comment;
  await tx.db.update(Comment, { networkId, id }, set);
  tx.emit({ networkId, kind, subjectId: proposalId, data: { commentId: id } });
  return { ...comment, ...set };
}
