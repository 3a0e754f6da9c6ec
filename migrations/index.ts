import { Kernel1790000000001 } from './1790000000001-kernel.ts';
import { People1790000000002 } from './1790000000002-people.ts';
import { Networks1790000000003 } from './1790000000003-networks.ts';
import { Ledger1790000000004 } from './1790000000004-ledger.ts';
import { Outbox1790000000006 } from './1790000000006-outbox.ts';

/** In order; once merged a migration is never edited, a later one corrects it. */
export const migrations = [
  Kernel1790000000001,
  People1790000000002,
  Networks1790000000003,
  Ledger1790000000004,
  Outbox1790000000006,
];

/**
 * What the serving role may do, granted anew after each migration. Tables not named here it may read and write;
 * in these it may only add rows, so that the books and the record of what was done cannot be rewritten.
 */
export const appendOnlyTables = ['entry', 'transfer', 'event', 'network_terms'];
