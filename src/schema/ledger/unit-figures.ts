import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('BalanceDistribution', {
  description: 'How the balances of a unit lie: open and frozen accounts of members and groups.',
})
export class BalanceDistributionType {
  @Field(() => Int, { description: 'How many accounts there are.' })
  accounts: number;

  @Field(() => Int, { description: 'How many of them are at their floor or below.' })
  atFloor: number;

  @Field(() => Int, { description: 'How many of them are at their ceiling or above.' })
  atCeiling: number;

  @Field(() => Int, { description: 'In how many of them nothing moved in the days asked for.' })
  idle: number;
}
