import type { DenialReason } from '../../src/entities/denial-reason.ts';
import type { Membership, MembershipState } from '../../src/entities/membership.ts';
import type { Network } from '../../src/entities/network.ts';
import type { Role } from '../../src/entities/role-assignment.ts';
import type { Actor, SignedIn } from '../../src/kernel/actor.ts';
import { authorize, may, requireOpen, type Subject, type Verdict } from '../../src/services/access/may.ts';
import { PERMISSIONS, type Permission } from '../../src/services/access/permissions.ts';
import { requireScope } from '../../src/services/access/scope.ts';
import type { Standing } from '../../src/services/access/standing.ts';

/** One letter for each verdict, so that a whole permission fits on a line. */
const LETTERS: Record<DenialReason | 'ALLOWED', string> = {
  ALLOWED: '+',
  SIGN_IN_REQUIRED: 's',
  NOT_A_MEMBER: 'n',
  MEMBERSHIP_NOT_ACTIVE: 'i',
  ROLE_REQUIRED: 'r',
  NOT_YOURS: 'y',
  SECOND_FACTOR_REQUIRED: '2',
  SCOPE_REQUIRED: 'c',
  NETWORK_ARCHIVED: 'a',
  NOT_IN_THIS_STATE: 't',
  DECISION_REQUIRED: 'd',
  NOT_AN_ELECTOR: 'e',
  ALREADY_VOTED: 'v',
};
const letterOf = ({ allowed, reason }: Verdict) => LETTERS[allowed ? 'ALLOWED' : (reason ?? 'ALLOWED')];

const person: SignedIn = {
  kind: 'person',
  personId: 'per_ana',
  address: '127.0.0.1',
  isAdministrator: false,
  credential: { kind: 'session', sessionId: 'ses_ana', hasSecondFactor: false },
  actingForMembershipId: null,
};
const network = { archivedAt: null, treasurersNeedOneTimeCode: false } as Network;
const archived = { ...network, archivedAt: new Date(0) };
const strict = { ...network, treasurersNeedOneTimeCode: true };

interface Somebody {
  actor?: Actor;
  state?: MembershipState | null;
  roles?: Role[];
  in?: Network;
}

function standing({ actor = person, state = 'ACTIVE', roles = [], in: where = network }: Somebody): Standing {
  return { network: where, actor, membership: state && ({ state } as Membership), roles };
}

const token = (...scopes: string[]): Actor => ({
  ...person,
  credential: { kind: 'token', tokenId: 'tok_ana', scopes },
});
const administrator: SignedIn = { ...person, isAdministrator: true };
const acting: SignedIn = { ...person, actingForMembershipId: 'mbr_ben' };
const withCode: SignedIn = {
  ...person,
  credential: { kind: 'session', sessionId: 'ses_ana', hasSecondFactor: true },
};

// In the order of the columns below.
const OTHERS: Somebody[] = [
  { actor: { kind: 'visitor', address: '127.0.0.1' }, state: null },
  { state: null },
  { state: 'APPLIED' },
  { state: 'SUSPENDED', roles: ['COORDINATOR', 'TREASURER', 'MODERATOR', 'AUDITOR'] },
  { state: 'LEFT' },
  { state: 'DECLINED' },
  {},
  { roles: ['COORDINATOR'] },
  { roles: ['TREASURER'] },
  { roles: ['MODERATOR'] },
  { roles: ['AUDITOR'] },
  { roles: ['HELPER'] },
  { actor: administrator, state: null },
];
const OWNERS: Somebody[] = [
  { state: 'APPLIED' },
  { state: 'ACTIVE' },
  { state: 'SUSPENDED' },
  { state: 'LEFT' },
  { state: 'DECLINED' },
];

interface Row {
  /**
   * Visitor, stranger, applicant, suspended officer, former, declined;
   * member, coordinator, treasurer, moderator, auditor, helper; administrator without membership.
   */
  others: string;
  /** A helper in the name of a member whose own affair it is. */
  helper: '+' | 'r' | 'y';
  /** Where it is one's own: applicant, member, suspended, former, declined. */
  own: string;
  /** The scope that an access token needs; `-` for none: it is reading. */
  scope: 'MANAGE' | 'TRADE' | '-';
}

