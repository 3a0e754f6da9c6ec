import { DuesCharge } from '../../entities/dues-charge.ts';
import { Membership } from '../../entities/membership.ts';
import type { Db } from '../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { isOwnMembership } from '../networks/membership-access.ts';

/** What a member owes and has not paid, oldest first. */
export interface Arrears {
  member: Membership;
  charges: DuesCharge[];
}

/** Since when a member is in arrears; null if all that is unpaid is within its grace. */
export function inArrearsSince({ charges }: Arrears, now: Date): Date | null {
  const past = charges.map(({ graceUntil }) => graceUntil).filter((until) => until <= now);
  return past.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/** What is unpaid, by unit, in the order of the oldest charge. */
export function unpaidTotals({ charges }: Arrears): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { unitId, amountMinor } of charges) {
    totals.set(unitId, (totals.get(unitId) ?? 0n) + amountMinor);
  }
  return totals;
}

/** Whether the viewer sees what a member owes: the member, coordinators, treasurers and auditors do. */
export function seesArrears(standing: Standing, member: Membership): boolean {
  return may(standing, 'dues.readArrears', { isOwn: isOwnMembership(standing, member) }).allowed;
}

/** What members of one network have not paid, by membership. */
export async function unpaidOf(
  db: Db,
  networkId: string,
  membershipIds: readonly string[],
): Promise<Map<string, DuesCharge[]>> {
  const match = { networkId, membershipId: membershipIds, state: 'UNPAID' as const };
  const charges = await db.all(DuesCharge, match, 'order by charged_at, id');
  const byMember = new Map<string, DuesCharge[]>();
  for (const charge of charges) {
    const own = byMember.get(charge.membershipId);
    if (own) own.push(charge);
    else byMember.set(charge.membershipId, [charge]);
  }
  return byMember;
}

/**
 * Members of a network who are in arrears, in the order in which they joined; who has left is not among them.
 *
 * @throws Forbidden
 */
export async function listArrears(
  db: Db,
  standing: Standing,
  request: PageRequest,
  now: Date,
): Promise<Page<Arrears>> {
  authorize(standing, 'dues.readArrears');
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const networkId = standing.network.id;
  const members = await db.select(
    Membership,
    `where network_id = $1 and state in ('ACTIVE', 'SUSPENDED') and ($2::text is null or id > $2)
        and exists (select 1 from dues_charge c where c.network_id = $1 and c.membership_id = membership.id
                       and c.state = 'UNPAID' and c.grace_until <= $3)
      order by id limit $4`,
    [networkId, after, now, request.first + 1],
  );
  const unpaid = await unpaidOf(
    db,
    networkId,
    members.map(({ id }) => id),
  );
  const rows = members.map((member) => ({ member, charges: unpaid.get(member.id) ?? [] }));
  return pageOf(rows, request, ({ member }) => [member.id]);
}

/**
 * Notes the charges whose grace is over, and says of each member once that it is in arrears: again only after all was paid.
 *
 * @emits MembershipInArrears
 */
export async function noteArrears(tx: Tx, networkId: string): Promise<void> {
  const rows = await tx.db.rows<{ membershipId: string }>(
    `with before as (
       select membership_id from dues_charge
        where network_id = $1 and state = 'UNPAID' and arrears_at is not null),
     noted as (
       update dues_charge set arrears_at = $2
        where network_id = $1 and state = 'UNPAID' and grace_until <= $2 and arrears_at is null
          and membership_id in (select id from membership where network_id = $1 and state in ('ACTIVE', 'SUSPENDED'))
       returning membership_id)
     select distinct membership_id from noted where membership_id not in (select membership_id from before)
      order by membership_id`,
    [networkId, tx.now],
  );
  for (const { membershipId } of rows) {
    tx.emit({ networkId, kind: 'MembershipInArrears', subjectId: membershipId });
  }
}
