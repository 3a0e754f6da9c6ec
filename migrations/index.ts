import { Kernel1790000000001 } from './1790000000001-kernel.ts';
import { People1790000000002 } from './1790000000002-people.ts';
import { Networks1790000000003 } from './1790000000003-networks.ts';
import { Ledger1790000000004 } from './1790000000004-ledger.ts';
import { Books1790000000005 } from './1790000000005-books.ts';
import { Outbox1790000000006 } from './1790000000006-outbox.ts';
import { LedgerFunctions1790000000007 } from './1790000000007-ledger-functions.ts';
import { Posting1790000000008 } from './1790000000008-posting.ts';
import { Requests1790000000009 } from './1790000000009-requests.ts';
import { Conversions1790000000010 } from './1790000000010-conversions.ts';
import { Dues1790000000011 } from './1790000000011-dues.ts';
import { Reads1790000000012 } from './1790000000012-reads.ts';
import { Schedules1790000000013 } from './1790000000013-schedules.ts';
import { Charges1790000000015 } from './1790000000015-charges.ts';
import { Records1790000000016 } from './1790000000016-records.ts';
import { Proposals1790000000017 } from './1790000000017-proposals.ts';
import { Ballots1790000000018 } from './1790000000018-ballots.ts';
import { Bylaws1790000000019 } from './1790000000019-bylaws.ts';
import { Discussion1790000000020 } from './1790000000020-discussion.ts';
import { ProposalReads1790000000021 } from './1790000000021-proposal-reads.ts';
import { Wishes1790000000022 } from './1790000000022-wishes.ts';
import { FrozenProposals1790000000023 } from './1790000000023-frozen-proposals.ts';
import { ToldByLinks1790000000024 } from './1790000000024-told-by-links.ts';
import { SealedDecisions1790000000025 } from './1790000000025-sealed-decisions.ts';
import { Pools1790000000027 } from './1790000000027-pools.ts';
import { Bookings1790000000028 } from './1790000000028-bookings.ts';
import { CommonGoods1790000000029 } from './1790000000029-common-goods.ts';
import { BookingAnswers1790000000031 } from './1790000000031-booking-answers.ts';
import { ShareOffers1790000000033 } from './1790000000033-share-offers.ts';
import { BookingExtensions1790000000037 } from './1790000000037-booking-extensions.ts';
import { SearchWords1790000000040 } from './1790000000040-search-words.ts';

/** In order; once merged a migration is never edited, a later one corrects it. */
export const migrations = [
  Kernel1790000000001,
  People1790000000002,
  Networks1790000000003,
  Ledger1790000000004,
  Books1790000000005,
  Outbox1790000000006,
  LedgerFunctions1790000000007,
  Posting1790000000008,
  Requests1790000000009,
  Conversions1790000000010,
  Dues1790000000011,
  Reads1790000000012,
  Schedules1790000000013,
  Charges1790000000015,
  Records1790000000016,
  Proposals1790000000017,
  Ballots1790000000018,
  Bylaws1790000000019,
  Discussion1790000000020,
  ProposalReads1790000000021,
  Wishes1790000000022,
  FrozenProposals1790000000023,
  ToldByLinks1790000000024,
  SealedDecisions1790000000025,
  Pools1790000000027,
  Bookings1790000000028,
  CommonGoods1790000000029,
  BookingAnswers1790000000031,
  ShareOffers1790000000033,
  BookingExtensions1790000000037,
  SearchWords1790000000040,
];

// Only functions of the ledger change balances and what belongs to them.
const ACCOUNT_FACTS = [
  'network_id',
  'id',
  'unit_id',
  'holder_kind',
  'membership_id',
  'group_id',
  'opened_at',
];
const ACCOUNT_SETTINGS = ['name', 'state', 'follows_policy', 'floor_minor', 'ceiling_minor', 'closed_at'];

const RUN_PROGRESS = [
  'reached_id',
  'charged_count',
  'total_minor',
  'left_out_count',
  'left_out_ids',
  'finished_at',
];

