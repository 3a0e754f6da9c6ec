import { Column, Entity, PrimaryColumn } from 'typeorm';

export const MAILED_SECRET_PURPOSES = ['EMAIL_VERIFICATION', 'PASSWORD_RESET'] as const;
export type MailedSecretPurpose = (typeof MAILED_SECRET_PURPOSES)[number];

/** A single-use secret sent by e-mail: to prove an address or to set a new password. */
@Entity('mailed_secret')
export class MailedSecret {
  @PrimaryColumn('bytea')
  secretHash: Buffer;

  @Column('text')
  personId: string;

  @Column('text')
  purpose: MailedSecretPurpose;

  @Column('text')
  emailKey: string;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
