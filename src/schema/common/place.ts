import { Field, Float, InputType, ObjectType } from 'type-graphql';

@ObjectType('Place', { description: 'Where something is, only as exact as its owner allows.' })
export class PlaceType {
  @Field(() => String, { nullable: true, description: 'A name for people, such as a quarter or village.' })
  name: string | null;

  @Field(() => Float, { nullable: true, description: 'Degrees north, WGS 84.' })
  latitude: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees east, WGS 84.' })
  longitude: number | null;
}

@InputType({ description: 'Where something is.' })
export class PlaceInput {
  @Field(() => String, { nullable: true, description: 'A name for people, up to 200 characters.' })
  name?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees north, -90 to 90; with `longitude` or not at all.',
  })
  latitude?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees east, -180 to 180; with `latitude` or not at all.',
  })
  longitude?: number | null;
}

/** What clients see of a stored place; null if there is none. */
export function placeOf(row: {
  placeName: string | null;
  latitude: number | null;
  longitude: number | null;
}): PlaceType | null {
  const { placeName, latitude, longitude } = row;
  if (placeName === null && latitude === null) return null;
  return { name: placeName, latitude, longitude };
}
