import {
  Membership,
  type PlacePrecision,
  type ProfileField,
  type Visibility,
} from '../../entities/membership.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { changeMembership, lockMembership } from './memberships.ts';
import { parsePlace, type PlaceInput } from './places.ts';
import { parseTranslations, sortNameOf, type TranslationInput } from './translations.ts';

export interface UpdateProfile {
  networkId: string;
  membershipId: string;
  displayName?: string;
  about?: readonly TranslationInput[] | null;
  skills?: readonly string[] | null;
  phone?: string | null;
  place?: PlaceInput | null;
  placePrecision?: PlacePrecision;
  visibility?: readonly { field: ProfileField; visibleTo: Visibility }[];
}

const MAX_SKILLS = 30;
// What a moderator may change in somebody else's profile: texts that may offend.
const MODERATED: ReadonlySet<string> = new Set(['about', 'skills']);

/**
 * Changes what a member shows in a network. Absent fields stay, null empties them.
 *
 * Moderators may change `about` and `skills` of others.
 *
 * @throws Forbidden, NotFound, InvalidInput
 * @emits ProfileUpdated
 */
export async function updateProfile(
  tx: Tx,
  { networkId, membershipId, ...change }: UpdateProfile,
): Promise<Membership> {
  const standing = await standingIn(tx, networkId);
  const isOwn = standing.membership?.id === membershipId;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const isModeration = !isOwn && given.every(([name]) => MODERATED.has(name));
  if (isModeration) authorize(standing, 'profile.moderate');
  else authorize(standing, 'profile.update', { isOwn });

  const member = await lockMembership(tx, standing.network.id, membershipId);
  const changed = await changeMembership(tx, member, profileChanges(member, change));
  tx.emit({
    networkId: member.networkId,
    kind: 'ProfileUpdated',
    subjectId: member.id,
    data: { fields: given.map(([name]) => name).join(',') },
  });
  return changed;
}

function profileChanges(
  member: Membership,
  change: Omit<UpdateProfile, 'networkId' | 'membershipId'>,
): Partial<Membership> {
  const set: Partial<Membership> = {};
  if (change.displayName !== undefined) {
    set.displayName = boundedText(change.displayName, 'displayName', { max: 100 });
    set.sortName = sortNameOf(set.displayName);
  }
  if (change.about !== undefined) set.about = parseTranslations(change.about ?? [], 'about', { max: 5_000 });
  if (change.skills !== undefined) set.skills = parseSkills(change.skills ?? []);
  if (change.phone !== undefined) set.phone = optionalText(change.phone, 'phone', { max: 40 });
  if (change.place !== undefined || change.placePrecision !== undefined) {
    Object.assign(set, placeChanges(member, change.place, change.placePrecision));
  }
  if (change.visibility !== undefined) set.visibility = parseVisibility(member, change.visibility);
  // An update needs something to set; setting the name to what it is changes nothing.
  return Object.keys(set).length > 0 ? set : { displayName: member.displayName };
}

function placeChanges(
  member: Membership,
  place: PlaceInput | null | undefined,
  wanted: PlacePrecision | undefined,
): Partial<Membership> {
  const placePrecision = wanted ?? member.placePrecision;
  const kept = { name: member.placeName, latitude: member.latitude, longitude: member.longitude };
  return { placePrecision, ...parsePlace(place === undefined ? kept : place, placePrecision) };
}

function parseSkills(skills: readonly string[]): string[] {
  if (skills.length > MAX_SKILLS) throw new InvalidInput('INVALID_RANGE', 'skills', { max: MAX_SKILLS });
  const texts = skills.map((skill, index) => boundedText(skill, `skills.${index}`, { max: 60 }));
  return [...new Set(texts)];
}

function parseVisibility(
  member: Membership,
  choices: readonly { field: ProfileField; visibleTo: Visibility }[],
): Membership['visibility'] {
  const visibility = { ...member.visibility };
  for (const [index, { field, visibleTo }] of choices.entries()) {
    // Nobody can trade with somebody who has no name.
    if (field === 'displayName' && visibleTo === 'NOBODY') {
      throw new InvalidInput('INVALID_CHOICE', `visibility.${index}.visibleTo`);
    }
    visibility[field] = visibleTo;
  }
  return visibility;
}
