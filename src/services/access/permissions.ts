import type { TokenScope } from '../../entities/access-token.ts';
import type { Role } from '../../entities/role-assignment.ts';

export type { TokenScope };

export interface PermissionRule {
  /** Who holds it by role; `MEMBER` is every active member, `ADMINISTRATOR` the administrators of the server. */
  roles: readonly (Role | 'MEMBER' | 'ADMINISTRATOR')[];
  /** Whether those whose own affair it is hold it too: the member itself, an account's holder and signatories. */
  own?: 'whileMember' | 'whileActive';
  /** The scope that an access token needs; null for reading. */
  scope: TokenScope | null;
  /** Whether a helper may not do it in the name of the member: what would last beyond the help. */
  notWhileActing?: boolean;
}

const rule = (
  scope: TokenScope | null,
  roles: PermissionRule['roles'],
  own?: PermissionRule['own'],
): PermissionRule => (own ? { scope, roles, own } : { scope, roles });

/** The one table of who may do what. Rules that bylaws add stand above it; nothing stands beside it. */
export const PERMISSIONS = {
  'network.read': rule(null, ['MEMBER', 'ADMINISTRATOR'], 'whileMember'),
  'network.update': rule('MANAGE', ['COORDINATOR']),
  'network.archive': rule('MANAGE', ['COORDINATOR', 'ADMINISTRATOR']),
  'network.link': rule('MANAGE', ['COORDINATOR']),
  'network.publishTerms': rule('MANAGE', ['COORDINATOR']),
  'audit.read': rule(null, ['COORDINATOR', 'TREASURER', 'AUDITOR']),

  'member.list': rule(null, ['MEMBER']),
  'member.readApplications': rule(null, ['COORDINATOR', 'AUDITOR']),
  'member.admit': rule('MANAGE', ['COORDINATOR']),
  'member.sponsor': { ...rule('MANAGE', ['MEMBER']), notWhileActing: true },
  'member.invite': { ...rule('MANAGE', ['MEMBER']), notWhileActing: true },
  'member.suspend': rule('MANAGE', ['COORDINATOR']),
  'member.leave': { ...rule('MANAGE', [], 'whileMember'), notWhileActing: true },
  'profile.update': rule('MANAGE', [], 'whileMember'),
  'profile.moderate': rule('MANAGE', ['MODERATOR']),
  'role.assign': rule('MANAGE', ['COORDINATOR']),

  'group.create': rule('MANAGE', ['MEMBER']),
  'group.join': rule('MANAGE', ['MEMBER']),
  'group.manage': { ...rule('MANAGE', ['COORDINATOR'], 'whileActive'), notWhileActing: true },

  'unit.create': rule('MANAGE', ['COORDINATOR']),
  'unit.setPolicy': rule('MANAGE', ['COORDINATOR']),
  'conversion.setRate': rule('MANAGE', ['COORDINATOR']),
  'ledger.run': rule('TRADE', ['COORDINATOR', 'TREASURER']),
  'dues.set': rule('MANAGE', ['COORDINATOR']),
  'dues.pay': rule('TRADE', [], 'whileMember'),
  'dues.readArrears': rule(null, ['COORDINATOR', 'TREASURER', 'AUDITOR'], 'whileMember'),
  'account.open': rule('MANAGE', ['COORDINATOR']),
  'account.openOwn': rule('MANAGE', ['MEMBER']),
  'account.list': rule(null, ['MEMBER'], 'whileMember'),
  'account.readBalance': rule(null, ['AUDITOR'], 'whileMember'),
  'account.readEntries': rule(null, ['AUDITOR'], 'whileMember'),
  'account.update': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'account.setLimits': rule('MANAGE', ['COORDINATOR']),
  'account.sign': { ...rule('MANAGE', [], 'whileActive'), notWhileActing: true },
  'account.pay': rule('TRADE', [], 'whileActive'),
  'transfer.record': rule('TRADE', ['COORDINATOR']),
  'transfer.answer': rule('TRADE', [], 'whileActive'),
  'transfer.withdraw': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'transfer.reverse': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'transfer.dispute': rule('TRADE', [], 'whileActive'),
  'dispute.read': rule(null, ['COORDINATOR', 'AUDITOR'], 'whileMember'),
  'dispute.mediate': rule('MANAGE', ['COORDINATOR']),
  'dispute.resolve': { ...rule('TRADE', [], 'whileActive'), notWhileActing: true },
  'account.writeOff': { ...rule('MANAGE', ['COORDINATOR']), notWhileActing: true },
  'account.close': { ...rule('MANAGE', ['COORDINATOR'], 'whileActive'), notWhileActing: true },

  'proposal.read': rule(null, ['MEMBER']),
  'proposal.draft': rule('MANAGE', ['MEMBER']),
  'proposal.amend': rule('MANAGE', [], 'whileActive'),
  'proposal.open': rule('MANAGE', [], 'whileActive'),
  'proposal.withdraw': rule('MANAGE', [], 'whileActive'),
  'proposal.close': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'proposal.retry': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'proposal.veto': { ...rule('MANAGE', [], 'whileActive'), notWhileActing: true },
  'proposal.facilitate': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'stance.take': rule('MANAGE', ['MEMBER']),
  'objection.raise': rule('MANAGE', ['MEMBER']),
  'objection.settle': rule('MANAGE', [], 'whileActive'),
  'objection.rule': { ...rule('MANAGE', [], 'whileActive'), notWhileActing: true },
  'proposal.comment': rule('MANAGE', ['MEMBER']),
  'comment.edit': rule('MANAGE', [], 'whileActive'),
  'comment.moderate': rule('MANAGE', ['MODERATOR']),
  'delegation.set': { ...rule('MANAGE', ['MEMBER']), notWhileActing: true },
  'action.submit': rule('MANAGE', ['MEMBER']),
  'ballot.cast': rule('MANAGE', ['MEMBER']),

  'file.upload': rule('MANAGE', ['MEMBER']),
  'pool.read': rule(null, ['MEMBER']),
  'pool.create': rule('MANAGE', ['COORDINATOR']),
  'pool.manage': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'resource.manage': rule('MANAGE', ['COORDINATOR'], 'whileActive'),
  'resource.offer': rule('MANAGE', ['MEMBER']),
  'resource.own': rule('MANAGE', [], 'whileActive'),
  'share.issue': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'share.move': { ...rule('TRADE', [], 'whileActive'), notWhileActing: true },
  'booking.read': rule(null, ['COORDINATOR', 'AUDITOR'], 'whileMember'),
  'booking.request': rule('TRADE', ['MEMBER']),
  'booking.change': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'booking.decide': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'stock.read': rule(null, ['COORDINATOR', 'AUDITOR'], 'whileMember'),
  'stock.move': rule('TRADE', ['MEMBER']),
  'stock.correct': rule('TRADE', ['COORDINATOR'], 'whileActive'),
  'calendar.share': { ...rule('MANAGE', ['MEMBER']), notWhileActing: true },
} as const satisfies Record<string, PermissionRule>;

export type Permission = keyof typeof PERMISSIONS;
