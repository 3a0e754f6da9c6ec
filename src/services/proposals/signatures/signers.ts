import type { SignedAction } from '../../../entities/signed-action.ts';
import type { Network } from '../../../entities/network.ts';
import { deciderOf, type BylawRule } from '../../../governance/bylaws.ts';
import { decidingsOf } from '../../../governance/strictest-rule.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, DomainError } from '../../../kernel/errors.ts';
import { groupedBy, keysOf } from '../../../kernel/lists.ts';
import type { ActionHandlers } from '../../access/action-handler.ts';

/** Where and when it is looked who may sign. */
interface Look {
  db: Db;
  now: Date;
}

/**
 * An action with those who gain by it now. Who gained by it when it was submitted stays among them: nobody signs for it by
 * giving away for a day what ties them to it. One that has ended is as it was.
 */
export async function withBeneficiariesNow(
  db: Db,
  handlers: ActionHandlers,
  action: SignedAction,
): Promise<SignedAction> {
  const { networkId, beneficiaryIds, endedAt } = action;
  if (endedAt) return action;
  const { kind, data } = action.action;
  const handler = handlers.get(kind);
  assert(handler, `somebody carries out ${kind}`);
  try {
    const now = await handler.beneficiaries(db, networkId, data);
    return { ...action, beneficiaryIds: [...new Set([...beneficiaryIds, ...now])] };
  } catch (error) {
    // What it concerns is gone. Carrying it out says so, and then it stays with that reason.
    if (error instanceof DomainError) return action;
    throw error;
  }
}

/**
 * Memberships that have signed, hold the role at this moment, are active and gain nothing by it, in the order in which they
 * signed.
 */
export async function validSigners(look: Look, action: SignedAction): Promise<string[]> {
  const [signers = []] = await validSignersOf(look, [action]);
  return signers;
}

async function validSignersOf({ db, now }: Look, actions: readonly SignedAction[]): Promise<string[][]> {
  const roles = actions.map(({ rule: { decidedBy } }) => (decidedBy.by === 'VOTE' ? null : decidedBy.role));
  const rows = await db.rows<{ actionId: string; membershipId: string }>(
    `select s.action_id, s.membership_id
       from unnest($1::text[], $2::text[], $3::text[]) as asked (network_id, id, role)
       join action_signature s on s.network_id = asked.network_id and s.action_id = asked.id
       join membership m on m.network_id = s.network_id and m.id = s.membership_id
      where m.state = 'ACTIVE'
        and exists (select 1 from role_assignment r
                     where r.network_id = s.network_id and r.membership_id = s.membership_id and r.role = asked.role
                       and r.revoked_at is null and r.starts_at <= $4 and (r.ends_at is null or r.ends_at > $4))
      order by s.signed_at, s.membership_id`,
    [...keysOf(actions), roles, now],
  );
  const signersOf = groupedBy(rows, ({ actionId }) => actionId);
  return actions.map(({ id, beneficiaryIds }) =>
    signersOf(id).flatMap(({ membershipId }) => (beneficiaryIds.includes(membershipId) ? [] : membershipId)),
  );
}

/** How many sign: of an office that decides alone one is enough. */
export function signaturesNeeded({ decidedBy }: BylawRule): number {
  return decidedBy.by === 'SIGNATURES' ? decidedBy.count : 1;
}

/** Whether the bylaws have the same decide it as when it was submitted. */
export function isRuleInForce({ bylaws }: Network, { action, rule }: SignedAction): boolean {
  const [deciding] = decidingsOf([action]);
  assert(deciding, 'an action is decided by somebody');
  const inForce = deciderOf(bylaws.rules, deciding);
  const { decidedBy } = rule;
  return (
    inForce.by !== 'VOTE' &&
    decidedBy.by === inForce.by &&
    decidedBy.role === inForce.role &&
    signaturesNeeded(rule) === (inForce.by === 'SIGNATURES' ? inForce.count : 1)
  );
}

/** Whether who has signed may have it carried out: that was refused before, or enough hold the role again. */
export async function canTryAgain(look: Look, action: SignedAction): Promise<boolean> {
  const [can = false] = await canBeTriedAgain(look, [action]);
  return can;
}

/** The same of several actions, in their order. */
export async function canBeTriedAgain(look: Look, actions: readonly SignedAction[]): Promise<boolean[]> {
  const signers = await validSignersOf(look, actions);
  return actions.map(
    ({ state, rule }, index) => state === 'FAILED' || (signers[index]?.length ?? 0) >= signaturesNeeded(rule),
  );
}
