import { AccessToken } from './access-token.ts';
import { Account } from './account.ts';
import { AccountSignatory } from './account-signatory.ts';
import { ActionSignature } from './action-signature.ts';
import { Ballot } from './ballot.ts';
import { BallotBox } from './ballot-box.ts';
import { BallotRoll } from './ballot-roll.ts';
import { BallotSalt } from './ballot-salt.ts';
import { BallotSeal } from './ballot-seal.ts';
import { BallotVersion } from './ballot-version.ts';
import { BylawsVersion } from './bylaws-version.ts';
import { Category } from './category.ts';
import { Comment } from './comment.ts';
import { Conversion } from './conversion.ts';
import { ConversionRate } from './conversion-rate.ts';
import { Dispute } from './dispute.ts';
import { ChargeRun } from './charge-run.ts';
import { DelegatedVote } from './delegated-vote.ts';
import { Delegation } from './delegation.ts';
import { DelegationBook } from './delegation-book.ts';
import { DemurrageCharge } from './demurrage-charge.ts';
import { DuesCharge } from './dues-charge.ts';
import { DuesRule } from './dues-rule.ts';
import { Elector } from './elector.ts';
import { Entry } from './entry.ts';
import { NetworkEvent } from './network-event.ts';
import { GroupMembership } from './group-membership.ts';
import { Hold } from './hold.ts';
import { Invitation } from './invitation.ts';
import { LedgerHead, LedgerLink } from './ledger-link.ts';
import { MailedSecret } from './mailed-secret.ts';
import { Group } from './group.ts';
import { Membership } from './membership.ts';
import { Network } from './network.ts';
import { NetworkTerms } from './network-terms.ts';
import { Objection } from './objection.ts';
import { Person } from './person.ts';
import { PersonIdentity } from './person-identity.ts';
import { PersonNetwork } from './person-network.ts';
import { ProviderSignIn } from './provider-sign-in.ts';
import { Proposal } from './proposal.ts';
import { ProposalVersion } from './proposal-version.ts';
import { RecoveryCode } from './recovery-code.ts';
import { RequestRule } from './request-rule.ts';
import { Resolution } from './resolution.ts';
import { RoleAssignment } from './role-assignment.ts';
import { Session } from './session.ts';
import { SignedAction } from './signed-action.ts';
import { Sponsorship } from './sponsorship.ts';
import { Stance } from './stance.ts';
import { Transfer } from './transfer.ts';
import { TransferOccurrence } from './transfer-occurrence.ts';
import { TransferSchedule } from './transfer-schedule.ts';
import { Unit } from './unit.ts';
import { UnitPolicy } from './unit-policy.ts';

/** Every table that has an entity. */
export const entities = [
  AccessToken,
  Account,
  AccountSignatory,
  ActionSignature,
  Ballot,
  BallotBox,
  BallotRoll,
  BallotSalt,
  BallotSeal,
  BallotVersion,
  BylawsVersion,
  Category,
  ChargeRun,
  Comment,
  DelegatedVote,
  Delegation,
  DelegationBook,
  DemurrageCharge,
  DuesCharge,
  DuesRule,
  Conversion,
  ConversionRate,
  Dispute,
  Elector,
  Entry,
  NetworkEvent,
  GroupMembership,
  Hold,
  Invitation,
  LedgerHead,
  LedgerLink,
  MailedSecret,
  Group,
  Membership,
  Network,
  NetworkTerms,
  Objection,
  Person,
  PersonIdentity,
  PersonNetwork,
  Proposal,
  ProposalVersion,
  ProviderSignIn,
  RecoveryCode,
  RequestRule,
  Resolution,
  RoleAssignment,
  Session,
  SignedAction,
  Sponsorship,
  Stance,
  Transfer,
  TransferOccurrence,
  TransferSchedule,
  Unit,
  UnitPolicy,
];
