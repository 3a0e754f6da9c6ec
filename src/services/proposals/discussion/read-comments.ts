import { Comment } from '../../../entities/comment.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { pagesOf, type Lists } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { may, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { isEditable, MAX_DEPTH } from './comments.ts';

const THREADS: Lists<Comment> = {
  entity: Comment,
  table: 'comment',
  of: 'proposal_id',
  by: 'id',
  where: 'parent_id is null',
};
const REPLIES: Lists<Comment> = { entity: Comment, table: 'comment', of: 'parent_id', by: 'id' };

/** What was said about each proposal, oldest first: what begins threads. The caller has found that it may be read. */
export function commentsOn(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<Page<Comment>[]> {
  return pagesOf(db, THREADS, { owners: proposals, request });
}

/** What was answered to each comment, oldest first. The caller has found that it may be read. */
export function repliesTo(
  db: Db,
  comments: readonly Comment[],
  request: PageRequest,
): Promise<Page<Comment>[]> {
  return pagesOf(db, REPLIES, { owners: comments, request });
}

/** Whether the viewer reads what was said: all members, and if it is hidden who said it and who looks after it. */
export function readsComment(standing: Standing, { hiddenAt, membershipId }: Comment): boolean {
  if (!may(standing, 'proposal.read').allowed) return false;
  if (hiddenAt === null || membershipId === standing.membership?.id) return true;
  return standing.roles.includes('MODERATOR');
}

/** What can be done with a comment. */
export type CommentDeed = 'edit' | 'reply' | 'hide' | 'show';

/** What the viewer may do with a comment as it stands. */
export function commentVerdicts(
  standing: Standing,
  comment: Comment,
  now: Date,
): Record<CommentDeed, Verdict> {
  const isOwn = comment.membershipId === standing.membership?.id;
  const isHidden = comment.hiddenAt !== null;
  const when = (isPossible: boolean, byPerson: Verdict): Verdict =>
    byPerson.allowed && !isPossible ? { allowed: false, reason: 'NOT_IN_THIS_STATE' } : byPerson;
  return {
    edit: when(isEditable(comment, now), may(standing, 'comment.edit', { isOwn })),
    reply: when(!isHidden && comment.depth < MAX_DEPTH, may(standing, 'proposal.comment')),
    hide: when(!isHidden, may(standing, 'comment.moderate')),
    show: when(isHidden, may(standing, 'comment.moderate')),
  };
}
