import type { PlacePrecision } from '../../entities/membership.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { optionalText } from '../../kernel/text.ts';

export interface PlaceInput {
  name?: string | null;
  /** Degrees north, -90 to 90. */
  latitude?: number | null;
  /** Degrees east, -180 to 180. */
  longitude?: number | null;
}

export interface Place {
  placeName: string | null;
  latitude: number | null;
  longitude: number | null;
}

// A hundredth of a degree is about one kilometre, a tenth about eleven.
const DECIMALS: Record<Exclude<PlacePrecision, 'HIDDEN'>, number> = { EXACT: 6, NEIGHBOURHOOD: 2, TOWN: 1 };

/**
 * A place, only as exact as is allowed. What is finer is not kept: it cannot leak later.
 *
 * @throws InvalidInput INVALID_COORDINATES
 */
export function parsePlace(place: PlaceInput | null, precision: PlacePrecision): Place {
  if (place === null) return { placeName: null, latitude: null, longitude: null };
  const placeName = optionalText(place.name, 'place.name', { max: 200 });
  const latitude = place.latitude ?? null;
  const longitude = place.longitude ?? null;
  const isInRange = Math.abs(latitude ?? 0) <= 90 && Math.abs(longitude ?? 0) <= 180;
  if (!isInRange || (latitude === null) !== (longitude === null)) {
    throw new InvalidInput('INVALID_COORDINATES', 'place');
  }
  if (latitude === null || longitude === null || precision === 'HIDDEN') {
    return { placeName, latitude: null, longitude: null };
  }
  const decimals = DECIMALS[precision];
  return { placeName, latitude: rounded(latitude, decimals), longitude: rounded(longitude, decimals) };
}

function rounded(degrees: number, decimals: number): number {
  // Adding zero makes the negative zero an ordinary one.
  return Number(degrees.toFixed(decimals)) + 0;
}
