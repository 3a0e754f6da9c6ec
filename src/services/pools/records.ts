import { ResourceRecord, type RecordKind } from '../../entities/resource-record.ts';
import type { Resource } from '../../entities/resource.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

export interface RecordNote {
  kind: RecordKind;
  note: string;
  /** Who says so; null for the server. */
  byMembershipId: string | null;
  bookingId?: string;
  /** A picture of it. */
  fileId?: string;
}

/** Writes down what happened to a thing, with its condition, owner and keeper as they are afterwards. */
export async function recordOf(tx: Tx, resource: Resource, note: RecordNote): Promise<ResourceRecord> {
  const { networkId, condition, ownerKind, ownerMembershipId, custodianMembershipId } = resource;
  const record: ResourceRecord = {
    networkId,
    id: newId('resourceRecord'),
    resourceId: resource.id,
    kind: note.kind,
    condition,
    ownerKind,
    ownerMembershipId,
    custodianMembershipId,
    bookingId: note.bookingId ?? null,
    fileId: note.fileId ?? null,
    note: note.note,
    byMembershipId: note.byMembershipId,
    at: tx.now,
  };
  await tx.db.insert(ResourceRecord, record);
  return record;
}
