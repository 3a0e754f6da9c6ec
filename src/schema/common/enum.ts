import { registerEnumType } from 'type-graphql';

/** Makes a GraphQL enum of a closed set of texts, with a description for each value. */
export function enumOf<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
  descriptions: Record<Value, string>,
): Record<Value, Value> {
  const enumObject = Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(
    values.map((value) => [value, { description: descriptions[value] }]),
  );
  registerEnumType(enumObject, { name, description, valuesConfig: valuesConfig as never });
  return enumObject;
}
