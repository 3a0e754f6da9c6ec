import { TypeID, typeidUnboxed } from 'typeid-js';
import { InvalidInput } from './errors.ts';

/**
 * Every kind of row that has an identity, by the prefix of its ids.
 *
 * Ids are TypeIDs: prefix, underscore and 26 characters of a time-ordered UUIDv7. They are the same in the
 * database, in logs and in the API.
 */
export const ID_PREFIXES = {
  person: 'per',
  session: 'ses',
  accessToken: 'tok',
  network: 'net',
  membership: 'mbr',
  invitation: 'inv',
  roleAssignment: 'rol',
  group: 'grp',
  category: 'cat',
  unit: 'uni',
  account: 'acc',
  transfer: 'trf',
  transferBatch: 'bat',
  hold: 'hld',
  conversion: 'cnv',
  conversionRate: 'cvr',
  requestRule: 'rqr',
  schedule: 'sch',
  dispute: 'dsp',
  dues: 'due',
  duesRule: 'dur',
  chargeRun: 'crn',
  proposal: 'prp',
  signedAction: 'act',
  objection: 'obj',
  comment: 'com',
  delegation: 'dlg',
  ballot: 'blt',
  file: 'fil',
  pool: 'pol',
  resource: 'res',
  resourceRecord: 'rec',
  maintenancePlan: 'mtp',
  maintenanceRecord: 'mtr',
  kit: 'kit',
  booking: 'bkg',
  bookingSeries: 'bks',
  shareMove: 'shm',
  shareOffer: 'sho',
  stockMove: 'stk',
  calendarFeed: 'cal',
  event: 'evt',
  job: 'job',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const KIND_BY_PREFIX = new Map<string, IdKind>(
  (Object.keys(ID_PREFIXES) as IdKind[]).map((kind) => [ID_PREFIXES[kind], kind]),
);

export function newId(kind: IdKind): string {
  return typeidUnboxed(ID_PREFIXES[kind]);
}

/** The kind that an id names, or undefined if it is not a well-formed id of any kind. */
export function kindOfId(id: string): IdKind | undefined {
  const kind = KIND_BY_PREFIX.get(id.slice(0, 3));
  if (!kind || id.length !== 30 || id[3] !== '_') return undefined;
  try {
    TypeID.fromString(id);
    return kind;
  } catch {
    return undefined;
  }
}

/** @throws InvalidInput with code INVALID_ID if the text is not an id of the kind */
export function requireId(kind: IdKind, id: string, path: string): string {
  if (kindOfId(id) !== kind)
    throw new InvalidInput('INVALID_ID', path, { expected: `${ID_PREFIXES[kind]}_…` });
  return id;
}
