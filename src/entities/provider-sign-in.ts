import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sign-in under way at an outside identity provider. */
@Entity('provider_sign_in')
export class ProviderSignIn {
  @PrimaryColumn('bytea')
  stateHash: Buffer;

  @Column('text')
  nonce: string;

  @Column('text')
  codeVerifier: string;

  @Column('text')
  returnTo: string;

  @Column('timestamptz')
  expiresAt: Date;
}
