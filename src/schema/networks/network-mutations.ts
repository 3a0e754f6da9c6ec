import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BalanceVisibility, JoinMode } from '../../entities/network.ts';
import type { NetworkTemplateCode } from '../../entities/network-template.ts';
import { MutationPayload } from '../common/payload.ts';
import { PlaceInput } from '../common/place.ts';
import { TranslationInput } from '../common/translation.ts';
import {
  BalanceVisibilityEnum,
  JoinModeEnum,
  NetworkTemplateEnum,
  NetworkTermsType,
  NetworkType,
} from './network.ts';
import { MembershipType } from './membership.ts';

@InputType({ description: 'The network to make.' })
export class NetworkCreateInput {
  @Field(() => String, {
    description: 'Short name for addresses: 3 to 40 lower-case letters, digits and single hyphens.',
  })
  slug: string;

  @Field(() => String, { description: 'Its name, 1 to 120 characters, in the language of `locale`.' })
  name: string;

  @Field(() => NetworkTemplateEnum, {
    description: 'What it begins with: units, limits, categories, bylaws, terms.',
  })
  template: NetworkTemplateCode;

  @Field(() => [TranslationInput], {
    nullable: true,
    description: 'What it is; the template’s own text if absent.',
  })
  description?: TranslationInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its own language as a BCP 47 tag; that of its founder if absent.',
  })
  locale?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its time zone by IANA name, such as `Europe/Madrid`; UTC if absent.',
  })
  timeZone?: string | null;
}

@ObjectType({ description: 'The network, or why there is none.' })
export class NetworkPayload extends MutationPayload {
  @Field(() => NetworkType, { nullable: true, description: 'The network as it is now.' })
  network?: NetworkType;
}

@ObjectType({ description: 'The new network.' })
export class NetworkCreatePayload extends NetworkPayload {}

@InputType({ description: 'Changes the settings of the network. Absent fields stay, null empties.' })
export class NetworkUpdateActionInput {
  @Field(() => String, {
    nullable: true,
    description: 'Short name: 3 to 40 lower-case letters, digits and single hyphens.',
  })
  slug?: string;

  @Field(() => [TranslationInput], {
    nullable: true,
    description: 'Its name in all its languages, replacing the former ones.',
  })
  name?: TranslationInput[];

  @Field(() => [TranslationInput], { nullable: true, description: 'What it is, in all its languages.' })
  description?: TranslationInput[] | null;

  @Field(() => String, { nullable: true, description: 'Its own language as a BCP 47 tag.' })
  defaultLocale?: string;

  @Field(() => String, { nullable: true, description: 'Its time zone by IANA name.' })
  timeZone?: string;

  @Field(() => JoinModeEnum, { nullable: true, description: 'How one becomes a member.' })
  joinMode?: JoinMode;

  @Field(() => Int, {
    nullable: true,
    description: 'How many members must vouch, 1 to 20 where sponsors admit.',
  })
  sponsorsNeeded?: number;

  @Field(() => Boolean, { nullable: true, description: 'Whether it stands in the public list.' })
  isListed?: boolean;

  @Field(() => BalanceVisibilityEnum, {
    nullable: true,
    description: 'Who sees the balance of a member’s account.',
  })
  balancesVisibleTo?: BalanceVisibility;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether treasurers act only in sessions with a one-time code.',
  })
  treasurersNeedOneTimeCode?: boolean;

  @Field(() => PlaceInput, { nullable: true, description: 'Where it is; null for nowhere.' })
  place?: PlaceInput | null;
}

@InputType({ description: 'What changes. Absent fields stay, null empties.' })
export class NetworkUpdateInput extends NetworkUpdateActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The changed network.' })
export class NetworkUpdatePayload extends NetworkPayload {}

@InputType({ description: 'Which network is archived.' })
export class NetworkArchiveInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The archived network.' })
export class NetworkArchivePayload extends NetworkPayload {}

@InputType({ description: 'Which network asks which umbrella.' })
export class NetworkParentRequestInput {
  @Field(() => ID, { description: 'The network that asks.' })
  networkId: string;

  @Field(() => ID, { description: 'The umbrella that is asked.' })
  parentId: string;
}

@ObjectType({ description: 'The network that asks.' })
export class NetworkParentRequestPayload extends NetworkPayload {}

@InputType({ description: 'Which umbrella takes which network in.' })
export class NetworkChildAcceptInput {
  @Field(() => ID, { description: 'The umbrella.' })
  networkId: string;

  @Field(() => ID, { description: 'The network that has asked.' })
  childId: string;
}

@ObjectType({ description: 'The network that was taken in.' })
export class NetworkChildAcceptPayload extends NetworkPayload {}

@InputType({ description: 'Which network leaves its umbrella.' })
export class NetworkParentLeaveInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The network, now on its own.' })
export class NetworkParentLeavePayload extends NetworkPayload {}

@InputType({ description: 'The new version of the terms.' })
export class TermsPublishInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => [TranslationInput], {
    description: 'The text in one or more languages, up to 50,000 characters each.',
  })
  text: TranslationInput[];
}

@ObjectType({ description: 'The published terms.' })
export class TermsPublishPayload extends MutationPayload {
  @Field(() => NetworkTermsType, { nullable: true, description: 'The terms now in force.' })
  terms?: NetworkTermsType;
}

@InputType({ description: 'Which terms are accepted.' })
export class TermsAcceptInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => Int, { description: 'The version that was read; it must be the one in force.' })
  version: number;
}

@ObjectType({ description: 'The membership that accepted.' })
export class TermsAcceptPayload extends MutationPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The viewer’s membership.' })
  membership?: MembershipType;
}
