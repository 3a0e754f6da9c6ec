import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Translations } from './translations.ts';

/** One version of the terms that members accept when they join. */
@Entity('network_terms')
export class NetworkTerms {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('integer')
  version: number;

  @Column('jsonb')
  text: Translations;

  @Column('text')
  publishedByPersonId: string;

  @Column('timestamptz')
  publishedAt: Date;
}
