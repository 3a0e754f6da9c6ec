import { mutationCall, type Calls, type Stage } from './access.ts';
import { policyInput } from './policies.ts';

/** Who may call what sets the rules of units; the letters are those of the table that it belongs to. */
export const POLICIES_TABLE = `
unitPolicySet               U       F        F         F      +           F         F         F       F
`;

export function policyCalls(stage: Stage): Calls {
  return {
    unitPolicySet: async () =>
      mutationCall(
        'unitPolicySet',
        await policyInput(stage().server, stage().cast.network, { requestDays: 20 }),
      ),
  };
}
