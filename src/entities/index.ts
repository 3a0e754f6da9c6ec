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
import { Booking } from './booking.ts';
import { BookingItem } from './booking-item.ts';
import { BookingSeries } from './booking-series.ts';
import { BylawsVersion } from './bylaws-version.ts';
import { CalendarFeed } from './calendar-feed.ts';
import { Category } from './category.ts';
import { ChargeRun } from './charge-run.ts';
import { Comment } from './comment.ts';
import { ConsentRecord } from './consent-record.ts';
import { Conversion } from './conversion.ts';
import { ConversionRate } from './conversion-rate.ts';
import { DelegatedVote } from './delegated-vote.ts';
import { Delegation } from './delegation.ts';
import { DelegationBook } from './delegation-book.ts';
import { DemurrageCharge } from './demurrage-charge.ts';
import { Dispute } from './dispute.ts';
import { DuesCharge } from './dues-charge.ts';
import { DuesRule } from './dues-rule.ts';
import { Elector } from './elector.ts';
import { Entry } from './entry.ts';
import { Group } from './group.ts';
import { GroupMembership } from './group-membership.ts';
import { Hold } from './hold.ts';
import { Invitation } from './invitation.ts';
import { Kit } from './kit.ts';
import { KitItem } from './kit-item.ts';
import { LedgerHead, LedgerLink } from './ledger-link.ts';
import { MailedSecret } from './mailed-secret.ts';
import { MaintenancePlan } from './maintenance-plan.ts';
import { MaintenanceRecord } from './maintenance-record.ts';
import { Membership } from './membership.ts';
import { Network } from './network.ts';
import { NetworkEvent } from './network-event.ts';
import { NetworkTerms } from './network-terms.ts';
import { Objection } from './objection.ts';
import { Person } from './person.ts';
import { PersonIdentity } from './person-identity.ts';
import { PersonNetwork } from './person-network.ts';
import { Pool } from './pool.ts';
import { PoolSteward } from './pool-steward.ts';
import { Proposal } from './proposal.ts';
import { ProposalVersion } from './proposal-version.ts';
import { ProviderSignIn } from './provider-sign-in.ts';
import { RecoveryCode } from './recovery-code.ts';
import { RequestRule } from './request-rule.ts';
import { Resolution } from './resolution.ts';
import { Resource } from './resource.ts';
import { ResourcePhoto } from './resource-photo.ts';
import { ResourceRate } from './resource-rate.ts';
import { ResourceRecord } from './resource-record.ts';
import { ResourceShare } from './resource-share.ts';
import { RoleAssignment } from './role-assignment.ts';
import { Session } from './session.ts';
import { ShareMove } from './share-move.ts';
import { ShareOffer } from './share-offer.ts';
import { SignedAction } from './signed-action.ts';
import { Sponsorship } from './sponsorship.ts';
import { Stance } from './stance.ts';
import { StockMove } from './stock-move.ts';
import { StoredFile } from './stored-file.ts';
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
  Booking,
  BookingItem,
  BookingSeries,
  BylawsVersion,
  CalendarFeed,
  Category,
  ChargeRun,
  Comment,
  ConsentRecord,
  Conversion,
  ConversionRate,
  DelegatedVote,
  Delegation,
  DelegationBook,
  DemurrageCharge,
  Dispute,
  DuesCharge,
  DuesRule,
  Elector,
  Entry,
  Group,
  GroupMembership,
  Hold,
  Invitation,
  Kit,
  KitItem,
  LedgerHead,
  LedgerLink,
  MailedSecret,
  MaintenancePlan,
  MaintenanceRecord,
  Membership,
  Network,
  NetworkEvent,
  NetworkTerms,
  Objection,
  Person,
  PersonIdentity,
  PersonNetwork,
  Pool,
  PoolSteward,
  Proposal,
  ProposalVersion,
  ProviderSignIn,
  RecoveryCode,
  RequestRule,
  Resolution,
  Resource,
  ResourcePhoto,
  ResourceRate,
  ResourceRecord,
  ResourceShare,
  RoleAssignment,
  Session,
  ShareMove,
  ShareOffer,
  SignedAction,
  Sponsorship,
  Stance,
  StockMove,
  StoredFile,
  Transfer,
  TransferOccurrence,
  TransferSchedule,
  Unit,
  UnitPolicy,
];