const TABLE: Record<Permission, Row> = {
  'network.read': { others: 'sniinn ++++++ +', own: '+++nn', helper: '+', scope: '-' },
  'network.update': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'network.archive': { others: 'sniinn r+rrrr +', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'network.link': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'network.publishTerms': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'audit.read': { others: 'sniinn r++r+r n', own: 'irinn', helper: 'r', scope: '-' },
  'member.list': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: '-' },
  'member.readApplications': { others: 'sniinn r+rr+r n', own: 'irinn', helper: 'r', scope: '-' },
  'member.admit': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'member.sponsor': { others: 'sniinn ++++++ n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'member.invite': { others: 'sniinn ++++++ n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'member.suspend': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'member.leave': { others: 'sniinn yyyyyy n', own: '+++nn', helper: 'y', scope: 'MANAGE' },
  'profile.update': { others: 'sniinn yyyyyy n', own: '+++nn', helper: '+', scope: 'MANAGE' },
  'profile.moderate': { others: 'sniinn rrr+rr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'role.assign': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'group.create': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'group.join': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'group.manage': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'unit.create': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'unit.setPolicy': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'conversion.setRate': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'ledger.run': { others: 'sniinn r++rrr n', own: 'irinn', helper: 'r', scope: 'TRADE' },
  'dues.set': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'dues.pay': { others: 'sniinn yyyyyy n', own: '+++nn', helper: '+', scope: 'TRADE' },
  'dues.readArrears': { others: 'sniinn r++r+r n', own: '+++nn', helper: '+', scope: '-' },
  'account.open': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'account.openOwn': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'account.list': { others: 'sniinn ++++++ n', own: '+++nn', helper: '+', scope: '-' },
  'account.readBalance': { others: 'sniinn rrrr+r n', own: '+++nn', helper: '+', scope: '-' },
  'account.readEntries': { others: 'sniinn rrrr+r n', own: '+++nn', helper: '+', scope: '-' },
  'account.update': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'account.setLimits': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'account.sign': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'account.pay': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'transfer.record': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'TRADE' },
  'transfer.answer': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'transfer.withdraw': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'transfer.reverse': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'transfer.dispute': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'dispute.read': { others: 'sniinn r+rr+r n', own: '+++nn', helper: '+', scope: '-' },
  'dispute.mediate': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'dispute.resolve': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: 'y', scope: 'TRADE' },
  'account.writeOff': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'y', scope: 'MANAGE' },
  'account.close': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'proposal.read': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: '-' },
  'proposal.draft': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.amend': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.open': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.withdraw': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.close': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.retry': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'proposal.veto': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'proposal.facilitate': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'stance.take': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'objection.raise': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'objection.settle': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'objection.rule': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'proposal.comment': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'comment.edit': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'comment.moderate': { others: 'sniinn rrr+rr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'delegation.set': { others: 'sniinn ++++++ n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
  'action.submit': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'ballot.cast': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'file.upload': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'pool.read': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: '-' },
  'pool.create': { others: 'sniinn r+rrrr n', own: 'irinn', helper: 'r', scope: 'MANAGE' },
  'pool.manage': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'resource.manage': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'resource.offer': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'resource.own': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: '+', scope: 'MANAGE' },
  'share.issue': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'share.move': { others: 'sniinn yyyyyy n', own: 'i+inn', helper: 'y', scope: 'TRADE' },
  'booking.read': { others: 'sniinn r+rr+r n', own: '+++nn', helper: '+', scope: '-' },
  'booking.request': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'booking.change': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'booking.decide': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'stock.read': { others: 'sniinn r+rr+r n', own: '+++nn', helper: '+', scope: '-' },
  'stock.move': { others: 'sniinn ++++++ n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'stock.correct': { others: 'sniinn r+rrrr n', own: 'i+inn', helper: '+', scope: 'TRADE' },
  'calendar.share': { others: 'sniinn ++++++ n', own: 'i+inn', helper: 'y', scope: 'MANAGE' },
};

const permissions = Object.keys(PERMISSIONS) as Permission[];

test('every permission has a row', () => {
  expect(Object.keys(TABLE)).toEqual(permissions);
});

describe.each(permissions)('%s', (permission) => {
  const { others, own, helper, scope } = TABLE[permission];
  const lettersFor = (people: Somebody[], subject: Subject) =>
    people.map((somebody) => letterOf(may(standing(somebody), permission, subject))).join('');
  const everybody = [...OTHERS, ...OWNERS];
  const allowed = [...OTHERS.map((somebody) => ({ somebody, subject: {} })), ...OWNERS.map(asOwner)].filter(
    ({ somebody, subject }) => may(standing(somebody), permission, subject).allowed,
  );

  test('is held by whom the table says', () => {
    expect(lettersFor(OTHERS, {})).toBe(others.replaceAll(' ', ''));
  });

  test('is held by those whose own affair it is as the table says', () => {
    expect(lettersFor(OWNERS, { isOwn: true })).toBe(own);
  });

  test(`is ${helper === '+' ? '' : 'not '}held by a helper in the name of the member`, () => {
    const verdict = may(standing({ actor: acting }), permission, { isOwn: true });

    expect(letterOf(verdict)).toBe(helper);
  });

  test('is held by every active member where the subject is open to them', () => {
    const letters = lettersFor(everybody.slice(0, 12), { isOpenToMembers: true });

    expect(letters).toBe('sniinn++++++');
  });

  test('is held by treasurers where the subject is open to them', () => {
    expect(may(standing({ roles: ['TREASURER'] }), permission, { isOpenToTreasurers: true }).allowed).toBe(
      true,
    );
  });

  test(`needs ${scope === '-' ? 'no scope' : `the scope ${scope}`} of an access token`, () => {
    expect(allowed).not.toEqual([]);
    for (const { somebody, subject } of allowed) {
      const by = (actor: Actor) => letterOf(may(standing({ ...somebody, actor }), permission, subject));
      // A token never carries the powers of an administrator.
      if (somebody.actor === administrator) continue;
      expect(by(token())).toBe(scope === '-' ? '+' : 'c');
      expect(by(token('MANAGE', 'TRADE'))).toBe('+');
      expect(by(token('MANAGE'))).toBe(scope === 'TRADE' ? 'c' : '+');
      expect(by(token('TRADE'))).toBe(scope === 'MANAGE' ? 'c' : '+');
    }
  });

  test(`is ${scope === '-' ? 'still' : 'no longer'} held in an archived network`, () => {
    for (const { somebody, subject } of allowed) {
      const verdict = may(standing({ ...somebody, in: archived }), permission, subject);

      expect(letterOf(verdict)).toBe(scope === '-' ? '+' : 'a');
    }
  });

  test('is held by the server itself', () => {
    const actor: Actor = { kind: 'system', name: 'test' };

    expect(may(standing({ actor, state: null, in: archived }), permission).allowed).toBe(true);
  });
});