// What is signed stays what was submitted; only a function ends it.
const SIGNED_ACTION_FACTS = [
  'network_id',
  'id',
  'state',
  'title',
  'text',
  'action',
  'rule',
  'beneficiary_ids',
  'submitted_by_membership_id',
  'created_by_person_id',
  'acting_for_membership_id',
  'submitted_at',
  'expires_at',
];

// Who wrote a comment may change its words for a while.
const COMMENT_CHANGES = ['text', 'edited_at', 'hidden_at', 'hidden_by_membership_id', 'hidden_reason'];

// What is said in a draft. Once it is opened a hash tells of each change; only functions open a proposal and take it further.
const PROPOSAL_FACTS = [
  'network_id',
  'id',
  'author_membership_id',
  'created_by_person_id',
  'acting_for_membership_id',
  'created_at',
];
const PROPOSAL_WORDING = [
  'version',
  'title',
  'text',
  'topic',
  'actions',
  'options',
  'rule',
  'wish',
  'facilitator_membership_id',
];

const readOnly = {};
const appendOnly = { insert: 'all' } as const;

/**
 * What the serving role may do beyond reading, granted anew after each migration: the books and the record of what was
 * done cannot be rewritten by it, whatever the code above does. Tables not named here it may read and write.
 */
export const privileges = {
  tables: {
    account: { insert: [...ACCOUNT_FACTS, ...ACCOUNT_SETTINGS], update: ACCOUNT_SETTINGS },
    action_signature: appendOnly,
    ballot: readOnly,
    ballot_box: readOnly,
    ballot_roll: readOnly,
    // Old ones are deleted, and locked for that, for which a column must be open to change.
    ballot_salt: { update: ['closes_at'], delete: true },
    ballot_seal: readOnly,
    ballot_version: readOnly,
    bylaws_version: appendOnly,
    charge_run: { ...appendOnly, update: RUN_PROGRESS },
    comment: { ...appendOnly, update: COMMENT_CHANGES },
    consent_record: readOnly,
    conversion: appendOnly,
    conversion_rate: appendOnly,
    delegated_vote: readOnly,
    // Nothing is kept of whom somebody trusted once.
    delegation: { ...appendOnly, delete: true },
    delegation_book: { ...appendOnly, update: ['change_count'] },
    demurrage_charge: appendOnly,
    dues_charge: { ...appendOnly, update: ['state', 'arrears_at', 'paid_at', 'transfer_id'] },
    dues_rule: { ...appendOnly, update: ['ends_on'] },
    elector: readOnly,
    entry: readOnly,
    event: appendOnly,
    hold: readOnly,
    ledger_head: readOnly,
    ledger_link: readOnly,
    maintenance_record: appendOnly,
    migration: readOnly,
    network_terms: appendOnly,
    objection: readOnly,
    proposal: { insert: [...PROPOSAL_FACTS, ...PROPOSAL_WORDING, 'state'], update: PROPOSAL_WORDING },
    proposal_version: appendOnly,
    resolution: appendOnly,
    resource_record: appendOnly,
    share_move: appendOnly,
    // Who offered what to whom stays; it is answered once.
    share_offer: { ...appendOnly, update: ['state', 'ended_at'] },
    // Rows are locked, for which a column must be open to change: no row leaves the network of who has submitted it.
    signed_action: { insert: SIGNED_ACTION_FACTS, update: ['network_id'] },
    stance: readOnly,
    stock_move: appendOnly,
    transfer: readOnly,
    // Another number of decimals would make other amounts of all that was ever posted.
    unit: { ...appendOnly, update: ['policy_version'] },
    unit_policy: appendOnly,
  },
  functions: [
    'ballot_cast_open',
    'ballot_cast_secret',
    'ballot_seal_rest',
    'consent_say',
    'ledger_answer',
    'ledger_entries',
    'ledger_entry_record',
    'ledger_entry_text',
    'ledger_field',
    'ledger_floor',
    'ledger_hold_close',
    'ledger_hold_place',
    'ledger_limits',
    'ledger_post',
    'ledger_request',
    'ledger_seq_at',
    'ledger_transfer_record',
    'ledger_transfer_text',
    'outbox_read',
    'proposal_amend',
    'proposal_close',
    'proposal_move',
    'proposal_open',
    'signed_action_move',
  ],
};
