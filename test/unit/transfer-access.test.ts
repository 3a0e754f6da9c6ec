import type { Account, HolderKind } from '../../src/entities/account.ts';
import type { Membership } from '../../src/entities/membership.ts';
import type { Network } from '../../src/entities/network.ts';
import type { Role } from '../../src/entities/role-assignment.ts';
import type { Transfer } from '../../src/entities/transfer.ts';
import type { BylawRule } from '../../src/governance/bylaws.ts';
import type { SignedIn } from '../../src/kernel/actor.ts';
import type { Standing } from '../../src/services/access/standing.ts';
import type { Tie } from '../../src/services/ledger/account-access.ts';
import {
  authorizeOnTransfer,
  transferVerdicts,
  type TransferTies,
} from '../../src/services/ledger/transfer-access.ts';

const actor: SignedIn = {
  kind: 'person',
  personId: 'per_ana',
  address: '127.0.0.1',
  isAdministrator: false,
  credential: { kind: 'session', sessionId: 'ses_ana', hasSecondFactor: false },
  actingForMembershipId: null,
};

function standing(roles: Role[] = [], needsCode = false): Standing {
  const network = {
    archivedAt: null,
    treasurersNeedOneTimeCode: needsCode,
    bylaws: { rules: [] as BylawRule[] },
  } as Network;
  return { network, actor, membership: { state: 'ACTIVE' } as Membership, roles };
}

function ties(payer: Tie, payee: Tie, payeeKind: HolderKind = 'MEMBERSHIP'): TransferTies {
  return {
    payer: { account: { holderKind: 'MEMBERSHIP' } as Account, tie: payer },
    payee: { account: { holderKind: payeeKind } as Account, tie: payee },
  };
}

const pending: Pick<Transfer, 'state' | 'kind'> = { state: 'PENDING', kind: 'REQUEST' };
const posted: typeof pending = { state: 'POSTED', kind: 'PAYMENT' };
const ALLOWED = 'ALLOWED';

const reasonsOf = (...of: Parameters<typeof transferVerdicts>) =>
  Object.fromEntries(
    Object.entries(transferVerdicts(...of)).map(([action, { allowed, reason }]) => [
      action,
      allowed ? ALLOWED : reason,
    ]),
  );

const LATE = 'NOT_IN_THIS_STATE';
const NOT = 'NOT_YOURS';
const ROLE = 'ROLE_REQUIRED';

test.each<[string, Standing, TransferTies, typeof pending, string[]]>([
  ['the payer of a request', standing(), ties('HOLDER', null), pending, [ALLOWED, ALLOWED, ROLE, ROLE, LATE]],
  ['who asked', standing(), ties(null, 'SIGNATORY'), pending, [NOT, NOT, ALLOWED, LATE, LATE]],
  [
    'a coordinator of a request',
    standing(['COORDINATOR']),
    ties(null, null),
    pending,
    [NOT, NOT, ALLOWED, LATE, NOT],
  ],
  ['the payer of a payment', standing(), ties('HOLDER', null), posted, [LATE, LATE, ROLE, ROLE, ALLOWED]],
  ['the payee of a payment', standing(), ties(null, 'HOLDER'), posted, [NOT, NOT, LATE, ALLOWED, ALLOWED]],
  [
    'a coordinator of a payment',
    standing(['COORDINATOR']),
    ties(null, null),
    posted,
    [NOT, NOT, LATE, ALLOWED, NOT],
  ],
  ['a fellow member', standing(), ties(null, null), posted, [NOT, NOT, ROLE, ROLE, NOT]],
  [
    'a treasurer, of a payment to the network',
    standing(['TREASURER']),
    ties(null, null, 'NETWORK'),
    posted,
    [NOT, NOT, LATE, ALLOWED, ALLOWED],
  ],
  [
    'the payee of a reversal',
    standing(),
    ties(null, 'HOLDER'),
    { state: 'POSTED', kind: 'REVERSAL' },
    [NOT, NOT, LATE, LATE, ALLOWED],
  ],
  [
    'the payee of what was reversed',
    standing(),
    ties(null, 'HOLDER'),
    { state: 'REVERSED', kind: 'PAYMENT' },
    [NOT, NOT, LATE, LATE, LATE],
  ],
])('%s', (_, who, accounts, transfer, [accept, reject, cancel, reverse, dispute]) => {
  expect(reasonsOf(who, transfer, accounts)).toEqual({ accept, reject, cancel, reverse, dispute });
});

test('who paid the network disputes it without the one-time code of treasurers, who need one', () => {
  const common = ties('HOLDER', null, 'NETWORK');

  expect(reasonsOf(standing([], true), posted, common).dispute).toBe(ALLOWED);
  expect(reasonsOf(standing(['TREASURER'], true), posted, ties(null, null, 'NETWORK'))).toMatchObject({
    reverse: 'SECOND_FACTOR_REQUIRED',
  });
});

test.each<[string, Standing, TransferTies, string]>([
  ['its holder, of what was given', standing(), ties('HOLDER', null, 'NETWORK'), ROLE],
  ['its holder, of what was received', standing(), ties(null, 'HOLDER'), ROLE],
  ['its holder who coordinates', standing(['COORDINATOR']), ties(null, 'HOLDER'), NOT],
  ['a treasurer', standing(['TREASURER']), ties(null, null, 'NETWORK'), ROLE],
  ['a coordinator', standing(['COORDINATOR']), ties(null, null, 'NETWORK'), ALLOWED],
])('a conversion is undone by coordinators alone: %s', (_, who, accounts, reverse) => {
  expect(reasonsOf(who, { state: 'POSTED', kind: 'CONVERSION' }, accounts).reverse).toBe(reverse);
});

test('operations ask the same', () => {
  const onPending = (of: TransferTies) =>
    authorizeOnTransfer({ standing: standing(), transfer: pending, ties: of }, 'accept');

  expect(() => onPending(ties('HOLDER', null))).not.toThrow();
  expect(() => onPending(ties(null, 'HOLDER'))).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN', fields: { reason: NOT } }),
  );
});
