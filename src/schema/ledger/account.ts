import { createUnionType, Field, ObjectType } from 'type-graphql';
import {
  ACCOUNT_STATES,
  HOLDER_KINDS,
  type Account,
  type AccountState,
  type HolderKind,
} from '../../entities/account.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { GroupType } from '../networks/group.ts';
import { MembershipType } from '../networks/membership.ts';
import { NetworkType } from '../networks/network.ts';

export const AccountStateEnum = enumOf(
  'AccountState',
  ACCOUNT_STATES,
  'Whether an account takes part in transfers.',
  {
    OPEN: 'It does.',
    FROZEN: 'A coordinator has stopped it for a time.',
    CLOSED: 'It is empty and takes part in nothing more.',
  },
);

export const HolderKindEnum = enumOf('HolderKind', HOLDER_KINDS, 'Whose an account is.', {
  MEMBERSHIP: 'A member’s.',
  GROUP: 'A group’s.',
  NETWORK: 'Common property of the network.',
});

const TYPE_BY_ID_KIND: Record<string, string> = {
  membership: 'Membership',
  group: 'Group',
  network: 'Network',
};

export const AccountHolderUnion = createUnionType({
  name: 'AccountHolder',
  description: 'Whose an account is.',
  types: () => [MembershipType, GroupType, NetworkType] as const,
  resolveType: (holder: { id: string }) => TYPE_BY_ID_KIND[kindOfId(holder.id) ?? ''],
});

@ObjectType('Account', { implements: NodeType, description: 'Holds one unit for one holder.' })
export class AccountType
  extends NodeType
  implements Pick<Account, 'id' | 'holderKind' | 'state' | 'openedAt' | 'closedAt'>
{
  @Field(() => HolderKindEnum, { description: 'Whose it is.' })
  holderKind: HolderKind;

  @Field(() => AccountStateEnum, { description: 'Whether it takes part in transfers.' })
  state: AccountState;

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  openedAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed.' })
  closedAt: Date | null;
}

export const AccountConnection = connectionOf<Account>('Account', () => AccountType);

@ObjectType('AccountViewerCan', { description: 'What the viewer may do with an account.' })
export class AccountViewerCanType {
  @Field(() => PermissionType, { description: 'Pay from it.' })
  pay: PermissionType;

  @Field(() => PermissionType, { description: 'See its balance.' })
  readBalance: PermissionType;

  @Field(() => PermissionType, { description: 'Read its statement.' })
  readEntries: PermissionType;

  @Field(() => PermissionType, { description: 'Change its name.' })
  update: PermissionType;

  @Field(() => PermissionType, { description: 'Change its limits, freeze it and open it again.' })
  setLimits: PermissionType;

  @Field(() => PermissionType, { description: 'Choose who else may sign for it.' })
  manageSignatories: PermissionType;

  @Field(() => PermissionType, { description: 'Close it once it is empty.' })
  close: PermissionType;
}
