import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Session } from '../../entities/session.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PersonType } from './person.ts';

@ObjectType('Session', { implements: NodeType, description: 'A sign-in on one device.' })
export class SessionType
  extends NodeType
  implements Pick<Session, 'id' | 'userAgent' | 'createdAt' | 'lastSeenAt' | 'expiresAt'>
{
  @Field(() => String, { nullable: true, description: 'How the device described itself when it signed in.' })
  userAgent: string | null;

  @Field(() => DateTimeScalar, { description: 'When the person signed in.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { description: 'When the session was last used, exact to ten minutes.' })
  lastSeenAt: Date;

  @Field(() => DateTimeScalar, {
    description: 'When the session ends by itself; each use moves it 30 days ahead.',
  })
  expiresAt: Date;
}

@InputType({ description: 'Who signs in.' })
export class SessionStartInput {
  @Field(() => String, { description: 'The address that the person registered with, in any case.' })
  email: string;

  @Field(() => String, { description: 'The password.' })
  password: string;

  @Field(() => String, {
    nullable: true,
    description: 'A code from the device or a recovery code; needed once one-time codes are set up.',
  })
  oneTimeCode?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True in a browser: the session comes as an HttpOnly cookie, and `token` stays null. Default false.',
  })
  asCookie?: boolean | null;
}

@ObjectType({ description: 'The session, or why there is none.' })
export class SessionStartPayload extends MutationPayload {
  @Field(() => SessionType, { nullable: true, description: 'The new session.' })
  session?: SessionType;

  @Field(() => PersonType, { nullable: true, description: 'Who has signed in.' })
  person?: PersonType;

  @Field(() => String, {
    nullable: true,
    description: 'To be sent as `Authorization: Bearer …`. Shown once. Null if the session came as a cookie.',
  })
  token?: string | null;
}

@InputType({ description: 'Which session ends.' })
export class SessionEndInput {
  @Field(() => ID, { nullable: true, description: 'A session of the person; the current one if absent.' })
  sessionId?: string | null;
}

@ObjectType({ description: 'Which session ended.' })
export class SessionEndPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The session that is no more.' })
  endedSessionId?: string;
}

@ObjectType({ description: 'How many sessions ended.' })
export class SessionEndAllPayload extends MutationPayload {
  @Field(() => Int, {
    nullable: true,
    description: 'How many sessions there were, the current one among them.',
  })
  endedCount?: number;
}