function asOwner(somebody: Somebody): { somebody: Somebody; subject: Subject } {
  return { somebody, subject: { isOwn: true } };
}

describe('where treasurers need a one-time code', () => {
  const common: Subject = { isOpenToTreasurers: true };

  test.each<[string, Somebody, string]>([
    ['a treasurer without one', { roles: ['TREASURER'] }, '2'],
    ['a treasurer with one', { roles: ['TREASURER'], actor: withCode }, '+'],
    ['the access token of a treasurer', { roles: ['TREASURER'], actor: token('TRADE', 'MANAGE') }, '2'],
    ['a coordinator', { roles: ['COORDINATOR'] }, 'r'],
    ['a member', {}, 'r'],
  ])('for payments from common accounts: %s', (_, somebody, letter) => {
    expect(letterOf(may(standing({ ...somebody, in: strict }), 'account.pay', common))).toBe(letter);
  });

  test.each<[string, Somebody, Subject, string]>([
    ['who holds it by another role too', { roles: ['TREASURER', 'AUDITOR'] }, {}, '+'],
    ['who holds it as treasurer alone', { roles: ['TREASURER', 'MODERATOR'] }, {}, '2'],
    ['whose own affair it is', { roles: ['TREASURER'] }, { isOwn: true }, '2'],
  ])('for the record: one %s', (_, somebody, subject, letter) => {
    expect(letterOf(may(standing({ ...somebody, in: strict }), 'audit.read', subject))).toBe(letter);
  });

  test('for payments from an account of one’s own nobody needs one', () => {
    const verdict = may(standing({ in: strict, roles: ['TREASURER'] }), 'account.pay', { isOwn: true });

    expect(letterOf(verdict)).toBe('+');
  });

  test.each<[string, Somebody, string]>([
    ['without one', { roles: ['TREASURER'] }, '2'],
    ['without a role and without one', {}, '2'],
    ['with one', { actor: withCode }, '+'],
  ])('for payments from common accounts: a signatory %s', (_, somebody, letter) => {
    const verdict = may(standing({ ...somebody, in: strict }), 'account.pay', { ...common, isOwn: true });

    expect(letterOf(verdict)).toBe(letter);
  });

  test('for reading common accounts nobody needs one', () => {
    const verdict = may(standing({ in: strict, roles: ['AUDITOR'] }), 'account.readEntries', common);

    expect(letterOf(verdict)).toBe('+');
  });
});

test('an administrator who acts for a member has no more rights than the member', () => {
  const actor: Actor = { ...administrator, actingForMembershipId: 'mbr_ben' };

  expect(letterOf(may(standing({ actor, state: null }), 'network.archive'))).toBe('n');
  expect(letterOf(may(standing({ actor }), 'network.archive'))).toBe('r');
});

test.each<[Somebody, Permission, object]>([
  [{ actor: { kind: 'visitor', address: '' }, state: null }, 'member.list', { code: 'UNAUTHENTICATED' }],
  [{ in: archived }, 'group.create', { code: 'NETWORK_ARCHIVED' }],
  [{}, 'network.update', { code: 'FORBIDDEN', fields: { reason: 'ROLE_REQUIRED' } }],
  [{ state: null }, 'member.list', { code: 'FORBIDDEN', fields: { reason: 'NOT_A_MEMBER' } }],
])('%j may not go on with %s', (somebody, permission, error) => {
  expect(() => authorize(standing(somebody), permission)).toThrow(expect.objectContaining(error));
});

test('who is allowed goes on', () => {
  expect(() => authorize(standing({}), 'group.create')).not.toThrow();
  expect(() => requireOpen(network)).not.toThrow();
  expect(() => requireOpen(archived)).toThrow(expect.objectContaining({ code: 'NETWORK_ARCHIVED' }));
});

test('outside of networks an access token needs its scope, and a session none', () => {
  expect(() => requireScope(person, 'MANAGE')).not.toThrow();
  expect(() => requireScope(token('MANAGE') as SignedIn, 'MANAGE')).not.toThrow();
  expect(() => requireScope(token('TRADE') as SignedIn, 'MANAGE')).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN', fields: { reason: 'SCOPE_REQUIRED' } }),
  );
});
