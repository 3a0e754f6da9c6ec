import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { mutate } from './api.ts';
import { givenMember, type Member } from './world.ts';

/** Who may make several payments in one call; the letters are those of the table that it belongs to. */
export const SCHEDULES_TABLE = `
transfersCreate             U       F        F         +      +           +         +         +       F
transferImport              U       F        F         +      +           +         +         +       F
transferSchedule            U       F        F         +      +           +         +         +       F
transferScheduleCancel      U       F        F         +      +           +         +         +       F
transferSchedulePause       U       F        F         +      +           +         +         +       F
transferScheduleResume      U       F        F         +      +           +         +         +       F
`;

let serial = 0;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function scheduleCalls(stage: Stage): Calls {
  const inNetwork = (input: object) => ({ networkId: stage().cast.network.id, ...input });
  const once = (input: object) => inNetwork({ idempotencyKey: `lines-${++serial}`, ...input });
  const somebody = () => givenMember(stage().server, stage().cast.network, 'Payee');
  /** The member that the actor is; the founder for who is none, who then reaches for what is another's. */
  const own = async (actor: ActorName): Promise<Member> =>
    OUTSIDE.includes(actor)
      ? stage().cast.network.founder
      : membershipOf(stage().server, stage().cast, actor);
  const payment = async (actor: ActorName) => ({
    payerAccountId: (await own(actor)).accountId,
    payeeAccountId: (await somebody()).accountId,
    amount: '0.10',
    description: 'a little help',
  });
  const planned = async (actor: ActorName) => ({
    ...(await payment(actor)),
    startsOn: '2026-03-20',
    frequency: 'MONTHLY',
    count: 3,
  });
  /** A schedule of the actor, or of the founder for who is no member. */
  const plan = async (actor: ActorName) => {
    const { server } = stage();
    const payload = await mutate(
      server,
      await own(actor),
      'transferSchedule',
      once(await planned(actor)),
      'transferSchedule { id }',
    );
    return inNetwork({ transferScheduleId: payload.transferSchedule.id });
  };
  return {
    transfersCreate: async (actor) =>
      mutationCall('transfersCreate', once({ lines: [await payment(actor), await payment(actor)] })),
    transferImport: async (actor) => {
      const { payerAccountId, payeeAccountId } = await payment(actor);
      const csv = `payer,payee,amount,description\n${payerAccountId},${payeeAccountId},0.10,help`;
      return mutationCall(
        'transferImport',
        once({ unitId: stage().cast.network.unitId, csv, isPreview: false }),
      );
    },
    transferSchedule: async (actor) => mutationCall('transferSchedule', once(await planned(actor))),
    transferScheduleCancel: async (actor) => mutationCall('transferScheduleCancel', await plan(actor)),
    transferSchedulePause: async (actor) => mutationCall('transferSchedulePause', await plan(actor)),
    transferScheduleResume: async (actor) => {
      const input = await plan(actor);
      await mutate(
        stage().server,
        await own(actor),
        'transferSchedulePause',
        input,
        'transferSchedule { id }',
      );
      return mutationCall('transferScheduleResume', input);
    },
  };
}
