import { mutationCall, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { mutate } from './api.ts';
import { accountIn, givenExchange, rateInput, setRate, type Exchange } from './conversions.ts';
import { givenMember, type Member } from './world.ts';

/** Who may call what of the ledger; the letters are those of the table that it belongs to. */
export const LEDGER_TABLE = `
unitCreate                  U       F        F         F      +           F         F         F       F
accountOpen                 U       F        F         F      +           F         F         F       F
accountUpdate               U       F        F         F      +           F         F         F       F
limitSet                    U       F        F         F      +           F         F         F       F
accountClose                U       F        F         F      +           F         F         F       F
signatoryAdd                U       F        F         F      F           +         F         F       F
signatoryRemove             U       F        F         F      +           +         F         F       F
transferCreate              U       F        F         +      +           +         +         +       F
transferRequest             U       F        F         +      +           +         +         +       F
transferAccept              U       F        F         +      +           +         +         +       F
transferReject              U       F        F         +      +           +         +         +       F
transferCancel              U       F        F         N      +           N         N         F       F
transferReverse             U       F        F         +      +           +         +         +       F
transferDispute             U       F        F         +      +           +         +         +       F
holdPlace                   U       F        F         +      +           +         +         +       F
holdCapture                 U       F        F         +      +           +         +         +       F
holdRelease                 U       F        F         +      +           +         +         +       F
conversionRateSet           U       F        F         F      +           F         F         F       F
conversionRateRetire        U       F        F         F      +           F         F         F       F
conversionCreate            U       F        F         +      +           +         +         +       F
disputeMediatorSet          U       F        F         F      +           F         F         F       F
disputeResolve              U       F        F         +      +           +         +         +       F
disputeWithdraw             U       F        F         +      +           +         +         +       F
requestRuleSet              U       F        F         +      +           +         +         +       F
requestRuleRemove           U       F        F         +      +           +         +         +       F
`;

let serial = 0;

const OUTSIDE: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];
const isMember = (actor: ActorName) => !OUTSIDE.includes(actor);

