import { expireHolds } from '../../src/services/ledger/hold-expiry.ts';
import { ask, mutate, type Caller, type Json } from './api.ts';
import { START, type TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

export interface HoldWorld {
  server: TestServer;
  network: TestNetwork;
  /** Whose account promises. */
  ana: Member;
}

const DAY_MS = 86_400_000;
export const days = (count: number) => new Date(START.getTime() + count * DAY_MS).toISOString();

export const HOLD = `hold { id state amount { value } captured { value } remaining { value } }`;
export const CAPTURE = `transfer { id kind amount { value } description } ${HOLD}`;

let keys = 0;

/** What tests of holds do and look at, in a world that is made anew for each of them. */
export function holdKit(world: () => HoldWorld) {
  const keyed = (input: object) => ({
    networkId: world().network.id,
    idempotencyKey: `hold-${++keys}`,
    ...input,
  });
  const holdInput = (amount: string, change: object = {}) =>
    keyed({
      accountId: world().ana.accountId,
      amount,
      description: 'a room',
      expiresAt: days(10),
      ...change,
    });
  return {
    holdInput,
    captureInput: (holdId: string, change: object = {}) => keyed({ holdId, ...change }),
    releaseInput: (holdId: string) => ({ networkId: world().network.id, holdId }),

    place: async (amount: string, change: object = {}): Promise<string> => {
      const { server, ana } = world();
      const { hold } = await mutate(server, ana, 'holdPlace', holdInput(amount, change), HOLD);
      return hold.id;
    },

    capture: (caller: Caller, input: object): Promise<Json> =>
      mutate(world().server, caller, 'holdCapture', input, CAPTURE),

    /** Balance, reserved and available, as the account's holder sees them. */
    accountOf: async (member: Member): Promise<string[]> => {
      const { server, network } = world();
      const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) {
        balance { value } reserved { value } available { value } } } }`;
      const data = await ask(server, member, query, { n: network.id, a: member.accountId });
      const { balance, reserved, available } = data.network.account;
      return [balance.value, reserved.value, available.value];
    },

    holdState: async (id: string): Promise<Json> => {
      return world().server.app.database.db.row(
        'select state, captured_minor from hold where network_id = $1 and id = $2',
        [world().network.id, id],
      );
    },

    eventsOf: async (subjectId: string): Promise<Json[]> => {
      return world().server.app.database.db.rows(
        `select kind, actor_person_id, actor_system, data from event
          where network_id = $1 and subject_id = $2 order by at, id`,
        [world().network.id, subjectId],
      );
    },

    /** Runs the job that gives back what is due. */
    expire: async (): Promise<void> => {
      const { app, clock } = world().server;
      await expireHolds({ db: app.database.db, run: app.services.run }, clock.now());
    },
  };
}
