import { Entity, PrimaryColumn } from 'typeorm';

/** Which networks a person has, or had, a membership in. */
@Entity('person_network')
export class PersonNetwork {
  @PrimaryColumn('text')
  personId: string;

  @PrimaryColumn('text')
  networkId: string;
}
