import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { KitItem } from '../../entities/kit-item.ts';
import type { Kit } from '../../entities/kit.ts';
import { connectionOf } from '../common/connection.ts';
import { NetworkInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { WishedItemInput } from './booking-mutations.ts';

@ObjectType('Kit', {
  implements: NodeType,
  description: 'Things of a pool that are booked together or not at all; for members.',
})
export class KitType
  extends NodeType
  implements Pick<Kit, 'id' | 'name' | 'description' | 'createdAt' | 'endedAt'>
{
  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => String, { description: 'What it is for.' })
  description: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it is not booked any more.' })
  endedAt: Date | null;
}

export const KitConnection = connectionOf<Kit>('Kit', () => KitType);

@ObjectType('KitItem', { description: 'A thing of a kit.' })
export class KitItemType implements Pick<KitItem, 'quantity'> {
  @Field(() => Int, { description: 'How many pieces.' })
  quantity: number;
}

@InputType({ description: 'What belongs together.' })
export class KitSetInput extends NetworkInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => ID, { nullable: true, description: 'The kit that changes; a new one if absent.' })
  kitId?: string | null;

  @Field(() => String, { description: 'Its name, 1 to 100 characters.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What it is for, up to 2,000 characters.' })
  description?: string | null;

  @Field(() => [WishedItemInput], { description: 'All of its things, 1 to 50, each once.' })
  items: WishedItemInput[];
}

@ObjectType({ description: 'The kit, or why there is none.' })
export class KitPayload extends MutationPayload {
  @Field(() => KitType, { nullable: true, description: 'The kit as it is now.' })
  kit?: KitType;
}

@ObjectType({ description: 'The kit.' })
export class KitSetPayload extends KitPayload {}

@InputType({ description: 'The kit that ends.' })
export class KitEndInput extends NetworkInput {
  @Field(() => ID, { description: 'The kit.' })
  kitId: string;
}

@ObjectType({ description: 'The kit that is not booked any more.' })
export class KitEndPayload extends KitPayload {}
