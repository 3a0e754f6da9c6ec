import { Column, Entity, PrimaryColumn } from 'typeorm';

export const MAILED_SECRET_PURPOSES = ['EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET'] as const;
export type MailedSecretPurpose = (typeof MAILED_SECRET_PURPOSES)[number];

/** A single-use secret sent by e-mail: to prove an address, to move to another, or to set a new password. */
@Entity('mailed_secret')
export class MailedSecret {
  @PrimaryColumn('bytea')
  secretHash: Buffer;

  @Column('text')
  personId: string;

  @Column('text')
  purpose: MailedSecretPurpose;

  /** The person's address when the secret was made; it is void once they have another. */
  @Column('text')
  emailKey: string;

  /** The address that the secret was sent to, if it is one the person does not have yet. */
  @Column('text', { nullable: true })
  newEmail: string | null;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;
}
