import { BylawsVersion } from '../../entities/bylaws-version.ts';
import { Category } from '../../entities/category.ts';
import { NetworkTerms } from '../../entities/network-terms.ts';
import { Network } from '../../entities/network.ts';
import type { NetworkTemplateCode } from '../../entities/network-template.ts';
import { RoleAssignment } from '../../entities/role-assignment.ts';
import { Person } from '../../entities/person.ts';
import { NO_FACTS } from '../../governance/bylaws.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { assert, Forbidden, InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { violates } from '../../kernel/database.ts';
import { boundedText, requireLocale, requireTimeZone } from '../../kernel/text.ts';
import { requireScope } from '../access/scope.ts';
import { requirePerson } from '../people/authenticate.ts';
import { SlugTaken, TooManyNetworks } from './errors.ts';
import { insertMembership } from './memberships.ts';
import { templateFor } from './templates.ts';
import { parseTranslations, type TranslationInput } from './translations.ts';

export interface CreateNetwork {
  slug: string;
  name: string;
  template: NetworkTemplateCode;
  description?: readonly TranslationInput[] | null;
  locale?: string | null;
  timeZone?: string | null;
}

export interface NetworkCreation {
  by: 'ANYONE' | 'ADMINISTRATORS';
  /** Networks of one founder; Infinity for the command line. */
  mostPerDay: number;
}

export const MOST_NETWORKS_PER_DAY = 20;
export const NAME_BOUNDS = { max: 120 };
export const DESCRIPTION_BOUNDS = { max: 5_000 };
const SLUG = /^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Makes a network from a template. Who makes it becomes its first member, with the roles that the template gives
 * to founders; units and accounts come about with it.
 *
 * @param creation who may make networks on this server, and how many in a day
 * @throws InvalidInput, SlugTaken, Forbidden
 * @emits NetworkCreated, MembershipActivated, RoleAssigned
 */
export async function createNetwork(
  tx: Tx,
  command: CreateNetwork,
  creation: NetworkCreation,
): Promise<Network> {
  const actor = requirePerson(tx.actor);
  if (creation.by === 'ADMINISTRATORS' && !actor.isAdministrator) throw new Forbidden('ROLE_REQUIRED');
  requireScope(actor, 'MANAGE');
  const founder = await tx.db.one(Person, { id: actor.personId });
  assert(founder, 'a signed-in person exists');
  await requireFewNetworks(tx, founder.id, creation.mostPerDay);
  const network = networkOf(tx, command, founder);
  await insertNetwork(tx, network);
  await insertTemplateData(tx, network);
  tx.emit({
    networkId: network.id,
    kind: 'NetworkCreated',
    subjectId: network.id,
    data: { template: network.template },
  });
  await makeFounder(tx, network, founder);
  return network;
}

function networkOf(tx: Tx, command: CreateNetwork, founder: Person): Network {
  const template = templateFor(command.template);
  const defaultLocale = requireLocale(command.locale ?? founder.locale, 'locale');
  return {
    id: newId('network'),
    slug: requireSlug(command.slug),
    name: { [defaultLocale]: boundedText(command.name, 'name', NAME_BOUNDS) },
    description: command.description?.length
      ? parseTranslations(command.description, 'description', DESCRIPTION_BOUNDS)
      : template.description,
    defaultLocale,
    timeZone: requireTimeZone(command.timeZone ?? 'UTC', 'timeZone'),
    template: command.template,
    parentId: null,
    requestedParentId: null,
    joinMode: template.joinMode,
    sponsorsNeeded: template.sponsorsNeeded,
    isListed: true,
    balancesVisibleTo: template.balancesVisibleTo,
    treasurersNeedOneTimeCode: template.treasurersNeedOneTimeCode,
    memberClasses: template.memberClasses,
    bylaws: { ...template.bylaws, facts: NO_FACTS },
    bylawsVersion: 1,
    placeName: null,
    latitude: null,
    longitude: null,
    termsVersion: 1,
    createdByPersonId: founder.id,
    createdAt: tx.now,
    archivedAt: null,
  };
}

/** @throws TooManyNetworks */
async function requireFewNetworks(tx: Tx, personId: string, most: number): Promise<void> {
  const row = await tx.db.row<{ made: bigint }>(
    'select count(*) as made from network where created_by_person_id = $1 and created_at > $2',
    [personId, after(tx.now, -DAY_MS)],
  );
  if (Number(row?.made ?? 0n) >= most) throw new TooManyNetworks(most);
}

/** @throws InvalidInput INVALID_SLUG */
export function requireSlug(slug: string): string {
  if (!SLUG.test(slug)) throw new InvalidInput('INVALID_SLUG', 'slug');
  return slug;
}

/** @throws SlugTaken */
async function insertNetwork(tx: Tx, network: Network): Promise<void> {
  if (await tx.db.exists(Network, { slug: network.slug })) throw new SlugTaken();
  try {
    await tx.db.insert(Network, network);
  } catch (error) {
    if (violates(error, 'uq_network_slug')) throw new SlugTaken();
    throw error;
  }
}

async function insertTemplateData(tx: Tx, network: Network): Promise<void> {
  const template = templateFor(network.template);
  await tx.db.insert(NetworkTerms, {
    networkId: network.id,
    version: network.termsVersion,
    text: template.terms,
    publishedByPersonId: network.createdByPersonId,
    publishedAt: tx.now,
  });
  await tx.db.insert(BylawsVersion, {
    networkId: network.id,
    version: network.bylawsVersion,
    bylaws: network.bylaws,
    memberClasses: network.memberClasses,
    decisionId: null,
    setAt: tx.now,
  });
  await tx.db.insert(
    Category,
    template.categories.map((category, position) => ({
      networkId: network.id,
      id: newId('category'),
      parentId: null,
      name: category.name,
      position,
    })),
  );
}

async function makeFounder(tx: Tx, network: Network, founder: Person): Promise<void> {
  const membership = await insertMembership(tx, network, founder, { state: 'ACTIVE', application: null });
  for (const role of network.bylaws.founderRoles) {
    const id = newId('roleAssignment');
    await tx.db.insert(RoleAssignment, {
      networkId: network.id,
      id,
      membershipId: membership.id,
      role,
      forMembershipId: null,
      startsAt: tx.now,
      endsAt: null,
      assignedByPersonId: founder.id,
      revokedAt: null,
      revocationReason: null,
    });
    tx.emit({ networkId: network.id, kind: 'RoleAssigned', subjectId: membership.id, data: { role } });
  }
}
