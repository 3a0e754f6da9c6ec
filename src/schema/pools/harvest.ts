import { Field, ObjectType } from 'type-graphql';
import { connectionOf } from '../common/connection.ts';
import { DateScalar } from '../common/scalars.ts';

@ObjectType('Harvest', {
  description: 'What came into the stocks of a pool and went out of them within a season.',
})
export class HarvestType {
  @Field(() => DateScalar, { description: 'Its first day.' })
  from: string;

  @Field(() => DateScalar, { description: 'Its last day.' })
  to: string;
}

@ObjectType('HarvestLine', { description: 'What happened to one stock within a season, in its unit.' })
export class HarvestLineType {}

@ObjectType('HarvestMember', {
  description: 'What one member brought to one stock and took of it within a season, in its unit.',
})
export class HarvestMemberType {}

export const HarvestLineConnection = connectionOf<object>('HarvestLine', () => HarvestLineType);
export const HarvestMemberConnection = connectionOf<object>('HarvestMember', () => HarvestMemberType);
