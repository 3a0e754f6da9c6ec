import { Membership } from '../../../entities/membership.ts';
import { Network } from '../../../entities/network.ts';
import { SignedAction } from '../../../entities/signed-action.ts';
import type { Db } from '../../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import type { ActionHandlers } from '../../access/action-handler.ts';
import { isRuleInForce, withBeneficiariesNow } from './signers.ts';

interface Look {
  db: Db;
  handlers: ActionHandlers;
  now: Date;
}

/**
 * Actions of all networks that a person can sign and has not, the oldest first: the rule by which they were submitted is in
 * force, and the person gains nothing by them now.
 */
export async function listSignaturesDue(
  look: Look,
  personId: string,
  request: PageRequest,
): Promise<Page<SignedAction>> {
  const [id] = afterKey(request, [CURSOR_TEXT]);
  const own = await ownNetworks(look.db, personId);
  const wanted = request.first + 1;
  const due: SignedAction[] = [];
  let after: string | null = id ?? null;
  for (;;) {
    const batch = await held(look, personId, { after, limit: wanted });
    for (const action of batch) if (await isDue(look, action, own.get(action.networkId))) due.push(action);
    if (due.length >= wanted || batch.length < wanted)
      return pageOf(due.slice(0, wanted), request, (row) => [row.id]);
    after = batch.at(-1)?.id ?? null;
  }
}

interface OwnNetwork {
  network: Network;
  membershipId: string;
}

/** The networks in which the person is an active member and something can be done. */
async function ownNetworks(db: Db, personId: string): Promise<Map<string, OwnNetwork>> {
  const memberships = await db.select(
    Membership,
    `where network_id in (select network_id from person_network where person_id = $1)
        and person_id = $1 and state = 'ACTIVE'`,
    [personId],
  );
  const ids = memberships.map(({ networkId }) => networkId);
  const networks = ids.length > 0 ? await db.all(Network, { id: ids, archivedAt: null }) : [];
  const membershipOf = new Map(memberships.map(({ networkId, id }) => [networkId, id]));
  return new Map(
    networks.map((network) => [network.id, { network, membershipId: membershipOf.get(network.id) ?? '' }]),
  );
}

/** Actions that wait for holders of a role that the person holds, and that the person has not signed. */
function held(
  { db, now }: Look,
  personId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<SignedAction[]> {
  return db.select(
    SignedAction,
    `where state = 'PENDING' and expires_at > $2
        and network_id in (select network_id from person_network where person_id = $1)
        and ($3::text is null or id > $3)
        and exists (
          select 1 from membership m
            join role_assignment r on r.network_id = m.network_id and r.membership_id = m.id
           where m.network_id = signed_action.network_id and m.person_id = $1 and m.state = 'ACTIVE'
             and r.role = signed_action.rule->'decidedBy'->>'role' and r.revoked_at is null
             and r.starts_at <= $2 and (r.ends_at is null or r.ends_at > $2)
             and m.id <> all(signed_action.beneficiary_ids)
             and not exists (
               select 1 from action_signature s
                where s.network_id = m.network_id and s.membership_id = m.id and s.action_id = signed_action.id))
      order by id limit $4`,
    [personId, now, after, limit],
  );
}

async function isDue(
  { db, handlers }: Look,
  action: SignedAction,
  own: OwnNetwork | undefined,
): Promise<boolean> {
  if (!own || !isRuleInForce(own.network, action)) return false;
  const { beneficiaryIds } = await withBeneficiariesNow(db, handlers, action);
  return !beneficiaryIds.includes(own.membershipId);
}
