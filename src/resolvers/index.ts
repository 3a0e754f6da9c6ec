import { FileResolver } from './content/file.resolver.ts';
import { CalendarFeedResolver, MembershipCalendarFeedsResolver } from './pools/calendar-feed.resolver.ts';
import {
  ResourcePhotoResolver,
  ResourcePhotosResolver,
  ResourceRecordPictureResolver,
} from './pools/photo.resolver.ts';
import { AccountMutationsResolver } from './ledger/account-mutations.resolver.ts';
import {
  AccountResolver,
  NetworkAccountsResolver,
  MembershipAccountsResolver,
  GroupAccountsResolver,
} from './ledger/account.resolver.ts';
import {
  DisputeResolver,
  NetworkDisputesResolver,
  TransferDisputeResolver,
} from './ledger/dispute.resolver.ts';
import {
  ConversionRateResolver,
  ConversionResolver,
  NetworkConversionRatesResolver,
  TransferConversionResolver,
} from './ledger/conversion.resolver.ts';
import { AccountHoldsResolver, HoldResolver, TransferHoldResolver } from './ledger/hold.resolver.ts';
import { LedgerSubscriptionsResolver } from './ledger/ledger-subscriptions.resolver.ts';
import { AccountRequestRulesResolver, RequestRuleResolver } from './ledger/request-rule.resolver.ts';
import { ScheduleMutationsResolver } from './ledger/schedule-mutations.resolver.ts';
import {
  AccountSchedulesResolver,
  TransferDueOnResolver,
  TransferOccurrenceResolver,
  TransferScheduleResolver,
} from './ledger/schedule.resolver.ts';
import { TransferImportPayerResolver, TransferImportResolver } from './ledger/transfer-import.resolver.ts';
import { TransferLinesResolver } from './ledger/transfer-lines.resolver.ts';
import { TransferMutationsResolver } from './ledger/transfer-mutations.resolver.ts';
import {
  AccountStatementResolver,
  AccountStatsResolver,
  SeriesPointResolver,
} from './ledger/statement.resolver.ts';
import {
  NetworkTransfersResolver,
  TransferDetailsResolver,
  TransferLeviesResolver,
} from './ledger/transfer-details.resolver.ts';
import { TransferResolver, EntryResolver } from './ledger/transfer.resolver.ts';
import {
  UnitPoliciesResolver,
  UnitPolicyResolver,
  LeviesResolver,
  DemurrageResolver,
  ClosingRuleResolver,
} from './ledger/unit-policy.resolver.ts';
import { BalanceDistributionResolver, UnitFiguresResolver } from './ledger/unit-figures.resolver.ts';
import { UnitResolver, NetworkUnitsResolver } from './ledger/unit.resolver.ts';
import { GroupResolver } from './networks/group.resolver.ts';
import { BylawsResolver, NetworkBylawsResolver } from './networks/bylaws.resolver.ts';
import { MembershipMutationsResolver } from './networks/membership-mutations.resolver.ts';
import { MembershipResolver, RoleAssignmentResolver } from './networks/membership.resolver.ts';
import { NetworkMutationsResolver } from './networks/network-mutations.resolver.ts';
import { NetworkResolver, NetworkTermsResolver, CategoryResolver } from './networks/network.resolver.ts';
import { EventResolver, InvitationResolver } from './networks/record.resolver.ts';
import { ViewerNetworksResolver } from './networks/viewer-networks.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { AccessTokenResolver } from './people/access-token.resolver.ts';
import { EmailResolver } from './people/email.resolver.ts';
import { PasswordResolver } from './people/password.resolver.ts';
import { PersonResolver } from './people/person.resolver.ts';
import { SecondFactorResolver } from './people/second-factor.resolver.ts';
import { SessionResolver } from './people/session.resolver.ts';
import { ViewerResolver } from './people/viewer.resolver.ts';
import {
  HarvestLineResolver,
  HarvestMemberResolver,
  HarvestResolver,
  PoolHarvestResolver,
} from './pools/harvest.resolver.ts';
import { ResourceOwnershipResolver } from './pools/ownership.resolver.ts';
import { ShareMutationsResolver } from './pools/share-mutations.resolver.ts';
import {
  CostPartResolver,
  MembershipSharesResolver,
  ResourceShareResolver,
  ResourceSharesResolver,
  ShareMoveResolver,
  ShareOfferResolver,
} from './pools/shares.resolver.ts';
import { ResourceStockResolver, StockMoveResolver, StockResolver } from './pools/stock.resolver.ts';
import { BookingMutationsResolver } from './pools/booking-mutations.resolver.ts';
import { BookingSeriesOfBookingResolver, BookingSeriesResolver } from './pools/booking-series.resolver.ts';
import {
  BookingItemResolver,
  BookingResolver,
  MembershipBookingsResolver,
  PoolBookingsResolver,
  ResourceBookingsResolver,
  TakenTimeResolver,
} from './pools/booking.resolver.ts';
import { KitItemResolver, KitResolver, PoolKitsResolver } from './pools/kit.resolver.ts';
import { PoolWorklistResolver, WorklistResolver } from './pools/worklist.resolver.ts';
import {
  MaintenancePlanResolver,
  MaintenanceRecordResolver,
  MaintenanceResolver,
  ResourceMaintenanceResolver,
} from './pools/maintenance.resolver.ts';
import { PoolMutationsResolver } from './pools/pool-mutations.resolver.ts';
import { NetworkPoolsResolver, PoolResolver, PoolRulesResolver } from './pools/pool.resolver.ts';
import { ResourceMutationsResolver } from './pools/resource-mutations.resolver.ts';
import {
  ResourceOwnerResolver,
  ResourceRecordResolver,
  ResourceResolver,
} from './pools/resource.resolver.ts';
import {
  ProposalActionResolver,
  ProposalOptionCostResolver,
  ProposalSpentResolver,
  VotingRuleResolver,
} from './proposals/amounts.resolver.ts';
import { BallotResolver } from './proposals/ballot.resolver.ts';
import { ProposalBallotsResolver } from './proposals/proposal-ballots.resolver.ts';
import { NetworkProposalsResolver, ViewerVotesResolver } from './proposals/proposal-lists.resolver.ts';
import { ProposalMutationsResolver } from './proposals/proposal-mutations.resolver.ts';
import {
  ProposalOutcomeResolver,
  ProposalResultResolver,
  ResolutionResolver,
  RoundResolver,
} from './proposals/proposal-result.resolver.ts';
import { ProposalSubscriptionsResolver } from './proposals/proposal-subscriptions.resolver.ts';
import {
  ElectorResolver,
  ProposalOptionResolver,
  ProposalResolver,
  ProposalVersionResolver,
} from './proposals/proposal.resolver.ts';
import { CommentResolver, ProposalCommentsResolver } from './proposals/comment.resolver.ts';
import { ObjectionResolver, ProposalConsentResolver, StanceResolver } from './proposals/consent.resolver.ts';
import {
  DelegatedVotesResolver,
  DelegationResolver,
  MembershipDelegationsResolver,
  ProposalDelegatedVotesResolver,
} from './proposals/delegation.resolver.ts';
import { NetworkResolutionsDocumentResolver } from './proposals/resolutions-document.resolver.ts';
import {
  ActionSignatureResolver,
  NetworkSignedActionsResolver,
  SignedActionResolver,
  ViewerSignaturesResolver,
} from './proposals/signed-action.resolver.ts';
import {
  ArrearsResolver,
  MembershipArrearsResolver,
  NetworkArrearsResolver,
} from './treasury/arrears.resolver.ts';
import {
  DemurragePreviewResolver,
  DemurrageQuoteResolver,
  DemurrageRunResolver,
  UnitDemurrageResolver,
} from './treasury/demurrage.resolver.ts';
import {
  DuesChargeResolver,
  DuesPreviewResolver,
  DuesQuoteResolver,
  DuesRuleResolver,
  DuesRunResolver,
  UnitDuesResolver,
} from './treasury/dues.resolver.ts';

