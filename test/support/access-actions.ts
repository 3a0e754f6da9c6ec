import { mutationCall, type Calls, type Stage } from './access.ts';
import { mutate } from './api.ts';
import type { TestNetwork } from './world.ts';

/** Who hands in actions, signs and declines them; the letters are those of the table that it belongs to. */
export const ACTIONS_TABLE = `
actionSubmit                U       F        F         +      +           +         +         +       F
actionSign                  U       F        F         F      +           F         F         F       F
actionDecline               U       F        F         F      +           F         F         F       F
`;

let keys = 0;
const inputIn = ({ id }: TestNetwork, more: object) => ({
  networkId: id,
  idempotencyKey: `action-${++keys}`,
  ...more,
});

export function actionCalls(stage: Stage): Calls {
  const statement = { statement: { text: 'We stand by our neighbours.' } };
  /** What coordinators are asked for, by somebody who is none. */
  const askedBy = async (submitter: 'member' | 'auditor') => {
    const { server, cast } = stage();
    const input = inputIn(cast.network, { action: { networkUpdate: { isListed: false } } });
    const made = await mutate(server, cast.callers[submitter], 'actionSubmit', input, 'signedAction { id }');
    return made.signedAction.id as string;
  };
  return {
    actionSubmit: () => mutationCall('actionSubmit', inputIn(stage().cast.network, { action: statement })),
    actionSign: async () =>
      mutationCall('actionSign', inputIn(stage().cast.network, { actionId: await askedBy('auditor') })),
    actionDecline: async (actor) => {
      const { network } = stage().cast;
      // Who has submitted it may take it back.
      const actionId = await askedBy(actor === 'auditor' ? 'member' : 'auditor');
      return mutationCall('actionDecline', { networkId: network.id, actionId, reason: 'not yet' });
    },
  };
}
