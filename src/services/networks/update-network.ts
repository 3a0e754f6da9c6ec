import { NetworkTerms } from '../../entities/network-terms.ts';
import { Network, type BalanceVisibility, type JoinMode } from '../../entities/network.ts';
import type { Membership } from '../../entities/membership.ts';
import { violates } from '../../kernel/database.ts';
import { Forbidden, InvalidInput } from '../../kernel/errors.ts';
import { requireLocale, requireTimeZone } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize, lacksSecondFactor } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { DESCRIPTION_BOUNDS, NAME_BOUNDS, requireSlug } from './create-network.ts';
import { SlugTaken } from './errors.ts';
import { changeMembership, lockMembership, requireTerms } from './memberships.ts';
import { parsePlace, type PlaceInput } from './places.ts';
import { parseTranslations, type TranslationInput } from './translations.ts';

export interface UpdateNetwork {
  networkId: string;
  slug?: string;
  name?: readonly TranslationInput[];
  description?: readonly TranslationInput[] | null;
  defaultLocale?: string;
  timeZone?: string;
  joinMode?: JoinMode;
  sponsorsNeeded?: number;
  isListed?: boolean;
  balancesVisibleTo?: BalanceVisibility;
  treasurersNeedOneTimeCode?: boolean;
  place?: PlaceInput | null;
}

const MAX_SPONSORS = 20;
const TERMS_BOUNDS = { max: 50_000 };

/**
 * Changes the settings of a network. Absent fields stay, null empties them.
 *
 * @throws Forbidden, DecisionRequired, NetworkArchived, SlugTaken, InvalidInput
 * @emits NetworkUpdated
 */
export async function updateNetwork(tx: Tx, { networkId, ...change }: UpdateNetwork): Promise<Network> {
  const standing = await standingIn(tx, networkId, 'exclusive');
  authorizeDecision(standing, 'network.update', { kind: 'networkUpdate', amount: null });
  const { network } = standing;
  // A lock is not taken off without its key.
  if (change.treasurersNeedOneTimeCode === false && lacksSecondFactor(standing)) {
    throw new Forbidden('SECOND_FACTOR_REQUIRED');
  }
  const set = networkChanges(network, change);
  const fields = Object.keys(set);
  if (fields.length === 0) return network;
  try {
    await tx.db.update(Network, { id: network.id }, set);
  } catch (error) {
    if (violates(error, 'uq_network_slug')) throw new SlugTaken();
    throw error;
  }
  tx.emit({
    networkId: network.id,
    kind: 'NetworkUpdated',
    subjectId: network.id,
    data: { fields: fields.join(',') },
  });
  return { ...network, ...set };
}

/** @throws InvalidInput */
export function networkChanges(network: Network, change: Omit<UpdateNetwork, 'networkId'>): Partial<Network> {
  const { slug, name, description, defaultLocale, timeZone, place, ...plain } = change;
  const set: Partial<Network> = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  if (slug !== undefined) set.slug = requireSlug(slug);
  if (name !== undefined) {
    if (name.length === 0) throw new InvalidInput('REQUIRED', 'name');
    set.name = parseTranslations(name, 'name', NAME_BOUNDS);
  }
  if (description !== undefined) {
    set.description = parseTranslations(description ?? [], 'description', DESCRIPTION_BOUNDS);
  }
  if (defaultLocale !== undefined) set.defaultLocale = requireLocale(defaultLocale, 'defaultLocale');
  if (timeZone !== undefined) set.timeZone = requireTimeZone(timeZone, 'timeZone');
  if (place !== undefined) Object.assign(set, parsePlace(place, 'EXACT'));
  requireSponsors(set.joinMode ?? network.joinMode, set.sponsorsNeeded ?? network.sponsorsNeeded);
  return set;
}

function requireSponsors(joinMode: JoinMode, sponsorsNeeded: number): void {
  const min = joinMode === 'SPONSORED' ? 1 : 0;
  if (sponsorsNeeded < min || sponsorsNeeded > MAX_SPONSORS) {
    throw new InvalidInput('INVALID_RANGE', 'sponsorsNeeded', { min, max: MAX_SPONSORS });
  }
}

/**
 * Archives a network: it stays readable, and nothing in it changes any more. Payments that wait for an account come first.
 *
 * @throws Forbidden, NetworkArchived if it is archived already
 * @emits NetworkArchived
 */
export async function archiveNetwork(tx: Tx, command: { networkId: string }): Promise<Network> {
  const { network, ...standing } = await standingIn(tx, command.networkId, 'exclusive');
  authorize({ network, ...standing }, 'network.archive');
  await tx.db.update(Network, { id: network.id }, { archivedAt: tx.now });
  tx.emit({ networkId: network.id, kind: 'NetworkArchived', subjectId: network.id });
  return { ...network, archivedAt: tx.now };
}

/**
 * Publishes a new version of the terms. Members accept it when they next can; who joins from now on accepts it then.
 *
 * @emits TermsPublished
 */
export async function publishTerms(
  tx: Tx,
  command: { networkId: string; text: readonly TranslationInput[] },
): Promise<NetworkTerms> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'network.publishTerms');
  const { network } = standing;
  if (command.text.length === 0) throw new InvalidInput('REQUIRED', 'text');
  const text = parseTranslations(command.text, 'text', TERMS_BOUNDS);
  const version = network.termsVersion + 1;
  const terms: NetworkTerms = {
    networkId: network.id,
    version,
    text,
    publishedByPersonId: tx.actor.kind === 'person' ? tx.actor.personId : network.createdByPersonId,
    publishedAt: tx.now,
  };
  await tx.db.insert(NetworkTerms, terms);
  await tx.db.update(Network, { id: network.id }, { termsVersion: version });
  tx.emit({ networkId: network.id, kind: 'TermsPublished', subjectId: network.id, data: { version } });
  return terms;
}

/**
 * Accepts the terms in force for the own membership.
 *
 * @throws TermsNotAccepted if the version is not the one in force
 * @emits TermsAccepted
 */
export async function acceptTerms(
  tx: Tx,
  command: { networkId: string; version: number },
): Promise<Membership> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'profile.update', { isOwn: true });
  const { network, membership } = standing;
  requireTerms(network, command.version);
  const locked = await lockMembership(tx, network.id, membership?.id ?? '');
  const accepted = await changeMembership(tx, locked, {
    acceptedTermsVersion: network.termsVersion,
    acceptedTermsAt: tx.now,
  });
  tx.emit({
    networkId: network.id,
    kind: 'TermsAccepted',
    subjectId: locked.id,
    data: { version: command.version },
  });
  return accepted;
}