/** Every resolver class of the API. */
export const resolvers = [
  NodeResolver,
  ViewerNetworksResolver,
  NetworkResolver,
  BylawsResolver,
  NetworkBylawsResolver,
  NetworkTermsResolver,
  CategoryResolver,
  NetworkMutationsResolver,
  MembershipResolver,
  RoleAssignmentResolver,
  MembershipMutationsResolver,
  GroupResolver,
  EventResolver,
  InvitationResolver,
  TransferDetailsResolver,
  TransferLeviesResolver,
  NetworkTransfersResolver,
  AccountStatementResolver,
  AccountStatsResolver,
  SeriesPointResolver,
  UnitFiguresResolver,
  BalanceDistributionResolver,
  UnitResolver,
  NetworkUnitsResolver,
  UnitPoliciesResolver,
  UnitPolicyResolver,
  LeviesResolver,
  DemurrageResolver,
  ClosingRuleResolver,
  AccountResolver,
  NetworkAccountsResolver,
  MembershipAccountsResolver,
  GroupAccountsResolver,
  AccountMutationsResolver,
  TransferResolver,
  TransferMutationsResolver,
  TransferLinesResolver,
  TransferImportResolver,
  TransferImportPayerResolver,
  TransferScheduleResolver,
  TransferOccurrenceResolver,
  ScheduleMutationsResolver,
  AccountSchedulesResolver,
  TransferDueOnResolver,
  RequestRuleResolver,
  AccountRequestRulesResolver,
  DisputeResolver,
  TransferDisputeResolver,
  NetworkDisputesResolver,
  HoldResolver,
  AccountHoldsResolver,
  TransferHoldResolver,
  ConversionRateResolver,
  ConversionResolver,
  NetworkConversionRatesResolver,
  TransferConversionResolver,
  EntryResolver,
  LedgerSubscriptionsResolver,
  UnitDemurrageResolver,
  DemurragePreviewResolver,
  DemurrageQuoteResolver,
  DemurrageRunResolver,
  UnitDuesResolver,
  DuesRuleResolver,
  DuesChargeResolver,
  DuesPreviewResolver,
  DuesQuoteResolver,
  DuesRunResolver,
  ArrearsResolver,
  MembershipArrearsResolver,
  NetworkArrearsResolver,
  BallotResolver,
  ProposalBallotsResolver,
  ProposalResolver,
  ProposalOptionResolver,
  ElectorResolver,
  ProposalVersionResolver,
  ProposalMutationsResolver,
  ProposalOutcomeResolver,
  ProposalResultResolver,
  RoundResolver,
  ResolutionResolver,
  ProposalActionResolver,
  ProposalOptionCostResolver,
  ProposalSpentResolver,
  VotingRuleResolver,
  NetworkProposalsResolver,
  ViewerVotesResolver,
  ProposalSubscriptionsResolver,
  ProposalConsentResolver,
  StanceResolver,
  ObjectionResolver,
  ProposalCommentsResolver,
  CommentResolver,
  DelegationResolver,
  MembershipDelegationsResolver,
  ProposalDelegatedVotesResolver,
  DelegatedVotesResolver,
  NetworkResolutionsDocumentResolver,
  SignedActionResolver,
  ActionSignatureResolver,
  NetworkSignedActionsResolver,
  ViewerSignaturesResolver,
  FileResolver,
  CalendarFeedResolver,
  MembershipCalendarFeedsResolver,
  ResourcePhotosResolver,
  ResourcePhotoResolver,
  ResourceRecordPictureResolver,
  ResourceStockResolver,
  StockResolver,
  StockMoveResolver,
  ResourceOwnershipResolver,
  ResourceSharesResolver,
  MembershipSharesResolver,
  ResourceShareResolver,
  ShareMoveResolver,
  ShareOfferResolver,
  CostPartResolver,
  ShareMutationsResolver,
  PoolHarvestResolver,
  HarvestResolver,
  HarvestLineResolver,
  HarvestMemberResolver,
  BookingResolver,
  BookingItemResolver,
  TakenTimeResolver,
  BookingMutationsResolver,
  BookingSeriesResolver,
  BookingSeriesOfBookingResolver,
  KitResolver,
  KitItemResolver,
  PoolKitsResolver,
  PoolWorklistResolver,
  WorklistResolver,
  PoolBookingsResolver,
  ResourceBookingsResolver,
  MembershipBookingsResolver,
  NetworkPoolsResolver,
  PoolResolver,
  PoolRulesResolver,
  PoolMutationsResolver,
  ResourceResolver,
  ResourceOwnerResolver,
  ResourceRecordResolver,
  ResourceMutationsResolver,
  ResourceMaintenanceResolver,
  MaintenanceResolver,
  MaintenancePlanResolver,
  MaintenanceRecordResolver,
  AccessTokenResolver,
  EmailResolver,
  PasswordResolver,
  PersonResolver,
  SecondFactorResolver,
  SessionResolver,
  ViewerResolver,
];
