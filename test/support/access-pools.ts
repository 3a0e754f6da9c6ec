import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf } from './actors.ts';
import { givenPool, givenResource } from './pools.ts';
import { MaintenancePlan } from '../../src/entities/maintenance-plan.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';

/** Who may change what is shared, and by which rules; the letters are those of the table it belongs to. */
export const POOLS_TABLE = `
poolCreate                  U       F        F         F      +           F         F         F       F
poolUpdate                  U       F        F         F      +           F         F         F       F
poolRuleSet                 U       F        F         F      +           F         F         F       F
poolArchive                 U       F        F         F      +           F         F         F       F
poolStewardAdd              U       F        F         F      +           F         F         F       F
poolStewardRemove           U       F        F         F      +           F         F         F       F
resourceAdd                 U       F        F         +      +           +         +         +       F
resourceAccept              U       F        F         F      +           F         F         F       F
resourceDecline             U       F        F         F      +           F         F         F       F
resourceUpdate              U       F        F         F      +           F         F         F       F
resourceRetire              U       F        F         F      +           F         F         F       F
resourceAcquire             U       F        F         F      F           F         F         F       F
maintenancePlanSet          U       F        F         F      +           F         F         F       F
maintenancePlanEnd          U       F        F         F      +           F         F         F       F
maintenanceRecord           U       F        F         F      +           F         F         F       F
`;

let serial = 0;

export function poolCalls(stage: Stage): Calls {
  const inNetwork = (input: object) => ({ networkId: stage().cast.network.id, ...input });
  const newPool = () => givenPool(stage().server, stage().cast.network);
  const newResource = async (given: Partial<Resource> = {}) =>
    givenResource(stage().server, await newPool(), given);
  const onPool = (field: string, more: object) => async () =>
    mutationCall(field, inNetwork({ poolId: (await newPool()).id, ...more }));
  const onResource = (field: string, more: object, given?: Partial<Resource>) => async () =>
    mutationCall(field, inNetwork({ resourceId: (await newResource(given)).id, ...more }));

  async function newPlan(): Promise<{ resourceId: string; planId: string }> {
    const { db, clock } = stage().server.app.services;
    const { networkId, id: resourceId } = await newResource();
    const id = newId('maintenancePlan');
    const rhythm = { name: 'Oil', everyDays: 30, everyUses: null, lastDoneUses: 0, endedAt: null };
    const plan = { networkId, id, resourceId, ...rhythm, lastDoneAt: clock.now(), createdAt: clock.now() };
    await db.insert(MaintenancePlan, plan);
    return { resourceId, planId: id };
  }

  /** Who becomes a steward: somebody who can, whoever calls. */
  const someMember = async () => {
    const { server, cast } = stage();
    return (await membershipOf(server, cast, 'member')).membershipId;
  };

  return {
    poolCreate: () => mutationCall('poolCreate', inNetwork({ name: 'Tool library' })),
    poolUpdate: onPool('poolUpdate', { name: 'Tools' }),
    poolRuleSet: onPool('poolRuleSet', { rules: { leadMinutes: 5 } }),
    poolArchive: onPool('poolArchive', {}),
    poolStewardAdd: async () => {
      const membershipId = await someMember();
      return mutationCall('poolStewardAdd', inNetwork({ poolId: (await newPool()).id, membershipId }));
    },
    poolStewardRemove: async () => {
      const { server, cast } = stage();
      const member = await membershipOf(server, cast, 'applicant');
      const pool = await givenPool(server, cast.network, { stewards: [member] });
      const input = inNetwork({ poolId: pool.id, membershipId: member.membershipId });
      return mutationCall('poolStewardRemove', input);
    },
    resourceAdd: onPool('resourceAdd', { kind: 'ITEM', name: 'Ladder', loan: {} }),
    resourceAccept: onResource('resourceAccept', {}, { state: 'OFFERED' }),
    resourceDecline: onResource('resourceDecline', {}, { state: 'OFFERED' }),
    resourceUpdate: onResource('resourceUpdate', { name: 'Saw' }),
    resourceRetire: onResource('resourceRetire', {}),
    // Nobody but a treasurer pays from what all own, and nobody but a steward or a coordinator adds to a pool.
    resourceAcquire: async () => {
      const { founder } = stage().cast.network;
      const payment = { payerAccountId: founder.accountId, payeeAccountId: founder.accountId };
      return mutationCall(
        'resourceAcquire',
        inNetwork({
          poolId: (await newPool()).id,
          resource: { kind: 'ITEM', name: 'Stove' },
          ...payment,
          amount: '1.00',
          description: 'a stove',
          idempotencyKey: `pools-${++serial}`,
        }),
      );
    },
    maintenancePlanSet: onResource('maintenancePlanSet', { name: 'Oil', everyDays: 30 }),
    maintenancePlanEnd: async () => mutationCall('maintenancePlanEnd', inNetwork(await newPlan())),
    maintenanceRecord: async () =>
      mutationCall('maintenanceRecord', inNetwork({ ...(await newPlan()), note: 'oiled' })),
  };
}
