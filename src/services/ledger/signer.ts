import type { Account } from '../../entities/account.ts';
import type { Network } from '../../entities/network.ts';
import type { SignedIn } from '../../kernel/actor.ts';
import { may, type Verdict } from '../access/may.ts';
import { loadStanding, type Moment } from '../access/standing.ts';
import { payingSubject, tieTo } from './account-access.ts';

/** Who has arranged something that pays later, and for whom as a helper. */
export interface Arranged {
  createdByPersonId: string;
  actingForMembershipId: string | null;
}

/** In whose name it pays: with the rights that the person has when it does, who gave a one-time code to arrange it. */
export function signerOf({ createdByPersonId, actingForMembershipId }: Arranged): SignedIn {
  return {
    kind: 'person',
    personId: createdByPersonId,
    address: '',
    isAdministrator: false,
    credential: { kind: 'session', sessionId: '', hasSecondFactor: true },
    actingForMembershipId,
  };
}

/**
 * Whether who has arranged something may still pay from an account.
 *
 * @param memberLock holds the membership as it is until the transaction ends
 */
export async function signerVerdict(
  { db, now }: Omit<Moment, 'actor'>,
  { network, account, arranged }: { network: Network; account: Account; arranged: Arranged },
  memberLock: '' | 'for share' = '',
): Promise<Verdict> {
  const standing = await loadStanding({ db, now, actor: signerOf(arranged) }, network, memberLock);
  return may(standing, 'account.pay', payingSubject(account, await tieTo(db, standing, account)));
}
