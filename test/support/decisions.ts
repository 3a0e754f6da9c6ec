import { Network } from '../../src/entities/network.ts';
import type { BylawRule } from '../../src/governance/bylaws.ts';
import { newId } from '../../src/kernel/ids.ts';
import { amendBylaws } from '../../src/services/networks/bylaws.ts';
import { mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import type { TestNetwork } from './world.ts';

/** Puts rules in force beside those of the template, in place of those for the same kinds. */
export async function givenRules(
  server: TestServer,
  { id: networkId }: TestNetwork,
  rules: BylawRule[],
): Promise<void> {
  const kinds = rules.map(({ action }) => action);
  await server.app.services.run({ kind: 'system', name: 'decision' }, async (tx) => {
    const network = await tx.db.one(Network, { id: networkId });
    const others = (network?.bylaws.rules ?? []).filter(({ action }) => !kinds.includes(action));
    const version = network?.bylawsVersion ?? 0;
    const decisionId = newId('signedAction');
    await amendBylaws(tx, { networkId, decisionId, version, rules: [...others, ...rules] });
  });
}

export const SIGNED = `signedAction {
  id state needed sentence title declineReason failure { code } signatures { member { id } }
  rule { action upTo sentence decidedBy { by role count } } viewerCan { sign { allowed reason } decline { allowed reason } } }`;
const PROPOSED =
  'proposal { id state title actions { kind sentence amount { value } } rule { method quorum periodDays } }';

let keys = 0;

/** What members of a network do with actions. */
export function actionKit(world: () => { server: TestServer; network: TestNetwork }) {
  const input = (more: object) => ({
    networkId: world().network.id,
    idempotencyKey: `decide-${++keys}`,
    ...more,
  });
  return {
    submitInput: (action: object, more: object = {}) => input({ action, ...more }),
    signInput: (actionId: string) => input({ actionId }),
    /** Hands in an action that must be accepted. */
    submit: (caller: Caller, action: object, more: object = {}): Promise<Json> =>
      mutate(world().server, caller, 'actionSubmit', input({ action, ...more }), `${SIGNED} ${PROPOSED}`),
    sign: (caller: Caller, actionId: string): Promise<Json> =>
      tryMutate(world().server, caller, 'actionSign', input({ actionId }), SIGNED),
    decline: (caller: Caller, actionId: string, reason = 'too dear'): Promise<Json> =>
      tryMutate(
        world().server,
        caller,
        'actionDecline',
        { networkId: world().network.id, actionId, reason },
        SIGNED,
      ),
  };
}
