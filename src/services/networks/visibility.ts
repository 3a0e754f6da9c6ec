import type { Db } from '../../kernel/database.ts';
import type { Standing } from '../access/standing.ts';
import { federationRoots } from './federation.ts';
import { activeNetworksOf } from './memberships.ts';
import {
  VISIBILITIES,
  type Membership,
  type ProfileField,
  type Visibility,
} from '../../entities/membership.ts';

/** How near a viewer stands to a member. */
export type Closeness = 'SELF' | Exclude<Visibility, 'NOBODY'>;

/** The settings under which a viewer so near sees something. */
export function visibilitiesFor(closeness: Closeness): readonly Visibility[] {
  if (closeness === 'SELF') return VISIBILITIES;
  return VISIBILITIES.slice(VISIBILITIES.indexOf(closeness));
}

export function isVisible(member: Membership, field: ProfileField, closeness: Closeness): boolean {
  return visibilitiesFor(closeness).includes(member.visibility[field]);
}

/** How near the viewer stands to the members of a network. */
export async function closenessIn(db: Db, standing: Standing): Promise<Closeness> {
  if (standing.membership?.state === 'ACTIVE') return 'NETWORK';
  const { actor, network } = standing;
  if (actor.kind !== 'person') return 'PUBLIC';
  const roots = await federationRoots(db, await activeNetworksOf(db, actor.personId));
  const [root] = await federationRoots(db, [network.id]);
  return root && roots.has(root) ? 'FEDERATION' : 'PUBLIC';
}
