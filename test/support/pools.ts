import { Account } from '../../src/entities/account.ts';
import { PoolSteward } from '../../src/entities/pool-steward.ts';
import { Pool } from '../../src/entities/pool.ts';
import { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

/** A pool with the loosest rules, looked after by the stewards, whose fees go to an account of the network if there is one. */
export async function givenPool(
  server: TestServer,
  network: TestNetwork,
  { stewards = [], ...given }: Partial<Pool> & { stewards?: Member[] } = {},
): Promise<Pool> {
  const { db, clock } = server.app.services;
  const common = { networkId: network.id, unitId: network.unitId, holderKind: 'NETWORK' as const };
  const [account] = await db.all(Account, common, 'order by id limit 1');
  const pool: Pool = {
    networkId: network.id,
    id: newId('pool'),
    name: 'Tool library',
    description: '',
    unitId: account ? network.unitId : null,
    accountId: account?.id ?? null,
    takesOffers: true,
    isSelfService: true,
    showsBookers: true,
    needsApproval: false,
    leadMinutes: 0,
    aheadDays: 365,
    longestMinutes: null,
    memberBookings: null,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    cancelFreeMinutes: 0,
    cancelFeePpm: 0,
    lateGraceMinutes: 0,
    opening: { weekly: null, closures: [] },
    ruleVersion: 1,
    createdAt: clock.now(),
    archivedAt: null,
    ...given,
  };
  await db.insert(Pool, pool);
  for (const { membershipId } of stewards) {
    await db.insert(PoolSteward, {
      networkId: network.id,
      poolId: pool.id,
      membershipId,
      addedAt: clock.now(),
    });
  }
  return pool;
}

/** A thing of a pool, of which there is one and which costs nothing, unless said otherwise. */
export async function givenResource(
  server: TestServer,
  pool: Pool,
  given: Partial<Resource> = {},
): Promise<Resource> {
  const { db, clock } = server.app.services;
  const resource: Resource = {
    networkId: pool.networkId,
    id: newId('resource'),
    poolId: pool.id,
    kind: 'ITEM',
    name: 'Cordless drill',
    description: '',
    instructions: '',
    state: 'ACTIVE',
    quantity: 1,
    condition: 'GOOD',
    placeName: null,
    latitude: null,
    longitude: null,
    valueMinor: null,
    ownerKind: 'POOL',
    ownerMembershipId: null,
    lentUntil: null,
    shareCount: null,
    custodianMembershipId: null,
    needsApproval: null,
    leadMinutes: null,
    longestMinutes: null,
    bufferBeforeMinutes: null,
    bufferAfterMinutes: null,
    opening: null,
    openingScope: 'HANDOVER',
    feePer: null,
    feeMinor: 0n,
    depositMinor: 0n,
    lateFeePer: null,
    lateFeeMinor: 0n,
    useCount: 0,
    stockUnit: null,
    stockScale: null,
    stockMinor: null,
    stockCount: null,
    quotaMinor: null,
    quotaPer: null,
    quotaPeriod: null,
    addedByMembershipId: null,
    addedAt: clock.now(),
    retiredAt: null,
    ...given,
  };
  await db.insert(Resource, resource);
  return resource;
}

/** A stock of a pool, such as potatoes by the kilogram with two decimals. */
export function givenStock(server: TestServer, pool: Pool, given: Partial<Resource> = {}): Promise<Resource> {
  const stock = { kind: 'STOCK', name: 'Potatoes', quantity: null, stockUnit: 'kg', stockScale: 2 } as const;
  return givenResource(server, pool, { ...stock, stockMinor: 0n, stockCount: 0n, ...given });
}
