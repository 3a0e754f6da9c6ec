import { Membership, type MembershipState } from '../../entities/membership.ts';
import { Network } from '../../entities/network.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { optionalText } from '../../kernel/text.ts';
import { authorize, type Verdict } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { MEMBERSHIP_STEPS } from './membership-states.ts';
import { visibilitiesFor, type Closeness } from './visibility.ts';
import { membersKnowApplicants } from './ways-in.ts';

/**
 * A network by its short name or its id; null if there is none.
 *
 * @throws InvalidInput INVALID_CHOICE unless exactly one of them is given
 */
export async function networkBy(
  db: Db,
  { slug, id }: { slug?: string | null; id?: string | null },
): Promise<Network | null> {
  if (Boolean(slug) === Boolean(id)) throw new InvalidInput('INVALID_CHOICE', slug ? 'id' : 'slug');
  if (slug) return (await db.one(Network, { slug })) ?? null;
  if (!id || kindOfId(id) !== 'network') return null;
  return (await db.one(Network, { id })) ?? null;
}

export interface NetworkFilter {
  /** Part of the name or short name, in any case. */
  text?: string | null;
  /** Only networks directly below this one. */
  parentId?: string | null;
  /** Only networks that have asked this one to take them in. */
  requestedParentId?: string | null;
  /** Also networks that do not stand in the public list. */
  includesUnlisted?: boolean;
}

/** Networks that anyone may find, by short name. */
export async function listNetworks(
  db: Db,
  filter: NetworkFilter,
  request: PageRequest,
): Promise<Page<Network>> {
  const [slug] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Network,
    `where ($1::text is null or slug ilike $1
          or exists (select 1 from jsonb_each_text(name) as said where said.value ilike $1))
        and ($2::text is null or parent_id = $2)
        and ($3::text is null or requested_parent_id = $3)
        and archived_at is null and (is_listed or $4)
        and ($5::text is null or slug > $5::text collate "C")
      order by slug limit $6`,
    [
      likePattern(filter.text, 'filter.text'),
      filter.parentId ?? null,
      filter.requestedParentId ?? null,
      filter.includesUnlisted ?? false,
      slug,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.slug]);
}

/**
 * The networks that have asked an umbrella to take them in, by short name.
 *
 * @throws Forbidden
 */
export function listParentRequests(db: Db, standing: Standing, request: PageRequest): Promise<Page<Network>> {
  authorize(standing, 'network.link');
  return listNetworks(db, { requestedParentId: standing.network.id, includesUnlisted: true }, request);
}

// What people search for is short, and a long pattern is slow to look for.
const SEARCH_BOUNDS = { max: 100 };

/**
 * What `ilike` finds a part of a text by.
 *
 * @throws InvalidInput TEXT_TOO_LONG
 */
export function likePattern(given: string | null | undefined, path: string): string | null {
  const text = optionalText(given, path, SEARCH_BOUNDS);
  return text === null ? null : `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

export interface MemberFilter {
  text?: string | null;
  skill?: string | null;
  states?: readonly MembershipState[] | null;
  groupId?: string | null;
}

/**
 * Members of a network by name, as far as the viewer may see them.
 *
 * Outsiders see members who let their name be seen that far. Applications and former members are for those who may
 * read them; where members vouch, applications are for all members.
 *
 * @throws Forbidden
 */
export async function listMembers(
  db: Db,
  standing: Standing,
  { filter, closeness }: { filter: MemberFilter; closeness: Closeness },
  request: PageRequest,
): Promise<Page<Membership>> {
  const [name, id] = afterKey(request, [CURSOR_TEXT, CURSOR_TEXT]);
  const states = filter.states ?? ['ACTIVE'];
  if (filter.groupId) authorize(standing, 'member.list');
  for (const state of states) if (state !== 'ACTIVE') authorizeReading(standing, state);
  const rows = await db.select(
    Membership,
    `where network_id = $1 and state = any($2)
        and ($3::text is null or display_name ilike $3)
        and ($4::text is null or (visibility->>'skills' = any($5)
              and exists (select 1 from unnest(skills) as skill where skill ilike $4)))
        and visibility->>'displayName' = any($5)
        and ($6::text is null or exists (select 1 from group_membership g
              where g.network_id = $1 and g.group_id = $6 and g.membership_id = membership.id))
        and ($7::text is null or (sort_name, id) > ($7::text collate "C", $8::text))
      order by sort_name, id limit $9`,
    [
      standing.network.id,
      states,
      likePattern(filter.text, 'filter.text'),
      likePattern(filter.skill, 'filter.skill'),
      visibilitiesFor(closeness),
      filter.groupId ?? null,
      name,
      id,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.sortName, row.id]);
}

/** @throws Forbidden */
function authorizeReading(standing: Standing, state: MembershipState): void {
  const isOpenToMembers = state === 'APPLIED' && membersKnowApplicants(standing.network);
  authorize(standing, 'member.readApplications', { isOpenToMembers });
}

/** Whether the viewer may apply for membership. */
export function mayApply({ actor, membership, network }: Standing): Verdict {
  if (actor.kind !== 'person') return { allowed: false, reason: 'SIGN_IN_REQUIRED' };
  if (network.archivedAt) return { allowed: false, reason: 'NETWORK_ARCHIVED' };
  if (membership && !MEMBERSHIP_STEPS.apply.includes(membership.state)) {
    return { allowed: false, reason: 'NOT_IN_THIS_STATE' };
  }
  return { allowed: true, reason: null };
}
