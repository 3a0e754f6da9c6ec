import { BookingItem } from '../../entities/booking-item.ts';
import { Resource } from '../../entities/resource.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { ResourceConflict, ResourceKindMismatch } from './errors.ts';
import { leastFree } from './free-quantity.ts';
import { occupanciesOf } from './occupancies.ts';

/**
 * Has more or fewer pieces of a thing, which is locked: as few as never more are taken at once. A thing of which there is
 * one is guarded by the database, so what is asked for of it is marked anew.
 *
 * @throws ResourceConflict IS_TAKEN, ResourceKindMismatch for a stock
 */
export async function setQuantity(tx: Tx, resource: Resource, quantity: number): Promise<void> {
  const { networkId, id: resourceId } = resource;
  if (resource.quantity === null) throw new ResourceKindMismatch('quantity');
  if (quantity < resource.quantity) await requireEnough(tx, resource, quantity);
  await tx.db.update(Resource, { networkId, id: resourceId }, { quantity });
  if ((resource.quantity === 1) !== (quantity === 1)) {
    await tx.db.update(BookingItem, { networkId, resourceId, quantity: 1 }, { isSingle: quantity === 1 });
  }
}

/** Goes on only if so many pieces are enough for all that is taken, from the first booking on that has not come back. */
async function requireEnough(tx: Tx, resource: Resource, quantity: number): Promise<void> {
  const [taken = []] = await occupanciesOf(tx.db, [{ ...resource, until: null }], tx.now);
  if (taken.length === 0) return;
  const from = new Date(Math.min(...taken.map((one) => one.from.getTime())));
  const until = new Date(Math.max(...taken.map((one) => one.until.getTime())));
  if (leastFree(quantity, taken, { from, until }) < 0) throw new ResourceConflict('IS_TAKEN');
}
