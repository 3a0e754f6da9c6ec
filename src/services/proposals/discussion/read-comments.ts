import { Comment } from '../../../entities/comment.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import { authorize, may, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { isEditable, MAX_DEPTH } from './comments.ts';

/**
 * What was said about a proposal, oldest first: what begins threads, or what answers one comment.
 *
 * @throws Forbidden
 */
export async function listComments(
  db: Db,
  standing: Standing,
  of: { proposal: Pick<Proposal, 'networkId' | 'id'>; parentId: string | null },
  request: PageRequest,
): Promise<Page<Comment>> {
  authorize(standing, 'proposal.read');
  const { proposal, parentId } = of;
  const [id] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Comment,
    `where network_id = $1 and proposal_id = $2 and parent_id is not distinct from $3
       and ($4::text is null or id > $4)
      order by id limit $5`,
    [proposal.networkId, proposal.id, parentId, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
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
