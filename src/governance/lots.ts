import type { Lot } from './tally/method.ts';

/**
 * Puts places into an order by lot: the one with the least number first. Labels are places and not names, so that another
 * name changes nothing.
 *
 * @param draw what the lot is about, such as `round 3`: each draw of a count has its own
 */
export function orderByLot(lot: Lot, draw: string, places: readonly number[]): number[] {
  return places
    .map((place) => ({ place, number: lot.draw(`${draw}:${place}`) }))
    .toSorted((a, b) => (a.number < b.number ? -1 : a.number > b.number ? 1 : a.place - b.place))
    .map(({ place }) => place);
}
