import { BylawsVersion } from '../../entities/bylaws-version.ts';
import { Group } from '../../entities/group.ts';
import { Network, type MemberClass } from '../../entities/network.ts';
import {
  classFaults,
  holderFaults,
  ruleFaults,
  type BylawFacts,
  type RuleFault,
} from '../../governance/bylaw-faults.ts';
import { electorateFaults, votersOf, type VoterFacts } from '../../governance/electorate-faults.ts';
import type { BylawRule, RegisteredFacts } from '../../governance/bylaws.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { afterKey, CURSOR_INTEGER, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { withBudgetUnits } from './budget-unit.ts';
import { BylawsChanged, BylawsFaulty } from './errors.ts';
import { possibleElectors } from './possible-electors.ts';

/** What changes in bylaws, as it was read; absent parts stay as they are. */
export interface BylawsChange {
  /** The version that the change was written for. */
  version: number;
  legalForm?: string;
  facts?: Partial<RegisteredFacts>;
  memberClasses?: MemberClass[];
  rules?: BylawRule[];
}

export interface AmendBylaws extends BylawsChange {
  networkId: string;
  decisionId: string;
}

/**
 * Puts a new version of the bylaws in force. Votes that are open and actions that are being signed go on by the rule under
 * which they began.
 *
 * @throws BylawsChanged if another version is in force, BylawsFaulty with all that could never be decided
 * @emits BylawsAmended
 */
export async function amendBylaws(
  tx: Tx,
  { networkId, decisionId, ...change }: AmendBylaws,
): Promise<BylawsVersion> {
  const { network } = await standingIn(tx, networkId, 'exclusive');
  assert(tx.actor.kind === 'system', 'bylaws are changed by whom they have decide it');
  const { bylaws, memberClasses } = await soundBylaws(tx, network, change);
  const version: BylawsVersion = {
    networkId,
    version: network.bylawsVersion + 1,
    bylaws,
    memberClasses,
    decisionId,
    setAt: tx.now,
  };
  await tx.db.insert(BylawsVersion, version);
  await tx.db.update(Network, { id: networkId }, { bylaws, memberClasses, bylawsVersion: version.version });
  tx.emit({ networkId, kind: 'BylawsAmended', subjectId: networkId, data: { version: version.version } });
  return version;
}

type Amended = Pick<BylawsVersion, 'bylaws' | 'memberClasses'>;

/**
 * The bylaws as they would be.
 *
 * @throws BylawsChanged if the change was written for another version, BylawsFaulty with all that could never be decided
 */
export async function soundBylaws(tx: Tx, network: Network, change: BylawsChange): Promise<Amended> {
  if (network.bylawsVersion !== change.version) throw new BylawsChanged(network.bylawsVersion);
  const changed = amended(network, change);
  const faults = [
    ...faultsOf(network, changed, await factsOf(tx, network.id)),
    ...(await withBudgetUnits(tx.db, network.id, change.rules ?? [])).faults,
    ...electorateFaults(changed.bylaws.rules, await voterFacts(tx, network, changed)),
  ];
  if (faults.length > 0) throw new BylawsFaulty(faults);
  return changed;
}

function amended(network: Network, { legalForm, facts, memberClasses, rules }: BylawsChange): Amended {
  const { bylaws } = network;
  return {
    bylaws: {
      ...bylaws,
      legalForm: legalForm ?? bylaws.legalForm,
      facts: { ...bylaws.facts, ...facts },
      rules: rules ?? bylaws.rules,
    },
    memberClasses: memberClasses ?? network.memberClasses,
  };
}

/** Everything for which nothing could be decided, in the parts of the change. */
function faultsOf(network: Network, { bylaws, memberClasses }: Amended, facts: BylawFacts): RuleFault[] {
  const inForce = network.bylaws.rules;
  return [
    ...ruleFaults(bylaws.rules),
    ...holderFaults(bylaws.rules, { inForce, holders: facts.holders }),
    ...classFaults(memberClasses, facts),
  ];
}

/** How a network stands: who holds office, and how many members there are of each class. */
async function factsOf({ db, now }: Tx, networkId: string): Promise<BylawFacts> {
  const holders = await db.rows<{ name: string; count: bigint }>(
    `select r.role as name, count(distinct r.membership_id) as count
       from role_assignment r
       join membership m on m.network_id = r.network_id and m.id = r.membership_id
      where r.network_id = $1 and m.state = 'ACTIVE' and r.revoked_at is null
        and r.starts_at <= $2 and (r.ends_at is null or r.ends_at > $2)
      group by r.role`,
    [networkId, now],
  );
  const classes = await db.rows<{ name: string; count: bigint; activeCount: bigint }>(
    `select member_class as name, count(*) as count, count(*) filter (where state = 'ACTIVE') as active_count
       from membership where network_id = $1 group by member_class`,
    [networkId],
  );
  return {
    holders: Object.fromEntries(holders.map(({ name, count }) => [name, Number(count)])),
    membersByClass: Object.fromEntries(classes.map(({ name, count }) => [name, Number(count)])),
    activeByClass: Object.fromEntries(classes.map(({ name, activeCount }) => [name, Number(activeCount)])),
  };
}

/** Who could vote under the changed bylaws, as far as they name groups and terms. */
async function voterFacts(
  { db, now }: Tx,
  network: Network,
  { bylaws, memberClasses }: Amended,
): Promise<VoterFacts & { inForce: readonly BylawRule[] }> {
  const voters = bylaws.rules.flatMap((rule) => votersOf(rule) ?? []);
  const named = voters.flatMap(({ groupId }) => groupId ?? []);
  const groups =
    named.length > 0 ? await db.all(Group, { networkId: network.id, id: named, archivedAt: null }) : [];
  return {
    groupIds: new Set(groups.map(({ id }) => id)),
    members: voters.length > 0 ? await possibleElectors(db, network.id, named) : [],
    votesByClass: new Map(memberClasses.map(({ code, votes }) => [code, votes])),
    now,
    inForce: network.bylaws.rules,
  };
}

/** The bylaws in force. */
export async function bylawsOf(db: Db, { id, bylawsVersion }: Network): Promise<BylawsVersion> {
  const version = await db.one(BylawsVersion, { networkId: id, version: bylawsVersion });
  assert(version, 'a network has bylaws');
  return version;
}

/**
 * All versions of the bylaws, newest first.
 *
 * @throws Forbidden
 */
export async function listBylaws(
  db: Db,
  standing: Standing,
  request: PageRequest,
): Promise<Page<BylawsVersion>> {
  authorize(standing, 'network.read');
  const [version] = afterKey(request, [CURSOR_INTEGER]);
  const rows = await db.select(
    BylawsVersion,
    `where network_id = $1 and ($2::bigint is null or version < $2) order by version desc limit $3`,
    [standing.network.id, version, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.version]);
}
