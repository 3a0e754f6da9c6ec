import { Column, Entity, PrimaryColumn } from 'typeorm';

/** In which sizes a picture is kept; what is no picture is kept in full alone. */
export const FILE_SIZES = ['FULL', 'THUMBNAIL'] as const;
export type FileSize = (typeof FILE_SIZES)[number];

/** A file that a member uploaded. Its bytes lie in the store of files under its id. */
@Entity('file')
export class StoredFile {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  /** What the bytes are, found by looking at them. */
  @Column('text')
  contentType: string;

  @Column('integer')
  byteCount: number;

  @Column('bytea')
  sha256: Buffer;

  /** Pixels, of an image. */
  @Column('integer', { nullable: true })
  width: number | null;

  @Column('integer', { nullable: true })
  height: number | null;

  @Column('text')
  uploadedByMembershipId: string;

  @Column('timestamptz')
  uploadedAt: Date;

  /** Since when something uses it; null for a file that is deleted a day after its upload. */
  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
