import type { Account, HolderKind } from '../../src/entities/account.ts';
import type { Membership } from '../../src/entities/membership.ts';
import type { Network } from '../../src/entities/network.ts';
import type { Role } from '../../src/entities/role-assignment.ts';
import { Forbidden } from '../../src/kernel/errors.ts';
import type { Standing } from '../../src/services/access/standing.ts';
import { authorizePayment, type Tie } from '../../src/services/ledger/account-access.ts';

function standing(roles: Role[]): Standing {
  const credential = { kind: 'session', sessionId: 'ses_ana', hasSecondFactor: false } as const;
  const person = { personId: 'per_ana', address: '', isAdministrator: false, actingForMembershipId: null };
  return {
    network: {
      archivedAt: null,
      treasurersNeedOneTimeCode: true,
      bylaws: { rules: [] as unknown },
    } as Network,
    actor: { kind: 'person', ...person, credential },
    membership: { state: 'ACTIVE' } as Membership,
    roles,
  };
}

test.each<[string, Role[], HolderKind, Tie, boolean, string | null, Tie?]>([
  ['a member from the own account', [], 'MEMBERSHIP', 'HOLDER', false, null],
  ['a member who records', [], 'MEMBERSHIP', 'HOLDER', true, 'ROLE_REQUIRED'],
  ['a coordinator from the account of others', ['COORDINATOR'], 'MEMBERSHIP', null, false, 'NOT_YOURS'],
  ['a coordinator who records', ['COORDINATOR'], 'MEMBERSHIP', null, true, null],
  ['a coordinator who records from a group', ['COORDINATOR'], 'GROUP', null, true, null],
  ['a coordinator who records from common property', ['COORDINATOR'], 'NETWORK', null, true, 'ROLE_REQUIRED'],
  [
    'a treasurer without a code who records from common property',
    ['COORDINATOR', 'TREASURER'],
    'NETWORK',
    null,
    true,
    'SECOND_FACTOR_REQUIRED',
  ],
  [
    'a coordinator who records what others pay to them',
    ['COORDINATOR'],
    'MEMBERSHIP',
    null,
    true,
    'NOT_YOURS',
    'HOLDER',
  ],
])('pays or not: %s', (_, roles, holderKind, tie, isRecorded, reason, payeeTie = null) => {
  const account = { holderKind } as Account;
  let refusal: string | null = null;

  try {
    const payee = { account: { holderKind: 'MEMBERSHIP' } as Account, tie: payeeTie };
    authorizePayment(standing(roles), { payer: { account, tie }, payee }, { isRecorded, amount: '1' });
  } catch (error) {
    refusal = (error as Forbidden).reason;
  }

  expect(refusal).toBe(reason);
});
