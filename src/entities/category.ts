import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Translations } from './translations.ts';

/** A kind of thing or service that members of a network exchange. */
@Entity('category')
export class Category {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text', { nullable: true })
  parentId: string | null;

  @Column('jsonb')
  name: Translations;

  @Column('integer')
  position: number;
}
