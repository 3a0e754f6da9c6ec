import { ObjectType } from 'type-graphql';

@ObjectType('PoolWorklist', { description: 'What waits for the stewards of a pool.' })
export class PoolWorklistType {}
