import type { Resource } from '../../src/entities/resource.ts';
import { mutationCall, type Call, type Calls, type Stage } from './access.ts';
import { onceKey, stockInput } from './goods.ts';
import { givenPool, givenStock } from './pools.ts';

/** Who may call what moves stocks; the letters are those of the table it belongs to. */
export const GOODS_TABLE = `
stockContribute             U       F        F         +      +           +         +         +       F
stockTake                   U       F        F         +      +           +         +         +       F
stockSpoil                  U       F        F         F      +           F         F         F       F
stockCorrect                U       F        F         F      +           F         F         F       F
`;

export function goodsCalls(stage: Stage): Calls {
  const newPool = () => givenPool(stage().server, stage().cast.network);

  async function newStock(): Promise<Resource> {
    return givenStock(stage().server, await newPool(), { stockMinor: 1_000n });
  }

  const moving = (name: string) => async (): Promise<Call> =>
    mutationCall(name, stockInput(await newStock(), '1.00'));

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
  };
}
