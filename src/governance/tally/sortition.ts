import { orderByLot } from '../lots.ts';
import { unaskedParts } from './ballots.ts';
import type { Contest, TallyMethod, TallyResult } from './method.ts';

/**
 * Draws `seats` of the options by the lot `sortition`: those who stand, or everybody who may be drawn, listed as options. There
 * are no ballots. Weights play no part: each option has the same chance.
 */
export const sortition: TallyMethod<null> = {
  name: 'SORTITION',
  ballotKind: 'NONE',
  isMultiSeat: true,
  parseBallot: (input) => ({
    faults: [...unaskedParts(input, []), { code: 'NO_BALLOTS', path: '' }],
  }),
  count: draw,
};

function draw(contest: Contest): TallyResult {
  const { options, seats, lot } = contest;
  const places = options.flatMap(({ isWithdrawn }, place) => (isWithdrawn ? [] : [place]));
  const drawn = orderByLot(lot, 'sortition', places).slice(0, seats);
  const taken = new Set(drawn);
  const winners = drawn.map((place) => options[place]!.id);
  return {
    method: 'SORTITION',
    seats,
    quota: null,
    winners,
    rounds: [
      {
        number: 1,
        action: 'LOT',
        of: winners,
        figures: options.map(({ id }, place) => ({
          option: id,
          value: lot.draw(`sortition:${place}`).toString(),
          state: taken.has(place) ? 'ELECTED' : 'EXCLUDED',
        })),
        totals: {},
      },
    ],
    tieBreaks: [
      {
        round: 1,
        among: places.map((place) => options[place]!.id),
        chosen: winners,
        by: 'LOT',
        seed: lot.seed,
      },
    ],
  };
}
