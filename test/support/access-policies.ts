import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { mutate } from './api.ts';
import { givenCommons, givenPolicy, policyInput } from './policies.ts';
import type { TestNetwork } from './world.ts';

/** Who may call what sets and carries out the rules of units; the letters are those of the table it belongs to. */
export const POLICIES_TABLE = `
unitPolicySet               U       F        F         F      +           F         F         F       F
demurrageRun                U       F        F         F      r           r         F         F       F
duesSet                     U       F        F         F      +           F         F         F       F
duesRetire                  U       F        F         F      +           F         F         F       F
duesRun                     U       F        F         F      +           +         F         F       F
duesPay                     U       F        F         +      +           +         +         +       F
`;

let serial = 0;

export function policyCalls(stage: Stage): Calls {
  const network = () => stage().cast.network;
  const once = () => ({ idempotencyKey: `policies-${++serial}` });

  /** The cast's network with a new unit for its first one, in which nobody can spend anything. */
  async function newUnit(): Promise<TestNetwork> {
    // Last in the order of codes, so that the first account of who joins later stays the one in the first unit.
    const unit = { code: `Z${++serial}`, name: [{ locale: 'en', text: 'Due' }], symbol: 'd' };
    const kind = { kind: 'CREDIT', scale: 2, defaultFloor: '0', opensMemberAccounts: true };
    const input = { networkId: network().id, ...unit, ...kind };
    const made = await mutate(stage().server, network().founder, 'unitCreate', input, 'unit { id }');
    return { ...network(), unitId: made.unit.id };
  }

  async function duesInput(of: TestNetwork): Promise<object> {
    const { accountId } = await givenCommons(stage().server, of);
    const place = { networkId: of.id, unitId: of.unitId, accountId };
    return { ...place, amount: '1.00', period: 'MONTH', graceDays: 7 };
  }

  /** Sets dues and gives the id of the rule. */
  async function givenDues(of: TestNetwork): Promise<string> {
    const input = await duesInput(of);
    const { duesRule } = await mutate(stage().server, of.founder, 'duesSet', input, 'duesRule { id }');
    return duesRule.id;
  }

  const runInput = (of: TestNetwork) => ({
    networkId: of.id,
    unitId: of.unitId,
    period: '2026-03',
    ...once(),
  });

  /** Charges everybody in a new unit; what each owes, by membership. */
  async function chargeAll(): Promise<Map<string, string>> {
    const { server } = stage();
    const of = await newUnit();
    await givenDues(of);
    await mutate(server, of.founder, 'duesRun', runInput(of), 'run { id }');
    await givenPolicy(server, of, { limits: null });
    const charges = await server.app.database.db.rows<{ id: string; membershipId: string }>(
      'select id, membership_id from dues_charge where network_id = $1 and unit_id = $2',
      [of.id, of.unitId],
    );
    return new Map(charges.map(({ id, membershipId }) => [membershipId, id]));
  }

  // One run is enough for all, since each pays only what is their own.
  let charged: Promise<Map<string, string>> | undefined;

  /** What the actor owes; what the founder owes for who owes nothing. */
  async function chargedTo(actor: ActorName): Promise<string> {
    const { server, cast } = stage();
    const charges = await (charged ??= chargeAll());
    const { membershipId } = await membershipOf(server, cast, actor);
    return charges.get(membershipId) ?? charges.get(cast.network.founder.membershipId) ?? '';
  }

  return {
    unitPolicySet: async () =>
      mutationCall('unitPolicySet', await policyInput(stage().server, network(), { requestDays: 20 })),
    demurrageRun: () => mutationCall('demurrageRun', runInput(network())),
    duesSet: async () => mutationCall('duesSet', await duesInput(await newUnit())),
    duesRetire: async () => {
      const duesRuleId = await givenDues(await newUnit());
      return mutationCall('duesRetire', { networkId: network().id, duesRuleId });
    },
    duesRun: async () => {
      const of = await newUnit();
      await givenDues(of);
      return mutationCall('duesRun', runInput(of));
    },
    duesPay: async (actor) =>
      mutationCall('duesPay', { networkId: network().id, chargeId: await chargedTo(actor), ...once() }),
  };
}
