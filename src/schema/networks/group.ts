import { Field, ObjectType } from 'type-graphql';
import { GROUP_JOIN_MODES, type Group, type GroupJoinMode } from '../../entities/group.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';

export const GroupJoinModeEnum = enumOf(
  'GroupJoinMode',
  GROUP_JOIN_MODES,
  'How one becomes a member of a group.',
  {
    OPEN: 'Members of the network join by themselves.',
    BY_COORDINATOR: 'A coordinator of the group adds members.',
  },
);

@ObjectType('Group', {
  implements: NodeType,
  description: 'A circle, committee or sub-area inside a network.',
})
export class GroupType
  extends NodeType
  implements Pick<Group, 'id' | 'joinMode' | 'createdAt' | 'archivedAt'>
{
  @Field(() => GroupJoinModeEnum, { description: 'How one becomes a member of it.' })
  joinMode: GroupJoinMode;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it is no longer in use.' })
  archivedAt: Date | null;
}

export const GroupConnection = connectionOf<Group>('Group', () => GroupType);

@ObjectType('GroupViewerCan', { description: 'What the viewer may do with a group.' })
export class GroupViewerCanType {
  @Field(() => PermissionType, { description: 'Change it, and add and take out members.' })
  manage: PermissionType;

  @Field(() => PermissionType, { description: 'Join it or leave it.' })
  join: PermissionType;
}
