import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  AccessTokenCreateInput,
  AccessTokenCreatePayload,
  AccessTokenRevokeInput,
  AccessTokenRevokePayload,
} from '../../schema/people/access-token.ts';
import { createAccessToken, revokeAccessToken } from '../../services/people/access-tokens.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver()
export class AccessTokenResolver {
  @Mutation(() => AccessTokenCreatePayload, {
    description:
      'Makes a key with which a program acts for the person. Needs a session. Codes: TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_TEXT, INVALID_RANGE, TOO_MANY_ACCESS_TOKENS.',
  })
  accessTokenCreate(
    @Input(() => AccessTokenCreateInput) input: AccessTokenCreateInput,
    @Ctx() ctx: Context,
  ): Promise<AccessTokenCreatePayload> {
    return mutate(ctx, (tx) => createAccessToken(tx, input));
  }

  @Mutation(() => AccessTokenRevokePayload, {
    description: 'Ends an access token at once. Needs a session. Codes: INVALID_ID.',
  })
  accessTokenRevoke(
    @Input(() => AccessTokenRevokeInput) input: AccessTokenRevokeInput,
    @Ctx() ctx: Context,
  ): Promise<AccessTokenRevokePayload> {
    return mutate(ctx, async (tx) => ({
      revokedAccessTokenId: await revokeAccessToken(tx, input.accessTokenId),
    }));
  }
}
