import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Delegation } from '../../entities/delegation.ts';
import { connectionOf } from '../common/connection.ts';
import { NetworkInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';

@ObjectType('Delegation', {
  implements: NodeType,
  description: 'Says who votes for somebody who does not vote. Only these two know of it.',
})
export class DelegationType extends NodeType implements Pick<Delegation, 'id' | 'topic' | 'setAt'> {
  @Field(() => String, {
    nullable: true,
    description:
      'The topic of the proposals that it is for; null for all for which there is no other delegation.',
  })
  topic: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  setAt: Date;
}

export const DelegationConnection = connectionOf<Delegation>('Delegation', () => DelegationType);

@ObjectType('DelegatedVotes', {
  description: 'How electors who did not vote took part in a vote through others, as it was when it closed.',
})
export class DelegatedVotesType {
  @Field(() => Int, { description: 'How many electors others voted for.' })
  count: number;

  @Field(() => Int, { description: 'For how many of them the viewer voted.' })
  viewerVotedForCount: number;
}

@InputType({ description: 'Whom one lets vote.' })
export class DelegationSetInput extends NetworkInput {
  @Field(() => ID, { description: 'An active member other than oneself.' })
  delegateMembershipId: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The topic of the proposals that it is for, 1 to 100 characters, written as it stands there; absent for all for which there is no other delegation.',
  })
  topic?: string | null;
}

@ObjectType({ description: 'The delegation, or why nothing changed.' })
export class DelegationSetPayload extends MutationPayload {
  @Field(() => DelegationType, { nullable: true, description: 'The delegation in force.' })
  delegation?: DelegationType;
}

@InputType({ description: 'A delegation to end.' })
export class DelegationRevokeInput extends NetworkInput {
  @Field(() => ID, { description: 'A delegation that the viewer has given or received.' })
  delegationId: string;
}

@ObjectType({ description: 'The ended delegation, or why nothing changed.' })
export class DelegationRevokePayload extends MutationPayload {
  @Field(() => DelegationType, { nullable: true, description: 'The delegation as it was.' })
  delegation?: DelegationType;
}