export function ledgerCalls(stage: Stage): Calls {
  const inNetwork = (input: object) => ({ networkId: stage().cast.network.id, ...input });
  const once = (input: object) => inNetwork({ idempotencyKey: `access-${++serial}`, ...input });
  const somebody = (name = 'Somebody') => givenMember(stage().server, stage().cast.network, name);
  const founder = () => stage().cast.network.founder;
  const unitId = () => stage().cast.network.unitId;
  /** Does something as somebody who may, and gives the id of what came of it. */
  const given = async (caller: Member, field: string, input: object, result: string): Promise<string> =>
    (await mutate(stage().server, caller, field, input, `${result} { id }`))[result].id;
  const commonAccount = () =>
    given(founder(), 'accountOpen', inNetwork({ unitId: unitId(), name: 'Pot' }), 'account');
  const newSignatory = async () => ({
    accountId: await commonAccount(),
    membershipId: (await somebody()).membershipId,
  });
  /** The member that the actor is; the founder for who is none, who then reaches for what is another's. */
  const own = async (actor: ActorName): Promise<Member> => {
    const member = await membershipOf(stage().server, stage().cast, actor);
    return isMember(actor) ? member : founder();
  };
  const payment = (payer: Member, payee: Member) =>
    once({
      payerAccountId: payer.accountId,
      payeeAccountId: payee.accountId,
      amount: '0.10',
      description: 'a little help',
    });
  const paidTo = async (payee: Member) => {
    const payer = await somebody('Payer');
    return given(payer, 'transferCreate', payment(payer, payee), 'transfer');
  };
  const disputed = async (payee: Member = founder()) =>
    given(
      payee,
      'transferDispute',
      inNetwork({ transferId: await paidTo(payee), reason: 'never happened' }),
      'dispute',
    );
  const promised = (payer: Member, payee: Member | null) =>
    once({
      accountId: payer.accountId,
      payeeAccountId: payee?.accountId,
      amount: '0.10',
      description: 'a room',
      expiresAt: '2026-03-20T00:00:00Z',
    });
  const held = async (payer: Member, payee: Member | null) =>
    given(payer, 'holdPlace', promised(payer, payee), 'hold');
  let exchange: Promise<Exchange> | undefined;
  const theExchange = () => (exchange ??= givenExchange(stage().server, stage().cast.network));
  const newRate = async (): Promise<string> => {
    const at = await theExchange();
    return (await setRate(at, rateInput(at))).id;
  };
  return {
    unitCreate: () =>
      mutationCall(
        'unitCreate',
        inNetwork({
          code: `U${++serial}`,
          name: [{ locale: 'en', text: 'U' }],
          symbol: 'u',
          kind: 'GIFT',
          scale: 0,
        }),
      ),
    accountOpen: () => mutationCall('accountOpen', inNetwork({ unitId: unitId(), name: 'Common' })),
    accountUpdate: () =>
      mutationCall('accountUpdate', inNetwork({ accountId: founder().accountId, name: 'Renamed' })),
    limitSet: () =>
      mutationCall(
        'limitSet',
        inNetwork({ accountId: founder().accountId, followsPolicy: false, floor: '-30' }),
      ),
    accountClose: async () => mutationCall('accountClose', once({ accountId: (await somebody()).accountId })),
    signatoryAdd: async () => mutationCall('signatoryAdd', inNetwork(await newSignatory())),
    signatoryRemove: async () => {
      const input = inNetwork(await newSignatory());
      await mutate(stage().server, stage().cast.callers.treasurer, 'signatoryAdd', input, 'account { id }');
      return mutationCall('signatoryRemove', input);
    },
    transferCreate: async (actor) =>
      mutationCall('transferCreate', payment(await own(actor), await somebody('Payee'))),
    transferRequest: async (actor) =>
      mutationCall('transferRequest', payment(await somebody('Payer'), await own(actor))),
    transferAccept: async (actor) => {
      const payee = await somebody('Payee');
      const transferId = await given(payee, 'transferRequest', payment(await own(actor), payee), 'transfer');
      return mutationCall('transferAccept', once({ transferId }));
    },
    transferReject: async (actor) => {
      const payee = await somebody('Payee');
      const transferId = await given(payee, 'transferRequest', payment(await own(actor), payee), 'transfer');
      return mutationCall('transferReject', inNetwork({ transferId }));
    },
    transferCancel: async () => {
      const payee = await somebody('Payee');
      const transferId = await given(payee, 'transferRequest', payment(founder(), payee), 'transfer');
      return mutationCall('transferCancel', inNetwork({ transferId }));
    },
    transferReverse: async (actor) =>
      mutationCall(
        'transferReverse',
        once({ transferId: await paidTo(await own(actor)), reason: 'a mistake' }),
      ),
    transferDispute: async (actor) =>
      mutationCall(
        'transferDispute',
        inNetwork({ transferId: await paidTo(await own(actor)), reason: 'never happened' }),
      ),
    holdPlace: async (actor) => mutationCall('holdPlace', promised(await own(actor), null)),
    holdCapture: async (actor) =>
      mutationCall('holdCapture', once({ holdId: await held(await somebody('Payer'), await own(actor)) })),
    holdRelease: async (actor) =>
      mutationCall('holdRelease', inNetwork({ holdId: await held(await own(actor), null) })),
    conversionRateSet: async () => mutationCall('conversionRateSet', rateInput(await theExchange())),
    conversionRateRetire: async () =>
      mutationCall('conversionRateRetire', inNetwork({ rateId: await newRate() })),
    conversionCreate: async (actor) => {
      const at = await theExchange();
      const holder = await own(actor);
      const toAccountId = await accountIn(at, holder, at.creditId);
      const rateId = await newRate();
      return mutationCall(
        'conversionCreate',
        once({ rateId, fromAccountId: holder.accountId, toAccountId, amount: '0.30' }),
      );
    },
    disputeMediatorSet: async () =>
      mutationCall(
        'disputeMediatorSet',
        inNetwork({ disputeId: await disputed(), membershipId: (await somebody('Mediator')).membershipId }),
      ),
    disputeResolve: async (actor) => {
      const disputeId = await disputed(await somebody('Payee'));
      const { membershipId } = await own(actor);
      await given(founder(), 'disputeMediatorSet', inNetwork({ disputeId, membershipId }), 'dispute');
      return mutationCall(
        'disputeResolve',
        once({ disputeId, outcome: 'DISMISSED', resolution: 'it did happen' }),
      );
    },
    disputeWithdraw: async (actor) =>
      mutationCall('disputeWithdraw', inNetwork({ disputeId: await disputed(await own(actor)) })),
    requestRuleSet: async (actor) =>
      mutationCall('requestRuleSet', inNetwork({ accountId: (await own(actor)).accountId, afterDays: 3 })),
    requestRuleRemove: async (actor) => {
      const holder = await own(actor);
      const rule = inNetwork({ accountId: holder.accountId, afterDays: 5 });
      const requestRuleId = await given(holder, 'requestRuleSet', rule, 'requestRule');
      return mutationCall('requestRuleRemove', inNetwork({ accountId: holder.accountId, requestRuleId }));
    },
  };
}
