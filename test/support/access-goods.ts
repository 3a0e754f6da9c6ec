import type { Resource } from '../../src/entities/resource.ts';
import { mutationCall, type Call, type Calls, type Stage } from './access.ts';
import { membershipOf, type ActorName } from './actors.ts';
import { mutate } from './api.ts';
import { givenShares, onceKey, stockInput } from './goods.ts';
import { givenPool, givenResource, givenStock } from './pools.ts';
import { givenMember, type Member } from './world.ts';

/** Who may call what moves stocks, things and shares; the letters are those of the table it belongs to. */
export const GOODS_TABLE = `
stockContribute             U       F        F         +      +           +         +         +       F
stockTake                   U       F        F         +      +           +         +         +       F
stockSpoil                  U       F        F         F      +           F         F         F       F
stockCorrect                U       F        F         F      +           F         F         F       F
resourceLend                U       F        F         +      +           +         +         +       F
resourceGive                U       F        F         +      +           +         +         +       F
resourceTakeBack            U       F        F         +      +           +         +         +       F
custodyMove                 U       F        F         F      +           F         F         F       F
sharesAssign                U       F        F         F      +           F         F         F       F
sharesIssue                 U       F        F         F      +           F         F         F       F
shareTransfer               U       F        F         +      +           +         +         +       F
shareOffer                  U       F        F         +      +           +         +         +       F
shareOfferAccept            U       F        F         +      +           +         +         +       F
shareOfferEnd               U       F        F         +      +           +         +         +       F
resourceCostSplit           U       F        F         F      +           F         F         F       F
`;

const OTHERS: readonly ActorName[] = ['visitor', 'stranger', 'applicant', 'administrator'];

export function goodsCalls(stage: Stage): Calls {
  const newPool = () => givenPool(stage().server, stage().cast.network);

  async function newStock(): Promise<Resource> {
    return givenStock(stage().server, await newPool(), { stockMinor: 1_000n });
  }

  const moving = (name: string) => async (): Promise<Call> =>
    mutationCall(name, stockInput(await newStock(), '1.00'));

  const founder = () => stage().cast.network.founder;
  // Who is no active member calls about what is the founder's.
  const me = (actor: ActorName): Promise<Member> | Member =>
    OTHERS.includes(actor) ? founder() : membershipOf(stage().server, stage().cast, actor);
  const named = ({ networkId, id: resourceId }: Resource) => ({ networkId, resourceId });

  /** A thing that the actor lends. */
  async function ownThing(actor: ActorName): Promise<object> {
    const { membershipId: ownerMembershipId } = await me(actor);
    const owned = { ownerKind: 'MEMBER', ownerMembershipId } as const;
    return named(await givenResource(stage().server, await newPool(), owned));
  }

  /** A thing that the actor owns together with somebody new. */
  async function shared(actor: ActorName): Promise<{ thing: object; other: Member }> {
    const { server, cast } = stage();
    const other = await givenMember(server, cast.network, 'Sharer');
    const resource = await givenResource(server, await newPool());
    const thing = named(
      await givenShares(server, resource, [
        [await me(actor), 5],
        [other, 5],
      ]),
    );
    return { thing, other };
  }

  async function sharing(actor: ActorName): Promise<object> {
    const { thing, other } = await shared(actor);
    return { ...thing, toMembershipId: other.membershipId, shareCount: 1, ...onceKey() };
  }

  /** An offer of shares to the actor, which they can pay. */
  async function offered(actor: ActorName): Promise<{ shareOfferId: string; to: Member }> {
    const to = await me(actor);
    const { thing, other } = await shared(actor);
    const price = { price: '0.01', payeeAccountId: other.accountId, shareCount: 1, ...onceKey() };
    const input = { ...thing, toMembershipId: to.membershipId, ...price };
    const { shareOffer } = await mutate(stage().server, other, 'shareOffer', input, 'shareOffer { id }');
    return { shareOfferId: shareOffer.id, to };
  }

  return {
    stockContribute: moving('stockContribute'),
    stockTake: moving('stockTake'),
    stockSpoil: moving('stockSpoil'),
    stockCorrect: async () => {
      const { networkId, id: resourceId } = await newStock();
      return mutationCall('stockCorrect', {
        networkId,
        resourceId,
        ...onceKey(),
        change: '-1.00',
        reason: 'counted',
      });
    },
    resourceLend: async (actor) =>
      mutationCall('resourceLend', { ...(await ownThing(actor)), until: '2026-12-01T00:00:00Z' }),
    resourceGive: async (actor) => mutationCall('resourceGive', await ownThing(actor)),
    resourceTakeBack: async (actor) => mutationCall('resourceTakeBack', await ownThing(actor)),
    custodyMove: async (actor) => {
      const { membershipId } = founder();
      return mutationCall('custodyMove', { ...(await ownThing(actor)), membershipId });
    },
    sharesAssign: async () => {
      const thing = named(await givenResource(stage().server, await newPool()));
      const shares = [{ membershipId: founder().membershipId, shareCount: 1 }];
      return mutationCall('sharesAssign', { ...thing, shareCount: 1, shares, ...onceKey() });
    },
    sharesIssue: async (actor) => {
      const { thing, other } = await shared(actor);
      const to = { membershipId: other.membershipId, shareCount: 1 };
      return mutationCall('sharesIssue', { ...thing, ...to, ...onceKey() });
    },
    shareTransfer: async (actor) => mutationCall('shareTransfer', await sharing(actor)),
    shareOffer: async (actor) => {
      const { accountId: payeeAccountId } = await me(actor);
      return mutationCall('shareOffer', { ...(await sharing(actor)), price: '0.01', payeeAccountId });
    },
    shareOfferAccept: async (actor) => {
      const { shareOfferId, to } = await offered(actor);
      const payment = { shareOfferId, payerAccountId: to.accountId };
      return mutationCall('shareOfferAccept', {
        networkId: stage().cast.network.id,
        ...payment,
        ...onceKey(),
      });
    },
    shareOfferEnd: async (actor) => {
      const { shareOfferId } = await offered(actor);
      return mutationCall('shareOfferEnd', { networkId: stage().cast.network.id, shareOfferId });
    },
    resourceCostSplit: async (actor) => {
      const { thing, other } = await shared(actor);
      const cost = { amount: '0.02', payeeAccountId: other.accountId, description: 'tyres' };
      return mutationCall('resourceCostSplit', { ...thing, ...cost, ...onceKey() });
    },
  };
}
