import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A member who may sign for an account, beside its holder. */
@Entity('account_signatory')
export class AccountSignatory {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  accountId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('timestamptz')
  addedAt: Date;
}
