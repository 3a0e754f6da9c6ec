import { Field, ID, Int, ObjectType } from 'type-graphql';
import {
  BALANCE_VISIBILITIES,
  JOIN_MODES,
  type BalanceVisibility,
  type JoinMode,
  type Network,
} from '../../entities/network.ts';
import { NETWORK_TEMPLATES, type NetworkTemplateCode } from '../../entities/network-template.ts';
import type { NetworkEvent } from '../../entities/network-event.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';

export const JoinModeEnum = enumOf('JoinMode', JOIN_MODES, 'How one becomes a member.', {
  OPEN: 'Whoever applies is a member at once.',
  APPROVAL: 'A coordinator admits.',
  SPONSORED: 'So many members as the network asks for vouch for the applicant.',
  VOTE: 'A vote admits; a coordinator records its result with the minute as the reason.',
  SHARES: 'Paid member shares admit; a coordinator records the receipt as the reason.',
});

export const BalanceVisibilityEnum = enumOf(
  'BalanceVisibility',
  BALANCE_VISIBILITIES,
  'Who sees the balance of a member’s account.',
  {
    HOLDER: 'The holder, who may sign for it, and auditors.',
    NETWORK: 'Every active member.',
  },
);

export const NetworkTemplateEnum = enumOf(
  'NetworkTemplate',
  NETWORK_TEMPLATES,
  'What a new network begins with.',
  {
    LETS: 'Mutual credit priced against daily life; balances are open.',
    TIMEBANK: 'Hours; everyone’s hour is worth the same.',
    ECOVILLAGE: 'Community hours and shared costs of people who live together.',
    COOPERATIVE: 'Money, member shares, one member one vote.',
    MUTUAL_AID: 'Hours and credit side by side, with open doors.',
    UMBRELLA: 'A federation of networks.',
  },
);

@ObjectType('MemberClass', { description: 'A kind of member.' })
export class MemberClassType {
  @Field(() => String, { description: 'Code, unique in the network.' })
  code: string;

  @Field(() => Int, { description: 'How many votes a member of this class has.' })
  votes: number;
}

@ObjectType('NetworkTerms', { description: 'One version of what members accept when they join.' })
export class NetworkTermsType {
  @Field(() => Int, { description: 'Counts up from 1.' })
  version: number;

  @Field(() => DateTimeScalar, { description: 'Since when it is in force.' })
  publishedAt: Date;
}

@ObjectType('Category', {
  implements: NodeType,
  description: 'A kind of thing or service that members exchange.',
})
export class CategoryType extends NodeType {}

@ObjectType('FederationAggregate', {
  description:
    'What an umbrella sees of the networks directly below it: counts and sums, never a person’s figures.',
})
export class FederationAggregateType {
  @Field(() => Int, { description: 'How many networks there are.' })
  networks: number;

  @Field(() => Int, { description: 'How many active members they have together.' })
  members: number;

  @Field(() => Int, {
    description: 'Transfers of the last 30 days. Networks with fewer than five members are left out.',
  })
  transfers: number;

  @Field(() => DecimalScalar, {
    description: 'Hours that moved in the last 30 days. Networks with fewer than five members are left out.',
  })
  hours: string;
}

@ObjectType('Network', {
  implements: NodeType,
  description: 'A community: a LETS, a timebank, an ecovillage, a cooperative, a federation.',
})
export class NetworkType
  extends NodeType
  implements
    Pick<
      Network,
      | 'id'
      | 'slug'
      | 'defaultLocale'
      | 'timeZone'
      | 'template'
      | 'joinMode'
      | 'sponsorsNeeded'
      | 'isListed'
      | 'createdAt'
      | 'archivedAt'
    >
{
  @Field(() => String, { description: 'Short name for addresses, unique on the server.' })
  slug: string;

  @Field(() => String, { description: 'Language of texts that have no translation, as a BCP 47 tag.' })
  defaultLocale: string;

  @Field(() => String, {
    description: 'Name in the IANA time zone database; days and months are counted in it.',
  })
  timeZone: string;

  @Field(() => NetworkTemplateEnum, { description: 'What the network began as.' })
  template: NetworkTemplateCode;

  @Field(() => JoinModeEnum, { description: 'How one becomes a member.' })
  joinMode: JoinMode;

  @Field(() => Int, { description: 'How many members must vouch for an applicant where sponsors admit.' })
  sponsorsNeeded: number;

  @Field(() => Boolean, { description: 'Whether the network stands in the public list of networks.' })
  isListed: boolean;

  @Field(() => BalanceVisibilityEnum, { description: 'Who sees the balance of a member’s account.' })
  balancesVisibleTo: BalanceVisibility;

  @Field(() => Boolean, { description: 'Whether treasurers act only in sessions with a one-time code.' })
  treasurersNeedOneTimeCode: boolean;

  @Field(() => DateTimeScalar, { description: 'When the network was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when nothing in it changes any more.' })
  archivedAt: Date | null;
}

export const NetworkConnection = connectionOf<Network>('Network', () => NetworkType);

@ObjectType('NetworkViewerCan', { description: 'What the viewer may do in a network.' })
export class NetworkViewerCanType {
  @Field(() => PermissionType, { description: 'Apply for membership.' })
  apply: PermissionType;

  @Field(() => PermissionType, { description: 'Change settings.' })
  update: PermissionType;

  @Field(() => PermissionType, { description: 'Archive it.' })
  archive: PermissionType;

  @Field(() => PermissionType, { description: 'Publish terms.' })
  publishTerms: PermissionType;

  @Field(() => PermissionType, { description: 'Join it to an umbrella, or take networks in.' })
  link: PermissionType;

  @Field(() => PermissionType, { description: 'See the members.' })
  listMembers: PermissionType;

  @Field(() => PermissionType, { description: 'Invite by e-mail.' })
  invite: PermissionType;

  @Field(() => PermissionType, { description: 'Admit and decline applicants.' })
  admit: PermissionType;

  @Field(() => PermissionType, { description: 'Give and revoke roles.' })
  assignRole: PermissionType;

  @Field(() => PermissionType, { description: 'Make groups.' })
  createGroup: PermissionType;

  @Field(() => PermissionType, { description: 'Make units.' })
  createUnit: PermissionType;

  @Field(() => PermissionType, { description: 'Open accounts for others and for the network.' })
  openAccount: PermissionType;

  @Field(() => PermissionType, { description: 'Read what was done by whom.' })
  readAuditLog: PermissionType;
}

@ObjectType('Event', {
  implements: NodeType,
  description: 'A fact about a network: who did what, when, for whom.',
})
export class EventType extends NodeType {
  @Field(() => String, { description: 'What happened, such as `TransferPosted`.' })
  kind: string;

  @Field(() => ID, { description: 'What it happened to.' })
  subjectId: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at: Date;

  @Field(() => ID, { nullable: true, description: 'The person who did it; null if the server did.' })
  actorPersonId: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Which part of the server did it; null if a person did.',
  })
  actorSystem: string | null;
}

export const EventConnection = connectionOf<NetworkEvent>('Event', () => EventType);
