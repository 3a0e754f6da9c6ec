import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { TOKEN_SCOPES, type AccessToken, type TokenScope } from '../../entities/access-token.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';

export const TokenScopeEnum = enumOf(
  'TokenScope',
  TOKEN_SCOPES,
  'What an access token may do beyond reading. What concerns the person’s identity always needs a session.',
  {
    TRADE: 'Pay, and deal in offers, needs and bookings.',
    MANAGE: 'Change memberships, profiles, groups, accounts and networks.',
  },
);

@ObjectType('AccessToken', {
  implements: NodeType,
  description: 'A key with which a program acts for a person, within its scopes and until it expires.',
})
export class AccessTokenType
  extends NodeType
  implements Pick<AccessToken, 'id' | 'name' | 'scopes' | 'createdAt' | 'expiresAt' | 'lastUsedAt'>
{
  @Field(() => String, { description: 'What the person calls it, 1 to 100 characters.' })
  name: string;

  @Field(() => [TokenScopeEnum], { description: 'What it may do; empty for reading alone.' })
  scopes: TokenScope[];

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { description: 'When it stops working.' })
  expiresAt: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, exact to ten minutes; null if never.',
  })
  lastUsedAt: Date | null;
}

@InputType({ description: 'The key that a program is to have.' })
export class AccessTokenCreateInput {
  @Field(() => String, { description: 'For what it is, 1 to 100 characters.' })
  name: string;

  @Field(() => [TokenScopeEnum], { description: 'What it may do beyond reading; may be empty.' })
  scopes: TokenScope[];

  @Field(() => DateTimeScalar, { description: 'When it stops working: at most 366 days ahead.' })
  expiresAt: Date;
}

@ObjectType({ description: 'The new token, or why there is none.' })
export class AccessTokenCreatePayload extends MutationPayload {
  @Field(() => AccessTokenType, { nullable: true, description: 'What is kept of it.' })
  accessToken?: AccessTokenType;

  @Field(() => String, {
    nullable: true,
    description: 'The token itself, to be sent as `Authorization: Bearer …`. Shown once.',
  })
  token?: string;
}

@InputType({ description: 'Which token stops working.' })
export class AccessTokenRevokeInput {
  @Field(() => ID, { description: 'A token of the person.' })
  accessTokenId: string;
}

@ObjectType({ description: 'Which token stopped working.' })
export class AccessTokenRevokePayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: 'The token that works no more.' })
  revokedAccessTokenId?: string;
}
