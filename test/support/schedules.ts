import type { App } from '../../src/app.ts';
import { payDueSchedules } from '../../src/services/ledger/due-schedules.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

export interface ScheduleScene {
  server: TestServer;
  network: TestNetwork;
  ana: Member;
  ben: Member;
}

export const SCHEDULE = `transferSchedule { id state stopReason description startsOn frequency every dateCount isInInstalments
  total { value } nextAmount { value unit { code } } nextDueOn lastDueOn createdAt endedAt payer { id } payee { id }
  createdBy { displayName } actingFor { id } occurrences { nodes { dueOn } } }`;

let serial = 0;

/** What tests of schedules do again and again; Ana pays Ben. */
export function scheduleKit(scene: () => ScheduleScene) {
  const planInput = (more: object = {}): Record<string, unknown> => {
    const { network, ana, ben } = scene();
    return {
      networkId: network.id,
      idempotencyKey: `plan-${++serial}`,
      payerAccountId: ana.accountId,
      payeeAccountId: ben.accountId,
      amount: '1',
      description: 'rent of a bed',
      startsOn: '2026-03-02',
      frequency: 'DAILY',
      count: 3,
      ...more,
    };
  };
  const tryPlan = (caller: Caller, input: object) =>
    tryMutate(scene().server, caller, 'transferSchedule', input, SCHEDULE);
  const plan = async (more: object = {}, caller: Caller = scene().ana): Promise<Json> =>
    (await mutate(scene().server, caller, 'transferSchedule', planInput(more), SCHEDULE)).transferSchedule;
  const change = async (
    field: string,
    id: string,
    more: object = {},
    caller: Caller = scene().ana,
  ): Promise<Json> => {
    const input = { networkId: scene().network.id, transferScheduleId: id, ...more };
    return (await mutate(scene().server, caller, field, input, SCHEDULE)).transferSchedule;
  };
  const pay = (app: App = scene().server.app) => payDueSchedules(app.services, scene().server.clock.now());
  const scheduleOf = async (id: string, caller: Caller = scene().ana): Promise<Json> => {
    const query = `query($id: ID!) { node(id: $id) { ... on TransferSchedule { state stopReason nextDueOn endedAt nextAmount { value }
      viewerCan { cancel { allowed reason } pause { allowed reason } resume { allowed reason } }
      occurrences(first: 100) { nodes { dueOn number state tries refusalCode retryAt settledAt amount { value }
        transfer { id kind postedAt dueOn description amount { value } createdBy { displayName } cause { id } } } } } } }`;
    return (await ask(scene().server, caller, query, { id })).node;
  };
  /** Days and states of the dates that have come about, oldest first. */
  const datesOf = async (id: string): Promise<string[]> =>
    (await scheduleOf(id)).occurrences.nodes
      .map(({ dueOn, state }: Json) => `${dueOn} ${state}`)
      .toReversed();
  return { planInput, tryPlan, plan, change, pay, scheduleOf, datesOf };
}
