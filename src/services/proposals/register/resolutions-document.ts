import { Membership } from '../../../entities/membership.ts';
import type { Network } from '../../../entities/network.ts';
import { Proposal } from '../../../entities/proposal.ts';
import { Resolution } from '../../../entities/resolution.ts';
import type { Db } from '../../../kernel/database.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import { requireLocale } from '../../../kernel/text.ts';
import { authorize } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { writeRegister, type RegisterLine } from './register-page.ts';

/** What one page holds; whoever wants more asks for one period after the other. */
const MAX_LINES = 1_000;

export interface RegisterPeriod {
  /** For the name of the network and for dates; the network's own if absent. */
  locale?: string | null;
  from?: Date | null;
  /** What was decided at this instant is not in it. */
  to?: Date | null;
}

/**
 * The register of a network as a page that browsers print: complete, with nothing to load, in the order of its numbers.
 *
 * @throws Forbidden, InvalidInput INVALID_RANGE if the period ends before it begins or holds more than 1,000 resolutions,
 *   INVALID_LOCALE
 */
export async function resolutionsDocument(
  db: Db,
  standing: Standing,
  { locale, from, to }: RegisterPeriod,
): Promise<string> {
  authorize(standing, 'proposal.read');
  const { network } = standing;
  if (from && to && from >= to) throw new InvalidInput('INVALID_RANGE', 'to');
  const resolutions = await db.select(
    Resolution,
    `where network_id = $1 and ($2::timestamptz is null or decided_at >= $2)
       and ($3::timestamptz is null or decided_at < $3)
      order by number limit $4`,
    [network.id, from ?? null, to ?? null, MAX_LINES + 1],
  );
  if (resolutions.length > MAX_LINES) throw new InvalidInput('INVALID_RANGE', 'from', { max: MAX_LINES });
  return writeRegister({
    network,
    locale: locale ? requireLocale(locale, 'locale') : network.defaultLocale,
    from: from ?? null,
    to: to ?? null,
    lines: await readLines(db, network, resolutions),
  });
}

/** Each line with the vote that it is about, and the names of those who signed, which every member sees. */
async function readLines(
  db: Db,
  { id: networkId }: Network,
  resolutions: readonly Resolution[],
): Promise<RegisterLine[]> {
  const voteIds = resolutions.filter(({ kind }) => kind === 'VOTE').map(({ sourceId }) => sourceId);
  const votes = voteIds.length > 0 ? await db.all(Proposal, { networkId, id: voteIds }) : [];
  const voteOf = new Map(votes.map((proposal) => [proposal.id, proposal]));
  const signerIds = [...new Set(resolutions.flatMap(signersOf))];
  const signers = signerIds.length > 0 ? await db.all(Membership, { networkId, id: signerIds }) : [];
  const nameOf = new Map(signers.map((member) => [member.id, member.displayName]));
  return resolutions.map((resolution) => ({
    resolution,
    vote: voteOf.get(resolution.sourceId) ?? null,
    signedBy: signersOf(resolution).flatMap((id) => nameOf.get(id) ?? []),
  }));
}

function signersOf({ summary }: Resolution): string[] {
  const { signers } = summary as { signers?: string[] };
  return signers ?? [];
}
