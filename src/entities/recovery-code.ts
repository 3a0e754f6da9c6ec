import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A single-use code for the day on which the device with the one-time codes is lost. */
@Entity('recovery_code')
export class RecoveryCode {
  @PrimaryColumn('text')
  personId: string;

  @PrimaryColumn('bytea')
  codeHash: Buffer;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
